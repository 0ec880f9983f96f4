import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Service {
  programs: readonly string[];
  debian: string;
  install: { linux: string; darwin: string };
  needed: string;
}

/** Programs that tests start themselves and npm cannot bring. */
export const SERVICES = {
  'redis-server': {
    programs: ['redis-server'],
    debian: 'redis-server',
    install: {
      linux: 'sudo apt-get install redis-server (Fedora: sudo dnf install redis)',
      darwin: 'brew install redis',
    },
    needed: 'the queue on Redis, and several workers side by side',
  },
  chromium: {
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debian: 'chromium',
    install: {
      linux: 'sudo apt-get install chromium (Fedora: sudo dnf install chromium)',
      darwin: 'brew install --cask chromium',
    },
    needed: 'the pages in a real browser',
  },
} as const satisfies Record<string, Service>;

/** What only longer runs need: `npm test` neither looks for it nor installs it. */
const TOOLS = {
  faketime: {
    programs: ['faketime'],
    debian: 'faketime',
    install: {
      linux: 'sudo apt-get install faketime (Fedora: sudo dnf install libfaketime)',
      darwin: 'it sets no clock for the programs of macOS; use Linux, or a container',
    },
    needed: 'at other dates',
  },
} as const satisfies Record<string, Service>;

const KNOWN = { ...SERVICES, ...TOOLS };

export type ServiceName = keyof typeof SERVICES;
export type ProgramName = keyof typeof KNOWN;
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

/** Where the program is, or null. `REDIS_SERVER` and `CHROMIUM` name one that is not on the PATH. */
export function findService(name: ProgramName): string | null {
  const named = process.env[name.replace('-', '_').toUpperCase()];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = KNOWN[name].programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  return [...(named ? [named] : []), ...places].find(isProgram) ?? null;
}

/** For `describe.skipIf(lacks('redis-server'))`. In CI nothing is left out: there the test runs and fails. */
export function lacks(name: ServiceName): boolean {
  return findService(name) === null && process.env.CI !== 'true';
}

/** One line: what is missing, what goes untested without it, how to get it. */
export function howToGet(name: ProgramName): string {
  const { install, needed } = KNOWN[name];
  const line = process.platform === 'darwin' ? install.darwin : install.linux;
  return `${name} is missing (needed to test ${needed}): ${line}`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
