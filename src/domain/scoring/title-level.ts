import {
  BEGINNERS,
  BODIES,
  DEPUTIES,
  FORMER,
  LEADING_FIRST,
  type Level,
  OWNING_FIRST,
  ROLES,
  WORK,
} from './title-words.ts';

type Words = readonly (readonly [Level, RegExp])[];

const roles = wordsOf(ROLES);
const bodies = wordsOf(BODIES);
const leadingFirst = starting(LEADING_FIRST);
const owningFirst = starting(OWNING_FIRST);
const beginners = matching(BEGINNERS);
const deputies = matching(DEPUTIES);
const former = starting(FORMER);
const work = wordsOf(WORK);

const ORDER: readonly Level[] = ['unknown', 'assistant', 'specialist', 'manager', 'head', 'top'];
/** What a deputy of each is. */
const BELOW: Readonly<Partial<Record<Level, Level>>> = { top: 'head', head: 'manager' };

/** How much say a job title gives. Of several titles in one ("founder and CEO") the highest, unless the first is an assistant's. */
export function levelOf(title: string): Level {
  // Where one title ends and the next begins.
  const parts = withoutGender(title.toLowerCase())
    .split(/[,;|/()•+–—]|\s-\s|\s(?:and|und|en|et|&)\s/)
    // "The director's assistant" is the one who is named last.
    .map((part) => folded(part.replace(/^.*['’]s /, '')))
    .filter((part) => part !== '');
  const [first = 'unknown', ...others] = parts.map(levelOfOne);
  if (first === 'assistant') return first;
  return others.reduce((high, level) => (ORDER.indexOf(level) > ORDER.indexOf(high) ? level : high), first);
}

function levelOfOne(part: string): Level {
  if (former.test(part)) return 'unknown';
  if (/^(chief of staff|bureau ?chef)\b/.test(part)) return 'head';
  if (/^cheff?e? d(?: |e l )entreprise/.test(part)) return 'top';
  // A works council has a chair too.
  if (/(ondernemingsraad|betriebsrat|works council|comite d entreprise)/.test(part)) return 'specialist';
  if (/^vice c[a-z]{1,2}o\b/.test(part)) return 'top';
  const lead = leadOf(part);
  if (beginners.test(lead)) return 'assistant';
  const stripped = withoutDeputy(lead);
  const level = levelOfLead(stripped, part);
  return stripped === lead ? level : (BELOW[level] ?? level);
}

/** `lead` is the part of the title up to "of", "van", "der": who it is, and not of whom. */
function levelOfLead(lead: string, whole: string): Level {
  const [led] = leadingFirst.exec(lead) ?? [];
  if (led !== undefined) return last([...roles, ...bodies], led) ?? 'unknown';
  // "Lid van de raad van bestuur", "Mitglied der Geschäftsleitung".
  const body = / (member|lid|mitglied|membre) /.test(` ${lead} `) ? last(bodies, whole) : null;
  if (body !== null) return body;
  const rest = bodies.reduce((text, [, pattern]) => text.replace(pattern, ' '), lead);
  const role = last(roles, rest);
  const [owning] = owningFirst.exec(rest) ?? [];
  if (owning !== undefined && role !== 'assistant') return last(roles, owning) ?? 'unknown';
  if (role !== null) return role;
  // "Raad van bestuur": it begins before its "of".
  return last(bodies, whole, lead.length) ?? last(work, lead) ?? 'unknown';
}

const OF = / (?:of|to|for|at|in|on|van|voor|bij|der|des|fur|bei|im|von|vom|de|du|d|chez|pour)(?= |$)[\s\S]*$/;

function leadOf(part: string): string {
  return part.replace(/^(?:the|de|het|der|die|le|la|l) /, '').replace(OF, '');
}

function withoutDeputy(lead: string): string {
  const plain = lead
    // "Vizedirektor", "adjunctdirecteur".
    .replace(/\b(vize|vice|adjunct|sous)(?=[a-z]{4})/, '$1 ')
    // An assistant manager is no manager's assistant.
    .replace(
      /^assistant (?=(?:[^ ]+ ){0,2}(?:manager|director|head|vice president|controller|principal)$)/,
      'deputy ',
    )
    .replace(/^(?:associate) (?=(?:[^ ]+ )?(?:director|partner|dean))/, 'deputy ');
  // A vice president is called so; there is no president to stand in for.
  if (/\bvice president\b|\bv(ize|ice) ?prasident/.test(plain)) return lead;
  const rest = plain.replace(deputies, ' ').replace(/ +/g, ' ').trim();
  return rest === plain || rest === '' ? lead : rest;
}

/** The level of the word that ends last before `until`, and of those the longest; null when there is none. */
function last(words: Words, text: string, until = text.length): Level | null {
  let found: { level: Level; end: number; length: number } | null = null;
  for (const [level, pattern] of words)
    for (const { index, 0: match } of text.matchAll(pattern)) {
      const end = index + match.length;
      if (index > until) continue;
      // Of two that are the same, the humbler one: it is the later in the table.
      if (!found || end > found.end || (end === found.end && match.length >= found.length))
        found = { level, end, length: match.length };
    }
  return found?.level ?? null;
}

/** "Leiter*in", "Leiter/-in", "directeur·rice", "(m/w/d)", "assistant(e)". */
function withoutGender(title: string): string {
  return title
    .replace(/\(?\b[mwdfvhx](?:\s*[/|]\s*[mwdfvhx])+\b\)?/g, ' ')
    .replace(/(?<=\p{L})(?:[:*_·•]|\/-?)(?:innen|in|rice|trice|euse|ice|ne|e)(?!\p{L})/gu, '')
    .replace(/(?<=\p{L})\((?:e|in|ne|trice|rice)\)/gu, '');
}

/** Small letters without marks; "ue" is "ü"; "C.E.O." is "ceo"; signs are blanks. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/([aou])e/g, '$1')
    .replaceAll('.', '')
    .replace(/[^\p{L}\p{N}&]+/gu, ' ')
    .trim();
}

function wordsOf(table: Readonly<Partial<Record<Level, readonly string[]>>>): Words {
  return (Object.entries(table) as [Level, readonly string[]][]).map(([level, words]) => [
    level,
    new RegExp(alternatives(words), 'gu'),
  ]);
}

function matching(words: readonly string[]): RegExp {
  return new RegExp(alternatives(words), 'u');
}

/** Matches such a word that is the first of several. */
function starting(words: readonly string[]): RegExp {
  return new RegExp(`^(?:${alternatives(words)})(?= )`, 'u');
}

/** The longest first, so that it is found where a shorter one ends at the same place. */
function alternatives(words: readonly string[]): string {
  return words
    .map((word) => {
      const body = folded(word.replace('*', 'ANY'))
        .replaceAll(' ', ' ?')
        .replace(' ?ANY ?', '(?: [^ ]+){0,4} ');
      return `${word.startsWith('-') ? '' : '(?<![\\p{L}\\p{N}])'}${body}${word.endsWith('-') ? '\\p{L}*' : '(?![\\p{L}\\p{N}])'}`;
    })
    .toSorted((a, b) => b.length - a.length)
    .join('|');
}
