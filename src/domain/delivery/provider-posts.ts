import { classifyReply } from './returned-mail/classify-reply.ts';
import type { OriginalMail, ReturnFinding, ReturnKind } from './returned-mail/kinds.ts';
import type { FaultReason } from './returned-mail/reasons.ts';

/** What a mail provider posted about one mail: the same that a mail to the return path says, and by which names it goes. */
export interface ProviderEvent {
  finding: ReturnFinding;
  names: OriginalMail;
}

export type Provider = 'ses' | 'postmark' | 'sendgrid' | 'mailgun';

type Json = Record<string, unknown>;

/** Reads one kept post. Null when it is no JSON, or about something that is no return (a delivery, an open). */
export function readProviderPost(provider: Provider, raw: string): ProviderEvent[] {
  let post: unknown;
  try {
    post = JSON.parse(raw);
  } catch {
    return [];
  }
  if (!isObject(post)) return [];
  return READERS[provider](post);
}

const READERS: Record<Provider, (post: Json) => ProviderEvent[]> = { ses, postmark, sendgrid, mailgun };

/** Amazon SES, by way of SNS: notifications and the events of a configuration set have the same form. */
function ses(post: Json): ProviderEvent[] {
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

/** https://postmarkapp.com/developer/webhooks: bounces, spam complaints, subscription changes. */
function postmark(post: Json): ProviderEvent[] {
  const address = text(post.Email) || text(post.Recipient);
  const names = namesOf({ messageIds: [text(object(post.Metadata)['message-id'])] });
  const record = text(post.RecordType);
  const type = text(post.Type);
  if (record === 'SpamComplaint' || type === 'SpamComplaint')
    return [{ names, finding: found('complaint', 'abuse', address, 'a complaint that Postmark passed on') }];
  if (record === 'SubscriptionChange') {
    if (post.SuppressSending !== true || text(post.Origin) !== 'Recipient') return [];
    const kind = text(post.SuppressionReason) === 'SpamComplaint' ? 'complaint' : 'unsubscribe';
    return [
      {
        names,
        finding: found(kind, kind === 'complaint' ? 'abuse' : 'opt-out', address, 'a change at Postmark'),
      },
    ];
  }
  if (record !== 'Bounce') return [];
  if (type === 'Unsubscribe')
    return [
      { names, finding: found('unsubscribe', 'opt-out', address, 'a request that Postmark passed on') },
    ];
  if (type === 'AutoResponder' || type === 'ChallengeVerification')
    return [
      {
        names,
        finding: found(
          'auto-reply',
          type === 'AutoResponder' ? 'vacation' : 'challenge',
          address,
          `Postmark: ${type}`,
        ),
      },
    ];
  if (
    /^(Subscribe|AddressChange|OpenRelayTest|SMTPApiError|TemplateRenderingFailed|InboundError|ManuallyDeactivated)$/.test(
      type,
    )
  )
    return [];
  const forGood = type === 'HardBounce' || type === 'BadEmailAddress';
  const said = text(post.Details) || POSTMARK_WORDS[type] || '';
  return [
    { names, finding: refused(said, null, address, forGood, `Postmark: ${type}`, POSTMARK_WORDS[type]) },
  ];
}

const POSTMARK_WORDS: Readonly<Record<string, string>> = {
  HardBounce: 'no such user',
  BadEmailAddress: 'invalid recipient',
  SpamNotification: 'rejected as spam',
  Blocked: 'blocked by policy',
  ISPBlock: 'blocked by policy',
  DMARCPolicy: 'rejected by DMARC policy',
  VirusNotification: 'virus found',
};

/** One event of SendGrid's event webhook. */
function sendgrid(post: Json): ProviderEvent[] {
  const address = text(post.email);
  const names = namesOf({ messageIds: [text(post['smtp-id'])] });
  const event = text(post.event);
  if (event === 'spamreport')
    return [{ names, finding: found('complaint', 'abuse', address, 'a complaint that SendGrid passed on') }];
  if (event === 'unsubscribe' || event === 'group_unsubscribe')
    return [
      { names, finding: found('unsubscribe', 'opt-out', address, 'a request that SendGrid passed on') },
    ];
  if (event === 'deferred') {
    const finding = refused(text(post.response), null, address, false, 'SendGrid: deferred');
    return [{ names, finding: { ...finding, kind: 'delayed' } }];
  }
  if (event !== 'bounce') return [];
  const forGood = text(post.type) !== 'blocked';
  const classed = text(post.bounce_classification);
  const words = SENDGRID_WORDS[classed];
  const isAddress = classed === '' || classed === 'Invalid Address' || classed === 'Unclassified';
  return [
    {
      names,
      finding: refused(
        text(post.reason),
        text(post.status) || null,
        address,
        forGood && isAddress,
        `SendGrid: ${text(post.type) || 'bounce'} ${classed}`.trim(),
        words,
      ),
    },
  ];
}

const SENDGRID_WORDS: Readonly<Record<string, string>> = {
  'Invalid Address': 'no such user',
  Reputation: 'sender reputation',
  Content: 'message content rejected',
  'Mailbox Unavailable': 'mailbox is disabled',
  'Frequency or Volume Too High': 'rate limit',
};

/** https://documentation.mailgun.com: failed (permanent or temporary), complained, unsubscribed. */
function mailgun(post: Json): ProviderEvent[] {
  const data = object(post['event-data']);
  const address = text(data.recipient);
  const messageId = text(object(object(data.message).headers)['message-id']);
  const names = namesOf({
    messageIds: [messageId && !messageId.startsWith('<') ? `<${messageId}>` : messageId],
    returnPaths: [text(object(data.envelope).sender)],
  });
  const event = text(data.event);
  if (event === 'complained')
    return [{ names, finding: found('complaint', 'abuse', address, 'a complaint that Mailgun passed on') }];
  if (event === 'unsubscribed')
    return [{ names, finding: found('unsubscribe', 'opt-out', address, 'a request that Mailgun passed on') }];
  if (event !== 'failed') return [];
  const status = object(data['delivery-status']);
  const code =
    typeof status.code === 'number' && status.code >= 400 && status.code < 560 ? `${status.code} ` : '';
  const said = `${code}${text(status.message) || text(status.description)}`;
  const isPermanent = text(data.severity) === 'permanent';
  const forGood = isPermanent && !/^suppress/.test(text(data.reason));
  const finding = refused(
    said,
    text(status['enhanced-code']) || null,
    address,
    forGood,
    `Mailgun: ${text(data.severity)} ${text(data.reason)}`,
  );
  return [{ names, finding: isPermanent ? finding : { ...finding, kind: 'delayed' } }];
}

/** A refusal in the provider's words. What the provider does not call permanent is never hard, whatever was said. */
function refused(
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
  const diagnostic = said
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, 1_000);
  return {
    ...found(kind, reason, recipient, `${source}: ${diagnostic}`.slice(0, 400)),
    status: fault.status,
    diagnostic: diagnostic || null,
  };
}

function found(
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

function namesOf({ messageIds = [], returnPaths = [] }: Partial<OriginalMail>): OriginalMail {
  return {
    messageIds: messageIds.filter((id) => id !== ''),
    returnPaths: returnPaths.filter((path) => path !== ''),
    unsubscribeTokens: [],
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
