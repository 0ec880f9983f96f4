import { readdirSync, statSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/journey/ports.ts';
import {
  loadSampleArticles,
  SAMPLE_FOLDER,
  SAMPLE_INTERESTS,
  SAMPLE_LANGUAGES,
} from '../../../src/web/sample/articles.ts';
import { sampleFeeds } from '../../../src/web/sample/feeds.ts';
import { sampleSite } from '../../../src/web/sample/site.ts';
import { loadSiteTexts, siteLanguage } from '../../../src/web/sample/texts.ts';
import { testApp, testWebContext } from '../../support/web.ts';

let app: FastifyInstance;
const texts = loadSiteTexts();
const articles = loadSampleArticles();
const pages = Object.keys(texts.en!.pages).map((id) => (id === 'home' ? '/sample/' : `/sample/${id}`));

beforeAll(async () => {
  app = await testApp(testWebContext({ stores: {} } as Database), sampleSite, sampleFeeds);
});
afterAll(() => app?.close());

describe('the sample texts', () => {
  it('are there in all languages: 32 articles per interest, at least 8 of them with a body', () => {
    expect(articles).toHaveLength(6 * 32);
    expect(new Set(articles.map(({ slug }) => slug)).size).toBe(articles.length);
    for (const article of articles) {
      expect(article.slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const language of SAMPLE_LANGUAGES) {
        const { title, summary, body } = article.texts[language]!;
        expect(title.length, `${language} ${article.slug}`).toBeGreaterThan(10);
        expect(summary.length, `${language} ${article.slug}`).toBeGreaterThan(60);
        expect(summary.length, `${language} ${article.slug}`).toBeLessThan(280);
        expect(body === undefined, `${language} ${article.slug}`).toBe(article.texts.en!.body === undefined);
      }
    }
    for (const interest of SAMPLE_INTERESTS) {
      const list = articles.filter((article) => article.interest === interest);
      expect(list, interest).toHaveLength(32);
      expect(list.filter((article) => article.texts.en!.body).length, interest).toBeGreaterThanOrEqual(8);
    }
  });

  it('have no title twice in a language', () => {
    for (const language of SAMPLE_LANGUAGES) {
      const titles = articles.map((article) => article.texts[language]!.title);
      expect(new Set(titles).size).toBe(titles.length);
    }
  });

  it('say the same things on the pages of every language', () => {
    const shape = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
        : typeof value;
    expect(shape(texts.nl!)).toEqual(shape(texts.en!));
    expect(shape(texts.de!)).toEqual(shape(texts.en!));
    expect(shape(texts.fr!)).toEqual(shape(texts.en!));
  });
});

describe('the sample site', () => {
  it.each(SAMPLE_LANGUAGES)(
    'shows every page in %s, and says that the company is made up',
    async (language) => {
      for (const path of pages) {
        const page = await app.inject(`${path}?language=${language}`);
        expect(page.statusCode, path).toBe(200);
        expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(page.body).toContain(`<html lang="${language}"`);
        expect(page.body).toContain(texts[language]!.labels.notice);
        expect(page.body.match(/<h1/g)).toHaveLength(1);
      }
    },
  );

  it('has no link or picture that leads nowhere', async () => {
    const paths = [...pages, `/sample/articles/nl/${articles[40]?.slug}/7`, '/sample/nothing-of-the-kind'];
    const targets = new Set<string>();
    for (const path of paths) {
      const { body } = await app.inject(path);
      for (const [, target = ''] of body.matchAll(/(?:href|src)="(\/sample[^"]*)"/g)) {
        targets.add(target.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='));
      }
    }
    expect(targets.size).toBeGreaterThan(40);
    for (const target of targets) expect((await app.inject(target)).statusCode, target).toBe(200);
  });

  it('shows an article with its text, in the language of the address, whatever the browser prefers', async () => {
    const article = articles.find(({ slug }) => slug === 'payroll-in-three-days');
    const page = await app.inject({
      url: '/sample/articles/nl/payroll-in-three-days/81',
      headers: { 'accept-language': 'de' },
    });
    expect(page.body).toContain('<html lang="nl"');
    expect(page.body).toContain(article?.texts.nl?.title);
    expect(page.body).toContain(article?.texts.nl?.body);
    expect(page.body).toContain('href="/sample/articles/de/payroll-in-three-days/81"');
    expect((await app.inject('/sample/articles/nl/payroll-in-three-days')).statusCode).toBe(200);
  });

  it('answers kindly when there is no such article', async () => {
    for (const path of [
      '/sample/articles/de/no-such-thing',
      '/sample/articles/sv/crm',
      '/sample/articles/de/payroll-in-three-days/zero',
      '/sample/articles/de/payroll-in-three-days/0',
    ]) {
      const page = await app.inject({ url: path, headers: { 'accept-language': 'de' } });
      expect(page.statusCode, path).toBe(404);
      expect(page.body).toContain(texts.de!.labels.missingTitle);
    }
  });

  it('leads to the sign-up page with the language and the campaign', async () => {
    const page = await app.inject('/sample/webinars?language=de');
    expect(page.body).toMatch(/href="[^"]*\/\?language(=|&#x3D;)de&amp;utm_source(=|&#x3D;)sample-site/);
  });

  it('serves the pictures for long, nothing else from their folder, and none above 40 kB', async () => {
    const folder = `${SAMPLE_FOLDER}images`;
    const pictures = readdirSync(folder).filter((file) => file.endsWith('.png'));
    expect(pictures).toHaveLength(1 + 6 * 3);
    for (const picture of pictures) expect(statSync(`${folder}/${picture}`).size).toBeLessThan(40 * 1024);
    const logo = await app.inject('/sample/images/logo.png');
    expect(logo.headers['content-type']).toBe('image/png');
    expect(logo.headers['cache-control']).toContain('max-age=604800');
    expect(logo.headers.etag).toBeDefined();
    expect((await app.inject('/sample/images/render.mjs')).statusCode).toBe(404);
    expect((await app.inject('/sample/images/..%2farticles/crm.json')).statusCode).toBe(404);
  });
});

describe('the language of a page', () => {
  it.each([
    ['nl', 'de', 'en', 'nl'],
    [undefined, 'sv-FI, nl;q=0.8, en;q=0.5', 'de', 'nl'],
    [undefined, 'fr-BE, nl;q=0.8, en;q=0.5', 'de', 'fr'],
    [undefined, 'en;q=0.2, de-AT;q=0.9', 'nl', 'de'],
    ['xx', undefined, 'de', 'de'],
    [undefined, 'sv', 'pt', 'en'],
    [['nl', 'de'], '', 'en', 'en'],
  ])('asked for %s with a browser wanting %s, else %s: %s', (asked, accept, fallback, expected) => {
    expect(siteLanguage(asked, accept, fallback)).toBe(expected);
  });
});
