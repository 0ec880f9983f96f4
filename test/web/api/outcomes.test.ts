import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/journey/staff/ports/api-keys.ts';
import { apiRoutes } from '../../../src/web/api/routes.ts';
import { outcomeAnswer, problemAnswer } from '../../../src/web/api/schemas.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, fourClicks, stateOf } from '../../support/leads.ts';
import { testProgramme } from '../../support/programme.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const at = new Date('2026-11-24T09:00:00Z');
const now = new Date('2026-11-24T10:00:00Z');
const programme = testProgramme();

let db: TestDatabase;
let app: FastifyInstance;
beforeAll(async () => {
  db = await testDatabase({ programme });
  app = await testApp(testWebContext(db.database, { programme, now: () => now }), apiRoutes);
  await addKey('crm', ['outcomes:write']);
  await addKey('site', ['events:write']);
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const secretOf = (name: string) => `simmer_${name.padEnd(30, 'x')}`;
const addKey = (name: string, scopes: Scope[]) =>
  db.database.stores.apiKeys.add(
    {
      name,
      hash: createHash('sha256').update(secretOf(name)).digest('hex'),
      start: 'simmer_',
      scopes,
    },
    at,
  );
const post = (body: object, { name = 'crm', idempotency }: { name?: string; idempotency?: string } = {}) =>
  app.inject({
    method: 'POST',
    url: '/api/v1/outcomes',
    headers: {
      authorization: `Bearer ${secretOf(name)}`,
      ...(idempotency ? { 'idempotency-key': idempotency } : {}),
    },
    payload: body,
  });

async function sqlLead() {
  const email = `lead-${Math.random().toString(36).slice(2)}@kade.example`;
  const lead = await addLead(db.pool, { email, mailsSent: 5 });
  const deliveryId = await addDelivery(db.pool, await addIssue(db.pool), lead);
  const { qualified } = await db.database.inTransaction(({ ledger }) =>
    ledger.record(fourClicks(deliveryId, at)),
  );
  return { lead, email, qualificationId: qualified[0]!.qualificationId };
}

describe('POST /api/v1/outcomes', () => {
  it('records what sales says in its CRM, as the form does', async () => {
    const { lead, email, qualificationId } = await sqlLead();
    const said = {
      email: email.toUpperCase(),
      status: 'rejected',
      note: 'no budget',
      notBefore: '2027-02-01',
    };
    const answer = await post(said);
    expect(answer.statusCode).toBe(201);
    expect(outcomeAnswer.parse(answer.json())).toMatchObject({
      status: 'recorded',
      qualification: qualificationId,
      subscriber: { stage: 'mql', score: 0 },
    });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', score: 0, sum: 0 });
    expect(await db.database.stores.sales.latestOutcome(qualificationId)).toMatchObject({
      staffEmail: 'api:crm',
      notBefore: '2027-02-01',
    });
    const again = await post({ ...said, qualification: qualificationId });
    expect([again.statusCode, again.json().status]).toEqual([200, 'unchanged']);
    const other = await post({ email, status: 'won', qualification: qualificationId });
    expect([other.statusCode, problemAnswer.parse(other.json()).title]).toEqual([409, 'Answered before']);
  });

  it('does a repeat under the same Idempotency-Key once', async () => {
    const { lead, email, qualificationId } = await sqlLead();
    const said = { email, status: 'in-progress', by: 'sofie@crm.example' };
    const answers = await Promise.all([1, 2, 3].map(() => post(said, { idempotency: 'call-17' })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201]);
    const { rows } = await db.pool.query('select staff_email from outcomes where qualification_id = $1', [
      qualificationId,
    ]);
    expect(rows).toEqual([{ staff_email: 'sofie@crm.example' }]);
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql' });
  });

  it('says what is wrong', async () => {
    const { email, qualificationId } = await sqlLead();
    const other = await sqlLead();
    const mql = `mql-${Math.random()}@kade.example`;
    await addLead(db.pool, { email: mql });
    const cases: [object, number][] = [
      [{ email, status: 'maybe' }, 422],
      [{ email, status: 'lost', notBefore: '2020-01-01' }, 422],
      [{ email: 'nobody@kade.example', status: 'lost' }, 404],
      [{ email: mql, status: 'lost' }, 409],
      [{ email, status: 'lost', qualification: other.qualificationId }, 409],
    ];
    for (const [body, status] of cases) {
      const answer = await post(body);
      expect([answer.statusCode, body]).toEqual([status, body]);
      expect(problemAnswer.parse(answer.json()).status).toBe(status);
    }
    expect((await post({ email, status: 'lost' }, { name: 'site' })).statusCode).toBe(403);
    expect((await post({ email, status: 'lost' }, { name: 'nobody' })).statusCode).toBe(401);
    expect(await db.database.stores.sales.latestOutcome(qualificationId)).toBeNull();
    const described = (await app.inject('/api/v1/openapi.json')).json();
    expect(described.paths['/outcomes'].post.operationId).toBe('recordOutcome');
  });
});
