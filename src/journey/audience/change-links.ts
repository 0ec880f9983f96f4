import type { Preferences } from '../../domain/audience/preferences-form.ts';

/** What waits for a press behind a link that was mailed to the address. */
export interface ChangeLinkStore {
  add(link: {
    tokenHash: string;
    subscriberId: number;
    preferences: Preferences;
    expiresAt: Date;
  }): Promise<void>;
  /** Null when there is no such link, or it was used. It may be over. */
  find(
    tokenHash: string,
  ): Promise<{ subscriberId: number; preferences: Preferences; expiresAt: Date } | null>;
  /** Ends all links of a person: the change is made. */
  end(subscriberId: number): Promise<void>;
}
