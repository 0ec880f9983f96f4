import { lookUp } from '../../look-up.ts';
import type { OriginalMail } from '../returned-mail/kinds.ts';
import {
  found,
  heldBack,
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
  if (type === 'Complaint') return complaints(object(post.complaint), names);
  if (type === 'Bounce') return bounces(object(post.bounce), names);
  // SES keeps lists of its own and offers to unsubscribe from them in the mail.
  const wish = object(object(post.subscription).newTopicPreferences);
  if (type === 'Subscription' && wish.unsubscribeAll === true)
    return addresses(mail.destination).map((address) => ({
      names,
      finding: found('unsubscribe', 'opt-out', address, 'a request that SES passed on'),
    }));
  return [];
}

function complaints(complaint: Json, names: OriginalMail): ProviderEvent[] {
  const feedback = text(complaint.complaintFeedbackType);
  return list(complaint.complainedRecipients).map((one) => {
    const address = text(one.emailAddress);
    if (/Suppress/i.test(text(complaint.complaintSubType)))
      return { names, finding: heldBack(address, 'SES did not send it: an earlier complaint') };
    if (/^(?:not-spam|auth-failure)$/.test(feedback))
      return {
        names,
        finding: found('not-a-bounce', 'other', address, `a report of "${feedback}" by way of SES`),
      };
    return { names, finding: found('complaint', 'abuse', address, 'a complaint that SES passed on') };
  });
}

function bounces(bounce: Json, names: OriginalMail): ProviderEvent[] {
  const [kind, subKind] = [text(bounce.bounceType), text(bounce.bounceSubType)];
  const source = `SES: ${kind} ${subKind}`;
  return list(bounce.bouncedRecipients).map((one) => {
    const address = text(one.emailAddress);
    const [said, status] = [text(one.diagnosticCode).replace(/^smtp;\s*/i, ''), text(one.status)];
    if (subKind === 'UnsubscribedRecipient') return { names, finding: heldBack(address, source) };
    // No server has said anything: so it is for the answers of people who are out of office.
    if (SAYS_NOTHING.test(`${kind} ${subKind}`) && said === '' && status === '' && text(one.action) === '')
      return {
        names,
        finding: found('auto-reply', 'vacation', address, `${source}, without a server's answer`),
      };
    const forGood = kind === 'Permanent' && !/Suppress/i.test(subKind);
    return {
      names,
      finding: refused(said || lookUp(SES_WORDS, subKind) || '', status || null, address, forGood, source),
    };
  });
}

const SAYS_NOTHING = /^(?:Transient General|Undetermined\b.*)$/;

const SES_WORDS: Readonly<Record<string, string>> = {
  NoEmail: 'no such user',
  MailboxFull: 'mailbox full',
  MessageTooLarge: 'message too large',
  ContentRejected: 'message content rejected',
  AttachmentRejected: 'attachment rejected',
  CustomTimeoutExceeded: 'delivery time expired',
};

function addresses(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
