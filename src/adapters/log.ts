import { pino } from 'pino';
import type { Log } from '../journey/ports.ts';

/** Anywhere in a line: also inside what a mail server or a database said, where no field's name gives it away. */
const ADDRESS =
  /(?<![^\s"'<>@\\/,;:()[\]{}=])[^\s"'<>@\\/,;:()[\]{}=]+@[^\s"'<>@\\/,;:()[\]{}=]+\.[a-z]{2,}/gi;

/**
 * The program's log: one JSON object a line, on stdout when no destination is given. `level` is debug, info, warn, error
 * or silent. Mail addresses are written at the level debug only.
 */
export function makeLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  if (level !== 'debug' && level !== 'trace') {
    options.hooks = { streamWrite: (line) => line.replace(ADDRESS, '[address]') };
  }
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Says nothing: for tests and for commands whose stdout must stay clean. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
