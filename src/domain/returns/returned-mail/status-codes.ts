import type { FaultReason } from './reasons.ts';

/**
 * Enhanced status codes (RFC 3463 and the IANA registry that goes on from it: RFC 5248, 7372, 7505, 8689, 9989) by
 * subject and detail, without their class. What is not here says too little to act on.
 */
const BY_DETAIL: Readonly<Record<string, FaultReason>> = {
  '1.1': 'no-such-user',
  '1.2': 'bad-domain',
  '1.3': 'bad-address',
  '1.4': 'system-trouble',
  '1.6': 'moved',
  '1.7': 'sender-refused',
  '1.8': 'sender-refused',
  '1.9': 'system-trouble',
  '1.10': 'bad-domain',
  '2.1': 'mailbox-disabled',
  '2.2': 'mailbox-full',
  '2.3': 'too-large',
  '2.4': 'system-trouble',
  '3.0': 'system-trouble',
  '3.1': 'system-trouble',
  '3.2': 'system-trouble',
  '3.3': 'system-trouble',
  '3.4': 'too-large',
  '3.5': 'system-trouble',
  '4.0': 'no-connection',
  '4.1': 'no-connection',
  '4.2': 'no-connection',
  '4.3': 'no-connection',
  '4.4': 'no-connection',
  '4.5': 'rate-limited',
  '4.6': 'loop',
  '4.7': 'timeout',
  // Exchange Online: the domain's servers cannot be found.
  '4.310': 'bad-domain',
  '5.3': 'rate-limited',
  '6.0': 'content-refused',
};

/** The reason a code gives by itself, or null. Everything below x.7 is policy: RFC 3463 says "security or policy". */
export function reasonOfStatus(status: string): FaultReason | null {
  const match = /^[245]\.(\d{1,3})\.(\d{1,3})$/.exec(status);
  if (!match) return null;
  const [, subject, detail] = match;
  if (subject === '7') return reasonOfPolicy(detail!);
  if (subject === '6') return 'content-refused';
  return BY_DETAIL[`${subject}.${Number(detail)}`] ?? null;
}

/** RFC 7372 (SPF, DKIM, PTR), RFC 9989 (DMARC) and the numbers Gmail and Outlook.com use for the same. */
function reasonOfPolicy(detail: string): FaultReason {
  // RFC 5248 wants 5.7.13 for a sender's account, servers use it for the recipient's.
  if (detail === '13') return 'mailbox-disabled';
  if (/^(8|9|20|21|22|23|24|26|27|30|509|515)$/.test(detail)) return 'authentication';
  if (detail === '25') return 'reputation';
  if (detail === '28' || /^(6\d\d|7\d\d)$/.test(detail)) return 'reputation';
  if (/^5\d\d$/.test(detail)) return 'blocklist';
  return 'policy';
}
