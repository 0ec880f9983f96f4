import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageId } from '../../src/domain/mail/headers.ts';
import { makeReturnPath } from '../../src/domain/returns/return-path.ts';
import type { TestDatabase } from './database.ts';
import { testSecrets } from './programme.ts';

export const RETURN_DOMAIN = 'bounces.tessel.example';
const FIXTURES = join(import.meta.dirname, '../fixtures/returns');

/** A report of test/fixtures/returns. */
export function returnFixture(name: string): Buffer {
  return readFileSync(join(FIXTURES, `${name}.eml`));
}

export function returnPathOf(deliveryId: number): string {
  return makeReturnPath(testSecrets, { kind: 'delivery', id: deliveryId }, RETURN_DOMAIN);
}

export function messageIdOf(deliveryId: number): string {
  return messageId('issue', deliveryId, 'tessel.example', testSecrets);
}

/** Marks all deliveries of an issue as sent, in id order, a second apart. Returns their ids. */
export async function sendAll(db: TestDatabase, issueId: number, at: Date): Promise<number[]> {
  const { rows } = await db.pool.query<{ id: number }>(
    `update deliveries set status = 'sent', sent_at = $2 where issue_id = $1 returning id`,
    [issueId, at],
  );
  const ids = rows.map(({ id }) => id).sort((a, b) => a - b);
  for (const id of ids)
    await db.pool.query('update deliveries set message_id = $2 where id = $1', [id, messageIdOf(id)]);
  return ids;
}
