// Who of the staff is signed in, and how they got in.

export interface NewSignInLink {
  tokenHash: string;
  email: string;
  nextPath: string;
  expiresAt: Date;
}

export interface StaffStore {
  /** How many links of this address wait to be used at `now`. */
  signInLinks(email: string, now: Date): Promise<number>;
  /** For null the database is asked as well: how long it takes tells nobody whether there was a link. */
  addSignInLink(link: NewSignInLink | null): Promise<void>;
  /** What is wrong with a link, if anything is; null for one that is good. */
  signInLinkFault(tokenHash: string, now: Date): Promise<'unknown' | 'used' | 'expired' | null>;
  /** Uses the link up: a second call gives null. */
  useSignInLink(tokenHash: string, now: Date): Promise<{ email: string; nextPath: string } | null>;
  addSession(
    session: StaffSession & { idHash: string; createdAt: Date; ip: string | null; userAgent: string | null },
  ): Promise<void>;
  findSession(idHash: string, now: Date): Promise<(StaffSession & { language: string | null }) | null>;
  /** The language this member chose for pages and mails; null: none. */
  languageOf(email: string): Promise<string | null>;
  /** Null takes the choice back. */
  chooseLanguage(email: string, language: string | null): Promise<void>;
  endSession(idHash: string): Promise<void>;
  /** The sessions of one member of staff that still hold, newest first. */
  listSessions(email: string, now: Date): Promise<ListedSession[]>;
  /** Ends one session of this member, by its hash. False when it was none of theirs. */
  endSessionOf(email: string, idHash: string): Promise<boolean>;
  /** Signs this member out everywhere. Says how many sessions ended. */
  endSessionsOf(email: string): Promise<number>;
}

export interface ListedSession {
  idHash: string;
  createdAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}

export interface StaffSession {
  email: string;
  csrfToken: string;
  expiresAt: Date;
}
