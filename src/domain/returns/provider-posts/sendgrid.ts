import { lookUp } from '../../look-up.ts';
import type { ReturnFinding } from '../returned-mail/kinds.ts';
import { found, heldBack, type Json, namesOf, type ProviderEvent, refused, text } from './provider-event.ts';

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
  if (event === 'dropped') return [{ names, finding: dropped(address, text(post.reason)) }];
  if (event !== 'bounce') return [];
  const forGood = text(post.type) !== 'blocked';
  const classed = text(post.bounce_classification);
  const words = lookUp(SENDGRID_WORDS, classed);
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

/** What SendGrid took and did not send: by its own lists, or by its rules for us. */
function dropped(address: string, reason: string): ReturnFinding {
  const source = 'SendGrid: dropped';
  if (/unsubscrib|spam reporting|group/i.test(reason)) return heldBack(address, `${source} ${reason}`);
  if (/spam content/i.test(reason)) return found('sender-fault', 'spam', address, `${source} ${reason}`);
  if (/quota|header/i.test(reason)) return found('sender-fault', 'policy', address, `${source} ${reason}`);
  return refused(reason, null, address, false, source);
}

const SENDGRID_WORDS: Readonly<Record<string, string>> = {
  'Invalid Address': 'no such user',
  Reputation: 'sender reputation',
  Content: 'message content rejected',
  'Mailbox Unavailable': 'mailbox is disabled',
  'Frequency or Volume Too High': 'rate limit',
};
