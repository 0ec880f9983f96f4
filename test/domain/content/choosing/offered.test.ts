import { describe, expect, it } from 'vitest';
import type { Article } from '../../../../src/domain/content/article.ts';
import { goneInterests, offeredBy } from '../../../../src/domain/content/choosing/offered.ts';
import { testProgramme } from '../../../support/programme.ts';

const programme = testProgramme();
const [payroll, invoicing] = programme.feeds.map(({ url }) => url) as [string, string];
const article = (fields: Partial<Article> = {}): Article => ({
  id: 1,
  feedUrl: payroll,
  url: 'https://blog.example/1',
  title: 'One',
  summary: '',
  imageUrl: null,
  language: 'en',
  interests: ['payroll'],
  publishedAt: new Date('2026-11-21'),
  firstSeenAt: new Date('2026-11-21'),
  priority: 1,
  ...fields,
});

describe('offeredBy', () => {
  it('keeps what feeds of the programme brought', () => {
    expect(offeredBy(programme, [article()])).toEqual([article()]);
  });

  it('leaves out what is of a feed that left, whatever it was about', () => {
    expect(offeredBy(programme, [article({ feedUrl: 'https://left.example/' })])).toEqual([]);
    expect(offeredBy(programme, [article({ feedUrl: '/sample/feeds/en/payroll.rss' })])).toEqual([]);
    expect(offeredBy({ ...programme, feeds: [] }, [article()])).toEqual([]);
  });

  it('keeps what another feed brought too, as that feed has it', () => {
    const shared = article({
      feedUrl: 'https://left.example/',
      alsoIn: [invoicing],
      interests: ['left', 'invoicing'],
    });
    expect(offeredBy(programme, [shared])).toMatchObject([{ feedUrl: invoicing, interests: ['invoicing'] }]);
    const both = article({ alsoIn: [invoicing] });
    expect(offeredBy(programme, [both])).toMatchObject([
      { feedUrl: payroll, interests: ['invoicing', 'payroll'] },
    ]);
  });

  it('takes what a feed is about, and its priority, as the programme says now', () => {
    const feeds = [{ ...programme.feeds[0]!, interests: ['stock'], priority: 3 }];
    expect(offeredBy({ ...programme, feeds }, [article()])).toMatchObject([
      { interests: ['stock'], priority: 3 },
    ]);
  });

  it('leaves out interests that left', () => {
    const interests = programme.interests.filter(({ id }) => id !== 'payroll');
    expect(offeredBy({ ...programme, interests }, [article()])).toEqual([]);
    expect(offeredBy({ ...programme, interests }, [article({ alsoIn: [invoicing] })])).toMatchObject([
      { interests: ['invoicing'] },
    ]);
  });
});

describe('goneInterests', () => {
  it('names what active readers follow and the programme has not, most readers first', () => {
    const audience = [
      { interest: 'payroll', language: 'en', readers: 9 },
      { interest: 'crm', language: 'en', readers: 2 },
      { interest: 'crm', language: 'nl', readers: 3 },
      { interest: 'hr', language: 'nl', readers: 7 },
    ];
    expect(goneInterests(programme, audience)).toEqual([
      { interest: 'hr', readers: 7 },
      { interest: 'crm', readers: 5 },
    ]);
    expect(goneInterests(programme, audience.slice(0, 1))).toEqual([]);
  });
});
