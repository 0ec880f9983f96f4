/** More than any certificate or answer of SNS. */
const LARGEST = 64 * 1024;

/** Gets a small text over https within ten seconds; no redirect is followed. Throws when it cannot be had. */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${new URL(url).hostname} answered ${response.status}`);
  const text = await response.text();
  if (text.length > LARGEST)
    throw new Error(`${new URL(url).hostname} answered with more than ${LARGEST} characters`);
  return text;
}
