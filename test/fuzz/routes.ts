import { createHash, createHmac } from 'node:crypto';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { inboxStore } from '../../src/adapters/postgres/delivery/inbox-store.ts';
import { isReady } from '../../src/adapters/postgres/pool.ts';
import { buildApp } from '../../src/web/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { testLinks, testPublicUrl } from '../support/programme.ts';
import { type SignedIn, signedIn } from '../support/staff.ts';
import { addDelivery, addSubscriber } from '../support/subscribers.ts';
import { testWebContext } from '../support/web.ts';
import { type Chance, mutateText, ODD_TEXTS } from './mutate.ts';

const API_KEY = 'simmer_a-key-for-odd-requests-only';
const POSTMARK = 'postmark:a secret';
const MAILGUN = 'a mailgun key';

interface Route {
  method: string;
  url: string;
}

/** The whole application over a real database, and requests to each of its routes that no person would make. */
export async function routeDoor(db: TestDatabase) {
  const routes: Route[] = [];
  const failed: string[] = [];
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (details: object, message: string) => void failed.push(`${message} ${JSON.stringify(details)}`),
  };
  const context = testWebContext(db.database, { log });
  const app: FastifyInstance = await buildApp(context, {
    trustProxy: false,
    ready: { database: () => isReady(db.pool), queue: async () => true },
    inbox: inboxStore(db.pool),
    returns: {
      ses: 'arn:aws:sns:eu-west-1:1:x',
      postmark: POSTMARK,
      sendgrid: null,
      mailgun: MAILGUN,
      fetchText: async () => '',
    },
    onRoute: (method, url) => void routes.push({ method, url }),
  });
  await app.ready();
  const reader = await addSubscriber(db.database, {
    email: 'ann@corp4.example',
    name: 'Ann',
    interests: ['payroll'],
  });
  const { issueId, deliveryId } = await addDelivery(db, reader.id, 'sent');
  await db.database.stores.apiKeys.add(
    {
      name: 'fuzz',
      hash: createHash('sha256').update(API_KEY).digest('hex'),
      start: API_KEY.slice(0, 12),
      scopes: ['events:write', 'subscribers:read', 'subscribers:write', 'outcomes:write'],
    },
    new Date(0),
  );
  const staff: SignedIn = await signedIn(db.database, 'admin');
  const last = (url: string) => new URL(url).pathname.split('/').at(-1)!;
  const tokens = [
    last(testLinks.preferences(reader.id)),
    last(testLinks.unsubscribeFrom(issueId, deliveryId)),
  ];
  const fields = FIELDS.map((name) => name);

  function request(random: Chance): InjectOptions {
    const { pick, below, next } = random;
    const route = pick(routes);
    const value = () => (next() < 0.3 ? pick(GOOD) : mutateText(pick(GOOD), random));
    const path = route.url.replace(/:[a-zA-Z]+|\*/g, (name) => {
      if (next() < 0.5 && /token/.test(name)) return pick(tokens);
      if (next() < 0.4) return pick(['1', String(reader.id), String(issueId), 'news', '0', 'corp4.example']);
      return next() < 0.5
        ? encodeURIComponent(wellFormed(mutateText(pick(tokens), random)))
        : pick(RAW_PATHS);
    });
    const query = Array.from(
      { length: below(4) },
      () => `${pick(fields)}=${pick([encodeURIComponent(wellFormed(value())), pick(RAW_PATHS)])}`,
    ).join('&');
    const headers: Record<string, string> = {
      'user-agent':
        next() < 0.8
          ? 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
          : headerText(value()),
      'accept-language': headerText(pick(['en', 'nl-BE, de;q=0.5', value()])),
      host: new URL(testPublicUrl).host,
    };
    if (route.url.startsWith('/staff') && next() < 0.9) headers.cookie = staff.cookie;
    if (route.url.startsWith('/api')) headers.authorization = `Bearer ${API_KEY}`;
    if (next() < 0.1)
      headers[pick(['x-forwarded-for', 'referer', 'origin', 'accept', 'idempotency-key', 'sec-purpose'])] =
        headerText(value());
    const url = path + (query === '' ? '' : `?${query}`);
    const options: InjectOptions = {
      method: route.method as 'GET',
      url,
      headers,
      remoteAddress: `10.${below(256)}.${below(256)}.${below(256)}`,
    };
    if (route.method !== 'POST') return options;
    return { ...options, ...body(route, random, value) };
  }

  function body(
    route: Route,
    random: Chance,
    value: () => string,
  ): Pick<InjectOptions, 'payload' | 'headers'> & object {
    const { pick, below, next } = random;
    const given = Object.fromEntries(
      Array.from({ length: 1 + below(8) }, () => [pick(fields), next() < 0.1 ? [value(), value()] : value()]),
    );
    if (route.url.startsWith('/staff')) given.csrf = staff.csrf;
    const own = {
      ...{ host: new URL(testPublicUrl).host },
      ...(route.url.startsWith('/staff') ? { cookie: staff.cookie } : {}),
    };
    const send = (type: string, payload: string | Buffer, more: Record<string, string> = {}) => ({
      payload,
      headers: { ...own, 'content-type': type, ...more },
    });
    if (route.url === '/returns/postmark')
      return send('application/json', json(given, random), {
        authorization: `Basic ${Buffer.from(POSTMARK).toString('base64')}`,
      });
    if (route.url === '/returns/mailgun')
      return send('application/json', mailgun(given, random, context.now()));
    if (route.url.startsWith('/api'))
      return send('application/json', json(given, random), { authorization: `Bearer ${API_KEY}` });
    if (next() < 0.15) return send('multipart/form-data; boundary=x', multipart(given, random));
    if (next() < 0.1)
      return send(
        pick(['text/plain', 'application/json', 'application/x-www-form-urlencoded; charset=utf-16', 'x/y']),
        json(given, random),
      );
    const form = new URLSearchParams();
    for (const [name, one] of Object.entries(given))
      for (const part of [one].flat()) form.append(name, wellFormed(part));
    // Bytes no browser would escape: Latin-1, NUL, half a character.
    const text = next() < 0.2 ? `${form}&name=%ED%A0%BD&note=%00&message=%E9&email=%FF` : form.toString();
    return send('application/x-www-form-urlencoded', text);
  }

  return {
    routes,
    /** Null when the answer is one a program may give; else what went wrong. */
    async send(random: Chance): Promise<string | null> {
      const options = request(random);
      const answer = await app
        .inject(options)
        .catch((error: Error) => ({ statusCode: 599, body: String(error.stack) }));
      if (answer.statusCode < 500) return null;
      const said = failed.splice(0).join('\n');
      return `${answer.statusCode} ${String(options.method)} ${String(options.url).slice(0, 300)} ${String(options.payload ?? '').slice(0, 600)}\n${said || answer.body}`;
    },
    close: () => app.close(),
  };
}

/** Without halves of characters, which no address can be encoded with. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** What HTTP lets through in a header. */
const headerText = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 500);

function json(given: object, random: Chance): string {
  const text = JSON.stringify(
    random.next() < 0.3
      ? { ...given, deep: nested(random.below(200)), list: Array(random.below(50)).fill(given) }
      : given,
  );
  return random.next() < 0.3 ? mutateText(text, random) : text;
}

const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: nested(depth - 1) });

function multipart(given: object, random: Chance): Buffer {
  const parts = Object.entries(given).map(
    ([name, value]) =>
      `--x\r\ncontent-disposition: form-data; name="${name}"${random.next() < 0.3 ? '; filename="a.csv"' : ''}\r\n\r\n${String(value)}\r\n`,
  );
  const text = `${parts.join('')}--x--\r\n`;
  return Buffer.from(random.next() < 0.3 ? mutateText(text, random) : text);
}

function mailgun(given: object, random: Chance, now: Date): string {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const token = `${random.next()}`.padEnd(50, 'x');
  const signature = createHmac('sha256', MAILGUN)
    .update(timestamp + token)
    .digest('hex');
  return JSON.stringify({
    signature: { timestamp, token, signature },
    'event-data': { event: 'failed', severity: 'permanent', ...given },
  });
}

const RAW_PATHS = [
  '%00',
  '%',
  '%zz',
  '%ED%A0%BD',
  '%C0%AE',
  'a%2Fb',
  '..',
  '%20',
  '99999999999999999999',
  '-1',
  'x'.repeat(400),
];
const GOOD = [
  'ann@corp4.example',
  'Ann Visser',
  '+31 20 555 0101',
  'payroll',
  'news',
  'en',
  'Europe/Amsterdam',
  '1',
  '12',
  '2026-11-21',
  'https://corp4.example/a?b=c#d',
  'yes',
  'rejected',
  'score',
  ...ODD_TEXTS,
];
const FIELDS =
  'email name company job_title phone industry company_size country interest language time_zone frequency pause tracking download form utm_source utm_medium utm_campaign referrer landing_page message note best_time next simmer reason sure stage status q search sort cursor before to from score-from score-to act source limit lead qualification duplicate running-deal not-before month amount scopes id digest kind at page token threshold rule.open points.open show path confirm__proto__ constructor website tab width images saved done view url secret title text email_checked'.split(
    ' ',
  );
