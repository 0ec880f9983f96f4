import type { FastifyInstance } from 'fastify';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmtpInbox, startSmtpInbox } from '../../../src/adapters/inbox/smtp-inbox.ts';
import { silentLog } from '../../../src/adapters/log.ts';
import { inboxStore } from '../../../src/adapters/postgres/delivery/inbox-store.ts';
import { inboxRoutes } from '../../../src/web/inbox/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testPublicUrl } from '../../support/programme.ts';
import { testApp, testWebContext } from '../../support/web.ts';

let db: TestDatabase;
let smtp: SmtpInbox;
let app: FastifyInstance;
const at = new Date('2026-11-21T09:30:00Z');

const html =
  '<html><body><h1>Grüße</h1><script>alert(1)</script><a href="https://x.example/a">Read</a></body></html>';

beforeAll(async () => {
  db = await testDatabase();
  const inbox = inboxStore(db.pool);
  smtp = await startSmtpInbox({ inbox, log: silentLog, now: () => at });
  app = await testApp(testWebContext(db.database), (scope, context) => inboxRoutes(scope, context, inbox));
  const transport = createTransport(smtp.url);
  await transport.sendMail({
    from: 'Nordwerk <news@nordwerk.example>',
    to: 'Anna <Anna@kade.example>',
    subject: 'Löhne & more <b>now</b>',
    html,
    text: 'Grüße\n\nhttps://x.example/a',
    headers: { 'List-Unsubscribe': '<https://x.example/u>' },
  });
  await transport.sendMail({
    from: 'a@b.example',
    to: ['bo@kade.example', 'cy@kade.example'],
    subject: 'Second',
    text: '.dot\n..dots',
  });
  transport.close();
});
afterAll(async () => {
  await app?.close();
  await smtp?.close();
  await db?.close();
});

const get = (url: string, host = 'localhost') => app.inject({ url, headers: { host } });
const idOf = async (subject: string): Promise<number> =>
  (await get('/inbox.json')).json().mails.find((mail: { subject: string }) => mail.subject === subject).id;

describe('the built-in inbox', () => {
  it('lists what came over SMTP, newest first, with every word escaped', async () => {
    const page = await get('/inbox');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Löhne &amp; more &lt;b&gt;now&lt;/b&gt;');
    expect(page.body.indexOf('Second')).toBeLessThan(page.body.indexOf('Löhne'));
    expect(page.body).toContain('anna@kade.example');
    expect(page.body).toContain('<time datetime="2026-11-21T09:30:00.000Z">21 Nov, 09:30:00</time>');
  });

  it('finds mails by recipient, whatever the case, and by words', async () => {
    expect((await get('/inbox?to=ANNA@kade.example')).body).not.toContain('Second');
    expect((await get('/inbox?search=second')).body).not.toContain('Löhne');
    expect((await get('/inbox?search=cy@kade')).body).toContain('Second');
    expect((await get('/inbox?to=nobody@kade.example')).body).toContain('No email matches.');
  });

  it('gives programs the whole mail as JSON', async () => {
    const { mails } = (await get('/inbox.json?to=anna@kade.example')).json();
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      subject: 'Löhne & more <b>now</b>',
      mailFrom: 'news@nordwerk.example',
      to: ['anna@kade.example'],
      receivedAt: at.toISOString(),
    });
    expect(mails[0].html).toContain('Grüße');
    expect(mails[0].text).toContain('https://x.example/a');
    expect(mails[0].headers).toContainEqual({ name: 'List-Unsubscribe', value: '<https://x.example/u>' });
  });

  it('shows the HTML in a frame that may run nothing', async () => {
    const id = await idOf('Löhne & more <b>now</b>');
    const page = await get(`/inbox/${id}`);
    expect(page.body).toMatch(
      /<iframe class="inbox-frame w600" src="\/inbox\/\d+\/html"[^>]* sandbox="allow-popups/,
    );
    expect((await get(`/inbox/${id}?width=360`)).body).toContain('inbox-frame w360');
    const frame = await get(`/inbox/${id}/html`);
    const policy = String(frame.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox allow-popups');
    expect(policy).not.toMatch(/script|allow-same-origin/);
    expect(frame.body).toContain('<a target="_blank" rel="noopener" href="https://x.example/a">');
    expect((await get(`/inbox/${id}/html?images=off`)).headers['content-security-policy']).toContain(
      "img-src 'none'",
    );
  });

  it('shows text, headers and source, and hands out the mail as it came', async () => {
    const id = await idOf('Second');
    expect((await get(`/inbox/${id}`)).body).toContain('.dot\n..dots');
    expect((await get(`/inbox/${id}?tab=headers`)).body).toMatch(
      /<th scope="row">Subject<\/th><td>Second<\/td>/,
    );
    expect((await get(`/inbox/${id}?tab=source`)).body).toContain('Subject: Second');
    const source = await get(`/inbox/${id}/source`);
    expect(source.headers['content-type']).toBe('message/rfc822');
    expect(source.body).toContain('\r\n.dot\r\n..dots');
  });

  it('answers for mails that are not there', async () => {
    for (const path of ['999999', '999999/html', '999999/source', 'x', '99999999999999999999']) {
      expect((await get(`/inbox/${path}`)).statusCode).toBe(404);
    }
    expect((await get(`/inbox/${await idOf('Second')}/html`)).statusCode).toBe(404);
  });

  it('refuses a mail that it cannot keep, so that the sender knows', async () => {
    const full = { ...inboxStore(db.pool), add: () => Promise.reject(new Error('disk full')) };
    const refusing = await startSmtpInbox({ inbox: full, log: silentLog, now: () => at });
    const transport = createTransport(refusing.url);
    await expect(
      transport.sendMail({ from: 'a@b.example', to: 'c@d.example', text: 'x' }),
    ).rejects.toMatchObject({
      responseCode: 451,
    });
    transport.close();
    await refusing.close();
  });
});

it('is shown under names of this installation only: a page on the web may send a browser here under its own', async () => {
  const id = await idOf('Second');
  for (const host of [
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'news.example.evil.example',
    'a b',
  ])
    for (const url of ['/inbox', '/inbox.json', `/inbox/${id}`, `/inbox/${id}/source`]) {
      const answer = await get(url, host);
      expect([host, url, answer.statusCode]).toEqual([host, url, 421]);
      expect(answer.body).not.toContain('kade.example');
    }
  const own = new URL(testPublicUrl).host;
  for (const host of [
    own,
    'localhost:3000',
    '127.0.0.1:3000',
    '[::1]:3000',
    '192.168.1.7:3000',
    'simmer.localhost',
  ])
    expect([host, (await get('/inbox', host)).statusCode]).toEqual([host, 200]);
});
