import { anyOf } from './phrases.ts';

// How Postfix, Exim, Sendmail and qmail name the command that was refused. Their Diagnostic-Code leaves it out.
const BEFORE_RECIPIENT = anyOf(
  '\\(in reply to (?:MAIL FROM|EHLO|HELO|LHLO)|refused to talk to me',
  'after (?:pipelined )?(?:sending )?(?:MAIL FROM|EHLO|HELO|initial connection)',
  '>>> (?:MAIL|EHLO|HELO|LHLO)\\b[^\\n]{0,300}\\n(?:<<<|5)',
  'but (?:sender|my name|greeting) (?:was )?(?:rejected|failed)',
);
const AT_RECIPIENT = anyOf(
  '\\(in reply to (?:RCPT TO|end of DATA|DATA|\\.)',
  'after (?:pipelined )?(?:sending )?(?:RCPT TO|DATA|end of data)',
  '>>> (?:RCPT|DATA|\\.)[^\\n]{0,300}\\n(?:<<<|5)',
  'does not like recipient|after i sent the message',
);

/**
 * True when the refusal a report tells of came before the recipient was named to the server: whatever it said, it was
 * not about the reader. `text` is the notice with its line ends.
 */
export function cameBeforeRecipient(text: string): boolean {
  const unfolded = text.replace(/\n[ \t]+/g, ' ');
  return BEFORE_RECIPIENT.test(unfolded) && !AT_RECIPIENT.test(unfolded);
}
