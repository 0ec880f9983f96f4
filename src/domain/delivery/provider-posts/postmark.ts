import { found, type Json, namesOf, object, type ProviderEvent, refused, text } from './provider-event.ts';

/** https://postmarkapp.com/developer/webhooks: bounces, spam complaints, subscription changes. */
export function postmark(post: Json): ProviderEvent[] {
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
