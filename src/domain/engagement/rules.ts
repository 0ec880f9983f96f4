import { type CallToAction, inLanguage, type Programme } from '../programme.ts';
import type { SqlForm } from './happening.ts';

/** One line of the programme's table: what is worth how many points. */
export interface ScoreRule {
  /** Kept with each score entry: open, click-article, click-brochure, click-footer-press, form-call-back … */
  id: string;
  points: number;
  /** What the lead did, for staff: 'clicked the brochure "Payroll in one page"'. */
  words: string;
}

/** The link table's line that was clicked, as far as scoring needs it. */
export interface ClickedLink {
  role: 'article' | 'call-to-action' | 'footer';
  targetId: string;
  url: string;
  label: string;
}

type Scored = Pick<Programme, 'callsToAction' | 'footerLinks' | 'scoring' | 'defaultLanguage'>;

/** Forms that make an SQL at once: who sends one wants to be called. */
export const SQL_FORMS: Record<SqlForm, string> = {
  'call-back': 'asked to be called back',
  contact: 'sent the contact form',
  order: 'sent an order',
};

/** The entry that brings the score to the programme's value when sales sends a lead back. It has no fixed points. */
export const RETURNED_RULE = 'returned';

/** The programme's table, flattened: one rule per line, in the order a profile shows them. */
export function scoreRules(programme: Scored): ScoreRule[] {
  const { points } = programme.scoring;
  const label = (text: Readonly<Record<string, string>>) => inLanguage(text, programme.defaultLanguage);
  return [
    { id: 'further-mail', points: points.furtherMail, words: 'was sent a further mail' },
    { id: 'open', points: points.open, words: 'opened a mail' },
    { id: 'click-article', points: points.article, words: 'clicked an article' },
    ...programme.callsToAction.map((call) => ({
      id: callToActionRule(programme, call),
      points: call.points,
      words: `clicked ${CALL_WORDS[call.kind]} "${label(call.label)}"`,
    })),
    ...programme.footerLinks.map((link) => ({
      id: `click-footer-${link.id}`,
      points: link.points,
      words: `clicked the footer link "${label(link.label)}"`,
    })),
    { id: 'download', points: points.download, words: 'downloaded something' },
    {
      id: 'sql-at-once-content',
      points: points.sqlAtOnce,
      words: 'clicked content that makes an SQL at once',
    },
    ...Object.entries(SQL_FORMS).map(([form, words]) => ({
      id: `form-${form}`,
      points: points.sqlAtOnce,
      words,
    })),
  ];
}

const CALL_WORDS: Record<CallToAction['kind'], string> = {
  brochure: 'the brochure',
  'reference-story': 'the reference story',
  'call-back': 'the call-back button',
};

/** Named by its kind, so that a new brochure keeps the rule; by its id too where there are several of a kind. */
function callToActionRule(programme: Scored, call: CallToAction): string {
  const several = programme.callsToAction.filter(({ kind }) => kind === call.kind).length > 1;
  return several ? `click-${call.kind}-${call.id}` : `click-${call.kind}`;
}

/** The rules made ready for scoring: read once per programme, looked up for every happening. */
export interface ScoreBook {
  scoring: Programme['scoring'];
  rule(id: string): ScoreRule;
  /** The rule a click falls under; null when the programme no longer has that link. */
  ruleOfClick(link: ClickedLink): ScoreRule | null;
}

/** `absolute` turns a path that Simmer serves itself into the address that link tables hold. */
export function scoreBook(programme: Scored, absolute: (url: string) => string): ScoreBook {
  const rules = new Map(scoreRules(programme).map((rule) => [rule.id, rule]));
  const rule = (id: string): ScoreRule => {
    const found = rules.get(id);
    if (!found)
      throw new Error(`the programme has no score rule "${id}"; it has ${[...rules.keys()].join(', ')}`);
    return found;
  };
  const calls = new Map(programme.callsToAction.map((call) => [call.id, callToActionRule(programme, call)]));
  const atOnce = programme.scoring.sqlAtOnceUrls.map(absolute);

  return {
    scoring: programme.scoring,
    rule,
    ruleOfClick(link) {
      if (link.role === 'footer') return rules.get(`click-footer-${link.targetId}`) ?? null;
      if (link.role === 'call-to-action') return rules.get(calls.get(link.targetId) ?? '') ?? null;
      return rule(
        atOnce.some((start) => link.url.startsWith(start)) ? 'sql-at-once-content' : 'click-article',
      );
    },
  };
}

/** Acts under these rules make an SQL whatever the score and however few mails were sent. */
export function isSqlAtOnce(ruleId: string): boolean {
  return ruleId === 'sql-at-once-content' || ruleId.startsWith('form-');
}
