import { type ShownStage, type Subscriber, shownStage } from '../audience/subscriber.ts';
import type { Links } from '../links.ts';
import type { SalesAlertMail } from '../mail/mails.ts';
import type { OutcomeStatus } from './outcome.ts';

// What other programs are told: its fields are a promise. Times are ISO 8601, days YYYY-MM-DD.

export interface ToldLead {
  id: number;
  email: string;
  name: string | null;
  company: string | null;
  jobTitle: string | null;
  phone: string | null;
  industry: string | null;
  companySize: number | null;
  country: string | null;
  language: string;
  stage: ShownStage;
  score: number;
  isCustomer: boolean;
  interests: string[];
  profileUrl: string;
}

export function toldLead(lead: Subscriber, links: Links): ToldLead {
  const { id, email, name, company, jobTitle, phone, industry, companySize, country } = lead;
  const { language, score, isCustomer, interests } = lead;
  return {
    id,
    email,
    name,
    company,
    jobTitle,
    phone,
    industry,
    companySize,
    country,
    language,
    stage: shownStage(lead),
    score,
    isCustomer,
    interests,
    profileUrl: links.profile(id),
  };
}

interface ToldQualification {
  id: number;
  at: Date;
  score: number;
  rule: string;
  byPost: boolean;
  handedTo: string | null;
}

/** lead.qualified: a lead is ready for a call. */
export function qualifiedData(
  lead: Subscriber,
  { id, at, score, rule, byPost, handedTo }: ToldQualification,
  alert: SalesAlertMail,
  links: Links,
): Record<string, unknown> {
  return {
    lead: toldLead(lead, links),
    qualification: { id, at: at.toISOString(), score, threshold: alert.threshold, rule, byPost, handedTo },
    fit: alert.fit,
    wish: alert.wish,
    acts: alert.acts,
    reads: alert.reads,
  };
}

interface ToldOutcome {
  status: OutcomeStatus;
  at: Date;
  isDuplicate: boolean;
  hasRunningDeal: boolean;
  note: string;
  notBefore: string | null;
  staffEmail: string;
}

/** lead.outcome: sales has said how it went. lead.returned: and the lead is warmed again. */
export function outcomeData(
  lead: Subscriber,
  qualificationId: number,
  { status, at, isDuplicate, hasRunningDeal, note, notBefore, staffEmail }: ToldOutcome,
  links: Links,
): Record<string, unknown> {
  return {
    lead: toldLead(lead, links),
    qualification: { id: qualificationId },
    outcome: { status, at: at.toISOString(), isDuplicate, hasRunningDeal, note, notBefore, by: staffEmail },
  };
}
