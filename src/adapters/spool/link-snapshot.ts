import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { IssueLink } from '../../journey/delivery/ports/deliveries.ts';
import type { LinkSnapshot } from '../../journey/tracking/ports/hits.ts';
import { frame, readFrames } from './frames.ts';

/** The newest issues' tables are kept; older mails are hardly clicked any more. */
const MOST = 1000;

/**
 * Link tables in one file, a line per issue, only ever added to, so that several processes can share it. Reading it
 * writes it anew when half of it is of no use any more.
 */
export function linkSnapshot(path: string): LinkSnapshot {
  return {
    async load() {
      const content = await readFile(path).catch(() => Buffer.alloc(0));
      const { items } = readFrames(content);
      const tables = new Map((items as Table[]).map((table) => [table.issueId, table]));
      const kept = [...tables.values()].sort((a, b) => a.issueId - b.issueId).slice(-MOST);
      if (items.length > 2 * kept.length) {
        await writeFile(`${path}.${process.pid}`, kept.map(frame).join(''));
        await rename(`${path}.${process.pid}`, path);
      }
      return kept;
    },
    async add(tables) {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, tables.map(frame).join(''));
    },
  };
}

interface Table {
  issueId: number;
  links: IssueLink[];
}
