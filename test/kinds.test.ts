import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

// A copy of the source with a made-up kind in a list of kinds, and in its table: what then does not compile is all that a
// new kind needs besides.

const root = join(import.meta.dirname, '..');
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'simmer-kinds-'));
  for (const name of ['src', 'package.json']) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const config = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ ...config, include: ['src'] }));
});
afterAll(() => rmSync(copy, { recursive: true }));

/** Puts a text before another one that stands there once. */
function put(file: string, before: string, added: string): void {
  const text = readFileSync(join(copy, file), 'utf8');
  expect(text.split(before), `${file}: ${before}`).toHaveLength(2);
  writeFileSync(
    join(copy, file),
    text.replace(before, () => added + before),
  );
}

function restore(...files: string[]): void {
  for (const file of files) cpSync(join(root, file), join(copy, file));
}

function filesWithErrors(): string[] {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false'], { cwd: copy, encoding: 'utf8' });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return [...new Set([...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file]) => file!))].sort();
  }
}

it('a new kind of event is asked for by its table, and then by every place that looks at events by kind', () => {
  const file = 'src/domain/scoring/lead-event.ts';
  put(file, "  | { kind: 'mail-sent';", "  | { kind: 'made-up'; at: Date; subscriberId: number }\n");
  expect(filesWithErrors()).toContain(file);
  put(
    file,
    "  'mail-sent': {",
    `  'made-up': { isAct: true, isByLead: true, mayQualify: true, isOfMail: false,
      rule: { name: 'rule.made-up', fields: [] }, byApi: 'name', isShownOtherwise: false, recordedAs: 'made-up' },\n`,
  );
  // Its words go into the language files, which a test asks for.
  put('src/domain/reason.ts', "  'rule.visit': {},", "  'rule.made-up': {},\n");
  expect(filesWithErrors()).toEqual([
    'src/adapters/postgres/scoring/ledger-events.ts',
    'src/domain/scoring/replay.ts',
    'src/domain/scoring/score.ts',
    'src/web/api/events.ts',
  ]);
  restore(file, 'src/domain/reason.ts');
}, 120_000);

it('a new kind of mail is asked for by its table, and then by every place that looks at mails by kind', () => {
  const file = 'src/domain/mail/mails.ts';
  put(file, '  confirmation: ConfirmationMail;', "  'made-up': NoticeMail;\n");
  expect(filesWithErrors()).toContain(file);
  put(
    file,
    '  confirmation: { mayComeTwice',
    "  'made-up': { mayComeTwice: true, inStaffLanguage: false, isToSubscriber: false, isAboutLead: false },\n",
  );
  // Its template and its words are asked for by `simmer check`.
  expect(filesWithErrors()).toEqual([
    'src/adapters/mail-templates/examples.ts',
    'src/adapters/mail-templates/subjects.ts',
    'src/jobs/recheck-mail.ts',
  ]);
  restore(file);
}, 120_000);

it("a provider's posts need its row in the table and how it proves itself", () => {
  const file = 'src/domain/returns/provider-posts/read-provider-post.ts';
  put(
    file,
    '  ses: {',
    `  madeUp: { setting: { name: 'MADE_UP', form: /./, allowed: 'a key', isHidden: true },
      secretIn: (text) => text, read: postmark },\n`,
  );
  expect(filesWithErrors()).toEqual(['src/web/returns/routes.ts']);
  restore(file);
}, 120_000);
