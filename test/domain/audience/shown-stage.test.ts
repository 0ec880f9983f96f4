import { expect, it } from 'vitest';
import {
  rowsOfStage,
  SHOWN_STAGE_NAMES,
  type Stage,
  type SubscriberStatus,
  shownStage,
} from '../../../src/domain/audience/subscriber.ts';

const STAGES: Stage[] = ['mql', 'sql', 'customer'];
const STATUSES: SubscriberStatus[] = ['pending', 'active', 'unsubscribed', 'suppressed'];

it.each([
  ['pending', 'mql', 'unconfirmed'],
  ['active', 'mql', 'mql'],
  ['unsubscribed', 'mql', 'left'],
  ['suppressed', 'mql', 'left'],
  ['pending', 'sql', 'sql'],
  ['unsubscribed', 'sql', 'sql'],
  ['unsubscribed', 'customer', 'customer'],
  ['active', 'customer', 'customer'],
] as const)('%s and %s is %s', (status, stage, shown) => {
  expect(shownStage({ status, stage })).toBe(shown);
});

it('everybody stands in exactly one stage, and lists narrow to the same', () => {
  for (const stage of STAGES)
    for (const status of STATUSES) {
      const fitting = SHOWN_STAGE_NAMES.filter((shown) => {
        const rows = rowsOfStage(shown);
        return rows.stage === stage && (rows.statuses === null || rows.statuses.includes(status));
      });
      expect(fitting).toEqual([shownStage({ stage, status })]);
    }
});
