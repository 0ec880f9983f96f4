/** A repeatable source of chance: the same seed gives the same inputs. */
export function chance(seed: number) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  return { next, below, pick };
}
export type Chance = ReturnType<typeof chance>;

/** What has broken programs like this one before. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '%00',
  '\ud83d',
  'x\udca9',
  '👩‍👩‍👧‍👦'.slice(0, 5),
  '\u200b\ufeff\u202e',
  'ß'.repeat(300),
  '𝔘'.repeat(129),
  "'; drop table subscribers; --",
  '%_\\%',
  '{{{{raw}}}}{{constructor}}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=1>',
  '=cmd|’ /C calc’!A0',
  '../../../../etc/passwd',
  '..%2f..%2f',
  'http://[::ffff:127.0.0.1]/',
  '-1',
  '0',
  '1e309',
  '9'.repeat(40),
  'NaN',
  'null',
  '[]',
  '{}',
  '2026-02-30',
  '0000-00-00T99:99',
  '__proto__',
  'constructor',
  'toString',
  'a@b',
  'ann@corp4.example',
  `${'a'.repeat(64)}@${'b'.repeat(63)}.example`,
  '"very odd"@xn--bcher-kva.example',
  '\r\nBcc: x@y.example',
  'a,b;c\t"d',
  '(((((((((((((((((((((((((((((((',
  '<!--'.repeat(200),
  ' '.repeat(5000),
  'a'.repeat(20_000),
  '<'.repeat(5000),
  '&#x110000;&#0;&nbsp',
];

/** A text made from a good one: cut, doubled, mixed up, or with something odd in it. */
export function mutateText(text: string, { below, pick, next }: Chance): string {
  const at = below(text.length + 1);
  const end = at + below(Math.min(40, text.length - at + 1));
  switch (below(9)) {
    case 0:
      return pick(ODD_TEXTS);
    case 1:
      return text.slice(0, at) + pick(ODD_TEXTS) + text.slice(at);
    case 2:
      return text.slice(0, at);
    case 3:
      return text.slice(0, at) + text.slice(end);
    case 4:
      return text.slice(0, at) + text.slice(at, end).repeat(1 + below(200)) + text.slice(end);
    case 5:
      return text.slice(0, at) + String.fromCharCode(below(0x10000)) + text.slice(end);
    case 6:
      return text.slice(at) + text.slice(0, at);
    case 7:
      return text.replaceAll(/\d+/g, () =>
        next() < 0.5 ? pick(['-1', '0', '99999999999999999999']) : String(below(1000)),
      );
    default:
      return mutateText(mutateText(text.slice(0, 100_000), { below, pick, next }), { below, pick, next });
  }
}

/** The same for bytes: charsets are broken too. */
export function mutateBytes(bytes: Buffer, random: Chance): Buffer {
  const { below } = random;
  const at = below(bytes.length + 1);
  switch (below(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1: {
      const copy = Buffer.from(bytes);
      for (let n = 0; n < 1 + below(30); n++) copy[below(copy.length)] = below(256);
      return copy;
    }
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from([below(256), 0, 0xff, 0xfe, below(256)]),
        bytes.subarray(at),
      ]);
    case 3:
      return Buffer.concat([
        bytes.subarray(0, at),
        ...Array.from({ length: 1 + below(50) }, () => bytes.subarray(at, at + 60)),
        bytes.subarray(at),
      ]);
    default:
      return Buffer.from(
        mutateText(bytes.toString('utf8').slice(0, 200_000), random),
        below(2) ? 'utf8' : 'latin1',
      );
  }
}
