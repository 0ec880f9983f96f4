import type { CallToAction, Often, Programme, RuleMatch } from '../programme.ts';
import { asText, type Reason, type ReasonCode } from '../reason.ts';
import type { HitClass } from '../tracking/hit.ts';
import { addressFits, type Fits, nameFits, pageFits } from '../tracking/patterns.ts';
import { EVENT_KINDS, type RuledKind, type SqlForm } from './lead-event.ts';

/** One line of the programme's table: what is worth how many points, and how often. */
export interface ScoreRule {
  /** Kept with each score entry: open, click-article, click-brochure, click-footer-press, form-call-back … */
  id: string;
  points: number;
  /** What the lead did, for staff: clicked the brochure “Payroll in one page”. */
  name: Reason;
  on: RuleMatch;
  /** Null: as often as its kind of act counts by itself (see dedupeKey in score.ts). */
  often: Often | null;
  /** The most points this rule gives (or takes) in one round of warming; null: no limit. */
  cap: number | null;
  /** Makes an SQL whatever the score and however few mails were sent. */
  sqlAtOnce: boolean;
}

/** The link table's line that was clicked, as far as scoring needs it. */
export interface ClickedLink {
  role: 'article' | 'call-to-action' | 'footer';
  targetId: string;
  url: string;
  label: string;
  /** Of the article; left out where no rule asks for them. */
  interests?: readonly string[];
}

/** What a rule looks at: something that happened, stripped of everything that scoring does not need. */
export interface Act {
  event: RuledKind;
  class: HitClass;
  link: ClickedLink | null;
  /** The form, the file, the touchpoint. */
  name: string | null;
  /** The address of a visited page. */
  page: string | null;
}

export type Scored = Pick<Programme, 'callsToAction' | 'footerLinks' | 'scoring' | 'defaultLanguage'>;
/** The version is made of the rules, so they are read without it. */
type Unversioned = Omit<Scored, 'scoring'> & { scoring: Omit<Scored['scoring'], 'version'> };

/** Forms that make an SQL at once: who sends one wants to be called. */
export const SQL_FORMS: Record<SqlForm, Reason> = {
  'call-back': { code: 'score.call-back' },
  contact: { code: 'score.contact' },
  order: { code: 'score.order' },
};

/** Forms that are worth as much as a download. */
const POINT_FORMS: Record<string, Reason> = {
  webinar: { code: 'score.webinar' },
  demo: { code: 'score.demo' },
};

/** What a form is called that is known; null for another. */
export function formReason(form: string): Reason | null {
  return Object.entries({ ...SQL_FORMS, ...POINT_FORMS }).find(([name]) => name === form)?.[1] ?? null;
}

/** The entry that brings the score to the programme's value when sales sends a lead back. It has no fixed points. */
export const RETURNED_RULE = 'returned';
/** The entry that makes up for deductions that would take the score under the floor. */
export const FLOOR_RULE = 'floor';
/** The entry that takes away what acts have lost in worth with time. */
export const FADED_RULE = 'faded';

/** The line that tells who of the staff said what followed a mail's links. It has no points; those follow. */
export const DECIDED_RULE = 'decided';

/** What the rules that no act falls under are called on a profile. */
export const BALANCING_RULES: Readonly<Record<string, Reason>> = {
  [RETURNED_RULE]: { code: 'score.came-back' },
  [FLOOR_RULE]: { code: 'score.floor' },
  [FADED_RULE]: { code: 'score.faded' },
};

/** The programme's table, flattened: one rule per line, in the order a profile shows them. */
export function scoreRules(programme: Unversioned): ScoreRule[] {
  const table = standardTable(programme);
  const written = new Map(programme.scoring.rules.map((rule) => [rule.id, rule]));
  const standing = new Set(table.map(({ id }) => id));
  return [
    // A written rule with the id of a line of the table takes its place, as far as it says something.
    ...table.map((line): ScoreRule => {
      const rule = written.get(line.id);
      if (!rule) return line;
      return {
        ...line,
        points: rule.points ?? line.points,
        on: rule.on ?? line.on,
        often: rule.often ?? line.often,
        cap: rule.cap ?? line.cap,
        sqlAtOnce: rule.sqlAtOnce ?? line.sqlAtOnce,
        name: rule.words === null ? line.name : asText(rule.words),
      };
    }),
    ...programme.scoring.rules
      .filter(({ id, on }) => !standing.has(id) && on !== null)
      .map(
        (rule): ScoreRule => ({
          id: rule.id,
          points: rule.points ?? 0,
          on: rule.on!,
          often: rule.often,
          cap: rule.cap,
          sqlAtOnce: rule.sqlAtOnce ?? false,
          name: rule.words === null ? nameOfMatch(rule.on!) : asText(rule.words),
        }),
      ),
  ];
}

/** The table of the programme that Simmer copies, with this programme's points and links. */
export function standardTable(
  programme: Omit<Scored, 'scoring'> & { scoring: Pick<Scored['scoring'], 'points' | 'sqlAtOnceUrls'> },
): ScoreRule[] {
  const { points, sqlAtOnceUrls } = programme.scoring;
  const line = (id: string, worth: number, on: RuleMatch, name: Reason, sqlAtOnce = false): ScoreRule => ({
    id,
    points: worth,
    name,
    on,
    often: null,
    cap: null,
    sqlAtOnce,
  });
  return [
    line('further-mail', points.furtherMail, { event: 'mail-sent' }, { code: 'score.further-mail' }),
    line('open', points.open, { event: 'open' }, { code: 'score.opened' }),
    line('click-article', points.article, { event: 'click', role: 'article' }, { code: 'score.an-article' }),
    ...programme.callsToAction.map((call) =>
      line(
        callToActionRule(programme.callsToAction, call),
        call.points,
        { event: 'click', role: 'call-to-action', target: call.id },
        { code: CALL_CODES[call.kind], values: { what: call.label } },
      ),
    ),
    ...programme.footerLinks.map((link) =>
      line(
        `click-footer-${link.id}`,
        link.points,
        { event: 'click', role: 'footer', target: link.id },
        { code: 'score.footer', values: { what: link.label } },
      ),
    ),
    line('download', points.download, { event: 'download' }, { code: 'score.a-download' }),
    ...Object.entries(POINT_FORMS).map(([form, name]) =>
      line(`form-${form}`, points.download, { event: 'form', names: [form] }, name),
    ),
    line(
      'sql-at-once-content',
      points.sqlAtOnce,
      { event: 'click', role: 'article', urls: sqlAtOnceUrls },
      { code: 'score.sql-content' },
      true,
    ),
    ...Object.entries(SQL_FORMS).map(([form, name]) =>
      line(`form-${form}`, points.sqlAtOnce, { event: 'form', names: [form] }, name, true),
    ),
  ];
}

const CALL_CODES = {
  brochure: 'score.brochure',
  'reference-story': 'score.reference-story',
  'call-back': 'score.call-back-button',
} as const satisfies Record<CallToAction['kind'], ReasonCode>;

/** Named by its kind, so that a new brochure keeps the rule; by its id too where there are several of a kind. */
export function callToActionRule(
  calls: readonly Pick<CallToAction, 'id' | 'kind'>[],
  call: Pick<CallToAction, 'id' | 'kind'>,
): string {
  const several = calls.filter(({ kind }) => kind === call.kind).length > 1;
  return several ? `click-${call.kind}-${call.id}` : `click-${call.kind}`;
}

const ROLES = {
  article: 'rule.on-article',
  'call-to-action': 'rule.on-call-to-action',
  footer: 'rule.on-footer',
} as const satisfies Record<ClickedLink['role'], ReasonCode>;

/** Of a rule without words of its own: what it looks at. */
function nameOfMatch(on: RuleMatch): Reason {
  const act: Reason = { code: EVENT_KINDS[on.event].rule.name };
  const addresses = [...(on.urls ?? []), ...(on.pages ?? [])];
  const names = [...(on.target ? [on.target] : []), ...(on.names ?? [])];
  const which: Reason[] = [
    ...(on.role ? [{ code: ROLES[on.role] }] : []),
    ...(names.length > 0 ? [{ code: 'rule.named' as const, values: { names: names.join(', ') } }] : []),
    ...(on.interests ? [{ code: 'rule.about' as const, values: { interests: on.interests } }] : []),
    ...(addresses.length > 0
      ? [{ code: 'rule.at' as const, values: { addresses: addresses.join(', ') } }]
      : []),
  ];
  return which.length === 0 ? act : { code: 'rule.looks-at', values: { act, which } };
}

/** The rules made ready for scoring: read once per programme, looked up for every event. */
export interface CompiledRules {
  scoring: Programme['scoring'];
  /** Throws for an id the programme does not have. */
  rule(id: string): ScoreRule;
  /** The first rule that the act falls under, those written in the programme first; null: it is worth nothing. */
  ruleOf(act: Act): ScoreRule | null;
  isSqlAtOnce(ruleId: string): boolean;
  /** A rule asks what a clicked article is about. */
  usesInterests: boolean;
  /** Some rule has a cap, so that the points it gave in this round have to be known. */
  hasCaps: boolean;
  /** Something beside a further mail takes points. */
  hasOtherDeductions: boolean;
}

/** `absolute` turns a path that Simmer serves itself into the address that link tables hold. */
export function compileRules(programme: Scored, absolute: (url: string) => string): CompiledRules {
  const all = scoreRules(programme);
  const rules = new Map(all.map((rule) => [rule.id, rule]));
  const written = new Set(programme.scoring.rules.map(({ id }) => id));
  const standing = new Set(standardTable(programme).map(({ id }) => id));
  // What is written beside the table comes first: it is the more particular. So is content that makes an SQL at once.
  const place = ({ id }: ScoreRule) =>
    written.has(id) && !standing.has(id) ? 0 : id === 'sql-at-once-content' ? 1 : 2;
  const byEvent = new Map<string, { rule: ScoreRule; fits: (act: Act) => boolean }[]>();
  for (const rule of all.toSorted((a, b) => place(a) - place(b)))
    byEvent.set(rule.on.event, [
      ...(byEvent.get(rule.on.event) ?? []),
      { rule, fits: matcher(rule.on, absolute) },
    ]);

  // Clicks differ in nothing but their link, and a replay meets each link thousands of times.
  const byLink = new WeakMap<ClickedLink, ScoreRule | null>();

  return {
    scoring: programme.scoring,
    rule(id) {
      const found = rules.get(id);
      if (!found)
        throw new Error(`the programme has no score rule "${id}"; it has ${[...rules.keys()].join(', ')}`);
      return found;
    },
    ruleOf(act) {
      const known = act.link ? byLink.get(act.link) : undefined;
      if (known !== undefined) return known;
      const found = byEvent.get(act.event)?.find(({ fits }) => fits(act))?.rule ?? null;
      if (act.link) byLink.set(act.link, found);
      return found;
    },
    isSqlAtOnce: (id) => rules.get(id)?.sqlAtOnce ?? false,
    usesInterests: all.some(({ on }) => on.interests !== undefined),
    hasCaps: all.some(({ cap }) => cap !== null),
    hasOtherDeductions: all.some(({ points, on }) => points < 0 && on.event !== 'mail-sent'),
  };
}

function matcher(on: RuleMatch, absolute: (url: string) => string): (act: Act) => boolean {
  const urls = on.urls?.map((url) => addressFits(absolute(url)));
  const pages = on.pages?.map(pageFits);
  const names = on.names?.map(nameFits);
  const some = (patterns: readonly Fits[] | undefined, value: string | null | undefined) =>
    patterns === undefined || (value != null && patterns.some((fits) => fits(value)));
  return ({ link, name, page }) =>
    (on.role === undefined || link?.role === on.role) &&
    (on.target === undefined || link?.targetId === on.target) &&
    (on.interests === undefined || on.interests.some((id) => link?.interests?.includes(id))) &&
    some(urls, link?.url) &&
    some(pages, page) &&
    some(names, name);
}
