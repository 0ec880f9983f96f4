import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Article } from '../../domain/content/article.ts';
import type { ArticlePick } from '../../domain/content/choosing/pick.ts';
import { CALL_BACK_TARGET, type Links } from '../../domain/links.ts';
import { confirmationMail } from '../../domain/mail/confirmation-mail.ts';
import { issueMail, type TrackedLink } from '../../domain/mail/issue-mail.ts';
import type { MailData, MailedLead } from '../../domain/mail/mails.ts';
import { inLanguage, type Programme } from '../../domain/programme.ts';
import { quickAnswers } from '../../domain/sales/quick-answers.ts';

const AT = new Date('2026-11-24T08:00:00Z');

/** What an example mail says that is nobody's data: templates/sample/mails/LANGUAGE.json. */
interface ExampleTexts {
  /** The last one is long, as outside articles are. */
  articles: { title: string; summary: string }[];
  acts: [string, string, string];
  fit: string;
  notice: { subject: string; paragraphs: string[] };
}

const EXAMPLES = fileURLToPath(new URL('../../../templates/sample/mails/', import.meta.url));

/** A language without examples of its own is looked at with English ones. */
function exampleTexts(language: string): ExampleTexts {
  const file = (name: string) => `${EXAMPLES}${name}.json`;
  const found = [language, 'en'].map(file).find(existsSync) ?? file('en');
  return JSON.parse(readFileSync(found, 'utf8')) as ExampleTexts;
}

/**
 * One mail of each kind as a reader of the programme would get it: for `simmer check`, tests and screenshots. The
 * programme's own interests, calls to action and footer links, so that its longest label is looked at too.
 */
export function exampleMails(programme: Programme, links: Links, language: string): MailData {
  const reader = { id: 17, name: 'Anna Visser', language, timeZone: 'Europe/Amsterdam' };
  const texts = exampleTexts(language);
  const { acts } = texts;
  const articles = exampleArticles(programme, texts, language);
  return {
    confirmation: confirmationMail({ programme, links, subscriber: reader }),
    'already-subscribed': {
      name: reader.name,
      preferencesUrl: links.preferences(reader.id),
      unsubscribeUrl: links.unsubscribe(reader.id),
    },
    issue: issueMail({
      programme,
      links,
      digestId: programme.digests[0]?.id ?? '',
      issueId: 3,
      deliveryId: 1042,
      subscriber: reader,
      picks: examplePicks(articles),
      articles,
      issueLinks: exampleLinks(programme, articles, language),
      now: AT,
      webVersion: false,
    }),
    'sales-alert': {
      lead: {
        name: reader.name,
        email: 'anna.visser@kade-logistics.example',
        company: 'Kade Logistics',
        jobTitle: 'Head of Finance',
        phone: '+31 20 555 01 47',
        interests: programme.interests.slice(0, 3).map(({ label }) => inLanguage(label, language)),
        source: 'campaign autumn-fair (trade-fair), import 3',
        touches: [
          { utm_source: 'trade-fair', utm_campaign: 'autumn-fair', form: 'import 3' },
          {
            utm_source: 'linkedin',
            utm_medium: 'cpc',
            utm_campaign: 'autumn-guide',
            landing_page: '/payroll',
          },
        ],
      },
      score: 14,
      hitsInDoubt: 2,
      threshold: programme.scoring.threshold,
      qualifiedAt: '2026-11-24T09:41:00Z',
      timeZone: programme.sales.officeHours.timeZone,
      acts: [
        { what: acts[0], reason: { code: 'score.call-back' }, at: '2026-11-24T09:41:00Z', points: 8 },
        {
          what: acts[1],
          reason: { code: 'score.button', values: { what: acts[1] } },
          at: '2026-11-24T09:38:00Z',
          points: 3,
        },
        { what: acts[2], reason: { code: 'score.opened' }, at: '2026-11-24T09:37:00Z', points: 1 },
        {
          what: acts[1],
          reason: { code: 'score.button', values: { what: acts[1] } },
          at: '2026-11-10T14:05:00Z',
          points: 3,
        },
        { what: acts[2], reason: { code: 'score.opened' }, at: '2026-11-10T14:02:00Z', points: 1 },
      ],
      fit: { percent: 88, priority: 74, words: texts.fit, reason: null },
      wish: { form: 'call-back', phone: '+31 20 555 01 47', bestTime: '14:00-16:00', note: null },
      reads: articles.slice(0, 2).map(({ title, url }) => ({ title, url, at: '2026-11-24T09:38:00Z' })),
      colleagues: [{ name: 'Bram de Wit', score: 6 }],
      profileUrl: links.profile(reader.id),
      answers: quickAnswers(links, reader.id, 31),
    },
    'sales-reminder': {
      lead: exampleLead,
      score: 14,
      qualifiedAt: '2026-11-24T09:41:00Z',
      timeZone: programme.sales.officeHours.timeZone,
      escalatedFrom: 'sam@example.com',
      profileUrl: links.profile(reader.id),
      answers: quickAnswers(links, reader.id, 31),
    },
    'account-alert': {
      company: 'Kade Logistics',
      domain: 'kade-logistics.example',
      warmth: 31,
      threshold: 30,
      leads: [
        { ...exampleLead, score: 17, profileUrl: links.profile(reader.id) },
        {
          ...exampleLead,
          name: null,
          email: 'b.dewit@kade-logistics.example',
          jobTitle: null,
          phone: null,
          score: 14,
          profileUrl: links.profile(reader.id + 1),
        },
      ],
    },
    'sign-in': { url: links.signIn('b2Q4x7Kq0sVt'), minutes: 15 },
    notice: {
      ...texts.notice,
      url: links.signUp(),
    },
  };
}

const exampleLead: MailedLead = {
  name: 'Anna Visser',
  email: 'anna.visser@kade-logistics.example',
  company: 'Kade Logistics',
  jobTitle: 'Head of Finance',
  phone: '+31 20 555 01 47',
};

function exampleArticles(programme: Programme, texts: ExampleTexts, language: string): Article[] {
  const interests = programme.interests.length > 0 ? programme.interests.map(({ id }) => id) : ['example'];
  return texts.articles.map(({ title, summary }, place) => {
    const interest = interests[place % interests.length]!;
    return {
      id: 501 + place,
      feedUrl: 'https://blog.example/feed.xml',
      url: `https://blog.example/articles/${place}`,
      title,
      summary,
      // One without a picture, as many feeds have.
      imageUrl: place === 3 ? null : `/sample/images/${interest}-card-1.png`,
      language,
      interests: [interest],
      publishedAt: new Date(AT.getTime() - (place + 1) * 26 * 3_600_000),
      firstSeenAt: AT,
      priority: 1,
    };
  });
}

function examplePicks(articles: Article[]): ArticlePick[] {
  return articles.map(({ id, interests }, place) => ({
    articleId: id,
    place: place === 0 ? 'main' : 'other',
    interest: interests[0]!,
    score: 1,
    reason: 'example',
  }));
}

function exampleLinks(programme: Programme, articles: Article[], language: string): TrackedLink[] {
  const rows: Omit<TrackedLink, 'number'>[] = [
    ...articles.map(({ id, url, title }) => ({
      role: 'article' as const,
      targetId: String(id),
      language,
      url,
      label: title,
    })),
    ...programme.callsToAction.map(({ id, url, label }) => ({
      role: 'call-to-action' as const,
      targetId: id,
      language,
      url: url ?? CALL_BACK_TARGET,
      label: inLanguage(label, language),
    })),
    ...programme.footerLinks.map(({ id, url, label }) => ({
      role: 'footer' as const,
      targetId: id,
      language,
      url,
      label: inLanguage(label, language),
    })),
  ];
  return rows.map((row, index) => ({ ...row, number: index + 1 }));
}
