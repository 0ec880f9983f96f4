import type { DomainInput, Finding, MailDns } from '../ports/mail-dns.ts';
import { fine, look, mend } from './findings.ts';

/** The addresses of the mail server and their names. */
export async function examinePtr(dns: MailDns, { smtpHost }: DomainInput): Promise<Finding[]> {
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

/** Where answers and bounces go. */
export async function examineMx(
  dns: MailDns,
  { fromDomain, returnPathDomain }: DomainInput,
): Promise<Finding[]> {
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
