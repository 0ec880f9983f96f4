import {
  type Dmarc,
  isAligned,
  organisationalDomain,
  readDkimRecord,
  readDmarc,
  treeWalk,
} from '../../../domain/deliverability/mail-dns.ts';
import type { DomainInput, Finding, MailDns } from '../ports/mail-dns.ts';
import { fine, look, mend } from './findings.ts';

/** The records of the keys that Simmer signs with. */
export async function examineDkim(dns: MailDns, { dkimKeys, fromDomain }: DomainInput): Promise<Finding[]> {
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

/** The policy of the From domain, and what is aligned with it (RFC 9989). */
export async function examineDmarc(dns: MailDns, input: DomainInput): Promise<Finding[]> {
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
