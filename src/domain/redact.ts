/**
 * The one place that takes passwords, keys and tokens out of a text before a person, a log or another program gets it. It
 * knows two ways, and uses both: what the settings hold (`hideFromNowOn`), wherever it turns up; and how secrets are spelled in
 * addresses, settings, headers and files. Where a spelling is ambiguous it hides rather too much.
 */
const HIDDEN = '***';

/** Shorter ones are words of their own too often: "simmer" as a password shall not blot out every "simmer". */
const SHORTEST_KNOWN = 6;
let known: string[] = [];

/** These values are never to be shown, however they are encoded. */
export function hideFromNowOn(secrets: Iterable<string>): void {
  const all = new Set([...known, ...[...secrets].flatMap(spellings)]);
  // The longest first: one may be a part of another.
  known = [...all].filter(({ length }) => length >= SHORTEST_KNOWN).sort((a, b) => b.length - a.length);
}

function spellings(secret: string): string[] {
  const plain = decoded(secret);
  return [
    ...new Set([
      secret,
      plain,
      encodeURIComponent(plain),
      encodeURI(plain),
      JSON.stringify(plain).slice(1, -1),
    ]),
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text, fit to be shown. Nothing else in it is changed. Doing it twice changes nothing. */
export function redact(text: string): string {
  let shown = text;
  for (const secret of known) if (shown.includes(secret)) shown = shown.replaceAll(secret, HIDDEN);
  if (shown.includes('://')) shown = withoutUserInfo(shown);
  if (shown.includes(KEY_BEGINS)) shown = withoutKeyFiles(shown);
  shown = withoutParameters(shown);
  return TELLTALE.reduce((rest, [form, to]) => rest.replace(form, to), shown);
}

const KEY_BEGINS = 'PRIVATE KEY-----';

/** Keys in PEM, to their end or, cut off, to the end of the text. */
function withoutKeyFiles(text: string): string {
  const [before = '', ...files] = text.split(KEY_BEGINS);
  return files.reduce((shown, file) => {
    const end = file.indexOf('-----END');
    // Behind the words of the end line stands what comes after the key.
    const isBehindEnd = /-----END [A-Z ]{0,30}$/.test(shown.slice(-50));
    return `${shown}${KEY_BEGINS}${isBehindEnd ? file : `${HIDDEN}${end < 0 ? '' : file.slice(end)}`}`;
  }, before);
}

/** Secrets that say by themselves what they are. */
const TELLTALE: readonly [RegExp, string][] = [
  [/\bwhsec_[\w+/=-]{4,200}/g, `whsec_${HIDDEN}`],
  [/\bsimmer_[\w-]{20,100}/g, `simmer_${HIDDEN}`],
  [
    /\b(authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:basic|bearer|digest)\s{1,3})[^\s"']{1,2000}/gi,
    `$1${HIDDEN}`,
  ],
  [/\b(bearer\s{1,3})[\w.~+/=-]{16,2000}/gi, `$1${HIDDEN}`],
  [/\b(AUTH\s{1,3}(?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5)\s{1,3})[\w+/=]{4,2000}/g, `$1${HIDDEN}`],
];

const SCHEME = /([a-z][a-z0-9+.-]{0,20}):\/\//gi;
/** What may stand in a password, and else ends an address. */
const BREAK = /[\s"'<>`]+/;
/** How far behind its scheme an address is looked at. */
const LONGEST = 2000;
/** Where pages, feeds and webhooks are, a key often stands in the place of the user: that is hidden too. */
const WEB = /^(https?|feed|ftp)$/i;
const HOSTS = /^(?:\[[\da-f:.%]{0,60}\]|[^\s:@[\]]{0,255})(?::\d{0,5})?$/i;

/** Passwords between scheme and host. */
function withoutUserInfo(text: string): string {
  let out = '';
  let at = 0;
  SCHEME.lastIndex = 0;
  for (let match = SCHEME.exec(text); match !== null; match = SCHEME.exec(text)) {
    const begin = match.index + match[0].length;
    const scheme = match[1] ?? '';
    const hidden = userInfoOf(scheme, text.slice(begin, begin + LONGEST));
    if (hidden === null) continue;
    out += text.slice(at, begin) + hidden.shown;
    at = begin + hidden.length;
    SCHEME.lastIndex = at;
  }
  return out + text.slice(at);
}

/** What stands instead of the first `length` characters behind "scheme://"; null when there is nothing to hide. */
function userInfoOf(scheme: string, behind: string): { shown: string; length: number } | null {
  const word = /^[^\s"'<>`]*/.exec(behind)?.[0] ?? '';
  const authority = /^[^/?#]*/.exec(word)?.[0] ?? '';
  const isPlain = authority.split(',').every((host) => HOSTS.test(host));
  let end = -1;
  if (!isPlain) {
    end = word.lastIndexOf('@');
    const host = word.slice(end + 1);
    // The host may have a path with an @ in it, as pages of people have.
    if (WEB.test(scheme) && authority.includes('@')) {
      const own = authority.lastIndexOf('@');
      if (/[.[\]]|^localhost\b/.test(authority.slice(own + 1))) end = own;
    } else if (end < 0 || (!/[./:?,\]]/.test(host) && word.length < behind.length)) {
      // Spaces and quotes in a password: the address goes on behind them.
      const line = lineOf(behind);
      const next = line.slice(word.length).split(BREAK, 4);
      if (end < 0 || next.some((one) => one.includes('@'))) end = Math.max(end, line.lastIndexOf('@'));
    }
  } else if (word.includes('@') && looksLikeUser(scheme, authority)) {
    // A slash, question mark or # in a password ends the authority early: "user:12/ab@host".
    end = word.lastIndexOf('@');
  }
  if (end < 0) {
    const colon = authority.indexOf(':');
    // A password without any host behind it.
    return isPlain || colon < 0 || authority.slice(colon + 1) === HIDDEN
      ? null
      : { shown: `${authority.slice(0, colon)}:${HIDDEN}`, length: word.length };
  }
  const info = behind.slice(0, end);
  const colon = info.indexOf(':');
  if (WEB.test(scheme)) return { shown: `${HIDDEN}@`, length: end + 1 };
  if (colon >= 0) return { shown: `${info.slice(0, colon)}:${HIDDEN}@`, length: end + 1 };
  // Redis takes a password in the place of a user.
  return /^redis/i.test(scheme) ? { shown: `${HIDDEN}@`, length: end + 1 } : null;
}

function looksLikeUser(scheme: string, authority: string): boolean {
  if (!WEB.test(scheme)) return true;
  const [host = '', port] = authority.split(':');
  return port !== undefined && !/[.[\]]|^localhost$/i.test(host);
}

/** Up to the end of the line, or the next address in it. */
function lineOf(text: string): string {
  const end = /\n|[\s"'<>`(,;=][a-z][a-z0-9+.-]{0,20}:\/\//i.exec(text)?.index;
  return text.slice(0, end);
}

/** A name and what makes its value begin: password=…, "password": "…", ?token=…, SECRET_KEY = … */
const NAME = /(?<![\w.-])([\w.-]{1,60})(["']?\s{0,2}(?:=>|=|:)\s{0,2})/g;
const SECRET_NAME =
  /(?:passw(?:or)?d|passphrase|pwd|secrets?|token|credentials?|(?:api|secret|private|access|signing|webhook|encryption|ssl)[_-]?key)$|(?:^|[_.-])(?:pass|auth|sig|signature|postmark_webhook)$/i;
/** What "key" alone means only in an address. */
const QUERY_NAME = /^(?:key|auth|sig|pass)$/i;

function withoutParameters(text: string): string {
  let out = '';
  let at = 0;
  NAME.lastIndex = 0;
  for (let match = NAME.exec(text); match !== null; match = NAME.exec(text)) {
    const [, name = '', sign = ''] = match;
    const isQuery = /[?&]/.test(text[match.index - 1] ?? '');
    if (!(SECRET_NAME.test(decoded(name)) || (isQuery && QUERY_NAME.test(name)))) continue;
    const begin = match.index + match[0].length;
    const length = valueLength(text.slice(begin, begin + LONGEST), isQuery, sign.includes('='));
    if (length === 0) continue;
    const quote = /^["'\\]/.test(text[begin] ?? '') ? text[begin] : '';
    out += `${text.slice(at, begin)}${quote}${HIDDEN}${quote}`;
    at = begin + length;
    NAME.lastIndex = at;
  }
  return out + text.slice(at);
}

/** How long the value is. A colon makes a value only of what is quoted: "wrong password: try again" says nothing secret. */
function valueLength(text: string, isQuery: boolean, isAssigned: boolean): number {
  const quoted = /^'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|^"(?:[^"\\]|\\[\s\S])*(?:"|$)/.exec(text)?.[0].length ?? 0;
  if (quoted > 0) return quoted;
  if (!isAssigned) return 0;
  return (isQuery ? /^[^&#\s"'<>]*/ : /^(?:\\[\s\S]|[^\s"'<>`\\])*/).exec(text)?.[0].length ?? 0;
}

const DEEPEST = 6;

/** The same in all texts of a value: of objects and lists, and of errors with their stacks, causes and parts. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((one) => redacted(one, depth + 1));
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    const errors: unknown = value instanceof AggregateError ? value.errors : undefined;
    const own = { ...value, type: name, message, stack, cause, errors };
    return redactedFields(own, depth);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? redactedFields(value, depth) : value;
}

function redactedFields(value: object, depth: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const isSecret = typeof field === 'string' && SECRET_NAME.test(name);
    fields[name] = isSecret ? HIDDEN : redacted(field, depth + 1);
  }
  return fields;
}
