/** How much say somebody has, read from a job title. */
export type Seniority = 'top' | 'head' | 'manager' | 'specialist' | 'assistant' | 'unknown';
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

/**
 * Words of titles in English, Dutch and German. The first line that matches counts, so what lowers a title stands
 * before what raises it: an "assistent van de directeur" is an assistant, an "HR director" is at the top.
 */
const SENIORITY_WORDS: readonly [Exclude<Seniority, 'unknown'>, RegExp][] = [
  [
    'assistant',
    /assist|secretar|sekret|clerk|trainee|\bintern\b|\bstagiai?re?\b|praktikant|werkstudent|stud(ent|ierende)|azubi|auszubildend|administratief|administrative|sachbearbeit|receptionist|empfang|medewerker|mitarbeiter|\bjunior\b|helpdesk|\baushilfe/,
  ],
  ['head', /\bvice[ -]president|\bvp\b|\bvize|\badjunct|stellvertret|deputy|\bassociate director/],
  [
    'top',
    /\bc[efimtor]o\b|\bchro\b|\bciso\b|\bcdo\b|\bchief\b|\bowner\b|founder|president|managing|director|direct(eur|rice)|direktor|eigenaar|eigenaresse|oprichter|bestuurder|vennoot|partner\b|zaakvoerder|dga\b|inhaber|gesch(ä|ae)ftsf(ü|ue)hr|gr(ü|ue)nder|vorstand|gesellschafter|prokurist/,
  ],
  ['head', /\bhead\b|hoofd|leiter|leitung|\blead\b|bereichsleit|afdelingshoofd|controller/],
  [
    'manager',
    /manager|team ?leid|supervisor|co(ö|o)rdinator|koordinator|teamlead|team lead|\bchef\b|leidinggevende|beheerder|foreman|meister/,
  ],
  [
    'specialist',
    /accountant|boekhoud|buchhalt|account\b|advis|adviseur|berater|consultant|engineer|ingenieur|developer|ontwikkelaar|entwickler|analyst|analist|analyt|specialist|spezialist|expert|planner|buyer|inkoper|eink(ä|ae)ufer|architect|architekt|officer|referent|jurist|\bsenior\b|recruiter|administrator|fachkraft|auditor|accountmanager/,
  ],
];

const DEPARTMENT_WORDS: readonly [Exclude<Department, 'unknown'>, RegExp][] = [
  [
    'finance',
    /\bcfo\b|financ|finanz|financi|account(ant|ing|s)|boekhoud|buchhalt|controll|treasur|payroll|salaris|lohn|gehalt|invoic|factur|rechnung|audit|steuer|belasting|\btax\b/,
  ],
  [
    'hr',
    /\bchro\b|\bhr\b|human resource|\bp&o\b|personeel|personal(leit|refer|wesen|abteilung|chef|entw)|\bpersonal\b|people|recruit|talent/,
  ],
  [
    'it',
    /\bc(i|t|is|d)o\b|\bit\b|\bict\b|\bedv\b|software|system|systeem|developer|ontwikkelaar|entwickler|security|sicherheit|beveiliging|data|digital|netwerk|network|technolog|application|applicatie/,
  ],
  [
    'operations',
    /\bcoo\b|operat|logist|warehouse|magazijn|lager|supply|product(ion|ie)|produktion|inkoop|inkoper|einkauf|eink(ä|ae)uf|procure|buyer|purchas|fleet|transport|plant|werkleit|betriebsleit|facilit|quality|kwaliteit|qualit(ä|ae)t/,
  ],
  ['marketing', /marketing|\bcmo\b|communicat|kommunikation|brand|\bpr\b|content/],
  ['sales', /sales|verkoop|verkauf|vertrieb|account ?manager|business development|\bcro\b|commerci/],
  [
    'management',
    /\bceo\b|managing|\bowner\b|founder|president|directeur|directrice|\bdirector\b|direktor|eigenaar|oprichter|bestuurder|vennoot|zaakvoerder|dga\b|inhaber|gesch(ä|ae)ftsf(ü|ue)hr|vorstand|gesellschafter|general manager|algemeen/,
  ],
];

/** Reads a job title in English, Dutch or German; 'unknown' where it says nothing. Never throws. */
export function readJobTitle(title: string | null): { seniority: Seniority; department: Department } {
  const written = (title ?? '').toLowerCase();
  const first = <Word>(words: readonly [Word, RegExp][]): Word | 'unknown' =>
    words.find(([, pattern]) => pattern.test(written))?.[0] ?? 'unknown';
  return { seniority: first(SENIORITY_WORDS), department: first(DEPARTMENT_WORDS) };
}
