import type { Preferences } from '../../../domain/audience/preferences-form.ts';
import type { ChangeLinkStore } from '../../../journey/audience/change-links.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

export function changeLinkStore(db: Queryable): ChangeLinkStore {
  return {
    async add({ tokenHash, subscriberId, preferences, expiresAt }) {
      await db.query(
        'insert into change_links (token_hash, subscriber_id, preferences, expires_at) values ($1, $2, $3, $4)',
        [tokenHash, subscriberId, asJson(preferences), expiresAt],
      );
    },

    async find(tokenHash) {
      const { rows } = await db.query<{ subscriberId: number; preferences: Preferences; expiresAt: Date }>(
        `select subscriber_id as "subscriberId", preferences, expires_at as "expiresAt"
           from change_links where token_hash = $1`,
        [tokenHash],
      );
      return rows[0] ?? null;
    },

    async end(subscriberId) {
      await db.query('delete from change_links where subscriber_id = $1', [subscriberId]);
    },
  };
}
