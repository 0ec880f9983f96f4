import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import { correctionEntries, lineOf } from '../../domain/scoring/apply-event.ts';
import { measureName, priorityFormula } from '../../domain/scoring/fit.ts';
import { balance } from '../../domain/scoring/ledger-balance.ts';
import { replayLead } from '../../domain/scoring/replay.ts';
import { rescored } from '../../domain/scoring/rescore.ts';
import { changeBackTo, changeRules, type RuleChange, rulesToKeep } from '../../domain/scoring/rule-change.ts';
import type { NewScoreEntry } from '../../domain/scoring/score.ts';
import { type CompiledRules, compileRules } from '../../domain/scoring/score-rules.ts';
import type { Database } from '../ports.ts';
import { programmeInForce } from './ledger/rules-in-force.ts';
import type { HeldHistory } from './ports/rules.ts';

export interface ApplyDeps {
  database: Database;
  programme: Programme;
  links: Pick<Links, 'absolute'>;
}

export interface Applied {
  rescoringId: number;
  version: string;
  leads: number;
  /** Leads whose score is another one now. */
  changed: number;
  entries: number;
}

const LEADS_AT_ONCE = 200;

/**
 * Adopts rules: the programme's with this change over them. They score from now on in every process, and the past is
 * scored anew by adding entries to the ledger. Nobody becomes an SQL by it and sales is mailed nothing: a lead that is over
 * the threshold now crosses with its next act. Broken off, it is begun again and goes on. Throws WrongChange.
 */
export async function applyRules(
  deps: ApplyDeps,
  { change, by }: { change: RuleChange; by: string },
  now: Date,
  onProgress: (leads: number) => void = () => {},
): Promise<Applied> {
  const { database, programme, links } = deps;
  const adopted = changeRules(programme, change);
  const { version } = adopted.scoring;
  const { history } = database.stores;
  const rescoringId = await database.inTransaction(async ({ rules, audit }) => {
    const present = await programmeInForce(rules, programme);
    await rules.keepVersion(present.scoring.version, rulesToKeep(present), now, 'the programme');
    // Where the programme itself was changed, the rules before it are those that were kept last.
    const earlier =
      present.scoring.version === version
        ? (await rules.versions()).findLast((one) => one.version !== version)?.version
        : present.scoring.version;
    await rules.keepVersion(version, rulesToKeep(adopted), now, by);
    await audit.add({
      at: now,
      staffEmail: by,
      act: 'rules-applied',
      subject: `rules ${version}`,
      details: { change, before: earlier ?? null },
    });
    return rules.beginRescoring({ at: now, by, version, previousVersion: earlier ?? null, change });
  });
  const book = compileRules(adopted, links.absolute);
  const fadedUntil = await history.fadedUntil();
  const done: Applied = { rescoringId, version, leads: 0, changed: 0, entries: 0 };
  for (let after = 0; ; ) {
    const ids = await database.stores.rules.leadsAfter(after, LEADS_AT_ONCE);
    if (ids.length === 0) break;
    await database.inTransaction(async ({ rules }) => {
      const held = await rules.holdHistories(ids, book.usesInterests);
      const entries = held.flatMap((lead) =>
        rescoreLead(lead, book, { mark: `rules${rescoringId}`, fadedUntil, at: now }).map((entry) => ({
          ...entry,
          subscriberId: lead.id,
        })),
      );
      await rules.writeRescored(entries, rescoringId, version);
      done.entries += entries.length;
      done.changed += new Set(entries.map(({ subscriberId }) => subscriberId)).size;
    });
    done.leads += ids.length;
    onProgress(done.leads);
    after = ids.at(-1)!;
  }
  await database.stores.rules.judgeAnew(measureName(adopted), priorityFormula(adopted));
  await database.stores.rules.finishRescoring(rescoringId, now);
  return done;
}

/** The entries that make a lead's ledger what these rules would have made of its history. */
function rescoreLead(
  lead: HeldHistory,
  book: CompiledRules,
  { mark, fadedUntil, at }: { mark: string; fadedUntil: number | null; at: Date },
): (NewScoreEntry & { eventId: number | null })[] {
  const wanted = new Map<string, { entry: NewScoreEntry; eventId: number }>();
  replayLead(lead, book, {
    stages: 'kept',
    fadedUntil,
    onEntry: (entry, eventId) => wanted.set(entry.dedupeKey, { entry, eventId }),
  });
  const changes = rescored(lead.standing, wanted, mark, at);
  const lines = [...lead.lines, ...changes.map(lineOf)].sort((a, b) => a.at - b.at);
  const { corrections } = balance(lines, book.scoring, fadedUntil);
  const balancing = correctionEntries(corrections, mark, at, book.scoring.floor);
  return [...changes, ...balancing.map((entry) => ({ ...entry, eventId: null }))];
}

export type Undone =
  | { result: 'undone'; undid: number; applied: Applied; lost: string[] }
  | { result: 'nothing-to-undo' };

/**
 * Goes back to the rules before the last change, scoring the past anew by them. Acts recorded since count by them as well.
 * `lost` are rules of then that the programme no longer has: they cannot be brought back from here.
 */
export async function undoRules(
  deps: ApplyDeps,
  by: string,
  now: Date,
  onProgress: (leads: number) => void = () => {},
): Promise<Undone> {
  const { rules } = deps.database.stores;
  const last = await rules.inForce();
  const before = last?.previousVersion ? await rules.findVersion(last.previousVersion) : null;
  if (!last || !before) return { result: 'nothing-to-undo' };
  const { change, lost } = changeBackTo(before.rules, deps.programme);
  await rules.markUndone(last.id, now);
  const applied = await applyRules(deps, { change, by }, now, onProgress);
  return { result: 'undone', undid: last.id, applied, lost };
}
