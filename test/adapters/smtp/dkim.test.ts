import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMails } from '../../../src/adapters/mail-templates/renderer.ts';
import { type DkimKey, dkimSigner, readDkimKey } from '../../../src/adapters/smtp/dkim.ts';
import { smtpMailSender } from '../../../src/adapters/smtp/mail-sender.ts';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';
import { dkimName, dkimRecord, zoneText } from '../../../src/domain/deliverability/dkim-record.ts';
import { oneOffHeaders } from '../../../src/domain/mail/headers.ts';
import { testProgramme, testPublicUrl } from '../../support/programme.ts';
import { startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.ts';
import { testWriter } from '../../support/writer.ts';

const DOMAIN = 'tessel.example';
const programme = testProgramme();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const folder = mkdtempSync(join(tmpdir(), 'simmer-dkim-'));
const templates = join(import.meta.dirname, '../../../templates');
let server: TestSmtpServer;

beforeEach(async () => {
  server = await startSmtpServer();
});
afterEach(() => server.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keyOf = (selector: string, key: KeyObject, domain = DOMAIN): DkimKey => ({ domain, selector, key });

/** The independent verifier; it finds the given keys in the DNS. */
async function verified(
  raw: string,
  keys: DkimKey[],
): Promise<{ result: string; signer: string; signed: string[] }[]> {
  const records = new Map(
    keys.map(({ domain, selector, key }) => [dkimName(domain, selector), dkimRecord(key)]),
  );
  const { results } = await dkimVerify(Buffer.from(raw, 'latin1'), {
    resolver: (async (name: string, type: string) => {
      const record = type === 'TXT' ? records.get(name) : undefined;
      if (record === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      return [record.match(/.{1,255}/g) ?? []];
    }) as never,
  });
  return (results as unknown as VerifiedSignature[]).map((one) => ({
    result: one.status.result,
    signer: `${one.signingDomain} ${one.selector}`,
    signed: (one.signingHeaders?.keys ?? '').toLowerCase().split(/\s*:\s*/),
  }));
}

interface VerifiedSignature {
  status: { result: string };
  signingDomain: string;
  selector: string;
  signingHeaders?: { keys?: string };
}

function senderWith(keys: DkimKey[]) {
  const signer = dkimSigner(keys, DOMAIN);
  return {
    signer,
    sender: smtpMailSender({ url: server.url, production: false, from: programme.brand.from, signer }),
  };
}

/** What the server got. smtp-server takes the stuffing off; there is none to take off in our own mails. */
const received = () => server.mails.map(({ raw }) => raw);

async function sendIssueMail(keys: DkimKey[], name = 'Zoë van “Dam”'): Promise<string> {
  const { signer, sender } = senderWith(keys);
  const mails = await loadMails(join(templates, 'mails'), loadTexts(join(templates, 'locales')), {
    ...programme.brand,
    publicUrl: testPublicUrl,
  });
  const now = new Date();
  const articles = [1, 2, 3].map((id) => ({
    id,
    feedUrl: '',
    url: 'https://blog.example',
    title: `An “article” – ${id}\n.\n. with  blanks `,
    summary: 'Of things. '.repeat(20),
    imageUrl: null,
    language: 'en',
    interests: ['payroll'],
    publishedAt: now,
    firstSeenAt: now,
    priority: 1,
  }));
  const write = testWriter(mails.parts, { signer, returnPathDomain: 'bounces.tessel.example' }).prepare({
    issueId: 1,
    digestId: 'news',
    articles: articles as never,
    issueLinks: articles.map(({ id }) => ({
      number: id,
      role: 'article' as const,
      targetId: String(id),
      language: 'en',
      url: '',
      label: '',
    })),
  });
  const mail = await write({
    deliveryId: 12,
    subscriber: { name, language: 'en', timeZone: 'UTC' },
    picks: articles.map(({ id: articleId }, at) => ({
      articleId,
      place: at ? ('other' as const) : ('main' as const),
      interest: 'payroll',
      score: 1,
      reason: '',
    })),
    now,
    language: 'en',
    address: 'ann@reader.example',
    messageId: '<issue.12@tessel.example>',
  });
  expect(await sender.sendWire(mail)).toMatchObject({ status: 'sent' });
  await sender.close();
  return received()[0]!;
}

describe('on the wire', () => {
  it.each([
    ['RSA', [keyOf('r', rsa)]],
    ['Ed25519', [keyOf('e', ed25519)]],
    ['both', [keyOf('r', rsa), keyOf('e', ed25519)]],
  ])('an issue mail signed with %s passes an independent verifier', async (_, keys) => {
    const raw = await sendIssueMail(keys);
    const results = await verified(raw, keys);
    expect(results.map(({ result, signer }) => `${signer} ${result}`)).toEqual(
      keys.map(({ selector }) => `${DOMAIN} ${selector} pass`),
    );
    for (const { signed } of results) {
      const wanted = [
        'from',
        'to',
        'subject',
        'date',
        'message-id',
        'reply-to',
        'mime-version',
        'content-type',
        'list-id',
      ];
      const ofLists = [
        'list-unsubscribe',
        'list-unsubscribe-post',
        'list-post',
        'feedback-id',
        'auto-submitted',
      ];
      expect(signed).toEqual(expect.arrayContaining([...wanted, ...ofLists]));
    }
  });

  it('a one-off mail too, with whatever blanks and dots it has', async () => {
    const keys = [keyOf('r', rsa), keyOf('e', ed25519)];
    const { sender } = senderWith(keys);
    await sender.send({
      to: { name: 'Ann', address: 'ann@reader.example' },
      subject: 'Please  confirm – now',
      text: 'Two  blanks, a tab\tand\n.\na dot. \n\n\n',
      html: `<p>${'long '.repeat(300)}</p>\n.\n`,
      messageId: '<1@tessel.example>',
      headers: oneOffHeaders(programme, 'confirmation', 'en'),
      language: 'en',
    });
    await sender.close();
    expect((await verified(received()[0]!, keys)).map(({ result }) => result)).toEqual(['pass', 'pass']);
  });

  it.each([
    ['another subject', (raw: string) => raw.replace(/^Subject: /m, 'Subject: Re: ')],
    ['a second From', (raw: string) => `From: Eve <eve@evil.example>\r\n${raw}`],
    ['another way out', (raw: string) => raw.replace('List-Unsubscribe=One-Click', 'List-Unsubscribe=Two')],
    ['another link', (raw: string) => raw.replaceAll('simmer.test', 'evil.example')],
  ])('%s breaks it', async (_, change) => {
    const keys = [keyOf('e', ed25519)];
    const raw = await sendIssueMail(keys);
    expect((await verified(raw, keys)).map(({ result }) => result)).toEqual(['pass']);
    expect((await verified(change(raw), keys)).map(({ result }) => result)).not.toContain('pass');
  });
});

describe('keys', () => {
  it('are those of the From domain, else of the nearest one above it; without any nothing is signed', async () => {
    const sign = async (keys: DkimKey[], from: string) =>
      (await dkimSigner(keys, from)?.sign('From: a@b\r\n', Buffer.from('x\r\n'), new Date(), true)) ?? null;
    const keys = [
      keyOf('a', ed25519, 'example.com'),
      keyOf('b', ed25519, 'news.example.com'),
      keyOf('c', ed25519, 'other.example'),
    ];
    expect(await sign(keys, 'news.example.com')).toMatch(/d=news\.example\.com;[\s\S]*s=b;/);
    expect(await sign(keys, 'mail.example.com')).toMatch(/d=example\.com;[\s\S]*s=a;/);
    expect(await sign(keys, 'badexample.com')).toBeNull();
    expect(await sign([], 'example.com')).toBeNull();
  });

  it('say what is wrong with them', () => {
    const at = join(folder, 'key.pem');
    expect(() => readDkimKey(DOMAIN, 's', join(folder, 'none.pem'))).toThrow(
      /none\.pem of tessel\.example cannot be read .*simmer dkim create/,
    );
    writeFileSync(at, 'not a key');
    expect(() => readDkimKey(DOMAIN, 's', at)).toThrow(/cannot be read/);
    const small = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    writeFileSync(at, small.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => readDkimKey(DOMAIN, 's', at)).toThrow(/is ec; allowed are RSA .* and Ed25519/);
    writeFileSync(at, rsa.export({ type: 'pkcs1', format: 'pem' }));
    expect(readDkimKey('Tessel.Example', 's', at)).toMatchObject({ domain: DOMAIN, selector: 's' });
  });

  it('are published as RFC 6376 and RFC 8463 say', () => {
    // The key pair of RFC 8463, appendix A.
    const bare = Buffer.from('nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=', 'base64');
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bare]);
    const known = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    expect(dkimRecord(known)).toBe('v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=');
    const record = dkimRecord(rsa);
    expect(record).toMatch(/^v=DKIM1; k=rsa; p=MII[A-Za-z0-9+/]+=*$/);
    expect(zoneText(record)).toMatch(/^"[^"]{255}" "[^"]+"$/);
    expect(dkimName(DOMAIN, 's1')).toBe('s1._domainkey.tessel.example');
  });
});
