import type { Source } from '../audience/subscriber.ts';
import type { Because } from '../content/choosing/pick.ts';
import type { Reason } from '../reason.ts';
import type { SqlForm } from '../scoring/lead-event.ts';
import type { Rhythm } from './rhythm.ts';

/** What each kind of mail needs to be written. Templates see exactly these fields, plus `brand`, `t` and `language`. */
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

/** Built by domain/mail/confirmation-mail.ts. */
export interface ConfirmationMail {
  /** The first name alone. */
  name: string | null;
  /** `schedule` is how often it comes; in a mail that was planned before an update it is words: `rhythm`. */
  digests: { name: string; schedule: Rhythm; rhythm?: string }[];
  interests: { id: string; label: string; description: string; url: string }[];
  allInterestsUrl: string;
  unsubscribeUrl: string;
}

export interface AlreadySubscribedMail {
  /** The first name alone. */
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
  moreUrl: string;
  lessUrl: string;
  /** The interest it was chosen for, and why: the template makes the reader's "because you chose …" of both. */
  interestLabel: string;
  because: Because;
  /** Day and month, in the reader's language and zone. */
  published: string;
}

/** Built by domain/mail/issue-mail.ts. */
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
  /** Sent to one of the staff to be looked at; its subject says so. */
  isTest?: boolean;
}

/** Who a mail to sales is about. */
export interface MailedLead {
  name: string | null;
  email: string;
  company: string | null;
  jobTitle: string | null;
  phone: string | null;
}

/** An answer that can be given from the mail: the link opens a page, whose button gives it. */
export interface QuickAnswer {
  status: 'in-progress' | 'rejected';
  url: string;
}

export interface SalesAlertMail {
  lead: MailedLead & {
    /** Labels, in the language of the mail. */
    interests: string[];
    /** Where the lead came from: the first contact and, where there is another, the latest. */
    touches: Source[];
    /** The first of them in English, for templates of one's own; null when nothing is known. */
    source: string | null;
  };
  score: number;
  threshold: number;
  /** How near the ideal persona: 0 to 100 (null: nothing is known), and what speaks for it, in words of the mail's language and as a reason. `priority` is score, fit and completeness together. */
  fit: { percent: number | null; words: string; reason: Reason | null; priority: number };
  /** What the lead said when it asked for a call, wrote or ordered; null when it did none of that. */
  wish: { form: SqlForm; phone: string | null; bestTime: string | null; note: string | null } | null;
  /** How many of its opens and clicks may be a mail scanner's: a person says what they are, on the profile. */
  hitsInDoubt: number;
  /** ISO 8601; the template writes it out. */
  qualifiedAt: string;
  /** Of the office hours: the times in the mail are told in it. */
  timeZone: string;
  /** How the lead got here, newest first: what was done, in the language of the mail and as it is kept, when (ISO 8601), for how many points. */
  acts: { what: string; reason: Reason; at: string; points: number }[];
  /** Articles the lead opened since it was last with sales, newest first. */
  reads: { title: string; url: string; at: string }[];
  /** Others of the same company, warmest first. */
  colleagues: { name: string; score: number }[];
  profileUrl: string;
  answers: QuickAnswer[];
}

/** Nobody has acted on an alert: to who has the lead, and later to who looks after that. */
export interface SalesReminderMail {
  lead: MailedLead;
  score: number;
  /** ISO 8601. */
  qualifiedAt: string;
  timeZone: string;
  /** Null: the reminder. Else the escalation, naming whom the lead was handed to. */
  escalatedFrom: string | null;
  profileUrl: string;
  answers: QuickAnswer[];
}

/** Several leads of one company are warm together. */
export interface AccountAlertMail {
  /** The company's name as most of its leads write it, else its domain. */
  company: string;
  domain: string;
  warmth: number;
  threshold: number;
  /** Warmest first. */
  leads: (MailedLead & { score: number; profileUrl: string })[];
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
  'sales-reminder': SalesReminderMail;
  'account-alert': AccountAlertMail;
  'sign-in': SignInMail;
  notice: NoticeMail;
}

export type MailKind = keyof MailData;
/** Any may be sent to one person by itself: an issue so as a test mail to staff, before it goes out to readers. */
export type OneOffKind = MailKind;

/** What every part of the program must know of a kind of mail that is sent to one person by itself. */
interface MailFacts {
  /**
   * What the same mail once more would do, when nobody knows whether the first one arrived: under the same Message-ID it
   * harms nobody, except where a person acts on it. A second alert makes sales call twice.
   */
  mayComeTwice: boolean;
  /** Written when it is sent, in the language that one of the staff chose since. */
  inStaffLanguage: boolean;
  /** To the subscriber whose mail it is: one that comes back says that the address is bad. */
  isToSubscriber: boolean;
  /** To others, about one lead: what it tells goes when the lead is forgotten. */
  isAboutLead: boolean;
}

/**
 * All kinds of mails. A new kind does not compile before it stands here and in every place that looks at mails by kind;
 * `simmer check` asks for its templates and texts.
 */
// biome-ignore format: a table
export const MAILS: Readonly<Record<MailKind, MailFacts>> = {
  confirmation: { mayComeTwice: true, inStaffLanguage: false, isToSubscriber: true, isAboutLead: false },
  'already-subscribed': { mayComeTwice: true, inStaffLanguage: false, isToSubscriber: true, isAboutLead: false },
  issue: { mayComeTwice: true, inStaffLanguage: false, isToSubscriber: false, isAboutLead: false },
  'sales-alert': { mayComeTwice: false, inStaffLanguage: true, isToSubscriber: false, isAboutLead: true },
  'sales-reminder': { mayComeTwice: false, inStaffLanguage: true, isToSubscriber: false, isAboutLead: true },
  'account-alert': { mayComeTwice: false, inStaffLanguage: true, isToSubscriber: false, isAboutLead: false },
  'sign-in': { mayComeTwice: true, inStaffLanguage: true, isToSubscriber: false, isAboutLead: false },
  notice: { mayComeTwice: true, inStaffLanguage: false, isToSubscriber: false, isAboutLead: false },
};

export const MAIL_KINDS = Object.keys(MAILS) as readonly MailKind[];

export const mayComeTwice = (kind: OneOffKind): boolean => MAILS[kind].mayComeTwice;

/** The kinds of which nobody may get a second one. */
export const NEVER_TWICE = MAIL_KINDS.filter((kind) => !mayComeTwice(kind));
export const IN_STAFF_LANGUAGE = MAIL_KINDS.filter((kind) => MAILS[kind].inStaffLanguage);
export const TO_SUBSCRIBERS = MAIL_KINDS.filter((kind) => MAILS[kind].isToSubscriber);
export const ABOUT_LEADS = MAIL_KINDS.filter((kind) => MAILS[kind].isAboutLead);
