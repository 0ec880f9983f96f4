/** What each kind of mail needs to be written. Templates see exactly these fields, plus `brand`, `t` and `language`. */
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

/** Built by domain/delivery/confirmation-mail.ts. */
export interface ConfirmationMail {
  name: string | null;
  /** `rhythm` is how often it comes, in words of the reader's language: "every two weeks". */
  digests: { name: string; rhythm: string }[];
  interests: { id: string; label: string; description: string; url: string }[];
  allInterestsUrl: string;
  unsubscribeUrl: string;
}

export interface AlreadySubscribedMail {
  name: string | null;
  preferencesUrl: string;
  unsubscribeUrl: string;
}

export interface ArticleCard {
  title: string;
  summary: string;
  imageUrl: string | null;
  /** Tracked. */
  url: string;
  /** The interest it was chosen for. The template makes the reader's "because you chose …" of it. */
  interestLabel: string;
  /** Day and month, in the reader's language and zone. */
  published: string;
}

/** Built by domain/delivery/issue-mail.ts. */
export interface IssueMail {
  digestName: string;
  name: string | null;
  /** Written out in the reader's language and zone. */
  dateline: string;
  preheader: string;
  main: ArticleCard;
  others: ArticleCard[];
  callsToAction: {
    id: string;
    kind: 'brochure' | 'reference-story' | 'call-back';
    label: string;
    url: string;
  }[];
  footerLinks: { id: string; label: string; url: string }[];
  webVersionUrl: string;
  preferencesUrl: string;
  unsubscribeUrl: string;
  /** Null in the web version: looking at it there is not an open of the mail. */
  pixelUrl: string | null;
}

export interface SalesAlertMail {
  lead: {
    name: string | null;
    email: string;
    company: string | null;
    jobTitle: string | null;
    phone: string | null;
    /** Labels, in the language of the mail. */
    interests: string[];
    /** Where the lead came from, in plain words; null when nothing is known. */
    source: string | null;
  };
  score: number;
  threshold: number;
  /** ISO 8601; the template writes it out. */
  qualifiedAt: string;
  /** How the lead got here, newest first: what was done, when (ISO 8601), for how many points. */
  acts: { what: string; at: string; points: number }[];
  profileUrl: string;
}

export interface SignInMail {
  url: string;
  minutes: number;
}

export interface NoticeMail {
  subject: string;
  paragraphs: string[];
  url: string | null;
}

export interface MailData {
  confirmation: ConfirmationMail;
  'already-subscribed': AlreadySubscribedMail;
  issue: IssueMail;
  'sales-alert': SalesAlertMail;
  'sign-in': SignInMail;
  notice: NoticeMail;
}

export type MailKind = keyof MailData;
export type OneOffKind = Exclude<MailKind, 'issue'>;
