import type { Command } from 'commander';
import { counted } from '../domain/text.ts';
import { type Applied, applyRules, undoRules } from '../journey/scoring/apply-rules.ts';
import { whatIf } from '../journey/scoring/what-if.ts';
import { changeOf, foreseeing, progressBar, type RuleFlags, withRuleFlags } from './score.ts';
import { asJson, inWords } from './score-what-if.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, print, withProgram } from './with-program.ts';

/** simmer score apply: the rules of the programme and these flags, for the past too. `score` is the group's command. */
export function scoreApplyCommand(score: Command): void {
  withRuleFlags(score.command('apply'))
    .description(
      'adopt the rules of the programme, with these flags over them, and score the past anew; mails sales nothing',
    )
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nWithout flags the programme alone holds. "simmer score undo" goes back.\n\nExample:\n  simmer score apply --rule click-footer-press=1',
    )
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<RuleFlags & { json?: boolean; programme?: string }>();
      const { shown, applied } = await withProgram(
        options,
        async ({ database, loaded: { programme }, links }) => {
          const change = changeOf(options);
          const { history, rules } = database.stores;
          const { leads } = await history.size();
          const bar = progressBar('leads');
          try {
            const shown = await foreseeing(whatIf({ history, rules, programme, links }, { change }));
            const applied = await foreseeing(
              applyRules({ database, programme, links }, { change, by: whoAmI() }, new Date(), (done) =>
                bar.update(done, leads),
              ),
            );
            return { shown, applied };
          } finally {
            bar.stop();
          }
        },
      );
      print(
        {
          json: { ...applied, whatIf: asJson(shown) },
          text: `${inWords(shown)}\n\n${appliedInWords(applied)} Sales was mailed nothing for the past: a lead that is over the threshold now becomes an SQL with its next act. "simmer score undo" goes back.`,
        },
        options.json,
      );
    });
}

/** simmer score undo: back to the rules before the last change. `score` is the group's command. */
export function scoreUndoCommand(score: Command): void {
  score
    .command('undo')
    .description('go back to the rules before the last "score apply", for the past too')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer score undo')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ json?: boolean; programme?: string }>();
      const undone = await withProgram(options, async ({ database, loaded: { programme }, links }) => {
        const { leads } = await database.stores.history.size();
        const bar = progressBar('leads');
        return undoRules({ database, programme, links }, whoAmI(), new Date(), (done) =>
          bar.update(done, leads),
        ).finally(() => bar.stop());
      });
      if (undone.result === 'nothing-to-undo')
        throw new CommandError('there is no "score apply" to undo: the rules are those of the programme');
      const lost =
        undone.lost.length > 0
          ? ` Not brought back, since the programme no longer has them: ${undone.lost.join(', ')}.`
          : '';
      print({ json: undone, text: `${appliedInWords(undone.applied)}${lost}` }, options.json);
    });
}

function appliedInWords({ version, leads, changed, entries }: Applied): string {
  return `Rules ${version} hold now. ${changed} of ${counted(leads, 'lead')} ${changed === 1 ? 'has' : 'have'} other entries in the ledger (${counted(entries, 'entry was', 'entries were')} added).`;
}
