import { isBadAddress, tidyReply } from '../../domain/returns/smtp-reply.ts';
import type { SendResult } from '../../journey/delivery/ports/deliveries.ts';
import type { SmtpFault } from './connection.ts';

/** The server wants other credentials: it refuses us, whoever the mail is for. */
const AUTHENTICATION = /^(530|534|535|538)\b/;

/** Out of step: the talk went wrong, not the mail. */
const OUT_OF_STEP = /^(502|503)\b/;

/** What a fault means for the mail that was to be sent. */
export function outcomeOf(fault: SmtpFault): SendResult {
  if (fault.isWithheld)
    return { status: 'retry', reply: tidyReply(fault.message), unreachable: true, isWithheld: true };
  const reply = fault.reply !== null && /^[45]\d\d/.test(fault.reply) ? fault.reply : null;
  if (reply === null) {
    if (fault.handedOver) return { status: 'uncertain', reply: tidyReply(fault.message) };
    return fault.connectionLost
      ? {
          status: 'retry',
          reply: tidyReply(fault.message),
          unreachable: true,
          ...(fault.during === 'mail' ? { wasCut: true } : {}),
        }
      : { status: 'failed', reply: tidyReply(fault.message), badAddress: false };
  }
  if (fault.during === 'opening' || AUTHENTICATION.test(reply))
    return { status: 'retry', reply: tidyReply(reply), unreachable: true };
  if (!reply.startsWith('5') || OUT_OF_STEP.test(reply))
    return { status: 'retry', reply: tidyReply(reply), unreachable: false };
  return {
    status: 'failed',
    reply: tidyReply(reply),
    badAddress: fault.command !== 'MAIL FROM' && isBadAddress(reply),
  };
}
