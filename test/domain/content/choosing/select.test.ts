import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Article } from '../../../../src/domain/content/article.ts';
import { isInControlGroup } from '../../../../src/domain/content/choosing/control-group.ts';
import { type ArticlePick, reasonOfPick } from '../../../../src/domain/content/choosing/pick.ts';
import {
  type ChoosingReader,
  type Chosen,
  type IssueToChoose,
  prepareChoosing,
} from '../../../../src/domain/content/choosing/select.ts';
import { choosePlainly } from '../../../support/choose-plainly.ts';
import { realFile } from '../../../support/real-use.ts';
import { tellIn } from '../../../support/say.ts';

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

const DAY = 86_400_000;
const choosing = { controlShare: 0, learningHalfLifeMs: 60 * DAY, freshnessHalfLifeMs: 7 * DAY };

function aReader(fields: Partial<ChoosingReader> = {}): ChoosingReader {
  const known = { affinities: {}, leanings: {}, pausedUntil: null, pauseReason: null };
  return { id: 1, interests: ['payroll', 'hr'], language: 'en', ...known, ...fields };
}

/** The choice, its chooser made anew each time: nothing may depend on who was chosen for before. */
interface Choice extends Omit<IssueToChoose, 'choosing'> {
  reader: Partial<ChoosingReader>;
  had: ReadonlySet<number>;
  choosing?: Partial<IssueToChoose['choosing']>;
}
function choose({ reader, had, ...issue }: Choice): Chosen {
  return prepareChoosing({ ...issue, choosing: { ...choosing, ...issue.choosing } })(aReader(reader), had);
}

function chooseFrom(articles: Article[], fields: Partial<Choice> = {}): Chosen {
  return choose({ reader: {}, articles, had: new Set(), now, layout, minimum: 5, ...fields });
}

function picksOf(chosen: Chosen) {
  if ('skip' in chosen) throw new Error(`skipped: ${chosen.skip}`);
  return chosen.picks;
}

const said = (pick: ArticlePick) => tellIn('en')(reasonOfPick(pick));

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
      because: 'chosen',
      days: 2,
      also: ['hr'],
    });
    expect(picks.map((pick) => pick.place)).toEqual(['main', 'other', 'other', 'other', 'other']);
    expect(said(picks.find((pick) => pick.articleId === 4)!)).toBe(
      'match for Payroll, published today, feed priority 0.5',
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

  it('makes a shorter mail of what there is, down to the minimum', () => {
    const articles = [1, 2, 3, 4].map((id) => article(id));
    const places = (minimum: number, had: number[]) => {
      const chosen = chooseFrom(articles, { minimum, had: new Set(had) });
      return 'skip' in chosen ? chosen.cause : chosen.picks.map(({ place }) => place);
    };
    expect(places(1, [])).toEqual(['main', 'other', 'other', 'other']);
    expect(places(1, [1, 2, 3])).toEqual(['main']);
    expect(places(1, [1, 2, 3, 4])).toBe('too-few-articles');
    expect(places(3, [1])).toEqual(['main', 'other', 'other']);
    expect(places(3, [1, 2])).toBe('too-few-articles');

    const { layout: twelve, minimumArticles } = new Function(
      `return { ${realFile('22-minimum-articles-below-layout/programme.txt')} }`,
    )();
    const ten = Array.from({ length: 10 }, (_, at) => article(at + 1));
    expect(picksOf(chooseFrom(ten, { layout: twelve, minimum: minimumArticles }))).toHaveLength(10);
  });

  it('says in numbers why there is no mail', () => {
    const articles = [1, 2, 3, 4, 5, 6].map((id) => article(id));
    const tooFew = (counts: { n: number; needed: number; had: number }) => ({
      code: 'skip.too-few',
      values: { interests: ['payroll', 'hr'], language: 'en', all: 6, ...counts },
    });
    expect(chooseFrom(articles, { had: new Set([1, 2, 77]) })).toEqual({
      skip: tooFew({ n: 4, needed: 5, had: 2 }),
      cause: 'too-few-articles',
    });
    expect(chooseFrom(articles, { minimum: 7 })).toEqual({
      skip: tooFew({ n: 6, needed: 7, had: 0 }),
      cause: 'too-few-articles',
    });
    expect(chooseFrom(articles, { reader: { interests: [] } })).toEqual({
      skip: { code: 'skip.no-interests' },
      cause: 'no-interests',
    });
    const pausedUntil = new Date('2026-12-01T00:00:00Z');
    expect(chooseFrom(articles, { reader: { pausedUntil } })).toEqual({
      skip: { code: 'skip.paused-by-reader', values: { until: '2026-12-01' } },
      cause: 'paused',
    });
    const pauseReason = { code: 'pause.mails-came-back', values: { n: 3 } } as const;
    expect(chooseFrom(articles, { reader: { pausedUntil, pauseReason } })).toMatchObject({
      skip: { code: 'skip.paused', values: { until: '2026-12-01', why: pauseReason } },
    });
    expect(chooseFrom(articles, { reader: { pausedUntil: now, pauseReason } })).toHaveProperty('picks');
    expect(chooseFrom(articles, { reader: { pausedUntil: now } })).toHaveProperty('picks');
  });

  it('prefers what the reader clicks, and forgets it with time', () => {
    const articles = [1, 2, 3, 4].map((id) => article(id, { interests: ['payroll'], daysOld: 1 }));
    articles.push(...[5, 6, 7].map((id) => article(id, { interests: ['hr'], daysOld: 3 })));
    const clicked = (at: Date) => ({ affinities: { at: at.getTime(), weights: { hr: 4 } } });
    const [main] = picksOf(chooseFrom(articles, { reader: clicked(now) }));
    expect(main).toMatchObject({ interest: 'hr', because: 'read' });
    expect(said(main!)).toBe('best match for hr, often read lately, published 3 days ago');
    const longAgo = new Date(now.getTime() - 400 * DAY);
    expect(picksOf(chooseFrom(articles, { reader: clicked(longAgo) }))[0]!.interest).toBe('payroll');
  });

  it('gives more and less of what the reader asks for', () => {
    const articles = [1, 2, 3, 4, 5].map((id) => article(id, { interests: ['payroll'] }));
    articles.push(...[6, 7, 8, 9].map((id) => article(id, { interests: ['hr'], daysOld: 2 })));
    const count = (leanings: Record<string, number>, of: string) =>
      picksOf(chooseFrom(articles, { reader: { leanings } })).filter(({ interest }) => interest === of)
        .length;
    expect(count({}, 'hr')).toBe(2);
    expect(count({ 'interest:hr': 1 }, 'hr')).toBe(3);
    expect(count({ 'interest:payroll': -2 }, 'payroll')).toBeLessThan(3);
    const [main] = picksOf(chooseFrom(articles, { reader: { leanings: { 'interest:hr': 1 } } }));
    expect(main).toMatchObject({ interest: 'hr', because: 'asked' });
    expect(said(main!)).toContain('asked for more of it');
    const less = picksOf(
      chooseFrom(articles, { reader: { leanings: { 'feed:https://feed-1.example/rss': -2 } } }),
    );
    expect(less.map(({ articleId }) => articleId % 4)).not.toContain(1);
  });

  it('keeps one story from standing beside itself in another source', () => {
    const story = 'New e-invoicing duty starts for everybody in January';
    const articles = [
      article(1, { title: story, priority: 3 }),
      article(2, { title: `${story}!`, priority: 3 }),
      article(3),
      article(4),
      article(5, { daysOld: 5 }),
      article(6, { daysOld: 5 }),
    ];
    const ids = picksOf(chooseFrom(articles)).map(({ articleId }) => articleId);
    expect(ids).toContain(1);
    expect(ids).not.toContain(2);
  });

  it('gives the control group one digest for all in its language, and nobody an article twice', () => {
    const share = { choosing: { controlShare: 0.5 } };
    const members = [...Array(40).keys()].filter((id) => isInControlGroup(id, 0.5));
    const articles = [...Array(12).keys()].map((id) =>
      article(id + 1, { interests: [['payroll', 'hr', 'tax'][id % 3]!], daysOld: id }),
    );
    const [one, other] = members.map((id, at) =>
      chooseFrom(articles, { ...share, reader: { id, interests: [['payroll', 'bi'][at % 2]!] } }),
    );
    expect(picksOf(one!)).toEqual(picksOf(other!));
    expect(one).toMatchObject({ isControl: true });
    expect(picksOf(one!)[0]).toMatchObject({
      because: 'everybody',
      language: 'en',
      days: 0,
    });
    const had = new Set(picksOf(one!).map(({ articleId }) => articleId));
    const next = picksOf(chooseFrom(articles, { ...share, had, reader: { id: members[0]! } }));
    expect(next.some(({ articleId }) => had.has(articleId))).toBe(false);
  });

  const interests = ['payroll', 'hr', 'tax', 'bi'];
  const choices = fc.record({
    reader: fc.record({
      interests: fc.uniqueArray(fc.constantFrom(...interests), { maxLength: 3 }),
      language: fc.constantFrom('en', 'nl'),
      affinities: fc.record({
        at: fc.integer({ min: now.getTime() - 90 * DAY, max: now.getTime() }),
        weights: fc.dictionary(fc.constantFrom(...interests), fc.double({ min: 0, max: 9, noNaN: true })),
      }),
      leanings: fc.dictionary(
        fc.constantFrom('interest:hr', 'interest:tax', 'feed:https://source-1.example/rss'),
        fc.integer({ min: -2, max: 2 }),
      ),
    }),
    articles: fc
      .array(
        fc.record({
          language: fc.constantFrom('en', 'nl'),
          interests: fc.uniqueArray(fc.constantFrom(...interests), { minLength: 1, maxLength: 3 }),
          source: fc.integer({ min: 1, max: 4 }),
          daysOld: fc.integer({ min: -1, max: 30 }),
          priority: fc.constantFrom(0, 0.5, 1, 2),
          title: fc.option(fc.constantFrom('A duty for all from May on', 'Where the stock went last year'), {
            nil: undefined,
          }),
        }),
        { maxLength: 60 },
      )
      .map((all) =>
        all.map(({ source, title, ...rest }, index) =>
          article(index + 1, {
            ...rest,
            ...(title ? { title } : {}),
            feedUrl: `https://source-${source}.example/rss`,
          }),
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

  it('never picks what the reader had, twice, or of a foreign interest or language; the mail is full, or has all there is', () => {
    fc.assert(
      fc.property(choices, (input) => {
        const { choice, chosen } = run(input);
        const { reader, had, articles, layout: places, minimum } = choice;
        const allowed = articles.filter(
          (a) =>
            a.language === reader.language &&
            !had.has(a.id) &&
            a.interests.some((i) => reader.interests!.includes(i)),
        );
        if ('skip' in chosen) {
          expect(allowed.length).toBeLessThan(Math.max(minimum, 1));
          expect(chosen.skip).not.toBe('');
          return;
        }
        expect(allowed.length).toBeGreaterThanOrEqual(minimum);
        const wanted = Math.min(1 + places.others, allowed.length);
        expect(chosen.picks.length).toBe(wanted);
        expect(new Set(chosen.picks.map((pick) => pick.articleId)).size).toBe(wanted);
        for (const [place, pick] of chosen.picks.entries()) {
          const picked = allowed.find((a) => a.id === pick.articleId);
          expect(picked?.interests).toContain(pick.interest);
          expect(reader.interests!).toContain(pick.interest);
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
        // Stories have rules of their own, which may put sources beside each other.
        const articles = input.articles.map((a) => ({ ...a, title: `Article ${a.id}` }));
        const { choice, chosen } = run({ ...input, articles });
        if ('skip' in chosen) return;
        const sourceOf = (id: number) => choice.articles.find((a) => a.id === id)!.feedUrl;
        const sources = chosen.picks.map((pick) => sourceOf(pick.articleId));
        const hasNeighbours = sources.some((source, index) => index > 0 && source === sources[index - 1]);
        const counts = new Map<string, number>();
        for (const a of choice.articles) {
          const isAllowed =
            a.language === choice.reader.language &&
            !choice.had.has(a.id) &&
            a.interests.some((i) => choice.reader.interests!.includes(i));
          if (isAllowed) counts.set(a.feedUrl, (counts.get(a.feedUrl) ?? 0) + 1);
        }
        counts.set(sources[0]!, counts.get(sources[0]!)! - 1);
        expect(hasNeighbours).toBe(!orderExists(counts, sources[0]!, sources.length - 1));
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with the rules written plainly, for many readers in a row and for the control group', () => {
    fc.assert(
      fc.property(fc.array(choices, { minLength: 1, maxLength: 4 }), fc.boolean(), (inputs, isControl) => {
        const [{ articles, others, minimum }] = inputs as [(typeof inputs)[number]];
        const issue: IssueToChoose = {
          articles,
          now,
          minimum,
          layout: { main: 1, others },
          choosing: { ...choosing, controlShare: isControl ? 1 : 0 },
        };
        const fast = prepareChoosing(issue);
        for (const { reader, had } of inputs) {
          const chosen = fast(aReader(reader), had);
          const plain = choosePlainly(issue, aReader(reader), had);
          expect(
            'skip' in chosen ? null : chosen.picks.map((pick) => [pick.articleId, pick.interest]),
          ).toEqual(plain);
        }
      }),
      { numRuns: 400 },
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
