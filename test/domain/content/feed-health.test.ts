import { describe, expect, it } from 'vitest';
import { type FeedFacts, troubleOf } from '../../../src/domain/content/feed-health.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-21T10:00:00Z');
const ago = (days: number) => new Date(NOW.getTime() - days * DAY);
const watch = { staleAfterMs: 30 * DAY, failingAfterMs: 2 * DAY };
const well: FeedFacts = { status: 'active', failures: 0, lastSuccessAt: ago(0), lastNewAt: ago(1) };

describe('troubleOf', () => {
  it.each<[string, Partial<FeedFacts>, string | null]>([
    ['all is well', {}, null],
    ['some failures, read yesterday', { failures: 5, lastSuccessAt: ago(1) }, null],
    ['failures for days', { failures: 5, lastSuccessAt: ago(2) }, 'failing'],
    ['never read, first tries', { failures: 3, lastSuccessAt: null, lastNewAt: null }, null],
    ['never read, many tries', { failures: 4, lastSuccessAt: null, lastNewAt: null }, 'failing'],
    ['nothing new for weeks', { lastNewAt: ago(30) }, 'stale'],
    ['nothing new for nearly so long', { lastNewAt: ago(29.9) }, null],
    ['nothing new, because it fails', { lastNewAt: ago(99), failures: 9, lastSuccessAt: ago(9) }, 'failing'],
    ['gone', { status: 'gone', failures: 1 }, 'gone'],
    ['no article ever', { lastNewAt: null }, null],
  ])('%s', (_, facts, trouble) => {
    expect(troubleOf({ ...well, ...facts }, watch, NOW)).toBe(trouble);
  });

  it('says nothing of a feed that was never looked at', () => {
    expect(troubleOf(null, watch, NOW)).toBeNull();
  });
});
