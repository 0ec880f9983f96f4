/**
 * The status of a delivery as people are told it: a claimed mail that is on the wire is "sending". In the row that is a mark
 * of its own, as it costs each mail a fifth of what a change of status would.
 */
export const shownStatus = (row: string): string =>
  `(case when ${row}.is_on_wire then 'sending' else ${row}.status end)`;

/** How many deliveries of an issue have which status: (status, n). Only rows in hand, which are few, are looked at themselves; the rest is counted off an index. */
export const countsByStatus = (issueId: string): string => `
  select status, count(*)::int as n from deliveries where issue_id = ${issueId} and status <> 'claimed' group by 1
  union all
  select case when is_on_wire then 'sending' else 'claimed' end, count(*)::int
    from deliveries where issue_id = ${issueId} and status = 'claimed' group by 1`;
