// Who did something, as the audit log keeps it: the address of somebody who signed in, or where else it came from.

const COMMAND_LINE = 'cli:';
const API = 'api:';

/** Somebody at a terminal of the machine that Simmer runs on; `user` is the machine's name for them. */
export const onCommandLine = (user: string): string => `${COMMAND_LINE}${user}`;

/** A program with a key; `key` is the key's name. */
export const byApiKey = (key: string): string => `${API}${key}`;

export interface Actor {
  /** `staff`: `name` is an address. */
  door: 'staff' | 'command-line' | 'api';
  name: string;
}

/** Reads what the audit log keeps. */
export function actorOf(kept: string): Actor {
  if (kept.startsWith(COMMAND_LINE)) return { door: 'command-line', name: kept.slice(COMMAND_LINE.length) };
  if (kept.startsWith(API)) return { door: 'api', name: kept.slice(API.length) };
  return { door: 'staff', name: kept };
}
