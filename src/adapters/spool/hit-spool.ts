import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readHit } from '../../domain/tracking/written-hit.ts';
import type { Log } from '../../journey/ports.ts';
import type { HitSpool } from '../../journey/tracking/ports/hits.ts';
import { frame, readFrames } from './frames.ts';

/** A segment is written to for so long at most; one that is older may be taken by anybody. Milliseconds. */
const SEGMENT_MS = 5_000;
/** So much older that no writer can still hold it. */
const ABANDONED_MS = 60_000;
/** Hits per load: one statement each. */
const LOAD = 500;

/** "1763755200000-4711-9f3a2b.hits": when it was begun, by which process. Sorted by name they are in order. */
const NAME = /^(\d{13})-(\d+-[0-9a-f]+)\.(hits|ready)$/;

/**
 * Hits in files of the data folder, while Postgres cannot take them. Appending answers when the bytes are on the disk; calls
 * that come meanwhile share the next write and its fsync. Several processes may share the folder: each writes
 * segments of its own, and takes over those of processes that are gone.
 */
export function hitSpool(folder: string, log: Log, now: () => number = Date.now): HitSpool {
  const own = `${process.pid}-${randomBytes(4).toString('hex')}`;
  let segment: { file: FileHandle; path: string; begunAt: number } | null = null;
  let writing: Promise<void> = Promise.resolve();
  let waiting: { text: string; done: () => void; failed: (error: unknown) => void }[] = [];

  async function writeWaiting(): Promise<void> {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await writeDurably(batch.map(({ text }) => text).join(''));
      for (const { done } of batch) done();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  async function writeDurably(text: string): Promise<void> {
    if (segment && now() - segment.begunAt > SEGMENT_MS) await endSegment();
    segment ??= await beginSegment();
    try {
      await segment.file.appendFile(text);
      await segment.file.datasync();
      if ((await segment.file.stat()).nlink > 0) return;
    } catch (error) {
      // What is half written stays a damaged line; the next one begins in a file of its own.
      await segment.file.close().catch(() => {});
      segment = null;
      throw error;
    }
    // This process slept so long that another one took its segment for abandoned.
    await segment.file.close();
    segment = null;
    await writeDurably(text);
  }

  async function beginSegment() {
    await mkdir(folder, { recursive: true });
    const begunAt = now();
    const path = join(folder, `${begunAt}-${own}.hits`);
    const file = await open(path, 'a');
    const directory = await open(folder, 'r');
    await directory.sync();
    await directory.close();
    return { file, path, begunAt };
  }

  async function endSegment(): Promise<void> {
    const ended = segment;
    segment = null;
    if (!ended) return;
    await ended.file.close();
    await rename(ended.path, ended.path.replace(/hits$/, 'ready'));
  }

  /** After all writes that have been asked for so far. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    writing = writing.then(work, work);
    return writing;
  };

  async function readySegments(): Promise<string[]> {
    const names = await readdir(folder).catch(() => []);
    return names
      .filter((name) => {
        const parts = NAME.exec(name);
        if (!parts) return false;
        const isOver = now() - Number(parts[1]) > ABANDONED_MS && parts[2] !== own;
        return parts[3] === 'ready' || isOver;
      })
      .sort();
  }

  return {
    append(hits) {
      return new Promise((done, failed) => {
        waiting.push({ text: hits.map(frame).join(''), done, failed });
        void inTurn(writeWaiting);
      });
    },

    async drain(load) {
      await inTurn(endSegment);
      let loaded = 0;
      for (const name of await readySegments()) {
        const path = join(folder, name);
        const content = await readFile(path).catch(() => null);
        if (content === null) continue;
        const { items, damaged } = readFrames(content);
        if (damaged > 0) log.warn({ segment: name, damaged }, 'lines of the spool cannot be read; left out');
        const hits = items.map(readHit);
        for (let from = 0; from < hits.length; from += LOAD) await load(hits.slice(from, from + LOAD));
        // Longer than what was read: its writer is alive after all, and the rest is for the next time.
        const size = await stat(path).then(
          (found) => found.size,
          () => null,
        );
        if (size === content.length) await rm(path, { force: true });
        loaded += hits.length;
      }
      return loaded;
    },

    async close() {
      await inTurn(endSegment);
    },
  };
}
