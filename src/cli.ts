import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { isAway } from './adapters/postgres/database-fault.ts';
import { accountShowCommand } from './commands/account-show.ts';
import { apiKeyCommands } from './commands/api-key.ts';
import { backupCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { dkimCreateCommand } from './commands/dkim-create.ts';
import { doctorCommand } from './commands/doctor.ts';
import { feedCommands } from './commands/feed.ts';
import { issueControlCommands } from './commands/issue-control.ts';
import { issuePreviewCommand } from './commands/issue-preview.ts';
import { issueRehearseCommand } from './commands/issue-rehearse.ts';
import { issueSendCommand } from './commands/issue-send.ts';
import { issueStatusCommand } from './commands/issue-status.ts';
import { migrateCommand } from './commands/migrate.ts';
import { reportLiftCommand } from './commands/report-lift.ts';
import { restoreCommand } from './commands/restore.ts';
import { scoreApplyCommand, scoreUndoCommand } from './commands/score-apply.ts';
import { scoreLessonsCommand } from './commands/score-lessons.ts';
import { scoreReplayCommand } from './commands/score-replay.ts';
import { scoreWhatIfCommand } from './commands/score-what-if.ts';
import { staffSignInCommand } from './commands/staff-sign-in.ts';
import { startCommand } from './commands/start.ts';
import { subscriberShowCommand } from './commands/subscriber-show.ts';
import { suppressionCommands } from './commands/suppression.ts';
import { touchpointImportCommand } from './commands/touchpoint-import.ts';
import { webhookCommands } from './commands/webhook.ts';
import { CommandError } from './commands/with-program.ts';
import { fileFault } from './config/file-fault.ts';
import { ProgrammeError } from './config/load-programme.ts';
import { redact, redacted } from './domain/redact.ts';
import { SetUpError } from './runtime.ts';
import { version } from './version.ts';

const simmer = new Command('simmer')
  .description('A content-personalised newsletter that warms leads until sales can serve them.')
  .version(version)
  .option('--programme <path>', 'the programme (default: the setting PROGRAMME, else feeds.config.ts here)')
  .showHelpAfterError('(add --help to see what is allowed)')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 done · 1 not done, the reason is on stderr · 2 wrong settings, programme or usage',
  );

startCommand(simmer);
demoCommand(simmer);
checkCommand(simmer);
doctorCommand(simmer);
migrateCommand(simmer);
backupCommand(simmer);
restoreCommand(simmer);
const subscriber = simmer.command('subscriber').description('look at subscribers');
subscriberShowCommand(subscriber);
const feed = simmer.command('feed').description('see how the feeds do, and what is found at one');
feedCommands(feed);
const issue = simmer.command('issue').description('rehearse, send and follow issues of a digest');
issueRehearseCommand(issue);
issuePreviewCommand(issue);
issueSendCommand(issue);
issueStatusCommand(issue);
issueControlCommands(issue);
const suppression = simmer.command('suppression').description('addresses that are never written to');
suppressionCommands(suppression);
const score = simmer.command('score').description('try, adopt and question the rules of the score');
scoreWhatIfCommand(score);
scoreApplyCommand(score);
scoreUndoCommand(score);
scoreReplayCommand(score);
scoreLessonsCommand(score);
const account = simmer.command('account').description('look at the leads of one company together');
accountShowCommand(account);
const webhook = simmer.command('webhook').description('tell other programs what happens to leads');
webhookCommands(webhook);
const apiKey = simmer.command('api-key').description('keys for programs that use the API');
apiKeyCommands(apiKey);
const touchpoint = simmer.command('touchpoint').description('people met elsewhere, at fairs or on the phone');
touchpointImportCommand(touchpoint);
const report = simmer.command('report').description('what the newsletter brings');
reportLiftCommand(report);
const dkim = simmer.command('dkim').description('keys that mails are signed with');
dkimCreateCommand(dkim);
const staff = simmer.command('staff').description('help staff in');
staffSignInCommand(staff);

// Node would print such an error with all its fields; a driver's may hold what it was given.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${redact(inspect(redacted(error)))}\n`);
  process.exit(1);
});

try {
  await simmer.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** People get a sentence; only what nobody foresaw has a stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const isForeseen =
    error instanceof SetUpError || error instanceof ProgrammeError || error instanceof CommandError;
  process.stderr.write(`${redact(isForeseen ? error.message : unforeseen(error))}\n`);
  return error instanceof CommandError || !isForeseen ? 1 : 2;
}

function unforeseen(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isAway(error)) return `The database went away meanwhile (${error.message || error.name}). Try again.`;
  const { syscall, path, code } = error as NodeJS.ErrnoException;
  // What the operating system refused is told by its own words.
  if (syscall !== undefined && code !== undefined)
    return path === undefined
      ? error.message
      : `${path} cannot be used: ${fileFault(error)} (${error.message})`;
  return error.stack ?? error.message;
}
