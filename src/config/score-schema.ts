import { z } from 'zod';
import type { Often, Programme, RuleMatch, Scoring, WrittenRule } from '../domain/programme.ts';
import { DEPARTMENTS } from '../domain/scoring/job-title.ts';
import { EVENT_KINDS, eventKinds, RULED_KINDS, type RuledKind } from '../domain/scoring/lead-event.ts';
import { rulesVersion } from '../domain/scoring/rule-change.ts';
import { SCORE_LIMITS, USUAL_WEIGHTS } from '../domain/scoring/score-limits.ts';
import { standardTable } from '../domain/scoring/score-rules.ts';
import { nearMiss, type Problem, show } from './problem.ts';
import { group, id, list, oneOf, points, text, urlPattern, whole } from './schema-parts.ts';

const OFTEN: readonly Often[] = [
  'once per mail and link',
  'once per mail',
  'once per day',
  'once per item',
  'once per round',
  'once ever',
];

/** One, or a list of which one has to fit. */
function some<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .union([item, list(item, 1)], { error: 'a text or a list of texts' })
    .transform((value) => (Array.isArray(value) ? value : [value]) as string[]);
}

const pattern = text.max(2000, { error: 'at most 2000 characters' });
const PAGE_FORM =
  'the beginning of an address (https://…) or of a path (/…), in which "*" stands for anything; or "*" and an end';
/** Written in another way it would never be met. */
const page = pattern.regex(/^(\*|\/|https?:\/\/|https?\*)/i, { error: PAGE_FORM });

const rule = group({
  /** With the id of a line of the standard table it changes that line. */
  id: z.string({ error: 'a short lower-case word' }).regex(/^[a-z][a-z0-9-]{0,59}$/, {
    error: 'a short lower-case word: a-z, 0-9 and "-", starting with a letter',
  }),
  on: group({
    event: oneOf(RULED_KINDS),
    role: oneOf(['article', 'call-to-action', 'footer']).optional(),
    target: id.optional(),
    /** The clicked address begins like this; "*" stands for anything. */
    url: some(urlPattern).optional(),
    page: some(page).optional(),
    name: some(pattern).optional(),
    interest: some(id).optional(),
  }).optional(),
  points: points.optional(),
  often: oneOf(OFTEN).optional(),
  cap: whole(1, 10_000).optional(),
  sqlAtOnce: z.boolean({ error: 'true or false' }).optional(),
  words: text.optional(),
});

function limit(name: Exclude<keyof typeof SCORE_LIMITS, 'halfLifeDays'>) {
  const { least, most, usual } = SCORE_LIMITS[name];
  return whole(least, most).default(usual);
}

/** The table of the programme that Simmer copies; every field can be left out. */
export const scoring = group({
  threshold: limit('threshold'),
  customerThreshold: limit('customerThreshold'),
  mailsBeforeSql: limit('mailsBeforeSql'),
  floor: limit('floor'),
  scoreAfterReturn: limit('scoreAfterReturn'),
  points: group({
    furtherMail: points.default(-1),
    open: points.default(1),
    article: points.default(3),
    download: points.default(5),
    sqlAtOnce: points.default(12),
  }).prefault({}),
  sqlAtOnceUrls: list(urlPattern).default([]),
  /** Beside the table, or in place of its lines. */
  rules: list(rule).default([]),
  /** After so many days an act is worth half. Left out: points do not fade. */
  halfLifeDays: whole(SCORE_LIMITS.halfLifeDays.least, SCORE_LIMITS.halfLifeDays.most).optional(),
}).prefault({});

const percent = whole(0, 100);
const weight = z
  .number({ error: 'a number from 0 to 100' })
  .min(0, { error: 'a number from 0 to 100' })
  .max(100, {
    error: 'a number from 0 to 100',
  });

/** Whom the company would like to have as a customer. */
export const persona = group({
  /** What each level of say is worth, in percent. */
  seniority: group({
    top: percent.default(100),
    head: percent.default(80),
    manager: percent.default(60),
    specialist: percent.default(40),
    assistant: percent.default(15),
  }).prefault({}),
  departments: list(oneOf(DEPARTMENTS)).default([]),
  industries: list(text).default([]),
  countries: list(
    z.string({ error: 'a country as two capital letters, such as "NL"' }).regex(/^[A-Z]{2}$/, {
      error: 'a country as two capital letters, such as "NL"',
    }),
  ).default([]),
  companySize: group({ from: whole(1, 10_000_000), to: whole(1, 10_000_000).optional() })
    .refine(({ from, to }) => to === undefined || to >= from, {
      error: 'a number from the smallest company to the largest: { from: 50, to: 500 }',
    })
    .optional(),
  weights: group({
    engagement: weight.default(USUAL_WEIGHTS.engagement),
    fit: weight.default(USUAL_WEIGHTS.fit),
    completeness: weight.default(USUAL_WEIGHTS.completeness),
  })
    .refine(({ engagement, fit, completeness }) => engagement + fit + completeness > 0, {
      error: 'weights of which at least one is more than 0',
    })
    .prefault({}),
}).prefault({});

type Links = Pick<Programme, 'callsToAction' | 'footerLinks' | 'defaultLanguage'>;

export function scoringOf({ rules, halfLifeDays, ...rest }: z.output<typeof scoring>, links: Links): Scoring {
  const limits = {
    ...rest,
    customerThreshold: Math.min(rest.customerThreshold, rest.threshold),
    rules: rules.map(writtenRule),
    halfLifeDays: halfLifeDays ?? null,
  };
  return { ...limits, version: rulesVersion({ ...links, scoring: limits }) };
}

function writtenRule({ on, ...given }: z.output<typeof rule>): WrittenRule {
  return {
    id: given.id,
    on: on ? matchOf(on) : null,
    points: given.points ?? null,
    often: given.often ?? null,
    cap: given.cap ?? null,
    sqlAtOnce: given.sqlAtOnce ?? null,
    words: given.words ?? null,
  };
}

function matchOf({ event, role, target, ...on }: NonNullable<z.output<typeof rule>['on']>): RuleMatch {
  return {
    event,
    ...(role ? { role } : {}),
    ...(target ? { target } : {}),
    ...(on.url ? { urls: on.url } : {}),
    ...(on.page ? { pages: on.page } : {}),
    ...(on.name ? { names: on.name } : {}),
    ...(on.interest ? { interests: on.interest } : {}),
  };
}

export function personaOf({ companySize, ...persona_ }: z.output<typeof persona>): Programme['persona'] {
  return {
    ...persona_,
    companySize: companySize ? { from: companySize.from, to: companySize.to ?? null } : null,
  };
}

/** What of each rule's words makes sense for which acts. */
function fits(field: keyof RuleMatch, event: RuledKind): boolean {
  return kindsFitting(field).includes(event);
}
const kindsFitting = (field: keyof RuleMatch): readonly string[] =>
  field === 'event' ? RULED_KINDS : eventKinds(({ rule: ruled }) => ruled?.fields.includes(field) ?? false);
const FIELD: Readonly<Partial<Record<keyof RuleMatch, string>>> = {
  urls: 'url',
  interests: 'interest',
  pages: 'page',
  names: 'name',
};

/** Problems of the rules that the shape alone does not show. Asked when the rest of the programme holds. */
export function ruleProblems(programme: Programme): Problem[] {
  const standing = standardTable(programme).map((line) => line.id);
  const interests = programme.interests.map((interest) => interest.id);
  const seen = new Map<string, number>();
  return programme.scoring.rules.flatMap((written, index) => {
    const path = `scoring.rules[${index}]`;
    const problems: Problem[] = [];
    const say = (where: string, found: unknown, allowed: string, hint?: string) =>
      problems.push({ path: `${path}.${where}`, found: show(found), allowed, ...(hint ? { hint } : {}) });
    const first = seen.get(written.id);
    if (first !== undefined) say('id', written.id, `each once; scoring.rules[${first}] has it already`);
    else seen.set(written.id, index);
    if (!standing.includes(written.id)) {
      if (!written.on)
        say(
          'id',
          written.id,
          `a rule of the table (${standing.join(', ')}), or a new one that says "on" what`,
          nearMiss(written.id, standing),
        );
      if (written.points === null)
        problems.push({ path: `${path}.points`, found: 'nothing', allowed: 'the points of a new rule' });
    }
    const { on } = written;
    if (!on) return problems;
    for (const field of Object.keys(on) as (keyof RuleMatch)[])
      if (!fits(field, on.event))
        say(
          `on.${FIELD[field] ?? field}`,
          on[field],
          `nothing with the event "${on.event}"; it goes with: ${kindsFitting(field).join(', ')}`,
        );
    for (const interest of on.interests ?? [])
      if (!interests.includes(interest))
        say(
          'on.interest',
          interest,
          `an interest of the programme: ${interests.join(', ')}`,
          nearMiss(interest, interests),
        );
    problems.push(...targetProblems(programme, on, path));
    if (!EVENT_KINDS[on.event].isOfMail && written.often?.startsWith('once per mail'))
      say(
        'often',
        written.often,
        `one of: ${OFTEN.filter((often) => !often.startsWith('once per mail')).join(', ')}; a ${on.event} belongs to no mail`,
      );
    return problems;
  });
}

function targetProblems(programme: Links, on: RuleMatch, path: string): Problem[] {
  if (on.target === undefined) return [];
  const targets = [
    ...(on.role === 'footer' ? [] : programme.callsToAction.map((call) => call.id)),
    ...(on.role === 'call-to-action' ? [] : programme.footerLinks.map((link) => link.id)),
  ];
  if (targets.includes(on.target)) return [];
  const hint = nearMiss(on.target, targets);
  return [
    {
      path: `${path}.on.target`,
      found: show(on.target),
      allowed: `a call to action or footer link of the programme: ${targets.join(', ')}`,
      ...(hint ? { hint } : {}),
    },
  ];
}
