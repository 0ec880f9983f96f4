import { gatewayOf } from '../../domain/tracking/scanners.ts';
import type { Log } from '../ports.ts';
import type { MailDomainStore, MailExchangers } from './ports/hits.ts';

export interface LookUpDeps {
  mailDomains: MailDomainStore;
  exchangers: MailExchangers;
  /** The programme's own gateways (`machines.gateways`). */
  gateways: readonly string[];
  log: Log;
}

const MOST_AT_ONCE = 100;
const SIDE_BY_SIDE = 10;
const HOUR_MS = 3_600_000;
/** A company changes its mail gateway rarely. */
const FOUND_FOR_MS = 7 * 24 * HOUR_MS;
const NOTHING_FOR_MS = 24 * HOUR_MS;
/** RFC 2606, RFC 6761: nobody has these, and DNS need not be asked. */
const RESERVED = /(^|\.)(example|test|invalid|localhost|local)$|^example\.(com|net|org)$/;

/**
 * Finds out which readers' mail passes a mail gateway, so that no request ever waits for DNS. Each domain is looked up
 * once a week. Says how many were.
 */
export async function lookUpMailDomains(deps: LookUpDeps, now: Date): Promise<number> {
  const domains = await deps.mailDomains.due(now, MOST_AT_ONCE);
  const waiting = [...domains];
  const work = async () => {
    for (let domain = waiting.pop(); domain !== undefined; domain = waiting.pop())
      await lookUp(deps, domain, now);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return domains.length;
}

async function lookUp({ mailDomains, exchangers, gateways, log }: LookUpDeps, domain: string, now: Date) {
  const until = (ms: number) => new Date(now.getTime() + ms);
  try {
    const mx = RESERVED.test(domain) ? [] : await exchangers.of(domain);
    const found = { mx, gateway: gatewayOf(mx, gateways) };
    await mailDomains.save(domain, found, now, until(mx.length > 0 ? FOUND_FOR_MS : NOTHING_FOR_MS));
  } catch (error) {
    log.debug({ domain, error: String(error) }, 'the MX of a mail domain could not be looked up');
    await mailDomains.save(domain, { mx: [], gateway: null }, now, until(HOUR_MS));
  }
}
