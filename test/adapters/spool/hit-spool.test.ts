import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { frame, readFrames } from '../../../src/adapters/spool/frames.ts';
import { hitSpool } from '../../../src/adapters/spool/hit-spool.ts';
import { linkSnapshot } from '../../../src/adapters/spool/link-snapshot.ts';
import type { RecordedHit } from '../../../src/domain/tracking/hit.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simmer-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hit = (n: number): RecordedHit => ({
  key: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  kind: 'click',
  deliveryId: n,
  linkNumber: 1,
  at: new Date(1_763_755_200_000 + n),
  method: 'GET',
  network: '192.0.2.0/24',
  userAgent: 'a\nline and 🍲',
  verdict: { class: 'human', reasons: [] },
  signs: [],
});
const numbers = (hits: RecordedHit[]) => hits.map(({ deliveryId }) => deliveryId);
async function loaded(spool: ReturnType<typeof hitSpool>): Promise<RecordedHit[]> {
  const found: RecordedHit[] = [];
  await spool.drain(async (hits) => {
    found.push(...hits);
  });
  return found;
}

describe('lines', () => {
  it('give back what was written, and leave out what was torn or damaged', () => {
    const lines = [1, 2, 3].map((n) => frame({ n, text: 'ü' }));
    expect(readFrames(Buffer.from(lines.join(''))).items).toHaveLength(3);
    const torn = Buffer.from(lines.join('')).subarray(0, -3);
    expect(readFrames(torn)).toEqual({ items: [1, 2].map((n) => ({ n, text: 'ü' })), damaged: 1 });
    const damaged = Buffer.from(`${lines[0]}${lines[1]!.replace('"n":2', '"n":9')}${lines[2]}`);
    expect(readFrames(damaged)).toMatchObject({ items: [{ n: 1 }, { n: 3 }], damaged: 1 });
  });
});

describe('the spool', () => {
  it('gives hits back in order, once, and forgets what was loaded', async () => {
    const spool = hitSpool(folder, silentLog);
    await Promise.all(Array.from({ length: 1200 }, (_, n) => spool.append([hit(n)])));
    const found = await loaded(spool);
    expect(numbers(found)).toEqual(Array.from({ length: 1200 }, (_, n) => n));
    expect(found[7]).toEqual(hit(7));
    expect(await loaded(spool)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps what could not be loaded', async () => {
    const spool = hitSpool(folder, silentLog);
    await spool.append([hit(1)]);
    await expect(spool.drain(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await spool.append([hit(2)]);
    expect(numbers(await loaded(spool))).toEqual([1, 2]);
  });

  it('is durable when it answers: another process finds it, torn end or not', async () => {
    const dead = hitSpool(folder, silentLog, () => Date.now() - 120_000);
    await dead.append([hit(1), hit(2), hit(3)]);
    const [name = ''] = readdirSync(folder);
    truncateSync(join(folder, name), readFileSync(join(folder, name)).length - 5);
    expect(numbers(await loaded(hitSpool(folder, silentLog)))).toEqual([1, 2]);
  });

  it('leaves alone what another process is writing', async () => {
    const other = hitSpool(folder, silentLog);
    await other.append([hit(1)]);
    expect(await loaded(hitSpool(folder, silentLog))).toEqual([]);
    expect(numbers(await loaded(other))).toEqual([1]);
  });

  it('writes again what it wrote into a segment that was taken away meanwhile', async () => {
    const spool = hitSpool(folder, silentLog);
    await spool.append([hit(1)]);
    rmSync(join(folder, readdirSync(folder)[0]!));
    await spool.append([hit(2)]);
    expect(numbers(await loaded(spool))).toEqual([2]);
  });

  it('ends segments after a while, so that each is loaded and forgotten by itself', async () => {
    let now = 1_763_755_200_000;
    const spool = hitSpool(folder, silentLog, () => now);
    await spool.append([hit(1)]);
    now += 6_000;
    await spool.append([hit(2)]);
    expect(
      readdirSync(folder)
        .map((name) => name.split('.')[1])
        .sort(),
    ).toEqual(['hits', 'ready']);
    expect(numbers(await loaded(spool))).toEqual([1, 2]);
  });

  it('says when it cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(hitSpool(join(folder, 'file', 'below'), silentLog).append([hit(1)])).rejects.toThrow();
  });
});

describe('the snapshot of link tables', () => {
  const link = (number: number) => ({
    number,
    role: 'article' as const,
    targetId: '1',
    language: 'en',
    url: 'https://example.com/ü',
    label: 'Ä',
  });

  it('gives back the tables, the last one of an issue, whatever was torn', async () => {
    const path = join(folder, 'below', 'link-tables.txt');
    const snapshot = linkSnapshot(path);
    expect(await snapshot.load()).toEqual([]);
    await snapshot.add([{ issueId: 2, links: [link(0)] }]);
    await snapshot.add([
      { issueId: 1, links: [link(0)] },
      { issueId: 2, links: [link(0), link(1)] },
    ]);
    appendFileSync(path, '99 abc {"issueId":3');
    expect((await snapshot.load()).map(({ issueId, links }) => [issueId, links.length])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('is written anew when most of it is of no use', async () => {
    const path = join(folder, 'link-tables.txt');
    const snapshot = linkSnapshot(path);
    for (let time = 0; time < 9; time++) await snapshot.add([{ issueId: 1, links: [link(time)] }]);
    const before = readFileSync(path).length;
    expect(await snapshot.load()).toEqual([{ issueId: 1, links: [link(8)] }]);
    expect(readFileSync(path).length).toBeLessThan(before / 4);
    expect(await snapshot.load()).toEqual([{ issueId: 1, links: [link(8)] }]);
  });
});
