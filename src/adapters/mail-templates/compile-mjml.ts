import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { inlineBasics } from './inline-basics.ts';

/** Something in the mail templates that must be mended before mail can be sent. `problems` has one line per fault. */
export class MailTemplateError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the mail templates cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'MailTemplateError';
    this.problems = problems;
  }
}

/**
 * MJML → HTML that still holds its Handlebars. Runs once per mail when templates are loaded: it costs 13-40 ms, and
 * rendering per reader costs thousandths of that. Handlebars blocks stand in <mj-raw>, or anywhere inside texts.
 * `colours` fills $names before MJML, which checks that colours are colours. Throws MailTemplateError.
 */
export async function compileMjml(
  file: string,
  folder: string,
  colours: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await inThread({ source: readFileSync(file, 'utf8'), file, folder, colours });
  if ('faults' in answer)
    throw new MailTemplateError(answer.faults.map((fault) => withPlace(fault, file, folder)));
  if (answer.unknown.length > 0) {
    const known = Object.keys(colours).map((name) => `$${name}`);
    throw new MailTemplateError(
      answer.unknown.map(
        (name) => `${relative(folder, file)}: ${name} is no colour; there are ${known.join(', ')}`,
      ),
    );
  }
  return inlineBasics(squeeze(answer.html));
}

interface Job {
  source: string;
  file: string;
  folder: string;
  colours: Readonly<Record<string, string>>;
}
type Answer = { html: string; unknown: string[] } | { faults: string[] };

/** After the last mail the thread waits so long for a further one. */
const PATIENCE_MS = 1_000;
interface Thread {
  run(job: Job): Promise<Answer>;
}
let thread: Thread | null = null;

/**
 * MJML takes 45 MB that are needed for the first second of a process only. In a thread of its own they are given back
 * when that is over.
 */
function inThread(job: Job): Promise<Answer> {
  thread ??= startThread();
  return thread.run(job);
}

function startThread(): Thread {
  // Without our own loader, which it has no use for.
  const worker = new Worker(new URL('./mjml-thread.mjs', import.meta.url), { execArgv: [] });
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let number = 0;
  let ending: NodeJS.Timeout | undefined;

  const leave = () => {
    if (thread === started) thread = null;
  };
  const end = (error: Error) => {
    leave();
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('MJML ended')));
  worker.on('message', (answer: Answer & { number: number }) => {
    waiting.get(answer.number)?.resolve(answer);
    waiting.delete(answer.number);
    if (waiting.size > 0) return;
    // Nobody waits, so nobody is to be kept running by it.
    worker.unref();
    ending = setTimeout(() => {
      leave();
      void worker.terminate();
    }, PATIENCE_MS).unref();
  });
  const started: Thread = {
    run: (job) =>
      new Promise<Answer>((resolve, reject) => {
        clearTimeout(ending);
        number += 1;
        waiting.set(number, { resolve, reject });
        worker.ref();
        worker.postMessage({ number, ...job });
      }),
  };
  return started;
}

/** Indentation is a quarter of what MJML writes. Lines stay, so that none grows over the 998 characters of RFC 5322. */
function squeeze(html: string): string {
  return html.replace(/(?<![ \t])[ \t]*\n\s*/g, '\n').replace(/<(\w+) {2,}/g, '<$1 ');
}

/**
 * "Line 5 of /…/mails/issue/html.mjml (mj-group) — …" → "issue/html.mjml line 5 (mj-group) — …". Of a fault in a
 * partial MJML also says every place that includes it; the partial alone is where to mend it.
 */
function withPlace(fault: string, file: string, folder: string): string {
  const line = /^Line (\d+) of (.+?)(?:, included at .*?)? (?=\([\w-]+\) — )/.exec(fault);
  if (!line) return `${relative(folder, file)}: ${fault}`;
  return `${relative(folder, line[2]!)} line ${line[1]} ${fault.slice(line[0].length)}`;
}
