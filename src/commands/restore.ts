import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { type Backup, BadBackup } from '../adapters/postgres/backup/format.ts';
import type { Held } from '../adapters/postgres/backup/hold.ts';
import {
  checkBackup,
  inWords,
  RestoreRefused,
  restoreBackup,
  whatIsThere,
  withClient,
} from '../adapters/postgres/backup/restore.ts';
import { schemaState } from '../adapters/postgres/schema-state.ts';
import { keyPrint, secretKeyFile } from '../config/secret-key.ts';
import type { Settings } from '../config/settings.ts';
import { redact } from '../domain/redact.ts';
import { counted } from '../domain/text.ts';
import { reachDatabase } from '../open-database.ts';
import { settingsOf } from '../runtime.ts';
import { asCommandError, inRows, signingKey, tellOnTerminal } from './backup.ts';
import { CommandError, commandLog, print } from './with-program.ts';

interface Options {
  replace?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** What is known of the key that links were signed with. */
type KeyState = 'same' | 'other' | 'written' | 'unknown';

/** simmer restore FILE: a backup in the place of an empty database, or of what is in it. Sends nothing by itself. */
export function restoreCommand(simmer: Command): void {
  simmer
    .command('restore')
    .description('put a backup into an empty database; nothing is sent by itself afterwards')
    .argument('<file>', 'as "simmer backup" wrote it')
    .option('--replace', 'throw away what is in the database')
    .option('--yes', 'do not ask before that')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      `
Stop Simmer first. Older backups are brought up to date. When it is broken off, run it again.

Examples:
  simmer restore 2026-11-30.simmer
  simmer restore 2026-11-30.simmer --replace`,
    )
    .action(async (file: string, options: Options) => {
      await restore(resolve(file), options);
    });
}

async function restore(path: string, options: Options): Promise<void> {
  const settings = settingsOf();
  const backup = await checkBackup(path).catch((error) => {
    throw refusal(error, path, '');
  });
  const now = new Date();
  const { url, embedded, close } = await reachDatabase(settings, commandLog());
  try {
    if (options.replace) await confirm(url, options);
    const held = await restoreBackup(url, path, backup, {
      now,
      log: commandLog(),
      ownConnections: embedded === null ? 0 : 1,
      replace: options.replace === true,
      ...(process.stderr.isTTY ? { tell: tellOnTerminal } : {}),
    });
    const key = settleKey(settings, backup);
    const { madeAt, version } = backup.head;
    print(
      {
        json: { file: path, madeAt, version, rows: backup.end.rows, held, key },
        text: report(path, backup, held, key, settings),
      },
      options.json,
    );
  } catch (error) {
    throw refusal(error, path, url);
  } finally {
    await close();
  }
}

function refusal(error: unknown, path: string, url: string): unknown {
  if (error instanceof BadBackup) return new CommandError(`${path} cannot be restored: ${error.message}.`);
  if (error instanceof RestoreRefused) return new CommandError(`Nothing was restored: ${error.message}`);
  return error instanceof CommandError ? error : asCommandError(error, path, url);
}

/** What is in the database is gone afterwards: a person says so, at the terminal or by --yes. */
async function confirm(url: string, { yes }: Options): Promise<void> {
  const there = await withClient(url, async (client) =>
    (await schemaState(client)).halfRestored === null ? whatIsThere(client) : [],
  );
  if (there.length === 0 || yes) return;
  const question = `${redact(url)} holds ${inWords(there)}.`;
  if (!process.stdin.isTTY)
    throw new CommandError(`${question} To throw all that away without being asked, add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question}\nAll that will be gone. Type "replace" to go on: `);
  terminal.close();
  if (answer.trim() !== 'replace') throw new CommandError('Nothing was restored.');
}

/** Puts the key of the backup in its place where Simmer keeps it itself; else says whether the one that is set is the same. */
function settleKey(settings: Settings, { head }: Backup): KeyState {
  if (head.keyPrint === null) return 'unknown';
  const current = settings.secrets.length > 0 ? settings.secrets : [signingKey(settings)];
  if (current.some((key) => key !== null && keyPrint(key) === head.keyPrint)) return 'same';
  if (settings.secrets.length > 0 || head.key === undefined) return 'other';
  const file = secretKeyFile(settings.dataDir);
  if (existsSync(file)) renameSync(file, `${file}.before-restore`);
  writeFileSync(file, `${head.key}\n`, { mode: 0o600, flag: 'wx' });
  return 'written';
}

function report(path: string, { head, end }: Backup, held: Held, key: KeyState, settings: Settings): string {
  const { issues, deliveries, oneOff, webhooks, imports } = held;
  const lines = [
    `Restored from ${path}: ${inRows(end.rows)}, as of ${head.madeAt}.`,
    '',
    'Nothing is sent by itself: what was sent since then nobody knows.',
  ];
  if (issues.length > 0)
    lines.push(
      `- ${counted(issues.length, 'issue is', 'issues are')} paused (${issues.join(', ')}); ${counted(deliveries, 'mail that was due is', 'mails that were due are')} uncertain.`,
      '  For each: simmer issue resolve ID --uncertain leave|resend, then simmer issue resume ID (or cancel ID).',
    );
  if (oneOff > 0)
    lines.push(
      `- ${counted(oneOff, 'one-off mail is', 'one-off mails are')} uncertain: simmer issue resolve one-off --uncertain leave|resend`,
    );
  if (webhooks > 0)
    lines.push(
      `- ${counted(webhooks, 'webhook message waits', 'webhook messages wait')}: simmer webhook log, then simmer webhook resend ID`,
    );
  if (imports > 0)
    lines.push(
      `- ${counted(imports, 'import of people waits for its button', 'imports of people wait for their button')}: Staff pages, People, Import`,
    );
  lines.push(
    '- Issues that were due between the backup and now are left out; to send one: simmer issue send --digest ID --now',
    '',
    'What happened since the backup is lost: sign-ups, answers of sales, and also who unsubscribed or was erased. Look in your mailbox',
    'and mail server for those, and take them off again before anything is sent (simmer suppression add EMAIL).',
    ...aboutKey(key, settings),
  );
  return lines.join('\n');
}

function aboutKey(key: KeyState, { dataDir, secrets }: Settings): string[] {
  switch (key) {
    case 'same':
      return [];
    case 'written':
      return ['', `The key that signs links was in the backup, and is in ${secretKeyFile(dataDir)} now.`];
    case 'other':
      return [
        '',
        `Links in mails sent so far were signed with another key than ${secrets.length > 0 ? 'SECRET_KEY holds' : `the one in ${secretKeyFile(dataDir)}`}: they do not work until it is back.`,
        secrets.length > 0
          ? 'Add the former key to SECRET_KEY, behind a comma (a backup made --with-key shows it in its first line: zcat FILE | head -1).'
          : 'Put the former file in its place.',
      ];
    case 'unknown':
      return [
        '',
        'Whether links in mails sent so far still work cannot be told: the backup knows of no key.',
      ];
  }
}
