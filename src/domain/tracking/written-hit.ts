import { asText, type Reason } from '../reason.ts';
import type { NetworkSign, RecordedHit } from './hit.ts';

/** A hit as JSON has it. An earlier version may have written it, with sentences for reasons and signs. */
interface WrittenHit extends Omit<RecordedHit, 'at' | 'verdict' | 'signs'> {
  at: string;
  verdict: { class: RecordedHit['verdict']['class']; reasons: (Reason | string)[] };
  signs: string[];
}

/** Reads a hit that was written down as JSON: it waits in the database, or in a file while that is away. */
export function readHit(item: unknown): RecordedHit {
  const hit = item as WrittenHit;
  const reasons = hit.verdict.reasons.map((one) => (typeof one === 'string' ? asText(one) : one));
  return {
    ...hit,
    at: new Date(hit.at),
    verdict: { ...hit.verdict, reasons },
    signs: readSigns(hit.signs ?? []),
  };
}

/** What the network of a kept hit shows. */
export function readSigns(kept: readonly string[]): NetworkSign[] {
  return kept.map((sign) => SIGNS_OF_BEFORE[sign] ?? (sign as NetworkSign));
}

const SIGNS_OF_BEFORE: Readonly<Record<string, NetworkSign>> = {
  'from a network of a mail scanner': 'scanner',
  'from a data centre': 'data-centre',
};
