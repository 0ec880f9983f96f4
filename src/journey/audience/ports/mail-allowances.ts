import type { Allowance, MailCount, MailPurpose, Pace } from '../../../domain/audience/mail-allowance.ts';

export interface AllowanceAsked {
  mailbox: string;
  /** Whether its owner has confirmed: then the first few are over. */
  isProven: boolean;
}

/** Counts the mails that anybody can cause to a mailbox. Each call is one statement: those at the same time take turns. */
export interface MailAllowanceStore {
  /**
   * Counts one mail of the purpose for each mailbox that may have one now; gives these mailboxes. For the others it notes that
   * one was kept back. For none the database is asked too. Call it with the people's rows held, never before.
   */
  claim(
    purpose: MailPurpose,
    allowance: Allowance,
    asked: readonly AllowanceAsked[],
    now: Date,
  ): Promise<ReadonlySet<string>>;
  /** The owner has confirmed: the first few are over, and the next one may come at once. */
  confirmed(mailbox: string, purpose: MailPurpose, allowance: Allowance): Promise<void>;
  find(mailbox: string): Promise<MailCount[]>;
  /** Takes a place in each line; gives when the last of them is due. Ends lines that were left for a day. */
  takePlace(paces: readonly Pace[], now: Date): Promise<Date>;
  /** The person is erased. */
  forget(mailbox: string): Promise<void>;
}
