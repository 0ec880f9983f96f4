import { describe, expect, it } from 'vitest';
import { asText } from '../../../src/domain/reason.ts';
import { compareCrossings } from '../../../src/domain/scoring/compare-crossings.ts';
import { proposals, type RuleOutcomeStats, wilson } from '../../../src/domain/scoring/rule-proposals.ts';

const sway = (rejected: number, answered: number): RuleOutcomeStats => ({
  id: 'click-footer-press',
  name: asText('press'),
  answered,
  accepted: answered - rejected,
  won: 0,
  rejected,
  carried: 0,
});
const press = { code: 'score.footer', values: { what: 'Press' } } as const;
const rules = [{ id: 'click-footer-press', points: 3, name: press }];

describe("Wilson's interval", () => {
  // From Wilson (1927) as tabulated; also Brown, Cai & DasGupta (2001).
  it.each([
    [41, 44, 0.8177, 0.9765],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [5, 10, 0.2366, 0.7634],
    [0, 0, 0, 1],
  ])('of %i in %i', (part, whole, low, high) => {
    const share = wilson(part, whole);
    expect(share.low).toBeCloseTo(low, 3);
    expect(share.high).toBeCloseTo(high, 3);
  });
});

describe('a proposal', () => {
  it('is made when rejections are plainly more than without the rule', () => {
    expect(proposals([sway(41, 44)], { answered: 210, rejected: 79 }, rules)).toEqual([
      {
        rule: 'click-footer-press',
        points: 3,
        proposed: 0,
        why: {
          code: 'answers.rejected',
          values: {
            rule: press,
            n: 41,
            all: 44,
            beside: { code: 'answers.without-it', values: { n: 38, all: 166 } },
          },
        },
      },
    ]);
  });

  it('is not made of few answers, nor of a difference that may be chance', () => {
    expect(proposals([sway(9, 9)], { answered: 200, rejected: 20 }, rules)).toEqual([]);
    expect(proposals([sway(24, 44)], { answered: 210, rejected: 100 }, rules)).toEqual([]);
  });

  it('raises what goes before leads that sales takes on', () => {
    expect(proposals([sway(2, 44)], { answered: 210, rejected: 102 }, rules)).toMatchObject([
      { proposed: 4 },
    ]);
  });
});

describe('supposed crossings beside real ones', () => {
  const qualificationTrigger = (at: number) => ({ at, score: 12, rule: 'open' });
  const real = (at: number, closedAt: number | null) => ({ at, closedAt, end: 'rejected' as const });

  it('are matched to the round they fall in', () => {
    expect(
      compareCrossings([real(10, 20), real(40, null)], [qualificationTrigger(8), qualificationTrigger(45)]),
    ).toMatchObject([
      { kind: 'both', realAt: 10, supposedAt: 8 },
      { kind: 'both', realAt: 40, supposedAt: 45 },
    ]);
  });

  it('may come later than the answer of sales', () => {
    expect(compareCrossings([real(10, 20)], [qualificationTrigger(25)])).toMatchObject([
      { kind: 'both', supposedAt: 25 },
    ]);
  });

  it('are gained or lost without a match', () => {
    expect(compareCrossings([], [qualificationTrigger(5)])).toMatchObject([
      { kind: 'gained', supposedAt: 5 },
    ]);
    expect(compareCrossings([real(10, 20)], [])).toMatchObject([{ kind: 'lost', realAt: 10 }]);
  });
});
