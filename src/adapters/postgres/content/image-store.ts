import type { ImageFacts, ImageStore } from '../../../journey/content/ports/feeds.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

/** What pictures turned out to be, in Postgres, so that each is looked at once by all workers. */
export function imageStore(db: Queryable): ImageStore {
  return {
    async known(urls, now) {
      const { rows } = await db.query<ImageFacts>(
        `select url, width, height, fault from article_images
          where url = any($1::text[])
            and checked_at > $2::timestamptz - case when fault is null then interval '180 days' else interval '1 day' end`,
        [urls, now],
      );
      return rows;
    },

    async keep(facts, now) {
      await db.query(
        `insert into article_images (url, checked_at, width, height, fault)
         select url, $2, width, height, fault
           from jsonb_to_recordset($1) as found(url text, width integer, height integer, fault text)
         on conflict (url) do update set
           checked_at = excluded.checked_at, width = excluded.width, height = excluded.height, fault = excluded.fault`,
        [asJson(facts), now],
      );
    },
  };
}
