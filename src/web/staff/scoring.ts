import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { reasonTeller } from '../../domain/reason-text.ts';
import { changeRules, type RuleChange, WrongChange, withChange } from '../../domain/scoring/rule-change.ts';
import { type ScoreRule, scoreRules } from '../../domain/scoring/score-rules.ts';
import { FEWEST_FOR_A_RATE } from '../../domain/staff/rate.ts';
import { type RuleEffects, ruleEffects } from '../../journey/scoring/rule-effects.ts';
import { type WhatIf, whatIf } from '../../journey/scoring/what-if.ts';
import type { WebContext } from '../context.ts';
import { keeper } from './cached-counts.ts';
import { type NumberFormat, numberFormat } from './number-format.ts';
import { staffOnly } from './session/session.ts';
import { showStaffPage, staffLanguage } from './staff-page.ts';

type Query = Record<string, string | undefined>;

/** Differences a page shows; all of them are in `simmer score what-if --json`. */
const SHOWN = 100;
/** Trying rules reads all of history; one at a time in this process. */
let isTrying = false;

/** The rules as they stand, what sales' answers say about each, and what others would have done to history. */
export function staffScoring(app: FastifyInstance, context: WebContext): void {
  const { rules, history } = context.database.stores;
  const { programme, links } = context;
  const counted = keeper(context.database.stores.cachedCounts, context.log);

  app.get('/staff/scoring', { preHandler: staffOnly(context) }, async (request, reply) => {
    const language = staffLanguage(context, request);
    const words = numberFormat(language, programme.currency);
    const { value: effects } = await counted(
      'what answers say of rules',
      context.now(),
      () => ruleEffects({ rules, programme }),
      (json) => json as RuleEffects,
    );
    const kept = await rules.inForce();
    const present = withChange(programme, kept?.change);
    const tell = reasonTeller(context, language);
    const nameOf = (id: string) => {
      const rule = scoreRules(present).find((one) => one.id === id);
      return rule ? tell(rule.name) : id;
    };
    return showStaffPage(context, request, reply, 'scoring', {
      scoring: present.scoring,
      table: scoreRules(present).map((rule) => ({
        ...rule,
        words: tell(rule.name),
        effect: shownEffect(effects.rules.find(({ id }) => id === rule.id)),
      })),
      answered: effects.answered,
      articles: effects.articles.slice(0, 10).map(shownEffect),
      proposals: effects.proposals.map((proposal) => ({
        ...proposal,
        words: nameOf(proposal.rule),
        why: tell(proposal.why),
      })),
    });

    function shownEffect(effect: (typeof effects.rules)[number] | undefined) {
      if (!effect || effect.answered === 0) return null;
      const { name, answered, accepted, won, rejected, acceptedShare, rejectedShare } = effect;
      return {
        name: tell(name),
        answered,
        won,
        rejected,
        // One of one is no "100 %"; the range below says how little it tells.
        accepted: answered < FEWEST_FOR_A_RATE ? words.number(accepted) : words.share(acceptedShare.share),
        acceptedRange: `${words.share(acceptedShare.low)} – ${words.share(acceptedShare.high)}`,
        rejectedShare: answered < FEWEST_FOR_A_RATE ? null : words.share(rejectedShare.share),
      };
    }
  });

  const marketers = { preHandler: staffOnly(context, ['marketer']) };
  app.get<{ Querystring: Query }>('/staff/scoring/what-if', marketers, async (request, reply) => {
    const { query } = request;
    const kept = await rules.inForce();
    const present = withChange(programme, kept?.change);
    const language = staffLanguage(context, request);
    const tell = reasonTeller(context, language);
    const table = scoreRules(present).map((rule) => ({ ...rule, words: tell(rule.name) }));
    const form = formOf(query, present.scoring, table);
    if (query.try !== 'yes') return show(request, reply, { form });
    const change = changeOf(query, present.scoring, table);
    try {
      changeRules(programme, change);
    } catch (error) {
      if (error instanceof WrongChange)
        return show(request, reply.code(422), {
          form,
          wrong: error.limits.filter(({ least, most }) => least <= most),
          problem: error.message,
        });
      throw error;
    }
    if (isTrying) return show(request, reply.code(429), { form, isBusy: true });
    isTrying = true;
    try {
      const since = readDay(query.since);
      const answer = await whatIf({ history, rules, programme, links }, { change, since });
      const words = numberFormat(language, programme.currency);
      return show(request, reply, {
        form,
        answer: { ...shownAnswer(answer, words, table), changes: changesIn(form) },
      });
    } finally {
      isTrying = false;
    }
  });

  function show(request: FastifyRequest, reply: FastifyReply, data: Record<string, unknown>) {
    return showStaffPage(context, request, reply, 'what-if', { ...data, script: null });
  }
}

/** What was tried, of the form: each rule and limit that differs from how it stands. */
function changesIn({ limits, rules }: ReturnType<typeof formOf>) {
  const differs = (one: { value: string | number; present: number }) =>
    String(one.value) !== String(one.present);
  return [
    ...limits.filter(differs).map(({ id, value, present }) => ({ limit: id, words: null, value, present })),
    ...rules.filter(differs).map(({ words, value, present }) => ({ limit: null, words, value, present })),
  ];
}

/** A rule of the table, with its name in the language of the page. */
type NamedRule = ScoreRule & { words: string };

type Scoring = ReturnType<typeof withChange<WebContext['programme']>>['scoring'];
const LIMITS = ['threshold', 'customerThreshold', 'mailsBeforeSql', 'floor'] as const;

/** What the form shows: as it was typed, else as it stands. */
function formOf(query: Query, scoring: Scoring, table: readonly NamedRule[]) {
  return {
    limits: LIMITS.map((id) => ({ id, value: query[id] ?? scoring[id], present: scoring[id] })),
    rules: table.map(({ id, words, points }) => ({
      id,
      words,
      value: query[`rule.${id}`] ?? points,
      present: points,
      isChanged: query[`rule.${id}`] !== undefined && query[`rule.${id}`] !== String(points),
    })),
    since: query.since ?? '',
  };
}

/** Only what differs from how it stands is a change. */
function changeOf(query: Query, scoring: Scoring, table: ReturnType<typeof scoreRules>): RuleChange {
  const whole = (text: string | undefined) =>
    text !== undefined && /^[-−]?\d{1,4}$/.test(text.trim()) ? Number(text.trim().replace('−', '-')) : null;
  const change: RuleChange = {};
  for (const id of LIMITS) {
    const value = whole(query[id]);
    if (value !== null && value !== scoring[id]) change[id] = value;
  }
  // Customers are never to need more than the others: a lower threshold takes theirs along.
  const { threshold = scoring.threshold, customerThreshold = scoring.customerThreshold } = change;
  if (customerThreshold > threshold) change.customerThreshold = threshold;
  const points: Record<string, number> = {};
  for (const rule of table) {
    const value = whole(query[`rule.${rule.id}`]);
    if (value !== null && value !== rule.points) points[rule.id] = value;
  }
  return Object.keys(points).length > 0 ? { ...change, points } : change;
}

function readDay(text: string | undefined): Date | null {
  const day = text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return day && !Number.isNaN(day.getTime()) ? day : null;
}

function shownAnswer(answer: WhatIf, words: NumberFormat, table: readonly { id: string; words: string }[]) {
  // A lead can cross by a mail that is sent: the one that opens the gate.
  const wordsOf = (rule: string) =>
    table.find(({ id }) => id === (rule === 'mail-sent' ? 'further-mail' : rule))?.words ?? rule;
  const person = (one: WhatIf['differences'][number]) => ({
    ...one,
    who: one.name ?? one.email,
    because: 'rule' in one ? wordsOf(one.rule) : null,
    realDay: 'realAt' in one ? new Date(one.realAt) : null,
    supposedDay: 'supposedAt' in one ? new Date(one.supposedAt) : null,
  });
  const of = (kind: 'gained' | 'lost') => answer.differences.filter((one) => one.kind === kind);
  const moved = answer.differences.filter(
    (one) => one.kind === 'both' && Math.abs(one.supposedAt - one.realAt) >= 60_000,
  );
  const group = (id: string, all: WhatIf['differences']) => ({
    id,
    count: words.number(all.length),
    shown: all.slice(0, SHOWN).map(person),
    further: Math.max(0, all.length - SHOWN),
  });
  return {
    leads: words.number(answer.leads),
    events: words.number(answer.events),
    both: answer.both,
    lost: answer.lost,
    groups: [group('gained', of('gained')), group('lost', of('lost')), group('moved', moved)],
  };
}
