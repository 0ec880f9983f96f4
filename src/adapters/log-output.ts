import type { DestinationStream } from 'pino';

/**
 * For a person at a terminal: one short line per entry instead of JSON, where pino-pretty is installed (a checkout).
 * Undefined everywhere else: machines get JSON.
 */
export async function terminalOutput(): Promise<DestinationStream | undefined> {
  if (!process.stdout.isTTY) return undefined;
  try {
    const { default: pretty } = await import('pino-pretty');
    return pretty({ ignore: 'pid', translateTime: 'SYS:HH:MM:ss', singleLine: true });
  } catch {
    return undefined;
  }
}
