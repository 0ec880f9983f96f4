/* Simmer: tells which pages a reader looks at who came by a link in a mail - only once the reader has agreed.
   <script src="https://news.example.com/s.js" defer data-consent="granted"></script>, or without data-consent and, when
   your consent dialogue says so, simmer.consent(true). simmer.consent(false) forgets everything. */
(function (w, d, n) {
  var me = d.currentScript;
  var base = new URL(me.src).origin;
  var KEY = 'simmer';
  var token = new URL(w.location.href).searchParams.get(KEY);
  var refused = n.globalPrivacyControl === true || n.doNotTrack === '1' || w.doNotTrack === '1';
  var agreed = false;
  var told = '';
  if (token) {
    /* Not to be bookmarked, shared or sent on as a referrer. The rest of the address stays as it is written. */
    var parts = /^([^?#]*)\??([^#]*)(.*)$/.exec(w.location.href);
    var rest = parts[2].split('&').filter(function (one) { return one.indexOf(KEY + '=') !== 0; }).join('&');
    w.history.replaceState(w.history.state, '', parts[1] + (rest && '?' + rest) + parts[3]);
  }
  function store(value) {
    try {
      if (value) w.sessionStorage.setItem(KEY, value);
      else if (value === '') w.sessionStorage.removeItem(KEY);
      return w.sessionStorage.getItem(KEY);
    } catch (e) {
      return token;
    }
  }
  function visit() {
    var known = agreed && store(token);
    if (!known || told === w.location.href) return;
    told = w.location.href;
    n.sendBeacon(base + '/t', JSON.stringify({ token: known, page: told, referrer: d.referrer }));
  }
  function consent(yes) {
    agreed = yes === true && !refused;
    if (agreed) visit();
    else {
      store('');
      if (yes === false) token = null;
    }
  }
  /* A form that posts to Simmer takes the token along, so that it counts at once. */
  d.addEventListener('submit', function (event) {
    var form = event.target;
    var known = agreed && store(token);
    if (!known || String(form.action).indexOf(base + '/forms/') !== 0) return;
    var input = form.elements[KEY] || form.appendChild(d.createElement('input'));
    input.type = 'hidden';
    input.name = KEY;
    input.value = known;
  }, true);
  w.simmer = { consent: consent, visit: visit };
  if (me.getAttribute('data-consent') === 'granted') consent(true);
})(window, document, navigator);
