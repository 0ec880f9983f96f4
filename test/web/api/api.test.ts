import { createHash } from 'node:crypto';
import Ajv2020 from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/journey/staff/ports/api-keys.ts';
import { apiRoutes } from '../../../src/web/api/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addLead, stateOf } from '../../support/leads.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const KEY = 'simmer_a-key-that-only-tests-know-of';
let db: TestDatabase;
let app: FastifyInstance;
let context: ReturnType<typeof testWebContext>;
let document: Document;
let ajv: InstanceType<typeof Ajv2020.default>;

interface Document {
  openapi: string;
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  components: { schemas: Record<string, object> };
}

const addKey = (key: string, scopes: Scope[]) =>
  db.database.stores.apiKeys.add(
    {
      name: 'website',
      hash: createHash('sha256').update(key).digest('hex'),
      start: key.slice(0, 12),
      scopes,
    },
    new Date(),
  );
beforeAll(async () => {
  db = await testDatabase();
  context = testWebContext(db.database);
  app = await testApp(context, apiRoutes);
  await addKey(KEY, ['events:write', 'subscribers:read', 'subscribers:write']);
  document = (await app.inject('/api/v1/openapi.json')).json();
  ajv = new Ajv2020.default({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components: document.components });
});
afterAll(async () => {
  await app.close();
  await db.close();
});

type Method = 'GET' | 'POST';
/** Asks, and holds the answer to the description. */
async function ask(method: Method, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${KEY}`, ...headers },
    ...(body ? { payload: body } : {}),
  });
  const operation = document.paths[path.split('?')[0]!]?.[method.toLowerCase()];
  const described = operation?.responses[answer.statusCode];
  expect(described, `${method} ${path} → ${answer.statusCode} is not described`).toBeDefined();
  const [type = '', { schema } = { schema: {} }] = Object.entries(described?.content ?? {})[0] ?? [];
  expect(answer.headers['content-type']).toContain(type);
  const pointer = JSON.stringify(schema).replaceAll('"#/', '"api#/');
  const validate = ajv.compile(JSON.parse(pointer));
  expect(validate(answer.json()), JSON.stringify(validate.errors)).toBe(true);
  return { status: answer.statusCode, body: answer.json() };
}
let addresses = 0;
async function lead(fields: Parameters<typeof addLead>[1] = {}) {
  const email = `known-${addresses++}@lead.example`;
  return { email, id: await addLead(db.pool, { email, ...fields }) };
}

describe('the description', () => {
  it('is OpenAPI 3.1 and names every route', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(
      Object.entries(document.paths).flatMap(([path, one]) => Object.keys(one).map((m) => `${m} ${path}`)),
    ).toEqual(expect.arrayContaining(['post /events', 'get /subscribers', 'post /subscribers']));
    for (const schema of Object.values(document.components.schemas))
      expect(() => ajv.compile(schema)).not.toThrow();
  });
});

describe('events', () => {
  it('land on the profile and the ledger', async () => {
    const { id, email } = await lead();
    const event = {
      email: email.toUpperCase(),
      kind: 'download',
      name: 'guide.pdf',
      at: '2026-11-20T10:00:00Z',
    };
    expect(await ask('POST', '/events', event)).toMatchObject({
      status: 201,
      body: { status: 'recorded', subscriber: { id, email, score: 5 } },
    });
    const visit = { email, kind: 'visit', page: 'https://www.tessel.example/a', details: { shop: 'nl' } };
    await ask('POST', '/events', visit);
    const { rows } = await db.pool.query(
      'select kind, details from events where subscriber_id = $1 order by id',
      [id],
    );
    expect(rows).toEqual([
      { kind: 'download', details: { name: 'guide.pdf' } },
      { kind: 'visit', details: { page: 'https://www.tessel.example/a', shop: 'nl' } },
    ]);
  });

  it('a contact form is an SQL at once', async () => {
    const { id, email } = await lead();
    const answer = await ask('POST', '/events', {
      email,
      kind: 'form',
      name: 'contact',
      details: { message: 'Hello' },
    });
    expect(answer.body.subscriber).toMatchObject({ stage: 'sql' });
    expect(await stateOf(db.pool, id)).toMatchObject({ qualifications: 1, alerts: 1 });
    expect(context.queue.jobs).toContainEqual({ name: 'send-outbox' });
  });

  it('happen once under one idempotency key, also when sent side by side', async () => {
    const { id, email } = await lead();
    const event = { email, kind: 'form', name: 'webinar' };
    const headers = { 'idempotency-key': 'order-4711' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask('POST', '/events', event, headers)),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await stateOf(db.pool, id)).toMatchObject({ events: 1 });
    expect((await ask('POST', '/events', { ...event, name: 'demo' }, headers)).status).toBe(422);
    await ask('POST', '/events', event, { 'idempotency-key': 'order-4712' });
    expect(await stateOf(db.pool, id)).toMatchObject({ events: 2 });
  });

  it('of different keys have nothing to do with each other', async () => {
    const other = 'simmer_another-key-that-only-tests-know';
    await addKey(other, ['events:write']);
    const { id, email } = await lead();
    const event = { email, kind: 'form', name: 'webinar' };
    await ask('POST', '/events', event, { 'idempotency-key': 'same' });
    await ask('POST', '/events', event, { 'idempotency-key': 'same', authorization: `Bearer ${other}` });
    expect(await stateOf(db.pool, id)).toMatchObject({ events: 2 });
  });

  it.each<[string, object, string]>([
    ['no address', { kind: 'form', name: 'contact' }, 'email'],
    ['an unknown kind', { email: 'a@b.example', kind: 'open' }, 'kind'],
    ['no name', { email: 'a@b.example', kind: 'form' }, 'name'],
    ['a bad name', { email: 'a@b.example', kind: 'touchpoint', name: 'Trade Fair' }, 'name'],
    ['no page', { email: 'a@b.example', kind: 'visit' }, 'page'],
    ['a page that is none', { email: 'a@b.example', kind: 'visit', page: 'javascript:x' }, 'page'],
    ['the future', { email: 'a@b.example', kind: 'form', name: 'demo', at: '2027-01-01T00:00:00Z' }, 'at'],
    ['no time', { email: 'a@b.example', kind: 'form', name: 'demo', at: 'yesterday' }, 'at'],
  ])('with %s are refused by name', async (_, event, path) => {
    const { status, body } = await ask('POST', '/events', event);
    expect(status).toBe(422);
    expect(body.errors[0].path).toBe(path);
  });

  it('of unknown people are refused', async () => {
    const answer = await ask('POST', '/events', { email: 'x@y.example', kind: 'form', name: 'demo' });
    expect(answer.status).toBe(404);
  });
});

describe('subscribers', () => {
  it('are signed up, and asked to confirm, once an hour', async () => {
    const person = { email: 'Api@Person.example', name: 'Ada', company: 'Person BV', language: 'nl' };
    const answer = await ask('POST', '/subscribers', person);
    expect(answer).toMatchObject({
      status: 202,
      body: {
        status: 'confirmation-sent',
        subscriber: { email: 'api@person.example', status: 'pending', name: 'Ada', language: 'nl' },
      },
    });
    expect((await ask('POST', '/subscribers', person)).body.status).toBe('nothing-sent');
    const { rows } = await db.pool.query(`select kind from outbox where to_address = 'api@person.example'`);
    expect(rows).toEqual([{ kind: 'confirmation' }]);
    expect((await ask('GET', '/subscribers?email=API@person.example')).body).toEqual(answer.body.subscriber);
  });

  it('may be described by what their company is, and fit sees it', async () => {
    const email = `new-${addresses++}@lead.example`;
    const company = { industry: 'Logistics', companySize: 250, country: 'NL' };
    const { body } = await ask('POST', '/subscribers', { email, ...company });
    expect(body.subscriber).toMatchObject(company);
    // What is known stays: a later form may be anybody's.
    await ask('POST', '/subscribers', { email, country: 'BE' });
    expect((await ask('GET', `/subscribers?email=${email}`)).body).toMatchObject(company);
  });

  it('come in whatever is in the fields that only help, and the answer says what was left out, in words', async () => {
    const email = `new-${addresses++}@lead.example`;
    const odd = { country: 'Atlantis', companySize: 'lots', phone: 'ask me', jobTitle: '', industry: null };
    const { status, body } = await ask('POST', '/subscribers', { email, ...odd });
    expect([status, body.subscriber.country]).toEqual([202, null]);
    expect(body.notes.map(({ path, code }: { path: string; code: string }) => [path, code])).toEqual([
      ['phone', 'field.bad-phone'],
      ['companySize', 'field.bad-size'],
      ['country', 'field.bad-country'],
    ]);
    expect(body.notes[2].message).toMatch(/^We do not know this country/);
    const known = await ask('POST', '/subscribers', { email, country: 'USA', companySize: '50-249' });
    expect(known.body.subscriber).toMatchObject({ country: 'US', companySize: 150 });
    expect(known.body).not.toHaveProperty('notes');
  });

  it('are told in words what is wrong, in the language of whoever asks', async () => {
    const wrong = (headers = {}) => ask('POST', '/subscribers', { email: 'nobody' }, headers);
    expect((await wrong()).body.errors).toEqual([
      { path: 'email', code: 'email.no-at', message: expect.stringMatching(/^An email address has a name/) },
    ]);
    const { body } = await wrong({ 'accept-language': 'de-AT,de;q=0.9' });
    expect(body.errors[0].message).toMatch(/^Eine E-Mail-Adresse/);
    const { body: shape } = await ask('POST', '/subscribers', { colour: 'red' });
    for (const error of shape.errors) expect(error.message).toMatch(/ /);
  });

  it('that are active are told so', async () => {
    const { email } = await lead();
    expect((await ask('POST', '/subscribers', { email })).body.status).toBe('already-subscribed');
  });

  it('are not found, or asked for without an address', async () => {
    expect((await ask('GET', '/subscribers?email=no@body.example')).status).toBe(404);
    expect((await ask('GET', '/subscribers')).status).toBe(400);
    expect((await ask('POST', '/subscribers', { email: 'no address' })).body.errors[0].path).toBe('email');
    expect((await ask('POST', '/subscribers', { email: 'a@b.example', colour: 'red' })).status).toBe(422);
  });
});

describe('keys', () => {
  it.each(['', 'Bearer simmer_not-a-key-of-this-installation', `Basic ${KEY}`])(
    '"%s" opens nothing',
    async (authorization) => {
      const answer = await ask('GET', '/subscribers?email=a@b.example', undefined, { authorization });
      expect(answer.status).toBe(401);
    },
  );

  it('may do what their scopes say, until they are revoked', async () => {
    const key = 'simmer_a-key-that-may-only-look-things-up';
    const id = await addKey(key, ['subscribers:read']);
    const { email } = await lead();
    const headers = { authorization: `Bearer ${key}` };
    const look = () => ask('GET', `/subscribers?email=${email}`, undefined, headers);
    expect((await look()).status).toBe(200);
    expect((await ask('POST', '/subscribers', { email }, headers)).status).toBe(403);
    expect((await ask('POST', '/events', { email, kind: 'form', name: 'demo' }, headers)).status).toBe(403);
    const { apiKeys } = db.database.stores;
    expect((await apiKeys.list()).find((one) => one.id === id)).toMatchObject({ lastUsedAt: context.now() });
    expect(await apiKeys.revoke(id, context.now())).toBe(true);
    expect(await apiKeys.revoke(id, context.now())).toBe(false);
    expect((await look()).status).toBe(401);
  });

  it('are limited by what they are, not by how the header is spelled; made-up ones by where they come from', async () => {
    const limited = await testApp(context, apiRoutes);
    const look = async (authorization: string, remoteAddress: string) =>
      (
        await limited.inject({
          url: '/api/v1/subscribers?email=a@b.example',
          headers: { authorization },
          remoteAddress,
        })
      ).headers['x-ratelimit-remaining'];
    const left: number[] = [];
    for (const spelled of [`Bearer ${KEY}`, `bearer ${KEY}`, `BEARER   ${KEY} `, `Bearer\t${KEY}`])
      left.push(Number(await look(spelled, '192.0.2.1')));
    // The first is counted by its address: only an answer proves a key.
    expect(left.slice(1)).toEqual([599, 598, 597]);
    const invented: number[] = [];
    for (let n = 0; n < 4; n++)
      invented.push(Number(await look(`Bearer simmer_made-up-key-number-${n}-of-many`, '192.0.2.9')));
    expect(invented).toEqual([599, 598, 597, 596]);
    await limited.close();
  });

  it('are kept only as a hash', async () => {
    const { rows } = await db.pool.query('select * from api_keys');
    expect(JSON.stringify(rows)).not.toContain(KEY);
  });
});
