import type { Queryable } from '../pool.ts';

/**
 * Which of the issue's articles these readers have had, or are about to have, in another mail, as themselves or as the
 * same story under another id. Only mails of issues that share articles with this one are looked at: a year of others
 * costs nothing. Ids that are none of this issue's may be among the answer.
 *
 * Each mail's ids come as one text, which costs a tenth of a row for each.
 */
export async function articlesHad(
  tx: Queryable,
  issueId: number,
  subscriberIds: readonly number[],
): Promise<Map<number, number[]>> {
  const { issueIds, sameStory } = await relatives(tx, issueId);
  const { rows } = await tx.query<{ subscriber_id: number; article_ids: string }>(
    `select d.subscriber_id, string_agg(jsonb_path_query_array(d.picks, '$[*].articleId')::text, '') as article_ids
       from deliveries d
      where d.issue_id = any($1::bigint[]) and d.subscriber_id = any($2::bigint[])
        and d.status in ('claimed', 'sent', 'uncertain')
      group by d.subscriber_id`,
    [issueIds, subscriberIds],
  );
  return new Map(
    rows.map((row) => {
      const had = (row.article_ids.match(/\d+/g) ?? []).map(Number);
      return [row.subscriber_id, sameStory.size === 0 ? had : had.flatMap((id) => sameStory.get(id) ?? id)];
    }),
  );
}

/** The other issues whose mails can hold articles of this one, and the articles that go by another id there. */
async function relatives(tx: Queryable, issueId: number) {
  const { rows } = await tx.query<{ issues: string[] | null; stories: [number, number][] | null }>(
    `with had as materialized (select article_id, had_id from had_articles_of_issue($1))
     select (select array_agg(distinct other.issue_id::text)
               from had join issue_articles other on other.article_id = had.had_id
              where other.issue_id <> $1) as issues,
            (select jsonb_agg(jsonb_build_array(had_id, article_id)) from had where had_id <> article_id) as stories`,
    [issueId],
  );
  const sameStory = new Map<number, number[]>();
  for (const [hadId, articleId] of rows[0]?.stories ?? []) {
    sameStory.set(hadId, [...(sameStory.get(hadId) ?? [hadId]), articleId]);
  }
  return { issueIds: (rows[0]?.issues ?? []).map(Number), sameStory };
}
