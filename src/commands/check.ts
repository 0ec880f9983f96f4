import type { Command } from 'commander';
import { loadPages } from '../adapters/templates/page-renderer.ts';
import { textFaults } from '../adapters/templates/text-faults.ts';
import type { Texts } from '../adapters/templates/texts.ts';
import { loadProgramme, ProgrammeError } from '../config/load-programme.ts';
import { describeProblem, type Problem, type Respelled } from '../config/problem.ts';
import { weakFormerKeys } from '../config/secret-strength.ts';
import { readEnvFile, readSettings } from '../config/settings.ts';
import { redacted } from '../domain/redact.ts';
import { counted } from '../domain/text.ts';
import { templates } from '../template-folders.ts';
import { logoProblems, senderProblems } from './check-brand.ts';
import { readerWarnings } from './check-readers.ts';
import { readTexts, unusedTextFaults } from './check-texts.ts';
import { print } from './with-program.ts';

interface Report {
  isGood: boolean;
  /** By what was checked: settings, programme, texts, templates. */
  problems: { in: string; message: string; path?: string; found?: string; allowed?: string; hint?: string }[];
  warnings: Report['problems'];
  /** Addresses that are used in another spelling than they were written in. */
  respelled: Respelled[];
  checked: { programme: string | null; languages: string[] };
}

/** simmer check: everything a person writes, looked at before it runs. Exit code 1 when something must be mended. */
export function checkCommand(simmer: Command): void {
  simmer
    .command('check')
    .description('check settings, programme, texts in all languages, and templates; changes nothing')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer check --programme ./feeds.config.ts')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ json?: boolean; programme?: string }>();
      const report = redacted(await check(options.programme)) as Report;
      print({ json: report, text: inWords(report) }, options.json);
      if (!report.isGood) process.exitCode = 1;
    });
}

async function check(path: string | undefined): Promise<Report> {
  const problems: Report['problems'] = [];
  const warnings: Report['problems'] = [];
  const note = (list: Report['problems'], where: string, found: readonly Problem[]) =>
    list.push(...found.map((problem) => ({ in: where, message: describeProblem(problem), ...problem })));
  const say = (where: string, messages: readonly string[]) =>
    problems.push(...messages.map((message) => ({ in: where, message })));

  readEnvFile();
  const read = readSettings(process.env);
  if ('problems' in read) note(problems, 'settings', read.problems);
  const settings = 'settings' in read ? read.settings : null;
  const weak = settings && weakFormerKeys(settings.secrets);
  if (weak !== null) warnings.push({ in: 'settings', message: `SECRET_KEY: ${weak}` });

  let programme = null;
  let file: string | null = null;
  try {
    programme = await loadProgramme(
      path ?? settings?.programme ?? process.env.PROGRAMME,
      settings?.mode !== 'production',
    );
    note(warnings, 'programme', programme.warnings);
    file = programme.path;
    if (settings) note(warnings, 'programme', await readerWarnings(programme.programme, settings));
    const { brand } = programme.programme;
    note(problems, 'programme', await logoProblems(brand));
    // A try-out may be made up, sender and all; a real installation would send in vain.
    const isReal = settings?.mode === 'production';
    if (isReal || !programme.isSample) note(isReal ? problems : warnings, 'programme', senderProblems(brand));
  } catch (error) {
    if (!(error instanceof ProgrammeError)) throw error;
    file = error.path;
    if (error.problems.length > 0) note(problems, 'programme', error.problems);
    else say('programme', [error.message]);
  }

  const { texts, unreadable } = readTexts(templates('locales'));
  const languages = programme?.programme.languages ?? [...texts.keys()];
  say('texts', unreadable);
  const faults = unreadable.length > 0 ? [] : textFaults(texts, languages);
  note(problems, 'texts', faults);
  note(warnings, 'texts', unusedTextFaults(texts, languages));
  // A mail with a missing text cannot be written: that is named already, once.
  if (programme && unreadable.length + faults.length === 0) {
    // MJML takes a second to load: other commands shall not wait for it.
    const { checkMails } = await import('../adapters/mail-templates/check.ts');
    const publicUrl = settings?.publicUrl ?? 'http://localhost:3000';
    say('templates', onceEach(await checkMails(templates('mails'), texts, programme.programme, publicUrl)));
    say('templates', pageFaults(texts));
  }
  return {
    isGood: problems.length === 0,
    problems,
    warnings,
    // A slash behind a bare host is not worth a word.
    respelled: (programme?.respelled ?? []).filter(({ written, used }) => used !== `${written}/`),
    checked: { programme: file, languages },
  };
}

function pageFaults(texts: Map<string, Texts>): string[] {
  try {
    loadPages(templates('pages'), texts, {});
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** A fault of a part that mails share is in all of them, in every language: it is told of the first. */
function onceEach(lines: readonly string[]): string[] {
  const times = new Map<string, [string, number]>();
  for (const line of lines) {
    const fault = line.replace(/^mail "[^"]*" in language "[^"]*": /, '');
    const [first, n] = times.get(fault) ?? [line, 0];
    times.set(fault, [first, n + 1]);
  }
  return [...times.values()].map(([line, n]) =>
    n === 1 ? line : `${line} (and in ${counted(n - 1, 'more mail')})`,
  );
}

/** A language just begun lacks a thousand texts. */
function shortList(messages: readonly string[]): string[] {
  const more = messages.length - MOST_SHOWN;
  if (more <= 0) return [...messages];
  return [...messages.slice(0, MOST_SHOWN), `and ${more} more: "simmer check --json" names each`];
}

const MOST_SHOWN = 20;

function inWords({ isGood, problems, warnings, respelled, checked }: Report): string {
  const file = checked.programme ?? 'the programme';
  const list = (entries: readonly string[]) => entries.map((entry) => `  - ${entry}`).join('\n');
  const about = `${file} in ${checked.languages.join(', ')}`;
  const parts = isGood ? [`All good: settings, programme, texts and templates (${about}).`] : [];
  for (const where of new Set(problems.map((problem) => problem.in))) {
    const all = problems.filter((problem) => problem.in === where).map(({ message }) => message);
    const found = where === 'texts' ? shortList(all) : all;
    const place = where === 'programme' ? file : `the ${where}`;
    parts.push(`${counted(all.length, 'problem')} in ${place}:\n${list(found)}`);
  }
  if (warnings.length > 0)
    parts.push(`Worth a look:\n${list(warnings.map((one) => `${one.in}: ${one.message}`))}`);
  if (respelled.length > 0) {
    const lines = respelled.map(({ path, written, used }) => `${path}: ${written}\n    is used as ${used}`);
    parts.push(`Addresses in the spelling that browsers and mail programs share:\n${list(lines)}`);
  }
  return parts.join('\n\n');
}
