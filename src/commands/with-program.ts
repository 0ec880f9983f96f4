import { pino } from 'pino';
import { makeLog } from '../adapters/log.ts';
import { openRuntime, type Runtime } from '../runtime.ts';

/** A command that could not do what it was asked: the message is for the person at the terminal, without a stack. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** Logs of commands go to stderr, so that stdout holds the answer alone. Quiet unless LOG_LEVEL says otherwise. */
export function commandLog() {
  return makeLog(process.env.LOG_LEVEL || 'warn', pino.destination({ dest: 2, sync: true }));
}

/** Does `work` with the program's database, beside a program that runs or without one, and closes it again. */
export async function withProgram<T>(
  options: { programme?: string | undefined },
  work: (program: Runtime) => Promise<T>,
): Promise<T> {
  const program = await openRuntime({ programme: options.programme, log: commandLog(), connections: 4 });
  try {
    return await work(program);
  } finally {
    await program.close();
  }
}

/** The answer of a command: JSON alone, or words. */
export function print(answer: { json: unknown; text: string }, asJson: boolean | undefined): void {
  process.stdout.write(`${asJson ? JSON.stringify(answer.json, null, 2) : answer.text}\n`);
}
