import { cut } from '../../text.ts';
import { foldedName } from '../country-names.ts';

/** How somebody stands with the list that a file came from. The later ones are worse, and the worst counts. */
export const STANDINGS = [
  'subscribed',
  'unconfirmed',
  'not-subscribed',
  'unsubscribed',
  'bounced',
  'blocked',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** Who stands like this gets no mail from here because of a list. */
export type Leaving = Exclude<Standing, 'subscribed' | 'unconfirmed'>;

export const isLeaving = (standing: Standing | null): standing is Leaving =>
  standing !== null && standing !== 'subscribed' && standing !== 'unconfirmed';

/** The worse of two; null says nothing. */
export function worse(one: Standing | null, other: Standing | null): Standing | null {
  if (one === null || other === null) return one ?? other;
  return STANDINGS.indexOf(one) > STANDINGS.indexOf(other) ? one : other;
}

/** Letters alone, as `compact` leaves them; the first that fits counts. */
// biome-ignore format: a standing a line
const STATUS_WORDS: [RegExp, Standing][] = [
  [/^not?(?:opt(?:ed)?out|unsub\w*|bounced|blocked|blacklisted)$/, 'subscribed'],
  [/bounc|^cleaned|^clean$|bereinigt|opgeschoond|nettoye|invalid|ungultig|ongeldig|undeliver|unzustell|onbestel|nondelivr|nondistrib|nonexist|doesnotexist/, 'bounced'],
  [/block|black|spam|complain|abus|gesperrt|sperr|geblok|bloqu|suppress|donot|dontcontact|dnc|nichtkontakt|nichtanschr|nietcontact|nietmailen|nepas|banned|onhold|beschwer|klacht|plainte/, 'blocked'],
  [/unsub|opt(?:ed)?out|signedoff|signoff|abgemeld|abmeld|ausgetragen|abbestell|gekundigt|uitgeschr|afgemeld|opgezegd|desabonn|desinscri|resili|revok|withdr|widerruf|widersproch|widerspruch|ingetrokken|declin|denied|abgelehnt|afgewezen|refus|verweiger|geweiger|archiv|inact|inakt|disabled|deactiv|deaktiv|gedeact|desactiv|delet|remov|gelosch|verwijder|supprim|stopped|cancel|verstorben|overleden|decede|deceased/, 'unsubscribed'],
  [/unconfirm|notconfirm|notyetconfirm|pending|unbestatig|nichtbestatig|onbevestig|nietbevestig|afwachting|ausstehend|wartet|wachtend|nonconfirm|enattente|noconsent|waiting|unverif|notverif|nonmarketing/, 'unconfirmed'],
  [/^(?:non|not|never|no|nicht|niet|kein|keine|geen|pas|un)+(?:yet)?(?:subscri|abonn|inges|inscri|aangem|angemeld|optin|opted|member|lid|mitglied|activ|aktiv|actief|actif)|^(?:transactional|none|never|no|nein|nee|non|false|0|anonymous)$/, 'not-subscribed'],
  [/subscri|activ|aktiv|actief|actif|enabled|confirm|bestatig|bevestigd|abonn|aangemeld|angemeldet|ingeschreven|inscrit|optin|optedin|marketingcontact|verifi|geverif/, 'subscribed'],
];

const compact = (text: string): string => foldedName(text).replaceAll(' ', '');

/** What a status says about mail, in any of the words that newsletter tools use; null for what says nothing about it ("Lead"). */
export function readStatus(text: string): Standing | null {
  const word = compact(cut(text, 100));
  if (word === '') return null;
  return STATUS_WORDS.find(([words]) => words.test(word))?.[1] ?? null;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const NO = words(
  'no n nein nee non false f 0 off falsch onwaar faux none null na nan nil undefined never nie nooit jamais keine kein geen aucun unchecked allow allowed erlaubt toegestaan autorise',
);
const YES = words('yes y ja j oui o si true t 1 on x wahr waar vrai checked');

/**
 * Whether a column that says no to mail ("Opted out") does. Whatever is not a clear "no" is taken for a "yes": a day, a
 * reason, a tick.
 */
export function saysLeft(text: string): boolean {
  const word = compact(text);
  if (word === '') return /[✓✔☑✗✘]/u.test(text);
  return !NO.has(word) && !/^0+$/.test(word) && readStatus(text) !== 'subscribed';
}

/** Whether a column that says yes to mail ("Newsletter") says no. What is neither says nothing. */
export function saysNo(text: string): boolean {
  const word = compact(text);
  return word !== '' && !YES.has(word) && (NO.has(word) || isLeaving(readStatus(text)));
}

/** What a file's name says of everybody in it: Mailchimp gives each standing a file of its own. */
export function standingOfFile(fileName: string): Standing | null {
  const name = foldedName(fileName.replace(/\.\w{1,5}$/, ''));
  const [, word = ''] =
    /^((?:non ?|un ?)?subscribed|cleaned|bounced|bounces|unsubscribes|unsubscribers|opt outs?|blacklist|blocklist|suppression list|suppressions|abgemeldete?|uitgeschreven|afgemeld|desabonnes|desinscrits)\b/.exec(
      name,
    ) ?? [];
  if (word === '' || word === 'subscribed') return null;
  return readStatus(word);
}
