import { describe, expect, it } from 'vitest';
import type { Article } from '../../../src/domain/content/article.ts';
import { dueForReader, freshSince, linkTable } from '../../../src/domain/delivery/issue-plan.ts';
import { CALL_BACK_TARGET } from '../../../src/domain/links.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

const programme = testProgramme();
const digest = programme.digests[0]!;
const due = new Date('2026-11-24T08:00:00Z');
const later = (ms: number) => new Date(due.getTime() + ms);

describe('dueForReader', () => {
  it('is the schedule’s hour in the reader’s zone, or in the digest’s', () => {
    expect(dueForReader(digest, '2026-11-24', 'Europe/Amsterdam')).toEqual(due);
    expect(dueForReader({ ...digest, timeZone: 'UTC' }, '2026-11-24', 'Europe/Amsterdam')).toEqual(
      later(3_600_000),
    );
  });

  it('takes UTC for a zone that is not one', () => {
    expect(dueForReader(digest, '2026-11-24', 'Mars/Olympus')).toEqual(later(3_600_000));
  });
});

describe('freshSince', () => {
  it('is the digest’s window before now', () => {
    expect(freshSince({ ...digest, freshnessMs: 5 }, due)).toEqual(later(-5));
  });
});

describe('linkTable', () => {
  const article = { id: 7, url: '/sample/articles/7', title: 'Seven', language: 'nl' } as Article;
  const table = linkTable(programme, [article, { ...article, id: 9, url: 'https://a.example/9' }], testLinks);

  it('numbers every place a mail can lead to, from 1', () => {
    expect(table.map(({ number }) => number)).toEqual(table.map((_, index) => index + 1));
    // Two articles, and three calls to action and six footer links in three languages.
    expect(table).toHaveLength(2 + 3 * (3 + 6));
  });

  it('holds absolute addresses, words of the language, and the reader’s own call-back page', () => {
    expect(table[0]).toEqual({
      number: 1,
      role: 'article',
      targetId: '7',
      language: 'nl',
      url: 'http://simmer.test/sample/articles/7',
      label: 'Seven',
    });
    const callBack = table.find(({ targetId, language }) => targetId === 'call-back' && language === 'de');
    expect(callBack).toMatchObject({
      role: 'call-to-action',
      url: CALL_BACK_TARGET,
      label: 'Rückruf anfordern',
    });
    expect(table.every(({ url }) => url === CALL_BACK_TARGET || URL.canParse(url))).toBe(true);
  });

  it('refuses a call to action that leads nowhere', () => {
    const [brochure] = programme.callsToAction;
    const broken = { ...programme, callsToAction: [{ ...brochure!, url: null }] };
    expect(() => linkTable(broken, [], testLinks)).toThrow('the call to action "brochure" has no url');
  });
});
