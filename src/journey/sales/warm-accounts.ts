import { FREE_MAIL_DOMAINS } from '../../domain/audience/free-mail.ts';
import { localDay } from '../../domain/delivery/schedule.ts';
import type { Programme } from '../../domain/programme.ts';
import { asAccountLeads, jointWarmth, warmLeads } from '../../domain/sales/account.ts';
import { assignmentList } from '../../domain/sales/assignment.ts';
import type { Database, Log } from '../ports.ts';

/** A look goes over all warm leads, so it is taken this often, by one worker. */
const EVERY_MS = 60_000;

export interface WarmAccountsDeps {
  database: Database;
  programme: Programme;
  log: Log;
}

/**
 * Looks for accounts whose leads are warm together, when the programme has a threshold for that. One crossing makes one
 * alert; it waits out the hold window and is checked again before it is sent. Returns the domains that crossed.
 */
export async function warmAccounts(deps: WarmAccountsDeps, now: Date): Promise<string[]> {
  const { database, programme, log } = deps;
  const { accountThreshold: threshold, officeHours, freeMailDomains } = programme.sales;
  const { accounts } = database.stores;
  if (threshold === null || !(await accounts.mayLook(now, EVERY_MS))) return [];
  const today = localDay(now, officeHours.timeZone);
  await accounts.lowerBases(today);
  const crossed: string[] = [];
  for (const domain of await accounts.warmDomains(
    threshold,
    [...FREE_MAIL_DOMAINS, ...freeMailDomains],
    today,
  ))
    if (await alert(deps, domain, now)) crossed.push(domain);
  if (crossed.length > 0) log.info({ accounts: crossed.length }, 'accounts became warm');
  return crossed;
}

function alert({ database, programme }: WarmAccountsDeps, domain: string, now: Date): Promise<boolean> {
  return database.inTransaction(async ({ accounts, outbox }) => {
    const today = localDay(now, programme.sales.officeHours.timeZone);
    const members = asAccountLeads(await accounts.members(domain), today);
    const id = await accounts.open(domain, jointWarmth(members).warmth, now);
    if (id === null) return false;
    // A colleague who has one of these leads already; else where the warmest of them would go.
    const [warmest] = warmLeads(members);
    const owner = members.find(({ withSales }) => withSales !== null)?.withSales;
    const to =
      owner ??
      (warmest &&
        assignmentList(
          { language: programme.defaultLanguage, timeZone: 'UTC', ...warmest },
          programme.sales.handOut,
        )[0]) ??
      programme.sales.address;
    const alertId = await outbox.add({
      kind: 'account-alert',
      dedupeKey: `account:${id}`,
      to,
      language: programme.defaultLanguage,
      // Written when it is sent, as things stand then.
      data: null,
      subscriberId: null,
      dueAt: new Date(now.getTime() + programme.sales.holdMs),
      at: now,
    });
    if (alertId === null) throw new Error(`there is an alert for the account crossing ${id} already`);
    await accounts.setAlert(id, alertId);
    return true;
  });
}
