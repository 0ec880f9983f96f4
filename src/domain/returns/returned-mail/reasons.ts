/**
 * What a refusal means for the reader. `hard`: the address can never be reached, nothing more is sent to it. `soft`:
 * this mail did not arrive, the next may. `sender-fault`: we were refused, whoever the reader is; the reader is left
 * alone and the marketer has something to mend.
 */
export type FaultKind = 'hard' | 'soft' | 'sender-fault';

/** Why, by the kind it makes. The order within a kind means nothing. */
export const REASONS = {
  hard: ['no-such-user', 'bad-domain', 'bad-address', 'moved'],
  soft: [
    'mailbox-full',
    'mailbox-disabled',
    'too-large',
    'greylisted',
    'rate-limited',
    'content-refused',
    'refused-by-reader',
    'loop',
    'timeout',
    'no-connection',
    'tls',
    'system-trouble',
    'unclear',
  ],
  'sender-fault': [
    'policy',
    'reputation',
    'blocklist',
    'authentication',
    'sender-refused',
    'relay-denied',
    'spam',
  ],
} as const satisfies Record<FaultKind, readonly string[]>;

export type FaultReason = (typeof REASONS)[FaultKind][number];

const KIND_OF = new Map<string, FaultKind>(
  (Object.keys(REASONS) as FaultKind[]).flatMap((kind) => REASONS[kind].map((reason) => [reason, kind])),
);

/** The kind a reason belongs to. */
export function kindOf(reason: FaultReason): FaultKind {
  return KIND_OF.get(reason)!;
}
