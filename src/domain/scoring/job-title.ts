import { cut } from '../text.ts';
import { levelOf } from './title-level.ts';
import type { Level } from './title-words.ts';

/** How much say somebody has, read from a job title. */
export type Seniority = Level;
/** The part of a company somebody works in, read from a job title. */
export type Department =
  | 'management'
  | 'finance'
  | 'hr'
  | 'it'
  | 'operations'
  | 'sales'
  | 'marketing'
  | 'unknown';

export const SENIORITIES: readonly Exclude<Seniority, 'unknown'>[] = [
  'top',
  'head',
  'manager',
  'specialist',
  'assistant',
];
export const DEPARTMENTS: readonly Exclude<Department, 'unknown'>[] = [
  'management',
  'finance',
  'hr',
  'it',
  'operations',
  'sales',
  'marketing',
];

const DEPARTMENT_WORDS: readonly [Exclude<Department, 'unknown'>, RegExp][] = [
  [
    'finance',
    /\bcfo\b|financ|finanz|financi|account(ant|ing|s)|boekhoud|buchhalt|controll|treasur|payroll|salaris|lohn|gehalt|invoic|factur|rechnung|audit|steuer|belasting|\btax\b|comptab|tr(é|e)sor|\bpaie\b|fiscal|\bdaf\b/,
  ],
  [
    'hr',
    /\bchro\b|\bhr\b|human resource|\bp&o\b|personeel|personal(leit|refer|wesen|abteilung|chef|entw)|\bpersonal\b|people|recruit|talent|ressources humaines|\bd?rh\b/,
  ],
  [
    'it',
    /\bc(i|t|is|d)o\b|\bit\b|\bict\b|\bedv\b|software|system|syst(è|e)mes?|systeem|developer|ontwikkelaar|entwickler|security|sicherheit|beveiliging|data|digital|netwerk|network|technolog|application|applicatie|informati(que|k|cien)|\bdsi\b|product owner|scrum|devops/,
  ],
  [
    'operations',
    /\bcoo\b|operat|logist|warehouse|magazijn|lager|supply|product(ion|ie)|produktion|inkoop|inkoper|einkauf|eink(ä|ae)uf|procure|buyer|purchas|fleet|transport|plant|werkleit|betriebsleit|facilit|quality|kwaliteit|qualit(ä|ae|é)t|\bachats?\b|acheteu|entrep(ô|o)t|\busine/,
  ],
  ['marketing', /marketing|\bcmo\b|communicat|kommunikation|brand|(?<!\p{L})pr(?!\p{L})|content/u],
  [
    'sales',
    /sales|verkoop|verkauf|vertrieb|account[ -]?manager|business development|\bc[cr]o\b|commerci|\bventes?\b|vendeu/,
  ],
  [
    'management',
    /\bceo\b|managing|\bowner\b|founder|pr(é|e|ä)sident|directeur|directrice|\bdirector\b|direktor|eigenaar|oprichter|bestuurder|vennoot|zaakvoerder|dga\b|inhaber|gesch(ä|ae)ftsf(ü|ue)hr|vorstand|gesellschafter|general manager|algemeen|\bc[a-z]o\b|bestuur\b|raad van|\brvb\b|\bdirectie|gesch(ä|ae)ftsleit|\bboard\b|chair(wo)?man|chairperson|voorzitter|vorsitzend|\bpdg\b|\bp\.-?d\.-?g\b|\bdg\b|cheff?e? d.entreprise|g(é|e)rante?\b|dirigeant|ondernemer|entrepreneur|\bunternehmer(in)?\b/,
  ],
];

/** Reads a job title in English, Dutch, German or French; 'unknown' where it says nothing. Never throws. */
export function readJobTitle(title: string | null): { seniority: Seniority; department: Department } {
  const written = cut(title ?? '', LONGEST);
  const lower = written.toLowerCase();
  return {
    seniority: levelOf(written),
    department: DEPARTMENT_WORDS.find(([, pattern]) => pattern.test(lower))?.[0] ?? 'unknown',
  };
}

/** More is a text, not a title. */
const LONGEST = 200;
