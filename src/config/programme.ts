import type { z } from 'zod';
import type { Choosing } from '../domain/content/choosing/select.ts';
import { parseSchedule } from '../domain/delivery/schedule.ts';
import type { CallToAction, Machines, Programme, Sales, Site } from '../domain/programme.ts';
import { WEEKDAYS } from '../domain/sales/office-hours.ts';
import { deliveryOf } from './delivery-schema.ts';
import { belongsTo, fieldNear } from './field-names.ts';
import { gathered, nearMiss, type Problem, type Respelled, show } from './problem.ts';
import { crossCheck } from './programme-checks.ts';
import { programmeSchema } from './programme-schema.ts';
import { returnsOf } from './returns-schema.ts';
import { personaOf, ruleProblems, scoringOf } from './score-schema.ts';

/** What may be written in feeds.config.ts: durations and schedules as text, scoring as far as it differs. */
export type ProgrammeInput = z.input<typeof programmeSchema>;

/** Gives an editor the names and types while you write feeds.config.ts. It changes nothing. */
export function defineProgramme(programme: ProgrammeInput): ProgrammeInput {
  return programme;
}

export type CheckedProgramme =
  /** `warnings` are worth a look; Simmer runs with them. */
  | { programme: Programme; warnings: Problem[]; respelled: Respelled[] }
  | { problems: Problem[]; warnings: Problem[] };

/** Checks the whole and names every problem at once: where, what was found, what is allowed. Never throws. */
export function checkProgramme(value: unknown): CheckedProgramme {
  const shape = programmeSchema.safeParse(value);
  const across = crossCheck(value);
  const problems = gathered([...problemsOf(shape.error?.issues ?? [], value), ...across.problems]);
  if (!shape.success || problems.length > 0) return { problems, warnings: across.warnings };
  const programme = programmeOf(shape.data);
  const ofRules = ruleProblems(programme);
  return ofRules.length > 0
    ? { problems: gathered(ofRules), warnings: across.warnings }
    : { programme, warnings: across.warnings, respelled: respelledAddresses(value, shape.data) };
}

const CALL_TO_ACTION_POINTS = { brochure: 5, 'reference-story': 5, 'call-back': 8 } as const;

function programmeOf(input: z.output<typeof programmeSchema>): Programme {
  const callsToAction: CallToAction[] = input.callsToAction.map((action) => ({
    ...action,
    url: action.url ?? null,
    points: action.points ?? CALL_TO_ACTION_POINTS[action.kind],
  }));
  return {
    ...input,
    // What is in a language that no reader can choose would be read for nobody.
    feeds: input.feeds
      .filter(({ language }) => input.languages.includes(language))
      .map(({ pollEvery, ...feed }) => ({ ...feed, pollEveryMs: pollEvery })),
    digests: input.digests.map(
      ({ freshness, schedule, startingOn, officeDaysOnly, holidays, ...digest }) => ({
        ...digest,
        schedule: {
          ...parseSchedule(schedule, startingOn),
          ...(officeDaysOnly ? { officeDays: { holidays } } : {}),
        },
        freshnessMs: freshness,
      }),
    ),
    choosing: choosingOf(input.choosing),
    feedWatch: {
      staleAfterMs: input.feedWatch.staleAfter,
      failingAfterMs: input.feedWatch.failingAfter,
    },
    delivery: deliveryOf(input.delivery),
    returns: returnsOf(input.returns),
    callsToAction,
    scoring: scoringOf(input.scoring, { ...input, callsToAction }),
    persona: personaOf(input.persona),
    sales: salesOf(input.sales),
    machines: machinesOf(input.machines),
    site: siteOf(input.site, input.brand.siteUrl),
  };
}

function choosingOf({
  controlShare,
  learningHalfLife,
  freshnessHalfLife,
}: z.output<typeof programmeSchema>['choosing']): Choosing {
  return {
    controlShare,
    learningHalfLifeMs: learningHalfLife,
    freshnessHalfLifeMs: freshnessHalfLife,
  };
}

function machinesOf({
  scannerWindow,
  gatewayWindow,
  ...machines
}: z.output<typeof programmeSchema>['machines']): Machines {
  return { ...machines, scannerWindowMs: scannerWindow, gatewayWindowMs: gatewayWindow };
}

function siteOf(
  { tracking, hosts, tokenLifetime }: z.output<typeof programmeSchema>['site'],
  siteUrl: string,
): Site {
  const own = URL.canParse(siteUrl) ? [new URL(siteUrl).hostname] : [];
  return { tracking, hosts: hosts.length > 0 ? hosts : own, tokenLifetimeMs: tokenLifetime };
}

function salesOf({
  hold,
  handOut,
  officeHours,
  remindAfter,
  escalateAfter,
  accountThreshold,
  ...sales
}: z.output<typeof programmeSchema>['sales']): Sales {
  const { from, to, days, timeZone } = officeHours;
  return {
    ...sales,
    holdMs: hold,
    handOut: { rules: handOut.rules, to: handOut.to ?? [sales.address] },
    officeHours: {
      timeZone,
      weekdays: [...new Set(days.map((day) => WEEKDAYS.indexOf(day) + 1))].sort((a, b) => a - b),
      fromMinute: from,
      toMinute: to,
    },
    remindAfterMs: remindAfter,
    escalateAfterMs: escalateAfter,
    escalateTo: sales.escalateTo ?? sales.address,
    accountThreshold: accountThreshold ?? null,
  };
}

/** The error texts of programme-schema.ts are the phrases that say what is allowed. */
function problemsOf(issues: readonly z.core.$ZodIssue[], value: unknown): Problem[] {
  /** What is missing only because its name is misspelt: that is told once. */
  const misspelt = new Set<string>();
  const problems = issues.flatMap((issue) => {
    const allowed = issue.message;
    const choices = allowed.startsWith('one of: ') ? allowed.slice('one of: '.length).split(', ') : [];
    if (issue.code !== 'unrecognized_keys') {
      const found = at(value, issue.path);
      return [problem(writePath(issue.path), show(found), allowed, nearMiss(found, choices))];
    }
    return issue.keys.map((key) => {
      const meant = fieldNear(key, choices);
      if (meant !== undefined) misspelt.add(writePath([...issue.path, meant]));
      const hint = meant === undefined ? belongsTo(key, programmeSchema) : `did you mean "${meant}"?`;
      return problem(writePath([...issue.path, key]), `the name "${key}"`, allowed, hint);
    });
  });
  return problems.filter(({ path, found }) => found !== 'nothing' || !misspelt.has(path));
}

function problem(path: string, found: string, allowed: string, hint: string | undefined): Problem {
  return { path, found, allowed, ...(hint === undefined ? {} : { hint }) };
}

/** Wherever an address was written and another spelling was made of it. */
function respelledAddresses(written: unknown, used: unknown, path: PropertyKey[] = []): Respelled[] {
  if (typeof written === 'string') {
    const one = Array.isArray(used) ? used[0] : used;
    if (typeof one !== 'string' || !/^\s*(https?:\/)?\//i.test(written)) return [];
    return one === written ? [] : [{ path: writePath(path), written, used: one }];
  }
  if (typeof written !== 'object' || written === null || typeof used !== 'object' || used === null) return [];
  return Object.entries(written).flatMap(([key, child]) =>
    respelledAddresses(child, (used as Record<string, unknown>)[key], [
      ...path,
      Array.isArray(written) ? Number(key) : key,
    ]),
  );
}

/** ['feeds', 3, 'url'] → "feeds[3].url" */
function writePath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((written, part) => {
    if (typeof part === 'number') return `${written}[${part}]`;
    return written === '' ? String(part) : `${written}.${String(part)}`;
  }, '');
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, part) => (node as Record<PropertyKey, unknown> | undefined | null)?.[part],
    value,
  );
}
