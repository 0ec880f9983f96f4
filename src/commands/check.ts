import type { Command } from 'commander';
import { loadPages } from '../adapters/templates/page-renderer.ts';
import { loadTexts, missingTexts } from '../adapters/templates/texts.ts';
import { loadProgramme, ProgrammeError } from '../config/load-programme.ts';
import { describeProblem, type Problem } from '../config/problem.ts';
import { readEnvFile, readSettings } from '../config/settings.ts';
import { templates } from '../templates.ts';
import { print } from './with-program.ts';

interface Report {
  isGood: boolean;
  /** By what was checked: settings, programme, texts, templates. */
  problems: { in: string; message: string; path?: string; found?: string; allowed?: string; hint?: string }[];
  warnings: Report['problems'];
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
      const report = await check(options.programme);
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

  let programme = null;
  try {
    programme = await loadProgramme(
      path ?? settings?.programme ?? process.env.PROGRAMME,
      settings?.mode !== 'production',
    );
    note(warnings, 'programme', programme.warnings);
  } catch (error) {
    if (!(error instanceof ProgrammeError)) throw error;
    if (error.problems.length > 0) note(problems, 'programme', error.problems);
    else say('programme', [error.message]);
  }

  const texts = loadTexts(templates('locales'));
  const languages = programme?.programme.languages ?? [...texts.keys()];
  const missing = missingTexts(texts, languages);
  say('texts', missing);
  // A mail with a missing text cannot be written: that is named already, once.
  if (programme && missing.length === 0) {
    // MJML takes a second to load: other commands shall not wait for it.
    const { checkMails } = await import('../adapters/mail-templates/check.ts');
    const publicUrl = settings?.publicUrl ?? 'http://localhost:3000';
    say('templates', await checkMails(templates('mails'), texts, programme.programme, publicUrl));
    say('templates', pageFaults(texts));
  }
  return {
    isGood: problems.length === 0,
    problems,
    warnings,
    checked: { programme: programme?.path ?? null, languages },
  };
}

function pageFaults(texts: ReturnType<typeof loadTexts>): string[] {
  try {
    loadPages(templates('pages'), texts, {});
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function inWords({ isGood, problems, warnings, checked }: Report): string {
  const list = (entries: Report['problems']) =>
    entries.map((entry) => `  - ${entry.in}: ${entry.message}`).join('\n');
  const about = `${checked.programme ?? 'no programme'} in ${checked.languages.join(', ')}`;
  const parts = [
    isGood
      ? `All good: settings, programme, texts and templates (${about}).`
      : `${problems.length === 1 ? 'One thing has' : `${problems.length} things have`} to be mended (${about}):\n${list(problems)}`,
  ];
  if (warnings.length > 0) parts.push(`Worth a look:\n${list(warnings)}`);
  return parts.join('\n\n');
}
