import type { Command } from 'commander';
import type { Tell } from '../domain/reason-text.ts';
import { counted } from '../domain/text.ts';
import { type Effect, type RuleEffects, ruleEffects } from '../journey/scoring/rule-effects.ts';
import { sinceFlag } from './score.ts';
import { commandTeller } from './tell.ts';
import { print, withProgram } from './with-program.ts';

const MOST_ARTICLES = 15;

/** simmer score lessons: what sales' answers say about the rules. `score` is the group's command. */
export function scoreLessonsCommand(score: Command): void {
  score
    .command('lessons')
    .description(
      'what sales made of the leads of each rule and article, and which changes follow; changes nothing',
    )
    .option('--since <date>', 'only leads that became SQLs from this day on', sinceFlag)
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer score lessons')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ since?: Date; json?: boolean; programme?: string }>();
      const { effects, tell } = await withProgram(options, async ({ database, loaded: { programme } }) => ({
        effects: await ruleEffects({ rules: database.stores.rules, programme }, options.since ?? null),
        tell: commandTeller(programme),
      }));
      print({ json: withWords(effects, tell), text: inWords(effects, tell) }, options.json);
    });
}

/** For programs: what is said in words has its code and values beside it. */
function withWords({ rules, articles, proposals, ...rest }: RuleEffects, tell: Tell) {
  const named = ({ name, ...effect }: Effect) => ({ ...effect, words: tell(name), reason: name });
  return {
    ...rest,
    rules: rules.map(named),
    articles: articles.map(named),
    proposals: proposals.map(({ why, ...one }) => ({ ...one, why: tell(why), reason: why })),
  };
}

function inWords({ answered, rules, articles, proposals }: RuleEffects, tell: Tell): string {
  if (answered.all === 0) return 'Sales has not answered about any lead yet: there is nothing to learn from.';
  const lines = [
    `Sales answered about ${counted(answered.all, 'lead')}: ${answered.good} taken on (${answered.won} won), ${answered.rejected} rejected.`,
    '',
    'Rule                            points  leads  taken on         won  rejected',
    ...rules.map((rule) => row(rule.id, rule)),
  ];
  if (articles.length > 0)
    lines.push(
      '',
      'Articles clicked before',
      ...articles.slice(0, MOST_ARTICLES).map((one) => row(tell(one.name), one)),
    );
  lines.push('');
  if (proposals.length === 0)
    lines.push('No rule differs enough from the others, with enough answers, to propose a change.');
  for (const { rule, points, proposed, why } of proposals)
    lines.push(`Proposed: ${rule} from ${points} to ${proposed}: ${tell(why)}.`);
  if (proposals.length > 0)
    lines.push(
      `Look first, then decide: simmer score what-if ${proposals.map(({ rule, proposed }) => `--rule ${rule}=${proposed}`).join(' ')}`,
    );
  return lines.join('\n');
}

function row(name: string, effect: Effect): string {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const { share, low, high } = effect.acceptedShare;
  return [
    (name.length > 30 ? `${name.slice(0, 29)}…` : name).padEnd(30),
    String(effect.points ?? '').padStart(8),
    String(effect.answered).padStart(6),
    `${percent(share)} (${Math.round(100 * low)}-${Math.round(100 * high)})`.padStart(14),
    percent(effect.wonShare.share).padStart(7),
    percent(effect.rejectedShare.share).padStart(8),
  ].join(' ');
}
