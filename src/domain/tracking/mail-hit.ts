import type { Reason } from '../reason.ts';
import type { HitClass, NetworkSign } from './hit.ts';

/** An open or a click of one mail, new or taken in before. */
export interface MailHit {
  kind: 'open' | 'click';
  linkNumber: number | null;
  at: Date;
  /** What the request shows by itself. */
  class: HitClass;
  /** Of the request. */
  method: string | null;
  /** Seen at arrival: the network of a known scanner, or of a data centre. */
  signs: readonly NetworkSign[];
  /** As it is kept: shortened or hashed. */
  network: string | null;
  agent: string | null;
  /** The page it led to was loaded by a browser that runs its scripts, and told so. */
  isVisited?: boolean;
  /** Somebody of the staff has said what it is: no rule says otherwise. */
  decided?: 'human' | 'machine' | null;
}

/** Of a browser, as far as two requests can be seen to come from one. */
export type Browser = Pick<MailHit, 'network' | 'agent'>;

export const SCANNER = 'a scanner';

/**
 * Who asked, as far as that can be told: people of one office share a network, and have browsers of their own. What is
 * known to belong to scanners is one.
 */
export function sourceOf(hit: MailHit): string {
  return hit.signs.length > 0 ? SCANNER : browserOf(hit);
}

export const browserOf = ({ network, agent }: Browser): string => `${network} ${agent}`;

/**
 * Whether a hit belongs to the crowd that speaks about others. No browser asks with HEAD, so those are certain by
 * themselves; a person behind the same company network as a scanner that does must not be taken for it.
 */
export function isFollowed({ kind, method }: MailHit): boolean {
  return kind === 'click' && method !== 'HEAD' && method !== 'OPTIONS';
}

/** How much a sign says. */
export type Weight =
  /** Nobody but a program does it, or is there. */
  | 'certain'
  /** Programs do it and hardly any person: with one sign more it is a machine's. */
  | 'strong'
  /** The moment it came: two of them are enough, one is not. */
  | 'moment'
  /** Scanners do it, and the keenest readers too: it makes a doubt and no verdict. */
  | 'keen';

/** Something that speaks for a machine. */
export interface Sign {
  reason: Reason;
  weight: Weight;
}
