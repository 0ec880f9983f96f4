import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebContext } from '../context.ts';
import {
  articlePath,
  isSampleLanguage,
  loadSampleArticles,
  SAMPLE_FOLDER,
  SAMPLE_INTERESTS,
  SAMPLE_LANGUAGES,
  type SampleArticle,
} from './articles.ts';
import { latestPublication, publicationOf } from './calendar.ts';
import { loadSiteTexts, type SiteTexts, siteLanguage } from './texts.ts';

const PAGES = [
  'brochure',
  'reference-story',
  'software',
  'service',
  'events',
  'press',
  'webinars',
  'app-centre',
] as const;

const NEWEST_ON_HOME = 9;
const RELATED = 3;

/**
 * The site of the made-up company, so that every link of a sample mail lands on a page: `/sample/`, its articles,
 * the pages behind calls to action and footer links, and the images of mails and feeds.
 */
export async function sampleSite(app: FastifyInstance, context: WebContext): Promise<void> {
  const articles = loadSampleArticles();
  const bySlug = new Map(articles.map((article) => [article.slug, article]));
  const texts = loadSiteTexts();

  await app.register(fastifyStatic, {
    root: `${SAMPLE_FOLDER}images`,
    prefix: '/sample/images/',
    decorateReply: false,
    index: false,
    allowedPath: (path) => path.endsWith('.png'),
    maxAge: '7d',
  });

  const send = (request: FastifyRequest, reply: FastifyReply, template: string, data: PageData) => {
    const site = texts[data.language]!;
    const html = context.page(template, data.language, {
      ...data,
      site,
      path: request.url.split('?')[0],
      signUpUrl: signUpUrl(context, data.language),
      menu: PAGES.map((id) => ({
        title: site.pages[id]?.title,
        url: `/sample/${id}?language=${data.language}`,
      })),
      languages: SAMPLE_LANGUAGES.map((language) => ({
        language,
        current: language === data.language,
        url: data.urlIn?.(language) ?? `?language=${language}`,
      })),
    });
    reply.header('Vary', 'Accept-Language');
    return reply.type('text/html; charset=utf-8').send(html);
  };

  const missing = (request: FastifyRequest, reply: FastifyReply, language: string) =>
    send(request, reply.code(404), 'sample/missing', {
      language,
      title: texts[language]!.labels.missingTitle,
    });

  app.get('/sample', (_request, reply) => reply.redirect('/sample/', 301));

  app.get('/sample/', (request, reply) => {
    const language = languageOf(request, context);
    const now = context.now();
    const site = texts[language]!;
    return send(request, reply, 'sample/home', {
      language,
      title: site.company,
      page: site.pages.home,
      newest: articles
        .map((article) => ({ article, ...latestPublication(article.slug, article.place, now) }))
        .sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime())
        .slice(0, NEWEST_ON_HOME)
        .map(({ article, edition, publishedAt }) => card(article, site, language, edition, publishedAt)),
      feeds: SAMPLE_INTERESTS.map((interest) => ({
        ...site.interests[interest],
        rss: `/sample/feeds/${language}/${interest}.rss`,
        atom: `/sample/feeds/${language}/${interest}.atom`,
      })),
    });
  });

  for (const id of PAGES) {
    app.get(`/sample/${id}`, (request, reply) => {
      const language = languageOf(request, context);
      const page = texts[language]!.pages[id];
      return send(request, reply, 'sample/page', { language, title: page?.title, page });
    });
  }

  const showArticle = (request: FastifyRequest, reply: FastifyReply) => {
    const { language: word, slug, edition: number } = request.params as Record<string, string>;
    const article = bySlug.get(slug ?? '');
    if (!isSampleLanguage(word ?? '')) return missing(request, reply, languageOf(request, context));
    const language = word!;
    if (!article || (number !== undefined && !/^[1-9]\d{0,4}$/.test(number))) {
      return missing(request, reply, language);
    }
    const now = context.now();
    const { edition, publishedAt } =
      number === undefined
        ? latestPublication(article.slug, article.place, now)
        : publicationOf(article.slug, article.place, Number(number));
    const site = texts[language]!;
    const latest = (other: SampleArticle) => latestPublication(other.slug, other.place, now);
    return send(request, reply, 'sample/article', {
      language,
      title: article.texts[language]!.title,
      urlIn: (other) => articlePath(other, article.slug, edition),
      article: {
        ...card(article, site, language, edition, publishedAt),
        body: article.texts[language]!.body,
        image: `/sample/images/${article.images.hero}`,
      },
      related: relatedTo(article, articles).map((other) => {
        const { edition, publishedAt } = latest(other);
        return card(other, site, language, edition, publishedAt);
      }),
    });
  };
  app.get('/sample/articles/:language/:slug', showArticle);
  app.get('/sample/articles/:language/:slug/:edition', showArticle);
}

interface PageData extends Record<string, unknown> {
  language: string;
  title: string | undefined;
  /** The same page in another language, where that is more than `?language=`. */
  urlIn?: (language: string) => string;
}

function card(article: SampleArticle, site: SiteTexts, language: string, edition: number, publishedAt: Date) {
  return {
    title: article.texts[language]!.title,
    summary: article.texts[language]!.summary,
    url: articlePath(language, article.slug, edition),
    image: `/sample/images/${article.images.card}`,
    imageText: site.interests[article.interest].image,
    interest: site.interests[article.interest].label,
    publishedAt,
  };
}

/** The next ones of the same interest, round and round. */
function relatedTo(article: SampleArticle, articles: SampleArticle[]): SampleArticle[] {
  const same = articles.filter(({ interest }) => interest === article.interest);
  return [...same, ...same].slice(article.place + 1, article.place + 1 + RELATED);
}

function languageOf(request: FastifyRequest, context: WebContext): string {
  const { language } = request.query as { language?: unknown };
  return siteLanguage(language, request.headers['accept-language'], context.programme.defaultLanguage);
}

/** The sign-up page, told where the visitor came from, as a campaign link on a real site would. */
function signUpUrl(context: WebContext, language: string): string {
  const url = new URL(context.links.signUp());
  url.searchParams.set('language', language);
  url.searchParams.set('utm_source', 'sample-site');
  url.searchParams.set('utm_medium', 'referral');
  return url.href;
}
