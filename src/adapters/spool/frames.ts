import { crc32 } from 'node:zlib';

/**
 * One line per item: its length in bytes, its checksum, its JSON. A line that was torn by a crash, or damaged since, is
 * seen by either and left out; the next line break is where reading goes on.
 */
export function frame(item: unknown): string {
  const json = JSON.stringify(item);
  return `${Buffer.byteLength(json)} ${crc32(json).toString(16)} ${json}\n`;
}

export function readFrames(content: Buffer): { items: unknown[]; damaged: number } {
  const items: unknown[] = [];
  let damaged = 0;
  let start = 0;
  while (start < content.length) {
    const end = content.indexOf(10, start);
    const line = content.subarray(start, end < 0 ? content.length : end);
    const item = readLine(line);
    if (item === undefined || end < 0) damaged += 1;
    else items.push(item);
    start = end < 0 ? content.length : end + 1;
  }
  return { items, damaged };
}

function readLine(line: Buffer): unknown {
  const head = /^(\d+) ([0-9a-f]+) /.exec(line.subarray(0, 32).toString('latin1'));
  if (!head) return undefined;
  const json = line.subarray(head[0].length);
  if (json.length !== Number(head[1]) || crc32(json).toString(16) !== head[2]) return undefined;
  return JSON.parse(json.toString());
}
