import { readSpf, type Spf } from '../../../domain/deliverability/mail-dns.ts';
import type { DomainInput, Finding, MailDns } from '../ports/mail-dns.ts';
import { fine, look, mend } from './findings.ts';

/** RFC 7208 4.6.4. */
const MOST_LOOK_UPS = 10;

/** The record of the envelope's domain, and those it includes. */
export async function examineSpf(
  dns: MailDns,
  { fromDomain, returnPathDomain }: DomainInput,
): Promise<Finding[]> {
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
