import { cut } from '../../text.ts';
import { classifyReply } from '../returned-mail/classify-reply.ts';
import type { OriginalMail, ReturnFinding, ReturnKind } from '../returned-mail/kinds.ts';
import type { FaultReason } from '../returned-mail/reasons.ts';

/** What a mail provider posted about one mail: the same that a mail to the return path says, and by which names it goes. */
export interface ProviderEvent {
  finding: ReturnFinding;
  names: OriginalMail;
}

export type Json = Record<string, unknown>;

/** A refusal in the provider's words. What the provider does not call permanent is never hard, whatever was said. */
export function refused(
  said: string,
  status: string | null,
  recipient: string,
  forGood: boolean,
  source: string,
  words?: string | undefined,
): ReturnFinding {
  let fault = classifyReply(said, status);
  // The provider's own class counts where the server's words say nothing.
  if (fault.reason === 'unclear' && words !== undefined) fault = classifyReply(words, status);
  const isHard = fault.kind === 'hard' && forGood;
  const reason: FaultReason = fault.kind === 'hard' && !isHard ? 'unclear' : fault.reason;
  const kind: ReturnKind = isHard
    ? 'hard-bounce'
    : fault.kind === 'sender-fault'
      ? 'sender-fault'
      : 'soft-bounce';
  const diagnostic = cut(said.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim(), 1_000);
  return {
    ...found(kind, reason, recipient, cut(`${source}: ${diagnostic}`, 400)),
    status: fault.status,
    diagnostic: diagnostic || null,
  };
}

/** A mail that the provider took and did not send: its own list says that this reader had asked for that. */
export function heldBack(recipient: string, evidence: string): ReturnFinding {
  return found('soft-bounce', 'refused-by-reader', recipient, evidence);
}

export function found(
  kind: ReturnKind,
  reason: ReturnFinding['reason'],
  recipient: string,
  evidence: string,
): ReturnFinding {
  return {
    kind,
    reason,
    recipient: recipient.toLowerCase() || null,
    status: null,
    diagnostic: null,
    evidence,
  };
}

export function namesOf({ messageIds = [], returnPaths = [] }: Partial<OriginalMail>): OriginalMail {
  return {
    messageIds: messageIds.filter((id) => id !== ''),
    returnPaths: returnPaths.filter((path) => path !== ''),
    unsubscribeTokens: [],
  };
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
