import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../context.ts';
import {
  articlePath,
  isSampleInterest,
  isSampleLanguage,
  loadSampleArticles,
  SAMPLE_FOLDER,
  SAMPLE_INTERESTS,
  SAMPLE_LANGUAGES,
  type SampleArticle,
  type SampleInterest,
} from './articles.ts';
import { latestPublication } from './calendar.ts';
import { atom, type FeedDocument, rss } from './feed-xml.ts';
import { notModified } from './http-cache.ts';
import { loadSiteTexts, type SiteTexts } from './texts.ts';

/**
 * The sample company's feeds: `/sample/feeds/en/payroll.rss`. Every interest is there as RSS 2.0 (.rss) and as
 * Atom (.atom), because a try-out should meet both.
 */
export async function sampleFeeds(app: FastifyInstance, context: WebContext): Promise<void> {
  const articles = loadSampleArticles();
  const texts = loadSiteTexts();
  const imageBytes = new Map(
    articles.map(({ images }) => [images.card, statSync(`${SAMPLE_FOLDER}images/${images.card}`).size]),
  );

  app.get<{ Params: { language: string; file: string } }>(
    '/sample/feeds/:language/:file',
    (request, reply) => {
      const { language, file } = request.params;
      const [, interest = '', format] = /^(.+)\.(rss|atom)$/.exec(file) ?? [];
      if (!isSampleLanguage(language) || !isSampleInterest(interest)) {
        return reply.code(404).type('text/plain; charset=utf-8').send(whatThereIs(request.url));
      }
      const feed = describeFeed({
        articles: articles.filter((article) => article.interest === interest),
        texts: texts[language]!,
        absolute: context.links.absolute,
        imageBytes,
        language,
        interest,
        path: `/sample/feeds/${language}/${file}`,
        now: context.now(),
      });
      const body = format === 'rss' ? rss(feed) : atom(feed);
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      reply.header('ETag', etag);
      reply.header('Last-Modified', feed.updatedAt.toUTCString());
      reply.header('Cache-Control', 'public, max-age=300');
      if (notModified(request.headers, etag, feed.updatedAt)) return reply.code(304).send();
      return reply.type(`application/${format}+xml; charset=utf-8`).send(body);
    },
  );
}

interface FeedRequest {
  articles: SampleArticle[];
  texts: SiteTexts;
  absolute: (path: string) => string;
  imageBytes: ReadonlyMap<string, number>;
  language: string;
  interest: SampleInterest;
  path: string;
  now: Date;
}

function describeFeed(wanted: FeedRequest): FeedDocument {
  const { texts, absolute, language, interest, now } = wanted;
  const label = texts.interests[interest].label;
  const entries = wanted.articles.map((article) => {
    const { title, summary, body } = article.texts[language]!;
    const { edition, publishedAt } = latestPublication(article.slug, article.place, now);
    return {
      url: absolute(articlePath(language, article.slug, edition)),
      title,
      summary,
      body: body ?? '',
      category: label,
      publishedAt,
      image: {
        url: absolute(`/sample/images/${article.images.card}`),
        bytes: wanted.imageBytes.get(article.images.card) ?? 0,
        width: 600,
        height: 320,
        description: texts.interests[interest].image,
      },
    };
  });
  entries.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
  return {
    title: `${texts.company}: ${label}`,
    description: texts.interests[interest].description,
    language,
    selfUrl: absolute(wanted.path),
    siteUrl: absolute(`/sample/?language=${language}`),
    author: texts.editors,
    updatedAt: entries[0]?.publishedAt ?? now,
    entries,
  };
}

function whatThereIs(url: string): string {
  return [
    `There is no sample feed at ${url}.`,
    `Allowed is /sample/feeds/LANGUAGE/INTEREST.rss or .atom, where LANGUAGE is ${SAMPLE_LANGUAGES.join(', ')}`,
    `and INTEREST is ${SAMPLE_INTERESTS.join(', ')}.`,
    '',
  ].join('\n');
}
