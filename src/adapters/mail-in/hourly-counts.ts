import { isComplaintAddress } from '../../domain/mail/unsubscribe-address.ts';

const HOUR_MS = 3_600_000;

/** What may be kept in an hour. */
export interface HourlyLimits {
  bytesAnHour: number;
  /** Mails to one return path or unsubscribe address: one mail of ours comes back a few times at most. */
  mailsAnHourToOne: number;
}

export interface HourlyCounts {
  /** No more is taken in this hour. */
  isFull(): boolean;
  /** No more is taken for this address. */
  isCrowded(address: string): boolean;
  count(addresses: readonly string[], bytes: number): void;
}

/** Counts anew each hour. */
export function hourlyCounts(limits: HourlyLimits, now: () => Date): HourlyCounts {
  let hour = -1;
  let bytes = 0;
  const mails = new Map<string, number>();
  const turn = () => {
    const current = Math.floor(now().getTime() / HOUR_MS);
    if (current === hour) return;
    hour = current;
    bytes = 0;
    mails.clear();
  };
  return {
    isFull() {
      turn();
      return bytes >= limits.bytesAnHour;
    },
    isCrowded(address) {
      turn();
      // Complaints of all readers come to one address.
      if (isComplaintAddress(address, address.slice(address.lastIndexOf('@') + 1))) return false;
      return (mails.get(address.toLowerCase()) ?? 0) >= limits.mailsAnHourToOne;
    },
    count(addresses, more) {
      turn();
      bytes += more;
      for (const address of addresses) {
        const key = address.toLowerCase();
        mails.set(key, (mails.get(key) ?? 0) + 1);
      }
    },
  };
}
