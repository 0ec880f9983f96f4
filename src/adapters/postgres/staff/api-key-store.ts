import type { ApiKey, ApiKeyStore } from '../../../journey/staff/ports/api-keys.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

const KEY = `id, name, key_start as start, scopes, created_at as "createdAt", last_used_at as "lastUsedAt",
             revoked_at as "revokedAt"`;

export function apiKeyStore(db: Queryable): ApiKeyStore {
  return {
    async add({ name, hash, start, scopes }, now) {
      const { rows } = await db.query<{ id: number }>(
        `insert into api_keys (name, key_hash, key_start, scopes, created_at) values ($1, $2, $3, $4, $5) returning id`,
        [name, hash, start, scopes, now],
      );
      return rows[0]!.id;
    },

    async list() {
      const { rows } = await db.query<ApiKey & Record<string, unknown>>(
        `select ${KEY} from api_keys order by id`,
      );
      return rows;
    },

    async revoke(id, now) {
      const { rowCount } = await db.query(
        'update api_keys set revoked_at = $2 where id = $1 and revoked_at is null',
        [id, now],
      );
      return rowCount === 1;
    },

    async use(hash, now) {
      const { rows } = await db.query<ApiKey & Record<string, unknown>>(
        `select ${KEY} from api_keys where key_hash = $1 and revoked_at is null`,
        [hash],
      );
      const key = rows[0];
      if (!key) return null;
      if (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() > 60_000)
        await db.query('update api_keys set last_used_at = $2 where id = $1', [key.id, now]);
      return key;
    },

    async answered(apiKeyId, key) {
      await db.query('select pg_advisory_xact_lock(hashtextextended($1, $2))', [key, apiKeyId]);
      const { rows } = await db.query(
        `select request_hash as "requestHash", status, body from api_answers where api_key_id = $1 and key = $2`,
        [apiKeyId, key],
      );
      const row = rows[0];
      return row ? { requestHash: row.requestHash, status: row.status, body: row.body } : null;
    },

    async keepAnswer(apiKeyId, key, requestHash, { status, body }, now) {
      await db.query(
        `insert into api_answers (api_key_id, key, request_hash, status, body, at) values ($1, $2, $3, $4, $5, $6)`,
        [apiKeyId, key, requestHash, status, asJson(body), now],
      );
    },

    async forgetAnswers(before) {
      await db.query('delete from api_answers where at < $1', [before]);
    },
  };
}
