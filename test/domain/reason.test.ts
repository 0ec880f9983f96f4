import { describe, expect, it } from 'vitest';
import { asText, REASONS, type Reason, type ReasonCode, readReason } from '../../src/domain/reason.ts';
import { reasonTeller } from '../../src/domain/reason-text.ts';
import { BALANCING_RULES, scoreRules } from '../../src/domain/scoring/score-rules.ts';
import { testProgramme } from '../support/programme.ts';
import { tellIn, testSay, testTexts } from '../support/say.ts';

const programme = testProgramme();
const [interest] = programme.interests;
const languages = [...testTexts.keys()];
const codes = Object.keys(REASONS) as ReasonCode[];

/** A value of each type, and what a person must read of it in English. */
const VALUES = {
  text: ['Ω-text', 'Ω-text'],
  number: [4711, '4711'],
  label: [{ en: 'Ω-label', nl: 'Ω-label', de: 'Ω-label', fr: 'Ω-label' }, 'Ω-label'],
  interests: [[interest!.id], interest!.label.en],
  language: ['is', 'Icelandic'],
  outcome: ['rejected', testSay('en', 'staff.outcome.rejected')],
  status: ['suppressed', testSay('en', 'staff.status.suppressed')],
  day: ['2026-12-24', '24 December 2026'],
  month: ['2026-12', 'December 2026'],
  country: ['IS', 'Iceland'],
  moment: ['2026-12-24T09:30:00Z', '24 Dec 2026'],
  stage: ['mql', testSay('en', 'staff.stage.mql')],
  reason: [asText('Ω-reason'), 'Ω-reason'],
  reasons: [[asText('Ω-one'), asText('Ω-two')], 'Ω-one, Ω-two'],
} as const satisfies Record<string, readonly [unknown, unknown]>;

function example(code: ReasonCode): Reason {
  const types = Object.entries(REASONS[code]) as [string, keyof typeof VALUES][];
  const values = Object.fromEntries(types.map(([name, type]) => [name, VALUES[type][0]]));
  return (types.length === 0 ? { code } : { code, values }) as Reason;
}

/** Texts that are one word in several languages. */
const ALIKE = new Set([
  'finance',
  'import {n}',
  'import {n}: {what}',
  'HR',
  'IT',
  'manager',
  'Manager',
  'specialist',
  'sales',
  'marketing',
  'Marketing',
  'operations',
]);

/** What is wrong with how a code is said in a language; null: nothing. */
function fault(code: ReasonCode, language: string, texts = testTexts): string | null {
  if (code === 'text') return null;
  const text = texts.get(language)?.get(`reasons.${code}`);
  if (text === undefined) return 'no text';
  const places = new Set([...text.matchAll(/\{(\w+)[|}]/g)].map(([, name]) => name!));
  const values = Object.keys(REASONS[code]);
  const unused = values.filter((name) => !places.has(name));
  if (unused.length > 0) return `does not say ${unused.join(', ')}`;
  const unknown = [...places].filter((name) => !values.includes(name));
  if (unknown.length > 0) return `has a place for ${unknown.join(', ')}, which it never gets`;
  const english = texts.get('en')?.get(`reasons.${code}`);
  const isBare = text.replace(/\{\w+\}/g, '').replace(/[\s:,()]/g, '') === '';
  if (language !== 'en' && text === english && !isBare && !ALIKE.has(text)) return 'is as in English';
  return null;
}

describe('every code', () => {
  it('is said in every language, with all its values, and not in English but in English', () => {
    const faults = languages.flatMap((language) =>
      codes.flatMap((code) => {
        const found = fault(code, language);
        return found ? [`${language}: ${code} ${found}`] : [];
      }),
    );
    expect(faults).toEqual([]);
  });

  it('which would be seen', () => {
    const broken = (text: string | null) => {
      const dutch = new Map(testTexts.get('nl'));
      if (text === null) dutch.delete('reasons.score.mail-sent');
      else dutch.set('reasons.score.mail-sent', text);
      return fault('score.mail-sent', 'nl', new Map([...testTexts, ['nl', dutch]]));
    };
    expect(broken(null)).toBe('no text');
    expect(broken('e-mail is verzonden')).toBe('does not say n');
    expect(broken('e-mail {n} van {all}')).toContain('place for all');
    expect(broken(testTexts.get('en')!.get('reasons.score.mail-sent')!)).toBe('is as in English');
  });

  it.each(codes)('%s says its values in words', (code) => {
    const said = tellIn('en')(example(code));
    expect(said).not.toMatch(/[{}]|undefined|\[object/);
    for (const type of Object.values(REASONS[code]) as (keyof typeof VALUES)[])
      expect(said).toContain(VALUES[type][1]);
  });

  it('has no text in the locales without a code', () => {
    const texts = [...testTexts.get('en')!.keys()].filter((key) => key.startsWith('reasons.'));
    expect(texts.filter((key) => !(key.slice('reasons.'.length) in REASONS))).toEqual([]);
  });
});

describe('a reason', () => {
  it('is said in the language of whoever reads', () => {
    const reason: Reason = {
      code: 'score.taken-back',
      values: { cause: { code: 'score.button', values: { what: 'Brochure' } } },
    };
    expect(tellIn('en')(reason)).toBe('taken back, it was a machine: clicked the button “Brochure”');
    expect(tellIn('de')(reason)).toBe(
      'zurückgenommen, es war eine Maschine: hat die Schaltfläche „Brochure“ angeklickt',
    );
    expect(tellIn('nl')({ code: 'score.returned', values: { answer: 'lost', n: 0 } })).toContain(
      'begint weer bij 0',
    );
  });

  it('names every rule of the programme’s table, and its links in the language of the page', () => {
    const names = [...scoreRules(programme).map(({ name }) => name), ...Object.values(BALANCING_RULES)];
    for (const language of ['nl', 'de'])
      for (const name of names) expect(tellIn(language)(name)).not.toBe(tellIn('en')(name));
    const call = programme.callsToAction[0]!;
    const tell = reasonTeller({ say: testSay, programme }, 'nl');
    expect(tell({ code: 'score.brochure', values: { what: { ...call.label, nl: 'Haal hem' } } })).toContain(
      'Haal hem',
    );
  });

  it('says what speaks for a lead, and what less', () => {
    const reason: Reason = {
      code: 'fit.mixed',
      values: {
        good: [{ code: 'fit.top' }, { code: 'fit.finance' }, asText('finance of ships')],
        less: [
          { code: 'fit.free-mail' },
          { code: 'fit.country', values: { country: 'NL' } },
          { code: 'fit.employees', values: { n: 1 } },
        ],
      },
    };
    expect(tellIn('en')(reason)).toBe(
      'director or owner, finance, finance of ships; less so: free-mail address, Netherlands, 1 employee',
    );
    expect(tellIn('de')(reason)).toBe(
      'Geschäftsführung oder Inhaber, Finanzen, finance of ships; weniger: Freemail-Adresse, Niederlande, 1 Beschäftigter',
    );
  });

  it('that was kept as a sentence is its own text, and so is a code of a later version', () => {
    expect(readReason('opened the mail')).toEqual(asText('opened the mail'));
    expect(tellIn('nl')(readReason('opened the mail'))).toBe('opened the mail');
    for (const code of codes) expect(readReason(JSON.stringify(example(code)))).toEqual(example(code));
    expect(readReason('{"code":"of.tomorrow"}')).toEqual(asText('of.tomorrow'));
    expect(readReason('{"code":"toString"}')).toEqual(asText('toString'));
    expect(readReason('{no JSON')).toEqual(asText('{no JSON'));
  });
});
