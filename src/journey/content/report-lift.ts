import { type GroupResult, type Lift, lift } from '../../domain/content/choosing/lift.ts';
import type { ChoosingStore } from './ports/choosing.ts';

export interface LiftReport {
  since: Date;
  groups: { personal: GroupResult; control: GroupResult };
  /** Readers who changed groups, because the share of the control group changed: they count in neither. */
  inBoth: number;
  /** Null when nobody was in one of the groups. */
  clicks: Lift | null;
  sqls: Lift | null;
}

/** What personal choosing brings, measured against the control group: on readers who clicked, and on those who became SQL. */
export async function reportLift(
  { choosing }: { choosing: Pick<ChoosingStore, 'groupResults'> },
  since: Date,
): Promise<LiftReport> {
  const { personal, control, inBoth } = await choosing.groupResults(since);
  const compare = (of: (group: GroupResult) => number) =>
    lift(
      { readers: personal.readers, times: of(personal) },
      { readers: control.readers, times: of(control) },
    );
  return {
    since,
    groups: { personal, control },
    inBoth,
    clicks: compare(({ clicked }) => clicked),
    sqls: compare(({ qualified }) => qualified),
  };
}
