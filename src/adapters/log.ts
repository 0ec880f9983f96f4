import { pino } from 'pino';
import type { Log } from '../journey/ports.ts';

/** Where an address may stand in what is logged. Below debug level it is nobody's business. */
const PRIVATE = ['email', 'to', 'address', 'staffEmail'];
const PATHS = PRIVATE.flatMap((field) => [field, `*.${field}`]);

/**
 * The program's log: one JSON object a line on stdout. `level` is debug, info, warn or error (or 'silent'). Mail addresses are
 * written at debug level only.
 */
export function makeLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  if (level !== 'debug' && level !== 'trace') options.redact = { paths: PATHS, censor: '[address]' };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Says nothing: for tests and for commands whose stdout must stay clean. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
