import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import type { Programme } from '../domain/programme.ts';
import { describeProblems, type Problem, type Respelled, show } from './problem.ts';
import { checkProgramme } from './programme.ts';

export interface LoadedProgramme {
  programme: Programme;
  /** The file it came from. */
  path: string;
  /** True for the one that Simmer ships, a made-up company. */
  isSample: boolean;
  warnings: Problem[];
  respelled: Respelled[];
}

/** The file cannot be used; the message says why, for the person who wrote it. */
export class ProgrammeError extends Error {
  readonly path: string;
  readonly problems: readonly Problem[];
  constructor(path: string, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.name = 'ProgrammeError';
    this.path = path;
    this.problems = problems;
  }
}

const FILE = 'feeds.config.ts';
const SAMPLE = fileURLToPath(new URL('../../feeds.config.ts', import.meta.url));

/**
 * Reads and checks the programme: `named` if given, else feeds.config.ts in the working directory. Where there is
 * none, the sample programme serves a try-out (`allowSample`), never a real installation. Throws ProgrammeError.
 */
export async function loadProgramme(
  named: string | undefined,
  allowSample: boolean,
): Promise<LoadedProgramme> {
  const wanted = resolve(named ?? FILE);
  const path = named === undefined && !existsSync(wanted) && allowSample ? SAMPLE : wanted;
  if (!existsSync(path)) {
    throw new ProgrammeError(
      path,
      `there is no programme at ${path}. Start Simmer in the folder that holds ${FILE}, or say where it is with --programme PATH or the setting PROGRAMME.`,
    );
  }
  const checked = checkProgramme(await read(path));
  if ('problems' in checked)
    throw new ProgrammeError(path, describeProblems(path, checked.problems), checked.problems);
  const { programme, warnings, respelled } = checked;
  return { programme, path, isSample: path === SAMPLE, warnings, respelled };
}

async function read(path: string): Promise<unknown> {
  const url = pathToFileURL(path).href;
  prepareForAnyFolder(url);
  // So that errors name lines as they were written.
  process.setSourceMapsEnabled(true);
  let loaded: Record<string, unknown>;
  try {
    loaded = await tsImport(url, import.meta.url);
  } catch (error) {
    throw new ProgrammeError(path, `${path} cannot be loaded: ${placeAndMessage(error, path)}`);
  }
  const value = loaded.default;
  if (typeof value === 'object' && value !== null) return value;
  throw new ProgrammeError(
    path,
    `${path}: found ${value === undefined ? 'no default export' : `the default export ${show(value)}`}; allowed is "export default defineProgramme({ … })"`,
  );
}

/** esbuild's errors name file, line and column in their text; others do in the stack. */
function placeAndMessage(error: unknown, path: string): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack
    ?.split('\n')
    .find((line) => line.includes(path))
    ?.match(/:(\d+):(\d+)/);
  return place && !error.message.includes(path) ? `line ${place[1]}: ${error.message}` : error.message;
}

const prepared = new Set<string>();
/**
 * A programme may live in a folder of its own, without package.json or node_modules: 'simmer' then means the Simmer
 * that is running, and the file is a module whatever a package.json above it says.
 */
function prepareForAnyFolder(url: string): void {
  if (prepared.has(url)) return;
  prepared.add(url);
  const simmer = new URL('../index.ts', import.meta.url).href;
  const hook = `export async function resolve(name, context, next) {
    try {
      const found = await next(name, context);
      return found.url.split('?')[0] === ${JSON.stringify(url)} ? { ...found, format: 'module' } : found;
    } catch (error) {
      if (name !== 'simmer') throw error;
      return next(${JSON.stringify(simmer)}, context);
    }
  }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
