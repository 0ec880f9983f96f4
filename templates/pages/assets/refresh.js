// Keeps what says data-live up to date while something is under way. Without it the page has a link that does the same.
const EVERY_MS = 3000;
const live = () => document.querySelector('[data-live]');
async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-live]');
    const shown = live();
    // It is over: the whole page looks different then.
    if (!fresh || !shown) return location.reload();
    if (!shown.contains(document.activeElement) || shown === document.activeElement) shown.replaceWith(fresh);
  } catch {
    // The next try may reach the server again.
  }
  setTimeout(refresh, EVERY_MS);
}
if (live()) setTimeout(refresh, EVERY_MS);
