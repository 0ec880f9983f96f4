import type { ProviderEvent } from '../provider-posts/provider-event.ts';
import { readProviderPost } from '../provider-posts/read-provider-post.ts';
import { header, type MailPart } from './mime.ts';

/**
 * What Amazon SES says of a mail when its notifications are sent on as mails by SNS: JSON, in lines broken for the mail
 * ("!" at their ends) and with words of SNS below it. Null when the mail is none.
 */
export function readSnsNotice(mail: MailPart): ProviderEvent | null {
  if (header(mail.headers, 'x-amz-sns-message-id') === '' && !/^\s*\{\s*"Type"/.test(mail.text)) return null;
  const events = readProviderPost('ses', messageIn(mail.text));
  // One delivery is one recipient: it is lost only if all that are named are.
  return events.find(({ finding }) => finding.kind !== 'hard-bounce') ?? events[0] ?? null;
}

/** The notification inside the envelope of SNS, or the text itself where it is sent without one. */
function messageIn(text: string): string {
  const mended = text.replace(/!\n[ \t]?/g, '');
  const whole = mended.slice(mended.indexOf('{'), mended.lastIndexOf('}') + 1);
  for (const json of [whole, whole.replace(/\n/g, '')]) {
    try {
      const envelope: unknown = JSON.parse(json);
      const inner = (envelope as { Message?: unknown } | null)?.Message;
      return typeof inner === 'string' ? inner : json;
    } catch {
      // Broken in another way: once more without any line ends.
    }
  }
  return '';
}
