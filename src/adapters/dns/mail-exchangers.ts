import { Resolver } from 'node:dns/promises';
import type { MailExchangers } from '../../journey/tracking/ports/hits.ts';

/** These mean that the domain has no MX, and asking again soon will not change it. */
const NONE = new Set(['ENOTFOUND', 'ENODATA']);

/** MX hosts as DNS gives them, the preferred one first. `servers`: other name servers than the system's, for tests. */
export function mailExchangers(servers?: string[]): MailExchangers {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return {
    async of(domain) {
      try {
        const found = await resolver.resolveMx(domain);
        return found.sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange.toLowerCase());
      } catch (error) {
        if (NONE.has((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
      }
    },
  };
}
