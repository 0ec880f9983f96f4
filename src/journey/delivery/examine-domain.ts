import {
  type Dmarc,
  isAligned,
  organisationalDomain,
  readDkimRecord,
  readDmarc,
  readSpf,
  type Spf,
  treeWalk,
} from '../../domain/delivery/mail-dns.ts';
import type { Finding, MailDns } from './examine-ports.ts';

export interface DomainInput {
  fromDomain: string;
  returnPathDomain: string | null;
  dkimKeys: { domain: string; selector: string; name: string; publicKey: string; record: string }[];
  /** The mail server that mails are handed to; null: none is set. */
  smtpHost: { host: string; isLoopback: boolean } | null;
}

const MOST_LOOK_UPS = 10;

/**
 * Looks at what mailbox providers look at: SPF of the envelope's domain, DKIM keys, DMARC with alignment (RFC 9989), the
 * names of the mail server, the MX of both domains. Reads only; what the DNS does not answer is said, not guessed.
 */
export async function examineDomain(dns: MailDns, input: DomainInput): Promise<Finding[]> {
  const checks: [string, () => Promise<Finding[]>][] = [
    ['SPF', () => spf(dns, input)],
    ['DKIM', () => dkim(dns, input)],
    ['DMARC', () => dmarc(dns, input)],
    ['PTR', () => ptr(dns, input)],
    ['MX', () => mx(dns, input)],
  ];
  const findings: Finding[] = [];
  for (const [what, check] of checks) {
    findings.push(
      ...(await check().catch((error: Error) => [
        look(
          what,
          `the DNS could not be asked: ${error.message}`,
          'Try again; if it stays so, look at the name server of this machine.',
        ),
      ])),
    );
  }
  return findings;
}

async function spf(dns: MailDns, { fromDomain, returnPathDomain }: DomainInput): Promise<Finding[]> {
  const domain = returnPathDomain ?? fromDomain;
  const what = `SPF of ${domain}`;
  const record = readSpf(await dns.txt(domain));
  if ('problem' in record) {
    return record.problem === 'missing'
      ? [
          mend(
            what,
            'there is no record',
            `Add a TXT record to ${domain}: "v=spf1 include:YOUR-MAIL-SERVER -all" (your provider says what to include).`,
          ),
        ]
      : [
          mend(
            what,
            'there are several records, so none counts',
            'Put everything into one TXT record that begins with v=spf1.',
          ),
        ];
  }
  const { lookUps, missing } = await countLookUps(dns, record, new Set([domain]));
  if (missing.length > 0)
    return [
      mend(
        what,
        `it includes ${missing.join(', ')}, where there is no SPF record`,
        'Take that out, or mend its name.',
      ),
    ];
  if (lookUps > MOST_LOOK_UPS)
    return [
      mend(
        what,
        `it needs ${lookUps} look-ups; ${MOST_LOOK_UPS} are allowed`,
        'Take out what no longer sends for you.',
      ),
    ];
  if (record.all === '+')
    return [mend(what, 'it ends in +all: everybody may send as you', 'End it in -all or ~all.')];
  if (record.all === null && record.redirect === null)
    return [look(what, 'it does not say what holds for all others', 'End it in -all or ~all.')];
  return [
    fine(what, `one record, ${lookUps} look-ups${record.all === null ? '' : `, ends in ${record.all}all`}`),
  ];
}

async function countLookUps(
  dns: MailDns,
  record: Spf,
  seen: Set<string>,
): Promise<{ lookUps: number; missing: string[] }> {
  let lookUps = record.lookUps;
  const missing: string[] = [];
  for (const name of [...record.includes, ...(record.redirect === null ? [] : [record.redirect])]) {
    // Macros depend on the mail; loops and long chains end at the limit.
    if (name.includes('%') || seen.has(name) || lookUps > MOST_LOOK_UPS) continue;
    seen.add(name);
    const inner = readSpf(await dns.txt(name));
    if ('problem' in inner) missing.push(name);
    else {
      const below = await countLookUps(dns, inner, seen);
      lookUps += below.lookUps;
      missing.push(...below.missing);
    }
  }
  return { lookUps, missing };
}

async function dkim(dns: MailDns, { dkimKeys, fromDomain }: DomainInput): Promise<Finding[]> {
  if (dkimKeys.length === 0)
    return [
      look(
        'DKIM',
        'Simmer signs nothing itself',
        `If your mail server does not sign as ${fromDomain} either: simmer dkim create ${fromDomain} simmer1, then set DKIM_KEYS.`,
      ),
    ];
  return Promise.all(
    dkimKeys.map(async ({ name, publicKey, record }) => {
      const what = `DKIM ${name}`;
      const published = readDkimRecord(await dns.txt(name));
      if (published === null)
        return mend(what, 'there is no record', `Add a TXT record to ${name}: ${record}`);
      if (published === '')
        return mend(what, 'the key was revoked', 'Publish the key again, or take it out of DKIM_KEYS.');
      if (published !== publicKey)
        return mend(
          what,
          'the record holds another key than the one Simmer signs with',
          `Publish: ${record}`,
        );
      return fine(what, 'the record holds the key that Simmer signs with');
    }),
  );
}

async function dmarc(dns: MailDns, input: DomainInput): Promise<Finding[]> {
  const { fromDomain, returnPathDomain, dkimKeys } = input;
  const what = `DMARC of ${fromDomain}`;
  const records = new Map<string, Dmarc>();
  const walked = new Set<string>();
  for (const domain of [fromDomain, returnPathDomain ?? fromDomain, ...dkimKeys.map((key) => key.domain)]) {
    for (const name of treeWalk(domain)) {
      if (walked.has(name)) continue;
      walked.add(name);
      const record = readDmarc(await dns.txt(`_dmarc.${name}`));
      if (record) records.set(name, record);
    }
  }
  const organisationOf = (domain: string) => organisationalDomain(domain, records);
  const at = records.has(fromDomain) ? fromDomain : organisationOf(fromDomain);
  const record = records.get(at);
  if (!record)
    return [
      mend(
        what,
        'there is no record',
        `Add a TXT record to _dmarc.${fromDomain}: "v=DMARC1; p=none; rua=mailto:dmarc@${fromDomain}".`,
      ),
    ];
  const policy = at === fromDomain ? record.policy : (record.subdomainPolicy ?? record.policy);
  const byDkim = dkimKeys.some((key) =>
    isAligned(record.dkimAlignment, key.domain, fromDomain, organisationOf),
  );
  const bySpf = isAligned(record.spfAlignment, returnPathDomain ?? fromDomain, fromDomain, organisationOf);
  if (!byDkim && !bySpf)
    return [
      mend(
        what,
        `neither the return path (${returnPathDomain ?? fromDomain}) nor a DKIM key is aligned with it`,
        `Use a return path and a DKIM key below ${organisationOf(fromDomain)}.`,
      ),
    ];
  const findings = [
    fine(
      what,
      `p=${policy}${at === fromDomain ? '' : `, from ${at}`}; aligned by ${[byDkim && 'DKIM', bySpf && 'SPF'].filter(Boolean).join(' and ')}`,
    ),
  ];
  if (record.isTest)
    findings.push(
      look(what, 't=y: receivers do not apply the policy yet', 'Take t=y out when the reports look right.'),
    );
  if (record.obsolete.length > 0)
    findings.push(look(what, `${record.obsolete.join(', ')} no longer count (RFC 9989)`, 'Take them out.'));
  if (record.reports.length === 0)
    findings.push(look(what, 'nobody gets reports', `Add rua=mailto:dmarc@${fromDomain}.`));
  return findings;
}

async function ptr(dns: MailDns, { smtpHost }: DomainInput): Promise<Finding[]> {
  if (smtpHost === null || smtpHost.isLoopback)
    return [
      look(
        'PTR',
        'mails leave through this machine, whose public address is not known here',
        'Make sure that its address has a name, and the name that address.',
      ),
    ];
  const { host } = smtpHost;
  const addresses = await dns.addresses(host);
  const what = `PTR of ${host}`;
  if (addresses.length === 0) return [mend(what, 'the name has no address', 'Look at SMTP_URL.')];
  return Promise.all(
    addresses.slice(0, 4).map(async (address) => {
      const names = await dns.names(address);
      if (names.length === 0)
        return look(
          what,
          `${address} has no name`,
          'If mails leave from that address, ask whoever gave it to you for a PTR record.',
        );
      for (const name of names)
        if ((await dns.addresses(name)).includes(address))
          return fine(what, `${address} is ${name} and back`);
      return look(
        what,
        `${address} is called ${names[0]}, which is another address`,
        'Give the name that address.',
      );
    }),
  );
}

async function mx(dns: MailDns, { fromDomain, returnPathDomain }: DomainInput): Promise<Finding[]> {
  const findings: Finding[] = [];
  const from = await dns.mx(fromDomain);
  if (from.some(({ exchange }) => exchange === '' || exchange === '.'))
    findings.push(
      mend(
        `MX of ${fromDomain}`,
        'a null MX: the From address can receive nothing',
        'Use a From address that can be answered.',
      ),
    );
  else if (from.length === 0)
    findings.push(
      look(
        `MX of ${fromDomain}`,
        'there is none',
        'Answers to the From address may get lost; some providers look for it.',
      ),
    );
  else findings.push(fine(`MX of ${fromDomain}`, from.map(({ exchange }) => exchange).join(', ')));
  if (returnPathDomain === null) {
    findings.push(
      look(
        'Return path',
        'RETURN_PATH_DOMAIN is not set: bounces go to the From address and nobody reads them',
        'Set RETURN_PATH_DOMAIN and RETURN_PORT, or let your provider post them to /returns.',
      ),
    );
    return findings;
  }
  const back = await dns.mx(returnPathDomain);
  const what = `MX of ${returnPathDomain}`;
  if (back.length === 0)
    findings.push(
      mend(
        what,
        'there is none: bounces cannot come back',
        `Add an MX record to ${returnPathDomain} that leads to the worker that listens on RETURN_PORT.`,
      ),
    );
  else {
    const lost: string[] = [];
    for (const { exchange } of back) if ((await dns.addresses(exchange)).length === 0) lost.push(exchange);
    findings.push(
      lost.length > 0
        ? mend(what, `${lost.join(', ')} has no address`, 'Mend the name, or take it out.')
        : fine(what, back.map(({ exchange }) => exchange).join(', ')),
    );
  }
  return findings;
}

export function fine(what: string, says: string): Finding {
  return { what, state: 'fine', says, todo: null };
}

export function look(what: string, says: string, todo: string): Finding {
  return { what, state: 'look', says, todo };
}

export function mend(what: string, says: string, todo: string): Finding {
  return { what, state: 'mend', says, todo };
}
