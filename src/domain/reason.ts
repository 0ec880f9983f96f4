import type { OutcomeStatus, ShownStage, SubscriberStatus } from './statuses.ts';

// Why something is as it is, kept for people to read later: a code and its values, never a sentence. `reason-text.ts` says
// it in the language of whoever reads; templates/locales has a text for each code, under "reasons".

/** What may stand in a reason, and so how it is said. */
interface ValueTypes {
  /** Data: a name, a title, another server's own words. Shown as it stands. */
  text: string;
  number: number;
  /** What a link is called: as its reader saw it, or in each language of the programme. */
  label: string | Readonly<Record<string, string>>;
  /** Ids of interests. */
  interests: readonly string[];
  /** A language's code. */
  language: string;
  outcome: OutcomeStatus;
  status: SubscriberStatus;
  /** YYYY-MM-DD. */
  day: string;
  /** YYYY-MM. */
  month: string;
  /** ISO 8601. */
  moment: string;
  stage: ShownStage;
  /** ISO 3166. */
  country: string;
  reason: Reason;
  reasons: readonly Reason[];
}
export type ValueType = keyof ValueTypes;

/**
 * Every code, with its values. A new one needs a text in each locale (test/domain/reason.test.ts); one that is not here, or
 * lacks a value, does not compile.
 */
export const REASONS = {
  /** Kept in words: from before there were codes, or told by somebody else. */
  text: { text: 'text' },

  // Why points were given or taken, and what rules are called.
  'score.mail-sent': { n: 'number' },
  'score.further-mail': {},
  'score.opened': {},
  'score.an-article': {},
  'score.article': { what: 'label' },
  'score.button': { what: 'label' },
  'score.brochure': { what: 'label' },
  'score.reference-story': { what: 'label' },
  'score.call-back-button': { what: 'label' },
  'score.footer': { what: 'label' },
  'score.sql-content': {},
  'score.a-download': {},
  'score.download': { what: 'text' },
  'score.visit': { what: 'text' },
  'score.call-back': {},
  'score.contact': {},
  'score.order': {},
  'score.webinar': {},
  'score.demo': {},
  'score.returned': { answer: 'outcome', n: 'number' },
  'score.came-back': {},
  'score.return-corrected': {},
  'score.held-up': { floor: 'number' },
  'score.floor': {},
  'score.faded': {},
  'score.cut': { cause: 'reason', before: 'number', now: 'number', cap: 'number' },
  'score.came-late': { cause: 'reason' },
  'score.rules-changed': { cause: 'reason', now: 'number', before: 'number' },
  'score.rules-count': { cause: 'reason' },
  'score.taken-back': { cause: 'reason' },
  'score.taken-back-all': {},
  'score.decided': {},
  'score.said-person': { who: 'text' },
  'score.said-machine': { who: 'text' },
  'score.old-rule': {},

  // What a rule without words of its own looks at.
  'rule.looks-at': { act: 'reason', which: 'reasons' },
  'rule.act': { act: 'text' },
  'rule.mail-sent': {},
  'rule.open': {},
  'rule.click': {},
  'rule.form': {},
  'rule.download': {},
  'rule.visit': {},
  'rule.touchpoint': {},
  'rule.on-article': {},
  'rule.on-call-to-action': {},
  'rule.on-footer': {},
  'rule.named': { names: 'text' },
  'rule.about': { interests: 'interests' },
  'rule.at': { addresses: 'text' },

  // What sales' answers say about a rule.
  'answers.rejected': { rule: 'reason', n: 'number', all: 'number', beside: 'reason' },
  'answers.taken-on': {
    rule: 'reason',
    all: 'number',
    n: 'number',
    won: 'number',
    rejected: 'number',
    beside: 'reason',
  },
  'answers.without-it': { n: 'number', all: 'number' },
  'answers.hardly-without': {},

  // How near a lead is to the ideal customer: what speaks for it, and what less.
  'fit.good': { good: 'reasons' },
  'fit.less-so': { less: 'reasons' },
  'fit.mixed': { good: 'reasons', less: 'reasons' },
  'fit.top': {},
  'fit.head': {},
  'fit.manager': {},
  'fit.specialist': {},
  'fit.assistant': {},
  'fit.free-mail': {},
  'fit.management': {},
  'fit.finance': {},
  'fit.hr': {},
  'fit.it': {},
  'fit.operations': {},
  'fit.sales': {},
  'fit.marketing': {},
  'fit.employees': { n: 'number' },
  'fit.country': { country: 'country' },

  // Why a hit is taken for a machine's or a person's.
  'machine.asked-with': { what: 'text' },
  'machine.ahead': { what: 'text' },
  'machine.no-agent': {},
  'machine.apple-mail': {},
  'machine.gmail': {},
  'machine.proxy': { what: 'text' },
  'machine.robot': {},
  'machine.scanner-network': {},
  'machine.data-centre': {},
  'machine.flood': { n: 'number' },
  'machine.too-often': {},
  'machine.sweep': { n: 'number', seconds: 'number' },
  'machine.burst': { n: 'number', seconds: 'number' },
  'machine.at-once': {},
  'machine.networks': {},
  'machine.whole': { n: 'number', minutes: 'number' },
  'machine.every-link': {},
  'machine.several': { n: 'number' },
  'machine.early': {},
  'machine.second': { seconds: 'number' },
  'machine.soon': { seconds: 'number' },
  'machine.gateway': { what: 'text' },
  'machine.same-network': {},
  'machine.within-minutes': {},
  'machine.midst': {},
  'machine.alone': {},
  'machine.head-first': {},
  'machine.no-browser': {},
  'machine.pace': { seconds: 'number' },
  'machine.clock': {},
  'machine.scattered': {},
  'machine.staff': {},
  'machine.led-by-doubt': {},
  'machine.led-by-machine': {},
  'person.looked': {},
  'person.reading': {},
  'person.left-foot': {},
  'person.loaded': {},
  'person.pressed': {},

  // Why an article was picked.
  'pick.because': { parts: 'reasons' },
  'pick.best-match': { interests: 'interests' },
  'pick.match': { interests: 'interests' },
  'pick.control': { language: 'language' },
  'pick.often-read': {},
  'pick.asked-for-more': {},
  'pick.also-about': { interests: 'interests' },
  'pick.published-today': {},
  'pick.published-yesterday': {},
  'pick.published-ago': { n: 'number' },
  'pick.feed-priority': { n: 'number' },
  'pick.likes-source': {},
  'pick.less-of-source': {},

  // Why a reader gets no mail of an issue.
  'skip.none': {
    interests: 'interests',
    language: 'language',
    needed: 'number',
    all: 'number',
    had: 'number',
  },
  'skip.too-few': {
    n: 'number',
    interests: 'interests',
    language: 'language',
    needed: 'number',
    all: 'number',
    had: 'number',
  },
  'skip.too-few-for-all': {
    n: 'number',
    language: 'language',
    needed: 'number',
    all: 'number',
    had: 'number',
  },
  'skip.no-interests': {},
  'skip.paused-by-reader': { until: 'day' },
  'skip.paused': { until: 'day', why: 'reason' },
  'skip.monthly': { month: 'month' },
  'skip.in-progress': {},
  'skip.status': { status: 'status' },
  'skip.status-since': { status: 'status' },
  'skip.unreachable': {},
  'skip.unsubscribed': {},
  'skip.forgotten': {},
  'skip.suppressed': {},
  /** The same of many readers, without their numbers. */
  'skips.too-few': { interests: 'interests', language: 'language' },
  'skips.too-few-for-all': { language: 'language' },
  'skips.paused': {},
  'skips.monthly': {},
  'pause.mails-came-back': { n: 'number' },

  // How somebody gave or took back the permission to be written to.
  'consent.sign-up-form': {},
  'consent.preference-page': {},
  'consent.unsubscribe-page': {},
  'consent.one-click': {},
  'consent.own-data-page': {},
  'consent.complaint': {},
  'consent.unsubscribe-mail': {},
  'consent.mail-provider': {},
  'consent.import': { n: 'number' },
  'consent.import-how': { n: 'number', what: 'text' },

  // What followed from a mail that came back.
  'return.counted': {},
  'return.our-fault': {},
  'return.nothing': {},
  'return.nobody': {},
  'return.to-staff': {},
  'return.reader-gone': {},
  'return.suppressed': {},
  'return.suppressed-already': {},
  'return.unsubscribed': { how: 'reason' },
  'return.unsubscribed-already': {},

  // Why a mail failed, or nobody knows whether it arrived.
  'fail.refused': { reply: 'text' },
  'fail.given-up': { n: 'number', reply: 'text' },
  'fail.perhaps-sent': { reply: 'text' },
  'fail.tries-over': { n: 'number', why: 'reason' },
  'fail.unchecked': { error: 'text' },
  'fail.unwritable': { error: 'text' },
  'fail.broke-off': { reply: 'text' },
  'fail.worker-stopped': {},
  'fail.restored': {},
  'fail.restored-since': {},
  'fail.sent-again': {},

  // Why a mail to sales is not needed any more.
  'alert.answered': {},
  'alert.taken': { who: 'text' },
  'alert.unknown': {},
  'alert.no-account': {},
  'alert.stage': { stage: 'stage' },
  'alert.status': { status: 'status' },
  'alert.score-fell': { score: 'number', needed: 'number' },
  'alert.in-doubt': { n: 'number', score: 'number' },
  'alert.only-opens': {},
  'alert.machine-act': { n: 'number' },
  'alert.warmth-fell': { warmth: 'number', needed: 'number' },

  // Why an issue stands still or was called off.
  'issue.paused-by-hand': {},
  'issue.cancelled-by-hand': {},
  'issue.paused-by': { who: 'text' },
  'issue.cancelled-by': { who: 'text' },
  'issue.failed': { failed: 'number', done: 'number', share: 'number' },
  'issue.uncertain': { uncertain: 'number', done: 'number', share: 'number' },
  'issue.restored': { at: 'moment' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ValueType>>>>;

export type ReasonCode = keyof typeof REASONS;

type Values<Code extends ReasonCode> = {
  readonly [Name in keyof (typeof REASONS)[Code]]: (typeof REASONS)[Code][Name] extends ValueType
    ? ValueTypes[(typeof REASONS)[Code][Name]]
    : never;
};

/** The reason with this code. One that needs no values has none. */
export type ReasonOf<Code extends ReasonCode> = Code extends ReasonCode
  ? keyof (typeof REASONS)[Code] extends never
    ? { readonly code: Code; readonly values?: undefined }
    : { readonly code: Code; readonly values: Values<Code> }
  : never;

export type Reason = ReasonOf<ReasonCode>;

/** What somebody wrote, as a reason. */
export const asText = (text: string): Reason => ({ code: 'text', values: { text } });

/** As JSON and as Postgres writes it. */
const BEGIN = '{"code":';

/**
 * A reason as it was kept. What was kept before reasons had codes is a sentence: that is its own text, and so is what a
 * later version may have written with a code that is not known here.
 */
export function readReason(kept: string): Reason {
  if (!kept.startsWith(BEGIN)) return asText(kept);
  const { code, values } = JSON.parse(kept) as { code: string; values?: unknown };
  return Object.hasOwn(REASONS, code) ? ({ code, ...(values ? { values } : {}) } as Reason) : asText(code);
}

/** Each reason once, in order. */
export function distinctReasons(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()];
}
