import { lookUp } from '../../look-up.ts';
import type { OriginalMail } from '../returned-mail/kinds.ts';
import { found, type Json, namesOf, object, type ProviderEvent, refused, text } from './provider-event.ts';

/** https://postmarkapp.com/developer/webhooks: bounces, spam complaints, subscription changes. */
export function postmark(post: Json): ProviderEvent[] {
  const address = text(post.Email) || text(post.Recipient);
  const names = namesOf({ messageIds: [text(object(post.Metadata)['message-id'])] });
  const record = text(post.RecordType);
  const type = text(post.Type);
  if (record === 'SpamComplaint' || type === 'SpamComplaint')
    return [{ names, finding: found('complaint', 'abuse', address, 'a complaint that Postmark passed on') }];
  if (record === 'SubscriptionChange') return listChange(post, names, address);
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
  const said = text(post.Details) || lookUp(POSTMARK_WORDS, type) || '';
  const finding = refused(said, null, address, forGood, `Postmark: ${type}`, lookUp(POSTMARK_WORDS, type));
  // Postmark goes on trying.
  return [{ names, finding: type === 'Transient' ? { ...finding, kind: 'delayed' } : finding }];
}

/** Postmark's own list of whom it does not write to: only some of its reasons are a reader's wish. */
function listChange(post: Json, names: OriginalMail, address: string): ProviderEvent[] {
  if (post.SuppressSending !== true || text(post.Origin) !== 'Recipient') return [];
  switch (text(post.SuppressionReason)) {
    case 'HardBounce':
      return [
        {
          names,
          finding: found(
            'hard-bounce',
            'no-such-user',
            address,
            'Postmark stopped writing to it after a hard bounce',
          ),
        },
      ];
    case 'SpamComplaint':
      return [
        { names, finding: found('complaint', 'abuse', address, 'a complaint that Postmark passed on') },
      ];
    case 'ManualSuppression':
      return [
        { names, finding: found('unsubscribe', 'opt-out', address, 'a request that Postmark passed on') },
      ];
    default:
      return [];
  }
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
