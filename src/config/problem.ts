/** Something that somebody wrote in a setting or in the programme, and that cannot stay as it is. */
export interface Problem {
  /** Where: "feeds[3].interests[0]", or the name of a setting. */
  path: string;
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
  return `${problem.path || '(the whole)'}\n    found: ${problem.found}\n    allowed: ${problem.allowed}${hint}`;
}

/** Many problems under one sentence that says what they are problems of. */
export function describeProblems(what: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
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
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** "did you mean …?" for the choice that is at most two (in long words three) typing slips away. */
export function nearMiss(found: unknown, choices: Iterable<string>): string | undefined {
  if (typeof found !== 'string' || found === '') return undefined;
  let best: string | undefined;
  let bestDistance = found.length > 8 ? 4 : found.length > 3 ? 3 : 2;
  for (const choice of choices) {
    const distance = slips(found.toLowerCase(), choice.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [choice, distance];
  }
  return best === undefined ? undefined : `did you mean "${best}"?`;
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
