import { pino } from 'pino';
import { redact, redacted } from '../domain/redact.ts';
import { AWAY_WORDS, StoreAway } from '../domain/store-away.ts';
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
    // Bindings are made here and hold nothing from outside; a line's fields and words may quote an address or an error.
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => redacted(fields) as Record<string, unknown>,
    },
    hooks: {
      logMethod(args, method) {
        method.apply(this, args.map((one) => (typeof one === 'string' ? redact(one) : one)) as typeof args);
      },
    },
  };
  if (level !== 'debug' && level !== 'trace') {
    options.hooks = { ...options.hooks, streamWrite: (line) => line.replace(ADDRESS, '[address]') };
  }
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * A log in which an outage of the database is told by who watches it (adapters/postgres/outage.ts), and not by everybody whose work
 * waits for it as well: those lines are kept for the level debug.
 */
export function quietWhileAway(log: Log): Log {
  const isOfOutage = (details: object): boolean =>
    Object.values(details).some(
      (value) => value instanceof StoreAway || (typeof value === 'string' && value.includes(AWAY_WORDS)),
    );
  const quiet = (level: 'warn' | 'error') => (details: object, message: string) =>
    isOfOutage(details) ? log.debug(details, message) : log[level](details, message);
  return {
    debug: (details, message) => log.debug(details, message),
    info: (details, message) => log.info(details, message),
    warn: quiet('warn'),
    error: quiet('error'),
  };
}

/** Says nothing: for tests and for commands whose stdout must stay clean. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
