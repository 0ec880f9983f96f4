import { counted, shortened } from '../domain/text.ts';
/** Something that somebody wrote in a setting or in the programme, and that cannot stay as it is. */
export interface Problem {
  /** Where: "feeds[3].interests[0]", or the name of a setting. */
  path: string;
  /** Where the very same stands too. */
  also?: string[];
  /** What was found there, as it is written. */
  found: string;
  /** What is allowed there. */
  allowed: string;
  /** What was probably meant. */
  hint?: string;
}

/** An address that is used in another spelling than the one it was written in; it leads to the same page. */
export interface Respelled {
  path: string;
  written: string;
  used: string;
}

/** One problem as lines for a terminal. */
export function describeProblem(problem: Problem): string {
  const hint = problem.hint === undefined ? '' : `\n    ${problem.hint}`;
  const also = problem.also === undefined ? '' : `, and the same at ${places(problem.also)}`;
  return `${problem.path || '(the whole)'}${also}\n    found: ${problem.found}\n    allowed: ${problem.allowed}${hint}`;
}

/** "3 places (feeds[0].url, feeds[1].url, feeds[2].url)"; of many, the first. */
export function places(paths: readonly string[]): string {
  const named = paths.slice(0, MOST_NAMED).join(', ');
  if (paths.length === 1) return named;
  return `${paths.length} places (${named}${paths.length > MOST_NAMED ? ' …' : ''})`;
}

const MOST_NAMED = 4;

/** One slip made in many places is one problem: what differs in nothing but the numbers of its path stands together. */
export function gathered(problems: readonly Problem[]): Problem[] {
  const kinds = new Map<string, [Problem, ...Problem[]]>();
  for (const problem of problems) {
    const { path, found, allowed, hint } = problem;
    const kind = JSON.stringify([path.replace(/\[\d+\]/g, '[]'), found, allowed, hint]);
    const known = kinds.get(kind);
    if (known) known.push(problem);
    else kinds.set(kind, [problem]);
  }
  return [...kinds.values()].map(([first, ...others]) =>
    others.length === 0 ? first : { ...first, also: others.map(({ path }) => path) },
  );
}

/** Many problems under one sentence that says what they are problems of. */
export function describeProblems(what: string, problems: readonly Problem[]): string {
  const count = counted(problems.length, 'problem');
  const list = problems.map((problem) => `  - ${describeProblem(problem)}`).join('\n');
  return `${what}: ${count}\n${list}`;
}

/** How a value is shown: as it would be written in a programme, shortened. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = String(value);
  }
  return shortened(text, 78);
}

/** "did you mean …?" for the nearest choice, if one is near. */
export function nearMiss(found: unknown, choices: Iterable<string>): string | undefined {
  const near = typeof found === 'string' ? nearest(found, choices) : undefined;
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

/** The choice that is the fewest typing slips away: at most one in a short word, two in five letters of a long one. */
export function nearest(found: string, choices: Iterable<string>): string | undefined {
  if (found === '') return undefined;
  let best: string | undefined;
  let bestDistance = found.length > 3 ? Math.max(3, Math.floor(found.length * 0.4) + 1) : 2;
  for (const choice of choices) {
    const distance = slips(found.toLowerCase(), choice.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [choice, distance];
  }
  return best;
}

/** Levenshtein distance: letters to add, drop or change. */
function slips(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
