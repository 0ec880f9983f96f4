/**
 * The programme: all that feeds.config.ts says, after checking. Times are milliseconds, ids are short
 * lower-case words, and every text a reader sees has one entry per language.
 */
export type LocalText = Readonly<Record<string, string>>;

export interface Brand {
  name: string;
  from: { name: string; address: string };
  replyTo: string;
  postalAddress: string;
  /** Absolute URL, or a path below PUBLIC_URL. A PNG or JPEG: mail programs show no SVG. */
  logo: string;
  siteUrl: string;
  colours: { primary: string; accent: string; text: string; background: string };
}

export interface Interest {
  id: string;
  label: LocalText;
  description: LocalText;
}

export interface Feed {
  /** Absolute, or a path that Simmer serves itself (resolved against PUBLIC_URL). */
  url: string;
  interests: string[];
  language: string;
  pollEveryMs: number;
  /** 1 is normal; a higher number is preferred when articles are chosen. */
  priority: number;
  /** Only for feeds inside the company's own network. */
  allowPrivateNetwork: boolean;
}

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/** "every 2 weeks on tuesday at 09:00". Weekdays are ISO: 1 is Monday. */
export interface Schedule {
  every: number;
  unit: 'days' | 'weeks';
  weekdays: number[];
  hour: number;
  minute: number;
  /** The day the counting of weeks or days starts, as YYYY-MM-DD. */
  startingOn: string;
}

export interface Digest {
  id: string;
  name: LocalText;
  schedule: Schedule;
  /** 'reader' means each reader's own time zone, else an IANA name. */
  timeZone: 'reader' | string;
  layout: { main: 1; others: number };
  /** Fewer fresh articles than this for a reader: no mail, with the reason kept. */
  minimumArticles: number;
  freshnessMs: number;
}

export interface CallToAction {
  id: string;
  kind: 'brochure' | 'reference-story' | 'call-back';
  label: LocalText;
  /** Where it leads. The call-back page is Simmer's own, so its URL is left out. */
  url: string | null;
  points: number;
}

export interface FooterLink {
  id: string;
  label: LocalText;
  url: string;
  points: number;
}

export interface Scoring {
  /** Changes whenever a rule changes; each score entry names it. */
  version: string;
  threshold: number;
  customerThreshold: number;
  /** A lead becomes an SQL only after MORE than this many mails (acts that make an SQL at once pass). */
  mailsBeforeSql: number;
  /** The score never falls below this. */
  floor: number;
  /** The score a lead has after sales sent it back. */
  scoreAfterReturn: number;
  points: { furtherMail: number; open: number; article: number; download: number; sqlAtOnce: number };
  /** Clicks on articles whose URL has one of these as its beginning make an SQL at once. */
  sqlAtOnceUrls: string[];
}

export interface Sales {
  address: string;
  /** How long an alert waits when the crossing came from clicks, so that a scanner can be told apart. */
  holdMs: number;
  handOut: HandOut;
  officeHours: OfficeHours;
  /** Office time after the alert until a reminder, and after that until an escalation; null: never. */
  remindAfterMs: number | null;
  escalateAfterMs: number | null;
  escalateTo: string;
  /** No issue mails to a lead that sales has in progress. */
  pauseMailsInProgress: boolean;
  /** The joint warmth at which an account alerts; null: accounts do not alert. */
  accountThreshold: number | null;
  /** Domains of free-mail providers beside the known ones: their addresses belong to no account. */
  freeMailDomains: string[];
}

/** The first rule that fits the lead says whom it goes to, else `to`. One address is fixed; several take turns. */
export interface HandOut {
  rules: {
    /** ISO 3166 codes. An empty list fits everybody. */
    countries: string[];
    languages: string[];
    /** Parts of a company's name, or its e-mail domain. */
    companies: string[];
    to: string[];
  }[];
  to: string[];
}

/** When sales is at work. Weekdays are ISO (1 is Monday); minutes count from midnight. */
export interface OfficeHours {
  timeZone: string;
  weekdays: number[];
  fromMinute: number;
  toMinute: number;
}

export interface StaffMember {
  email: string;
  name: string;
  role: 'admin' | 'marketer' | 'sales';
}

export interface Programme {
  brand: Brand;
  languages: string[];
  defaultLanguage: string;
  /** Names the wording a subscriber agreed to; kept with each consent entry. */
  consentVersion: string;
  interests: Interest[];
  feeds: Feed[];
  digests: Digest[];
  callsToAction: CallToAction[];
  footerLinks: FooterLink[];
  scoring: Scoring;
  sales: Sales;
  staff: StaffMember[];
}

/** The text in the wanted language. Checking has made sure that every language is there. */
export function inLanguage(text: LocalText, language: string): string {
  const found = text[language] ?? Object.values(text)[0];
  if (found === undefined) throw new Error(`a text has no entry for language "${language}"`);
  return found;
}
