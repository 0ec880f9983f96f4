import { Resolver } from 'node:dns/promises';
import type { MailDns } from '../../journey/deliverability/ports/mail-dns.ts';

/** These mean that there is no such record; everything else, that the question was not answered. */
const NONE = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN']);

/** The DNS as mailbox providers see it. `servers`: other name servers than the system's. */
export function mailDns(servers?: string[]): MailDns {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  const ask = async <T>(question: Promise<T[]>): Promise<T[]> => {
    try {
      return await question;
    } catch (error) {
      if (NONE.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  };
  return {
    txt: async (name) => (await ask(resolver.resolveTxt(name))).map((parts) => parts.join('')),
    mx: async (name) => (await ask(resolver.resolveMx(name))).sort((a, b) => a.priority - b.priority),
    addresses: async (name) => [
      ...(await ask(resolver.resolve4(name))),
      ...(await ask(resolver.resolve6(name))),
    ],
    names: (address) => ask(resolver.reverse(address)),
  };
}
