import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AST, parseRegExpLiteral } from '@eslint-community/regexpp';
import { parseAst } from 'vitest/node';

/** A regular expression, and the file and line it stands in. */
export interface Pattern {
  where: string;
  regex: RegExp;
}

/** Text that grows: what stands before and after it stays. */
export interface Attack {
  before: string;
  pump: string;
  after: string;
}

/** Every regular expression that is written out in the sources below `root`. */
export function patternsIn(root: string): Pattern[] {
  const files = readdirSync(root, { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8');
      const found: Pattern[] = [];
      const visit = (node: unknown): void => {
        if (Array.isArray(node)) for (const one of node) visit(one);
        if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
        const { type, regex, start } = node as {
          type?: string;
          regex?: { pattern: string; flags: string };
          start: number;
        };
        if (type === 'Literal' && regex) {
          const line = source.slice(0, start).split('\n').length;
          found.push({ where: `${file}:${line}`, regex: new RegExp(regex.pattern, regex.flags) });
        }
        for (const value of Object.values(node)) visit(value);
      };
      visit(parseAst(source, { lang: 'ts' }));
      return found;
    });
}

/** The regular expressions that `run` puts together out of strings. */
export async function patternsMadeBy(where: string, run: () => unknown): Promise<Pattern[]> {
  const made: Pattern[] = [];
  const Plain = globalThis.RegExp;
  globalThis.RegExp = new Proxy(Plain, {
    construct(target, [pattern, flags]: [string | RegExp, string?]) {
      const regex = new target(pattern, flags);
      made.push({ where, regex });
      return regex;
    },
  });
  try {
    await run();
  } finally {
    globalThis.RegExp = Plain;
  }
  return made;
}

/** Letters that a class is tried with, the likeliest first. */
const LETTERS = [...' a0\n<-.=_/@:;,"\'&?#%+*()[]{}|\\!~$^`>AZ\té。不\u00a0\u0000'];
/** What fits nothing, and what "." and "$" do not fit. */
const ENDS = ['\u0001', '\n'];
/** From here on a repetition is one: what is repeated fewer times takes no more than that many times as long. */
const MANY = 1_000;

type Repeated = AST.Quantifier;
type Node = AST.Node;

/**
 * What may make a regular expression slow: for each of its repetitions the way there, what it repeats, and what then does
 * not fit; the way itself, again and again, each of which tries to the end; and the same with what would come next.
 */
export function attacksOn({ source, flags }: RegExp): Attack[] {
  const { pattern } = parseRegExpLiteral(`/${source}/${flags}`);
  const attacks = new Map<string, Attack>();
  const add = (before: string, pump: string, after: string) => {
    if (pump !== '') attacks.set(`${before}|${pump}|${after}`, { before, pump, after });
  };
  const speller = new Speller(flags);
  for (const repeated of repetitionsIn(pattern)) {
    const way = speller.wayTo(repeated);
    const rest = speller.restAfter(repeated);
    for (const pump of speller.turnsOf(repeated)) {
      add(way, pump, '');
      if (way !== '') add('', way + pump.repeat(3), '');
      for (const after of ENDS) {
        add(way, pump, after);
        add('', way + pump, after);
        if (rest === '') continue;
        add(way, pump, rest + after);
        add('', way + pump + rest, after);
        add(way, pump + rest, after);
        add(way, pump + rest.slice(0, -1), after);
      }
    }
  }
  return [...attacks.values()];
}

function repetitionsIn(node: Node): Repeated[] {
  const own = node.type === 'Quantifier' && node.max >= MANY ? [node] : [];
  const inner: Node[] =
    'alternatives' in node
      ? [...node.alternatives]
      : node.type === 'Alternative'
        ? [...node.elements]
        : node.type === 'Quantifier'
          ? [node.element]
          : [];
  return [...own, ...inner.flatMap(repetitionsIn)];
}

/** Writes text that parts of a regular expression match. */
class Speller {
  readonly #flags: string;
  readonly #letters = new Map<string, string[]>();

  constructor(flags: string) {
    this.#flags = flags.replace(/[gy]/g, '');
  }

  /** The shortest that leads to a part. */
  wayTo(node: Node): string {
    const { parent } = node;
    if (!parent) return '';
    const before =
      parent.type === 'Alternative'
        ? parent.elements.slice(0, parent.elements.indexOf(node as AST.Element))
        : [];
    return this.wayTo(parent) + before.map((one) => this.spell(one)).join('');
  }

  /** The shortest that comes after it. */
  restAfter(node: Node): string {
    const { parent } = node;
    if (!parent) return '';
    const after =
      parent.type === 'Alternative'
        ? parent.elements.slice(parent.elements.indexOf(node as AST.Element) + 1)
        : [];
    return after.map((one) => this.spell(one)).join('') + this.restAfter(parent);
  }

  /** What one turn of a repetition may be. */
  turnsOf({ element }: Repeated): string[] {
    if ('alternatives' in element)
      return [...new Set(element.alternatives.slice(0, 8).map((one) => this.spell(one)))].filter(
        (turn) => turn !== '',
      );
    const letters = this.#lettersOf(element);
    return letters.length > 0 ? letters.slice(0, 5) : [this.spell(element)];
  }

  spell(node: Node): string {
    if ('alternatives' in node) return node.type === 'Assertion' ? '' : this.spell(node.alternatives[0]!);
    switch (node.type) {
      case 'Alternative':
        return node.elements.map((one) => this.spell(one)).join('');
      case 'Quantifier':
        return this.spell(node.element).repeat(Math.min(node.min, 20));
      case 'Character':
        return String.fromCodePoint(node.value);
      case 'CharacterSet':
      case 'CharacterClass':
        return this.#lettersOf(node)[0] ?? '';
      default:
        return '';
    }
  }

  #lettersOf(node: Node): string[] {
    const known = this.#letters.get(node.raw);
    if (known) return known;
    const fits = new RegExp(`^${node.type === 'Quantifier' ? '' : node.raw}$`, this.#flags);
    let letters = LETTERS.filter((letter) => fits.test(letter));
    for (let code = 0; letters.length === 0 && code < 0xffff; code++)
      if (fits.test(String.fromCharCode(code))) letters = [String.fromCharCode(code)];
    this.#letters.set(node.raw, letters);
    return letters;
  }
}

/** Letters of the texts that are measured: each four times as long as the one before. */
const LENGTHS = [62, 250, 1_000, 4_000, 16_000];
/** The time then grows to 4 times when it grows as the text does, to 16 times when it grows as its square. */
const MOST_GROWTH = 8;
/** What is read within it says nothing about growth. */
const SOON_MS = 0.5;

/**
 * Whether reading takes more than in proportion to the text: by the growth between two lengths, never by the clock alone,
 * so that a loaded machine makes nothing slow. Shortest first: what doubles with every turn, or grows as a cube, would never
 * end with a long one.
 */
export function isSlow(regex: RegExp, { before, pump, after }: Attack): boolean {
  const all = new RegExp(regex.source, regex.flags.includes('g') ? regex.flags : `${regex.flags}g`);
  const time = (turns: number) => {
    const text = before + pump.repeat(turns) + after;
    const start = performance.now();
    text.replace(all, '');
    return performance.now() - start;
  };
  const best = (turns: number) => Math.min(...Array.from({ length: 5 }, () => time(turns)));
  // What something else on the machine held up once is not held up each time.
  const grows = (shorter: number, longer: number) =>
    [1, 2, 3].every(() => best(longer) > MOST_GROWTH * best(shorter));
  for (let turns = 8; turns <= 32; turns += 4)
    if (time(turns) > SOON_MS && grows(turns - 4, turns)) return true;
  let shorter = { turns: 0, took: 0 };
  for (const length of LENGTHS) {
    const turns = Math.ceil(length / pump.length);
    const took = time(turns);
    const grew = shorter.turns > 0 && took > SOON_MS && took > 6 * shorter.took;
    if (grew && grows(shorter.turns, turns)) return true;
    shorter = { turns, took };
  }
  return false;
}
