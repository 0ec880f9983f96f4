import { examineMx, examinePtr } from './examine/examine-hosts.ts';
import { examineDkim, examineDmarc } from './examine/examine-signing.ts';
import { examineSpf } from './examine/examine-spf.ts';
import { look } from './examine/findings.ts';
import type { DomainInput, Finding, MailDns } from './ports/mail-dns.ts';

/**
 * Looks at what mailbox providers look at: SPF of the envelope's domain, DKIM keys, DMARC with alignment (RFC 9989), the
 * names of the mail server, the MX of both domains. Reads only; what the DNS does not answer is said, not guessed.
 */
export async function examineDomain(dns: MailDns, input: DomainInput): Promise<Finding[]> {
  const checks: [string, () => Promise<Finding[]>][] = [
    ['SPF', () => examineSpf(dns, input)],
    ['DKIM', () => examineDkim(dns, input)],
    ['DMARC', () => examineDmarc(dns, input)],
    ['PTR', () => examinePtr(dns, input)],
    ['MX', () => examineMx(dns, input)],
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
