import { accountDomain } from '../../domain/audience/free-mail.ts';
import { type ShownStage, shownStage } from '../../domain/audience/subscriber.ts';
import { localDay } from '../../domain/delivery/schedule.ts';
import type { Programme } from '../../domain/programme.ts';
import { asAccountLeads, jointWarmth } from '../../domain/sales/account.ts';
import { companyName } from '../../domain/sales/account-mail.ts';
import type { AccountMember, AccountQualification, AccountStore } from './ports/accounts.ts';

export interface Account {
  domain: string;
  /** The company's name as most of its leads write it. */
  company: string | null;
  /** The points of its warm leads together, and how many leads they come from. */
  warmth: number;
  warm: number;
  /** What the next alert needs in all; null: accounts do not alert, or this one was alerted and waits for sales. */
  alertsAt: number | null;
  /** Warmest first. */
  members: (Omit<AccountMember, 'stage'> & { stage: ShownStage; isQuiet: boolean })[];
  /** Its crossings, newest first. */
  crossings: AccountQualification[];
}

/** The leads of one company, seen together. Null when nobody has this domain, or it is a free-mail provider's. */
export async function showAccount(
  deps: { accounts: Pick<AccountStore, 'members' | 'qualifications'>; programme: Programme },
  domain: string,
  now: Date,
): Promise<Account | null> {
  const { sales } = deps.programme;
  const known = accountDomain(`@${domain.trim().toLowerCase()}`, sales.freeMailDomains);
  if (known === null) return null;
  const today = localDay(now, sales.officeHours.timeZone);
  const members = asAccountLeads(await deps.accounts.members(known), today);
  if (members.length === 0) return null;
  const crossings = (await deps.accounts.qualifications(known)).toReversed();
  const [last] = crossings;
  const isOpen = last !== undefined && last.closedAt === null;
  const threshold = sales.accountThreshold;
  return {
    domain: known,
    company: companyName(members),
    ...jointWarmth(members),
    alertsAt: threshold === null || isOpen ? null : threshold + (last?.base ?? 0),
    members: members.map((member) => ({ ...member, stage: shownStage(member) })),
    crossings,
  };
}
