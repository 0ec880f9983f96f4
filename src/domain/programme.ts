import type { Choosing } from './content/choosing/select.ts';
import type { FeedWatch } from './content/feed-health.ts';
import type { DeliveryLimits } from './delivery/rate-limits.ts';
import type { ReturnRules } from './returns/bounce-rules.ts';
import type { RuledKind } from './scoring/lead-event.ts';

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

/** "every 2 weeks on tuesday at 09:00". Weekdays are ISO: 1 is Monday. */
export interface Schedule {
  every: number;
  unit: 'days' | 'weeks';
  weekdays: number[];
  hour: number;
  minute: number;
  /** The day the counting of weeks or days starts, as YYYY-MM-DD. */
  startingOn: string;
  /** Set: a mail due on a weekend or holiday (YYYY-MM-DD) comes on the next office day. */
  officeDays?: { holidays: readonly string[] };
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

/** How often a rule counts. A round ends when sales sends the lead back; an item is the named file, form or page. */
export type Often =
  | 'once per mail and link'
  | 'once per mail'
  | 'once per day'
  | 'once per item'
  | 'once per round'
  | 'once ever';

/** What an act must be for a rule to count it; what is left out does not matter. */
export interface RuleMatch {
  event: RuledKind;
  role?: 'article' | 'call-to-action' | 'footer';
  /** The id of the call to action or footer link. */
  target?: string;
  /** The clicked address begins like one of these; "*" stands for anything. */
  urls?: readonly string[];
  /** The visited page, with or without its site, begins like one of these; "*" stands for anything. */
  pages?: readonly string[];
  /** The form, file or touchpoint is called one of these; "*" stands for anything. */
  names?: readonly string[];
  /** The clicked article is about one of these. */
  interests?: readonly string[];
}

/** A rule as the programme writes it. With the id of a line of the standard table it changes that line, as far as it speaks. */
export interface WrittenRule {
  id: string;
  on: RuleMatch | null;
  points: number | null;
  often: Often | null;
  cap: number | null;
  sqlAtOnce: boolean | null;
  words: string | null;
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
  /** Beside the table, or in place of its lines. */
  rules: WrittenRule[];
  /** After so many days an act is worth half; null: points do not fade. */
  halfLifeDays: number | null;
}

/** How machines are told from people, and what is kept of the networks that hits come from. */
export interface Machines {
  /** A hit so soon after the mail server took the mail is suspect. */
  scannerWindowMs: number;
  /** Behind a mail gateway, the first hits within this time are suspect. */
  gatewayWindowMs: number;
  /** Networks of scanners beside those that Simmer knows: 192.0.2.0/24, 2001:db8::/32. */
  scannerNetworks: string[];
  /** Domains of MX hosts of mail gateways beside those that Simmer knows. */
  gateways: string[];
  /** Of each address is kept: its network (/24, /48), or a keyed hash of that. */
  keepAddresses: 'shortened' | 'hashed';
}

/** The company's own site, as far as Simmer looks at it. */
export interface Site {
  /** Clicks on links to its hosts carry a short-lived token, by which /s.js can tell whose visit it is. */
  tracking: boolean;
  /** Host names; pages below them ("shop.example.com" below "example.com") belong to it too. */
  hosts: string[];
  tokenLifetimeMs: number;
}

/** Whom the company would like to have as a customer: what fit is measured against. An empty list means "all the same". */
export interface Persona {
  seniority: { top: number; head: number; manager: number; specialist: number; assistant: number };
  /** Parts of a company (job-title.ts names them). */
  departments: string[];
  /** Parts of an industry's name. */
  industries: string[];
  /** ISO 3166 codes. */
  countries: string[];
  companySize: { from: number; to: number | null } | null;
  /** How much each part of the priority weighs, in any unit. */
  weights: { engagement: number; fit: number; completeness: number };
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
  /** ISO 4217: what costs are entered in. */
  currency: string;
  interests: Interest[];
  feeds: Feed[];
  digests: Digest[];
  choosing: Choosing;
  feedWatch: FeedWatch;
  delivery: DeliveryLimits;
  returns: ReturnRules;
  callsToAction: CallToAction[];
  footerLinks: FooterLink[];
  scoring: Scoring;
  persona: Persona;
  sales: Sales;
  machines: Machines;
  site: Site;
  staff: StaffMember[];
}

/** The text in the wanted language. Checking has made sure that every language is there. */
export function inLanguage(text: LocalText, language: string): string {
  const found = text[language] ?? Object.values(text)[0];
  if (found === undefined) throw new Error(`a text has no entry for language "${language}"`);
  return found;
}
