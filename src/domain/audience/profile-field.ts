import { readCompanySize, readCountry } from './company.ts';
import { type NameFault, nameFault } from './person-name.ts';
import { plainLine } from './plain-line.ts';

export { plainLine } from './plain-line.ts';

/** Each is the end of a locale key: subscriber.problems.FIELD.*. */
export type ProfileFieldProblem = 'too-long' | NameFault | 'bad-phone' | 'bad-size' | 'bad-country';
export type ProfileFieldRead = { value: string | null } | { problem: ProfileFieldProblem };

/** What a form or a file may say about a person and the company. All optional. */
export interface Profile {
  name: string | null;
  company: string | null;
  jobTitle: string | null;
  phone: string | null;
  industry: string | null;
  /** Employees. */
  companySize: number | null;
  /** Two capital letters (ISO 3166), as the person said. */
  country: string | null;
}
export type ProfileField = keyof Profile;

/** In characters. */
export const LONGEST: Record<ProfileField, number> = {
  name: 100,
  company: 120,
  jobTitle: 100,
  phone: 40,
  industry: 100,
  companySize: 20,
  country: 80,
};
export const PROFILE_FIELDS = Object.keys(LONGEST) as ProfileField[];

/** Reads all fields, whatever they are called where they come from. What cannot stay as it is goes to `onProblem` and is null. */
export function readProfile(
  written: (field: ProfileField) => string,
  onProblem: (field: ProfileField, problem: ProfileFieldProblem) => void,
): Profile {
  const value = (field: ProfileField): string | null => {
    const read = readProfileField(field, written(field));
    if ('value' in read) return read.value;
    onProblem(field, read.problem);
    return null;
  };
  const [name, company, jobTitle, phone] = [
    value('name'),
    value('company'),
    value('jobTitle'),
    value('phone'),
  ];
  const [industry, size, country] = [value('industry'), value('companySize'), value('country')];
  return {
    name,
    company,
    jobTitle,
    phone,
    industry,
    companySize: size === null ? null : Number(size),
    country,
  };
}

/** What of `said` is not known yet: a later form may be anybody's, so it overwrites nothing. */
export function emptyFieldsFilled(known: Profile, said: Profile): Partial<Profile> {
  return Object.fromEntries(
    PROFILE_FIELDS.filter((field) => known[field] === null && said[field] !== null).map((field) => [
      field,
      said[field],
    ]),
  );
}

/** Reads an optional field about a person; empty is null. */
export function readProfileField(field: ProfileField, text: string): ProfileFieldRead {
  const value = plainLine(text);
  if (value === '') return { value: null };
  if (value.length > LONGEST[field]) return { problem: 'too-long' };
  if (field === 'phone') return readPhone(value);
  if (field === 'companySize') {
    const size = readCompanySize(value);
    return size === null ? { problem: 'bad-size' } : { value: String(size) };
  }
  if (field === 'country') {
    const country = readCountry(value);
    return country === null ? { problem: 'bad-country' } : { value: country };
  }
  const fault = field === 'name' ? nameFault(value, text) : null;
  if (fault !== null) return { problem: fault };
  return { value };
}

/** Digits with the signs people put between them, and at most one extension. Kept as it was typed. */
function readPhone(value: string): ProfileFieldRead {
  const digits = value.replace(/\D/g, '').length;
  const looksRight = /^\+?[\d\s().\-/]+(\s?(ext|tst|x|dw)\.?\s?\d{1,6})?$/i.test(value);
  return looksRight && digits >= 6 && digits <= 20 ? { value } : { problem: 'bad-phone' };
}
