import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { WorkerIdentity } from '../../journey/worker-ports.ts';

/** What Linux tells of processes; elsewhere, and where it is hidden, nothing is known of a process but its silence. */
export interface ProcessTable {
  /** Null when there is no such file, or it may not be read. */
  read(path: string): string | null;
  /** The space that process numbers are counted in: a container has its own. */
  space(): string | null;
  /** False only when there certainly is no process of this number. */
  exists(pid: number): boolean;
}

const LINUX: ProcessTable = {
  read: (path) => orNull(() => readFileSync(path, 'utf8')),
  space: () => orNull(() => readlinkSync('/proc/self/ns/pid')),
  exists(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  },
};

/** This process as a worker. */
export function ownIdentity(table = LINUX, pid = process.pid): WorkerIdentity {
  const name = `${hostname()}-${pid}-${randomBytes(3).toString('hex')}`;
  const boot = table.read('/proc/sys/kernel/random/boot_id')?.trim() || null;
  const space = table.space();
  const start = startOf(table, pid);
  return boot === null || space === null || start === null || start === 'ended'
    ? { name, boot: null, process: null }
    : { name, boot, process: `${space} ${pid} ${start}` };
}

/**
 * Whether a process of this machine (see `WorkerIdentity.process`) has certainly ended. One in another space of numbers cannot
 * be seen from here.
 */
export function hasEnded(process: string, table = LINUX): boolean {
  const [space, number, start] = process.split(' ');
  const pid = Number(number);
  if (space !== table.space() || !Number.isInteger(pid) || pid <= 0) return false;
  if (!table.exists(pid)) return true;
  const now = startOf(table, pid);
  return now !== null && now !== start;
}

/** When the process began, in ticks since the machine did; "ended" for one that only waits to be cleared away. */
function startOf(table: ProcessTable, pid: number): string | null {
  const stat = table.read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the program's name in brackets, and may hold anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return 'ended';
  return fields[18] ?? null;
}

function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
