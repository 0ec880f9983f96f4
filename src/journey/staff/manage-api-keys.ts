import { createHash } from 'node:crypto';
import type { Database } from '../ports.ts';
import type { Scope } from './ports/api-keys.ts';

export const SCOPES: readonly Scope[] = [
  'events:write',
  'outcomes:write',
  'subscribers:read',
  'subscribers:write',
];

type Deps = { database: Pick<Database, 'inTransaction'> };

/** Makes a key of a secret of 24 bytes or more. Only its hash is kept: the key itself is in this answer alone. */
export async function makeApiKey(
  { database, newSecret }: Deps & { newSecret: () => string },
  { name, scopes, by }: { name: string; scopes: Scope[]; by: string },
  now: Date,
): Promise<{ id: number; key: string }> {
  const key = `simmer_${newSecret()}`;
  const hash = createHash('sha256').update(key).digest('hex');
  return database.inTransaction(async ({ apiKeys, audit }) => {
    const id = await apiKeys.add({ name, hash, start: key.slice(0, 12), scopes }, now);
    await audit.add({
      at: now,
      staffEmail: by,
      act: 'key-made',
      subject: name,
      details: { key: id, scopes },
    });
    return { id, key };
  });
}

/** Ends a key at once. False when there is none that is in use. */
export async function revokeApiKey(
  { database }: Deps,
  { id, by }: { id: number; by: string },
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async ({ apiKeys, audit }) => {
    if (!(await apiKeys.revoke(id, now))) return false;
    const key = (await apiKeys.list()).find((one) => one.id === id);
    await audit.add({
      at: now,
      staffEmail: by,
      act: 'key-revoked',
      subject: key?.name ?? '',
      details: { key: id },
    });
    return true;
  });
}
