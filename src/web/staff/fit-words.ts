import type { Fit } from '../../domain/scoring/fit.ts';
import type { Say } from '../../journey/ports.ts';

/** Words of fit that the locales know; what a person typed (an industry) is shown as it stands. */
const KNOWN: Readonly<Record<string, string>> = {
  'director or owner': 'top',
  'head of department': 'head',
  manager: 'manager',
  specialist: 'specialist',
  'assistant or clerk': 'assistant',
  'free-mail address': 'freeMail',
  management: 'management',
  finance: 'finance',
  hr: 'hr',
  it: 'it',
  operations: 'operations',
  sales: 'sales',
  marketing: 'marketing',
};

/** What speaks for a lead, then what speaks less for it, in the language of the page. */
export function fitInWords({ criteria }: Fit, say: Say, language: string): string {
  const word = ({ what, found }: Fit['criteria'][number]) => {
    if (what === 'company size')
      return say(language, 'staff.fit.employees', { n: Number.parseInt(found!, 10) });
    if (what === 'country') return new Intl.DisplayNames([language], { type: 'region' }).of(found!) ?? found!;
    const key = what === 'industry' ? undefined : KNOWN[found!];
    return key ? say(language, `staff.fit.${key}`) : found!;
  };
  const named = (isGood: boolean) =>
    criteria
      .filter(({ found, fits }) => found !== null && fits >= 0.5 === isGood)
      .map(word)
      .join(', ');
  const [good, bad] = [named(true), named(false)];
  return [good, bad && say(language, 'staff.fit.lessSo', { what: bad })].filter(Boolean).join('; ');
}
