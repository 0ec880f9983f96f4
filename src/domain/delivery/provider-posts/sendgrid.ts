import { found, type Json, namesOf, type ProviderEvent, refused, text } from './provider-event.ts';

/** One event of SendGrid's event webhook. */
export function sendgrid(post: Json): ProviderEvent[] {
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
