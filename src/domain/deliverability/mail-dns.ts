/** Records that mailbox providers judge a sender by, read from their texts. What is missing or wrong comes as a sentence. */

export interface Spf {
  /** What all others get: fail, softfail, neutral or pass; null: no "all" in the record. */
  all: '-' | '~' | '?' | '+' | null;
  includes: string[];
  redirect: string | null;
  ip4: string[];
  ip6: string[];
  /** Terms that cost a look-up: at most ten in all, those of included records too (RFC 7208 4.6.4). */
  lookUps: number;
}

/** The one SPF record among TXT records, or why there is none to go by. */
export function readSpf(texts: readonly string[]): Spf | { problem: 'missing' | 'several' } {
  const records = texts.filter((text) => /^v=spf1(\s|$)/i.test(text));
  if (records.length === 0) return { problem: 'missing' };
  if (records.length > 1) return { problem: 'several' };
  const spf: Spf = { all: null, includes: [], redirect: null, ip4: [], ip6: [], lookUps: 0 };
  for (const term of records[0]!.trim().split(/\s+/).slice(1)) {
    const match = /^([-~?+]?)([a-z0-9]+)(?:[:=](.*))?$/i.exec(
      term.replace(/\/\d[\s\S]*$/, (suffix) => (/^[-~?+]?ip[46]/i.test(term) ? suffix : '')),
    );
    if (!match) continue;
    const [, qualifier, mechanism, value = ''] = match;
    const name = mechanism!.toLowerCase();
    if (name === 'all') spf.all = (qualifier || '+') as Spf['all'];
    if (name === 'include') spf.includes.push(value.toLowerCase());
    if (name === 'redirect') spf.redirect = value.toLowerCase();
    if (name === 'ip4') spf.ip4.push(value);
    if (name === 'ip6') spf.ip6.push(value);
    if (['include', 'a', 'mx', 'ptr', 'exists', 'redirect'].includes(name)) spf.lookUps += 1;
  }
  return spf;
}

export interface Dmarc {
  policy: 'none' | 'quarantine' | 'reject';
  subdomainPolicy: 'none' | 'quarantine' | 'reject' | null;
  /** RFC 9989: for subdomains that do not exist. */
  nonexistentPolicy: 'none' | 'quarantine' | 'reject' | null;
  /** 's': the domains must be the same; 'r': of one organisation. */
  spfAlignment: 'r' | 's';
  dkimAlignment: 'r' | 's';
  reports: string[];
  /** RFC 9989: t=y asks receivers not to apply the policy yet. */
  isTest: boolean;
  /** RFC 9989: psd=y is a registry's domain, psd=n the organisation's own; null: it does not say. */
  publicSuffix: boolean | null;
  /** Tags that RFC 9989 took out: pct, rf, ri. They are no longer heeded. */
  obsolete: string[];
}

/** The one DMARC record among TXT records, or null. Unknown tags are passed over, as the RFC asks. */
export function readDmarc(texts: readonly string[]): Dmarc | null {
  const records = texts.filter((text) => /^v\s*=\s*DMARC1\s*(;|$)/.test(text.trim()));
  if (records.length !== 1) return null;
  const tags = new Map<string, string>();
  for (const part of records[0]!.split(';').slice(1)) {
    const at = part.indexOf('=');
    if (at > 0) tags.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim());
  }
  const policy = (name: string) => {
    const value = tags.get(name)?.toLowerCase();
    return value === 'none' || value === 'quarantine' || value === 'reject' ? value : null;
  };
  const flag = (name: string) => ({ y: true, n: false })[tags.get(name)?.toLowerCase() ?? ''] ?? null;
  return {
    // RFC 9989 4.7: without a policy that can be read, with somebody to report to, it counts as none.
    policy: policy('p') ?? 'none',
    subdomainPolicy: policy('sp'),
    nonexistentPolicy: policy('np'),
    spfAlignment: tags.get('aspf')?.toLowerCase() === 's' ? 's' : 'r',
    dkimAlignment: tags.get('adkim')?.toLowerCase() === 's' ? 's' : 'r',
    reports: (tags.get('rua') ?? '')
      .split(',')
      .map((uri) => uri.trim())
      .filter((uri) => uri !== ''),
    isTest: flag('t') === true,
    publicSuffix: flag('psd'),
    obsolete: ['pct', 'rf', 'ri'].filter((name) => tags.has(name)),
  };
}

/**
 * Where the tree walk of RFC 9989 (4.10) asks, in order: the domain, then each parent. With more than eight labels it
 * goes on with the last seven, so that nobody can make it ask often.
 */
export function treeWalk(domain: string): string[] {
  const labels = domain.toLowerCase().replace(/\.$/, '').split('.');
  const names = [labels.join('.')];
  let rest = labels.length > 8 ? labels.slice(-7) : labels.slice(1);
  while (rest.length > 0) {
    names.push(rest.join('.'));
    rest = rest.slice(1);
  }
  return names;
}

/**
 * The organisation's domain by the records that the walk found, from the domain upwards (RFC 9989 4.10.2): the one that
 * says psd=n, or the one below a psd=y, or the one with the fewest labels; without any, the domain itself.
 */
export function organisationalDomain(domain: string, found: ReadonlyMap<string, Dmarc>): string {
  const names = treeWalk(domain);
  let highest = names[0]!;
  for (const [at, name] of names.entries()) {
    const record = found.get(name);
    if (!record) continue;
    if (record.publicSuffix === false) return name;
    if (record.publicSuffix === true) return at === 0 ? name : names[at - 1]!;
    highest = name;
  }
  return highest;
}

/** Whether two domains are one sender's for DMARC. */
export function isAligned(
  mode: 'r' | 's',
  one: string,
  other: string,
  organisationOf: (domain: string) => string,
): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || (mode === 'r' && organisationOf(a) === organisationOf(b));
}

/** The key in a DKIM record, base64; '' when it was revoked; null when it is no record. */
export function readDkimRecord(texts: readonly string[]): string | null {
  const record = texts.map((text) => text.replace(/\s+/g, '')).find((text) => /(^|;)p=/.test(text));
  return record === undefined ? null : (/(?:^|;)p=([^;]*)/.exec(record)?.[1] ?? null);
}
