import { userInfo } from 'node:os';
import { onCommandLine } from '../domain/staff/actor.ts';

/** Who runs this command, as the audit log keeps it. */
export function whoAmI(): string {
  try {
    return onCommandLine(userInfo().username);
  } catch {
    // An account that the machine has no name for, as in some containers.
    return onCommandLine('');
  }
}
