/** Enhanced codes (RFC 3463) that say: this address does not exist, or can never receive mail. Class 5, subject x.1.x. */
const ADDRESS_FAULTS = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10']);

/** What servers that give no enhanced code say about an address that does not exist. */
const NO_SUCH_USER = [
  /\b(user|mailbox|recipient|address|account)\b[^.;]{0,60}\b(unknown|not found|does(n'?t| not) exist|not exist|invalid)\b/i,
  /\b(unknown|invalid|no such|nonexistent|non-existent)\s+(local\s+)?(user|mailbox|recipient|address|account)\b/i,
  /\bno (such )?(user|mailbox|person|recipient)\b[^.;]{0,20}\b(here|by that name|at this|with that)\b/i,
];

/** Words that name another cause: policy, reputation, a full box, relaying. They win over the list above. */
const OTHER_CAUSE =
  /\b(spam|block|blocked|blacklist|blocklist|denied|policy|reputation|relay|relaying|quota|full|storage|disabled|suspended|rate|limit|spf|dkim|dmarc|authenticat\w*|sender|verify|verification|greylist\w*)\b/i;

/**
 * True when a 5xx reply is about this recipient's address and nothing else, so that it may never be written to again.
 * 5.7.x (policy, the sender's fault), 5.2.2 (full), 5.3.x, 5.4.x and everything unclear are not: wrongly dropping a
 * reader costs more than one more refused mail.
 */
export function isBadAddress(reply: string): boolean {
  const match = /^(5\d\d)[ -](?:#?(\d\.\d{1,3}\.\d{1,3})\b)?/.exec(reply);
  if (!match) return false;
  const [, code, enhanced] = match;
  if (enhanced !== undefined) return ADDRESS_FAULTS.has(enhanced);
  if (code !== '550' && code !== '553') return false;
  return !OTHER_CAUSE.test(reply) && NO_SUCH_USER.some((pattern) => pattern.test(reply));
}

/** A reply as it may be kept and shown: one line without control characters, at most 500 characters. */
export function tidyReply(reply: string): string {
  return reply
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, 500);
}
