import {
  found,
  type Json,
  list,
  namesOf,
  object,
  type ProviderEvent,
  refused,
  text,
} from './provider-event.ts';

/** Amazon SES, by way of SNS: notifications and the events of a configuration set have the same form. */
export function ses(post: Json): ProviderEvent[] {
  const type = text(post.notificationType) || text(post.eventType);
  const mail = object(post.mail);
  const names = namesOf({
    messageIds: list(mail.headers)
      .filter((header) => text(header.name).toLowerCase() === 'message-id')
      .map((header) => text(header.value)),
    returnPaths: [text(mail.source)],
  });
  if (type === 'Complaint') {
    const complaint = object(post.complaint);
    const isSpam = text(complaint.complaintFeedbackType) !== 'not-spam';
    return list(complaint.complainedRecipients).map((one) => ({
      names,
      finding: isSpam
        ? found('complaint', 'abuse', text(one.emailAddress), 'a complaint that SES passed on')
        : found('not-a-bounce', 'other', text(one.emailAddress), 'a reader said that it was no spam'),
    }));
  }
  if (type !== 'Bounce') return [];
  const bounce = object(post.bounce);
  const [kind, subKind] = [text(bounce.bounceType), text(bounce.bounceSubType)];
  return list(bounce.bouncedRecipients).map((one) => {
    const [said, status] = [text(one.diagnosticCode).replace(/^smtp;\s*/i, ''), text(one.status)];
    const forGood = kind === 'Permanent' && !/Suppress/i.test(subKind);
    return {
      names,
      finding: refused(
        said || SES_WORDS[subKind] || '',
        status || null,
        text(one.emailAddress),
        forGood,
        `SES: ${kind} ${subKind}`,
      ),
    };
  });
}

const SES_WORDS: Readonly<Record<string, string>> = {
  NoEmail: 'no such user',
  MailboxFull: 'mailbox full',
  MessageTooLarge: 'message too large',
  ContentRejected: 'message content rejected',
  AttachmentRejected: 'attachment rejected',
};
