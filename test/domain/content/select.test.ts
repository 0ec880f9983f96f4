import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Article } from '../../../src/domain/content/article.ts';
import { type Choice, choose } from '../../../src/domain/content/select.ts';

const now = new Date('2026-11-21T09:00:00Z');
const layout = { main: 1, others: 4 } as const;

function article(id: number, fields: Partial<Article> & { daysOld?: number } = {}): Article {
  const { daysOld = 1, ...rest } = fields;
  return {
    id,
    feedUrl: `https://feed-${id % 4}.example/rss`,
    url: `https://example.com/${id}`,
    title: `Article ${id}`,
    summary: '',
    imageUrl: null,
    language: 'en',
    interests: ['payroll'],
    publishedAt: new Date(now.getTime() - daysOld * 86_400_000),
    firstSeenAt: now,
    priority: 1,
    ...rest,
  };
}

function chooseFrom(articles: Article[], fields: Partial<Choice> = {}) {
  return choose({
    reader: { interests: ['payroll', 'hr'], language: 'en' },
    articles,
    had: new Set(),
    now,
    layout,
    minimum: 5,
    ...fields,
  });
}

function picksOf(chosen: ReturnType<typeof choose>) {
  if ('skip' in chosen) throw new Error(`skipped: ${chosen.skip}`);
  return chosen.picks;
}

describe('choose', () => {
  it('makes the best match the main article and says why', () => {
    const picks = picksOf(
      chooseFrom([
        article(1, { daysOld: 3 }),
        article(2, { daysOld: 2, interests: ['hr', 'payroll'] }),
        article(3, { daysOld: 5 }),
        article(4, { daysOld: 0.2, priority: 0.5 }),
        article(5, { daysOld: 9 }),
      ]),
    );
    expect(picks[0]).toEqual({
      articleId: 2,
      place: 'main',
      interest: 'payroll',
      // 1 × 1.25 × 0.5^(2/7)
      score: 1.0254,
      reason: 'best match for payroll, also about hr, published 2 days ago',
    });
    expect(picks.map((pick) => pick.place)).toEqual(['main', 'other', 'other', 'other', 'other']);
    expect(picks.find((pick) => pick.articleId === 4)?.reason).toBe(
      'match for payroll, published today, feed priority 0.5',
    );
  });

  it('mixes the interests of the reader', () => {
    const fresh = [1, 2, 3, 4, 5, 6].map((id) => article(id, { daysOld: 0 }));
    const older = [7, 8, 9].map((id) => article(id, { daysOld: 4, interests: ['hr'] }));
    const interests = picksOf(chooseFrom([...fresh, ...older])).map((pick) => pick.interest);
    expect(interests.filter((interest) => interest === 'hr').length).toBeGreaterThanOrEqual(2);
  });

  it('keeps articles of one source apart by looking ahead', () => {
    const a = 'https://a.example/rss';
    // The worth alone would give A B C A A; only A B A C A keeps the As apart.
    const articles = [
      article(1, { feedUrl: a, priority: 9 }),
      article(2, { feedUrl: 'https://b.example/rss', priority: 8 }),
      article(3, { feedUrl: 'https://c.example/rss', priority: 7 }),
      article(4, { feedUrl: a, priority: 2 }),
      article(5, { feedUrl: a, priority: 1 }),
    ];
    expect(picksOf(chooseFrom(articles)).map((pick) => pick.articleId)).toEqual([1, 2, 4, 3, 5]);
  });

  it('breaks ties by the newer and then the lower id', () => {
    const same = { feedUrl: 'https://a.example/rss', daysOld: 100 };
    const articles = [5, 3, 4, 1, 2].map((id) => article(id, { ...same, priority: 0.000001 }));
    articles[2]!.publishedAt = new Date(+articles[2]!.publishedAt + 1000);
    expect(picksOf(chooseFrom(articles)).map((pick) => pick.articleId)).toEqual([4, 1, 2, 3, 5]);
  });

  it('says in numbers why there is no mail', () => {
    const articles = [1, 2, 3, 4, 5, 6].map((id) => article(id));
    expect(chooseFrom(articles, { had: new Set([1, 2, 77]) })).toEqual({
      skip: '4 fresh articles for payroll, hr in "en", 5 needed (of 6 in this issue, 2 had before)',
    });
    expect(chooseFrom(articles, { minimum: 7 })).toEqual({
      skip: '6 fresh articles for payroll, hr in "en", 7 needed (of 6 in this issue, 0 had before)',
    });
    expect(chooseFrom(articles, { reader: { interests: [], language: 'en' } })).toEqual({
      skip: 'has chosen no interests',
    });
  });

  const interests = ['payroll', 'hr', 'tax', 'bi'];
  const choices = fc.record({
    reader: fc.record({
      interests: fc.uniqueArray(fc.constantFrom(...interests), { maxLength: 3 }),
      language: fc.constantFrom('en', 'nl'),
    }),
    articles: fc
      .array(
        fc.record({
          language: fc.constantFrom('en', 'nl'),
          interests: fc.uniqueArray(fc.constantFrom(...interests), { minLength: 1, maxLength: 3 }),
          source: fc.integer({ min: 1, max: 4 }),
          daysOld: fc.integer({ min: -1, max: 30 }),
          priority: fc.constantFrom(0, 0.5, 1, 2),
        }),
        { maxLength: 60 },
      )
      .map((all) =>
        all.map(({ source, ...rest }, index) =>
          article(index + 1, { ...rest, feedUrl: `https://source-${source}.example/rss` }),
        ),
      ),
    had: fc.array(fc.integer({ min: 1, max: 60 })).map((ids) => new Set(ids)),
    others: fc.integer({ min: 0, max: 6 }),
    minimum: fc.integer({ min: 0, max: 8 }),
  });
  const run = ({ others, ...rest }: typeof choices extends fc.Arbitrary<infer T> ? T : never) => {
    const choice: Choice = { ...rest, now, layout: { main: 1, others } };
    return { choice, chosen: choose(choice) };
  };

  it('never picks what the reader had, twice, or of a foreign interest or language; the mail is always full', () => {
    fc.assert(
      fc.property(choices, (input) => {
        const { choice, chosen } = run(input);
        const { reader, had, articles, layout: places, minimum } = choice;
        const wanted = 1 + places.others;
        const allowed = articles.filter(
          (a) =>
            a.language === reader.language &&
            !had.has(a.id) &&
            a.interests.some((i) => reader.interests.includes(i)),
        );
        if ('skip' in chosen) {
          expect(allowed.length).toBeLessThan(Math.max(minimum, wanted));
          expect(chosen.skip).not.toBe('');
          return;
        }
        expect(allowed.length).toBeGreaterThanOrEqual(minimum);
        expect(chosen.picks.length).toBe(wanted);
        expect(new Set(chosen.picks.map((pick) => pick.articleId)).size).toBe(wanted);
        for (const [place, pick] of chosen.picks.entries()) {
          const picked = allowed.find((a) => a.id === pick.articleId);
          expect(picked?.interests).toContain(pick.interest);
          expect(reader.interests).toContain(pick.interest);
          expect(pick.place).toBe(place === 0 ? 'main' : 'other');
        }
        expect(chosen.picks[0]!.score).toBe(Math.max(...chosen.picks.map((pick) => pick.score)));
      }),
      { numRuns: 500 },
    );
  });

  it('puts two of one source in a row only when no order of the allowed articles after the main one avoids it', () => {
    fc.assert(
      fc.property(choices, (input) => {
        const { choice, chosen } = run(input);
        if ('skip' in chosen) return;
        const sourceOf = (id: number) => choice.articles.find((a) => a.id === id)!.feedUrl;
        const sources = chosen.picks.map((pick) => sourceOf(pick.articleId));
        const hasNeighbours = sources.some((source, index) => index > 0 && source === sources[index - 1]);
        const counts = new Map<string, number>();
        for (const a of choice.articles) {
          const isAllowed =
            a.language === choice.reader.language &&
            !choice.had.has(a.id) &&
            a.interests.some((i) => choice.reader.interests.includes(i));
          if (isAllowed) counts.set(a.feedUrl, (counts.get(a.feedUrl) ?? 0) + 1);
        }
        counts.set(sources[0]!, counts.get(sources[0]!)! - 1);
        expect(hasNeighbours).toBe(!orderExists(counts, sources[0]!, choice.layout.others));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same picks for the same input, in whatever order the articles come', () => {
    fc.assert(
      fc.property(choices, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (input, random) => {
        const shuffled = input.articles
          .map((a) => ({ a, at: random.next().value as number }))
          .sort((x, y) => x.at - y.at)
          .map(({ a }) => a);
        expect(run({ ...input, articles: shuffled }).chosen).toEqual(run(input).chosen);
      }),
    );
  });
});

/** By trying every order. */
function orderExists(counts: Map<string, number>, previous: string, places: number): boolean {
  if (places === 0) return true;
  for (const [source, left] of counts) {
    if (source === previous || left === 0) continue;
    counts.set(source, left - 1);
    const exists = orderExists(counts, source, places - 1);
    counts.set(source, left);
    if (exists) return true;
  }
  return false;
}
