import { plainLine } from '../audience/profile-field.ts';
import { cut } from '../text.ts';

/** What the script tells of a page that was looked at. */
export interface PageVisit {
  /** Without query and fragment: these hold whatever people typed. */
  page: string;
  /** referrer, utm_* */
  details: Record<string, string>;
}

const CAMPAIGN = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'];
const LONGEST = 500;
const MOST_FIELDS = 40;

/** Reads what /s.js sends: the page's address and the referrer. Null when the address is none. */
export function readPageVisit(address: string, referrer: string): PageVisit | null {
  if (!URL.canParse(address) || address.length > 4000) return null;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  const details: Record<string, string> = {};
  for (const name of CAMPAIGN) {
    const value = cut(plainLine(url.searchParams.get(name) ?? ''), 200);
    if (value !== '') details[name] = value;
  }
  if (/^https?:\/\//.test(referrer) && URL.canParse(referrer)) {
    const from = new URL(referrer);
    details.referrer = cut(`${from.origin}${from.pathname}`, LONGEST);
  }
  return { page: cut(`${url.origin}${url.pathname}`, LONGEST), details };
}

/** Names of forms and touchpoints: what rules name. */
export const TOUCHPOINT_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Fields of a form beside those of the profile, as they are kept with the event; each cut to a length. */
export function formDetails(
  inputs: Readonly<Record<string, string>>,
  known: ReadonlySet<string>,
): Record<string, string> {
  const details: Record<string, string> = {};
  for (const [name, value] of Object.entries(inputs).slice(0, MOST_FIELDS)) {
    if (known.has(name) || !/^[a-z][a-z0-9_-]{0,39}$/i.test(name)) continue;
    const text = cut(value.trim(), 2000);
    if (text !== '') details[name] = text;
  }
  return details;
}
