import { silentLog } from '../../src/adapters/log.ts';
import type { ArticlePick } from '../../src/domain/content/choosing/pick.ts';
import { asText, type Reason } from '../../src/domain/reason.ts';
import { sendNow } from '../../src/journey/delivery/plan-issue.ts';
import type { ClaimedDelivery } from '../../src/journey/delivery/ports/deliveries.ts';
import { addArticles, addReaders } from './content.ts';
import type { TestDatabase } from './database.ts';
import { testLinks, testProgramme } from './programme.ts';

/** An issue of `news` for all readers there are, due at `now`. */
export async function openIssue(db: TestDatabase, now: Date): Promise<number> {
  const programme = testProgramme();
  const deps = { programme, database: db.database, links: testLinks, log: silentLog };
  const { issueId } = await sendNow(deps, programme.digests[0]!, { by: 'mara@nordwerk.example' }, now);
  return issueId;
}

/** Readers, 12 articles they like, and an issue that is due. */
export async function issueForReaders(db: TestDatabase, readers: number, now: Date): Promise<number> {
  await addReaders(db.pool, readers);
  await addArticles(db.pool, 12, new Date(now.getTime() - 3_600_000));
  return openIssue(db, now);
}

/** Picks the first five of these that the reader has not had. */
export function chooseFrom(articleIds: number[]) {
  return ({ hadArticleIds }: ClaimedDelivery): { picks: ArticlePick[] } | { skip: Reason } => {
    const left = articleIds.filter((id) => !hadArticleIds.includes(id)).slice(0, 5);
    return left.length < 5
      ? { skip: asText('too few') }
      : {
          picks: left.map((articleId, at) => ({
            articleId,
            place: at === 0 ? 'main' : 'other',
            interest: 'payroll',
            score: 1,
            reason: 'test',
          })),
        };
  };
}

/** How many deliveries have each status. */
export async function statuses(db: TestDatabase, issueId: number): Promise<Record<string, number>> {
  const { rows } = await db.pool.query(
    `select case when is_on_wire then 'sending' else status end as status, count(*)::int as n
       from deliveries where issue_id = $1 group by 1 order by 1`,
    [issueId],
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}
