import type { Command } from 'commander';
import { counted } from '../domain/text.ts';
import { type WhatIf, whatIf } from '../journey/scoring/what-if.ts';
import { changeOf, foreseeing, progressBar, type RuleFlags, sinceFlag, withRuleFlags } from './score.ts';
import { print, withProgram } from './with-program.ts';

/** simmer score what-if: history through changed rules. Changes nothing. `score` is the group's command. */
export function scoreWhatIfCommand(score: Command): void {
  withRuleFlags(score.command('what-if'))
    .description(
      'replay history through changed rules: who would have become an SQL, who not; changes nothing',
    )
    .option('--since <date>', 'show only crossings from this day on; earlier history still counts', sinceFlag)
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  simmer score what-if --threshold 10 --rule click-article=2 --since 2026-01-01',
    )
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<
        RuleFlags & { since?: Date; json?: boolean; programme?: string }
      >();
      const started = performance.now();
      const answer = await withProgram(options, ({ database, loaded: { programme }, links }) => {
        const bar = progressBar('events');
        const { history, rules } = database.stores;
        return foreseeing(
          whatIf(
            { history, rules, programme, links },
            { change: changeOf(options), since: options.since ?? null },
            (done, all) => bar.update(done.events, all.events),
          ).finally(() => bar.stop()),
        );
      });
      const seconds = (performance.now() - started) / 1000;
      const closing = `${counted(answer.events, 'event')} of ${counted(answer.leads, 'lead')} replayed in ${seconds.toFixed(1)} s. Nothing was changed.`;
      print({ json: asJson(answer), text: `${inWords(answer)}\n${closing}` }, options.json);
    });
}

/** Times as people and programs write them. */
export function asJson(answer: WhatIf): unknown {
  const iso = (at: number) => new Date(at).toISOString();
  return {
    ...answer,
    differences: answer.differences.map((one) => ({
      ...one,
      ...('realAt' in one ? { realAt: iso(one.realAt) } : {}),
      ...('supposedAt' in one ? { supposedAt: iso(one.supposedAt) } : {}),
    })),
  };
}

/** The list that what-if and apply show. */
export function inWords({ differences, both, lost, gained }: WhatIf): string {
  const lines: string[] = [];
  const section = (title: string, rows: string[]) => {
    if (rows.length > 0) lines.push(title, ...rows.map((row) => `  ${row}`), '');
  };
  const who = (one: WhatIf['differences'][number]) =>
    [one.name, one.company, one.email].filter(Boolean).join(', ');
  section(
    'Would have become an SQL, and did not:',
    differences.flatMap((one) =>
      one.kind === 'gained' ? [`${minute(one.supposedAt)}  ${one.score} by ${one.rule}  ${who(one)}`] : [],
    ),
  );
  section(
    'Would not have become an SQL, and did:',
    differences.flatMap((one) =>
      one.kind === 'lost' ? [`${minute(one.realAt)}  sales: ${one.end}  ${who(one)}`] : [],
    ),
  );
  section(
    'At another time:',
    differences.flatMap((one) =>
      one.kind === 'both' && Math.abs(one.supposedAt - one.realAt) >= 60_000
        ? [`${minute(one.supposedAt)}, was ${minute(one.realAt)}  sales: ${one.end}  ${who(one)}`]
        : [],
    ),
  );
  const answers = ({ all, good, won, rejected, unanswered }: WhatIf['both']) =>
    `${all} (${good} good, of these ${won} won; ${rejected} rejected, ${unanswered} without an answer)`;
  lines.push(
    `Stay SQLs: ${answers(both)}`,
    `No longer SQLs: ${answers(lost)}`,
    `New SQLs: ${gained}; sales has never had them, so nobody knows how good they are`,
  );
  return lines.join('\n');
}

/** "2026-11-21 14:05" in UTC. */
function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
