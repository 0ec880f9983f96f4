import { lookUp } from '../../look-up.ts';
import {
  found,
  heldBack,
  type Json,
  namesOf,
  object,
  type ProviderEvent,
  refused,
  text,
} from './provider-event.ts';

/** https://documentation.mailgun.com: failed (permanent or temporary), complained, unsubscribed. */
export function mailgun(post: Json): ProviderEvent[] {
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
  const reason = text(data.reason);
  if (/^suppress-(?:unsubscribe|complaint)/.test(reason))
    return [{ names, finding: heldBack(address, `Mailgun: ${reason}`) }];
  const code =
    typeof status.code === 'number' && status.code >= 400 && status.code < 560 ? `${status.code} ` : '';
  const said = `${code}${text(status.message) || text(status.description)}`;
  const isPermanent = text(data.severity) === 'permanent';
  const forGood = isPermanent && !/^suppress/.test(reason);
  const finding = refused(
    said,
    text(status['enhanced-code']) || null,
    address,
    forGood,
    `Mailgun: ${text(data.severity)} ${reason}`,
    lookUp(MAILGUN_WORDS, reason),
  );
  return [{ names, finding: isPermanent ? finding : { ...finding, kind: 'delayed' } }];
}

const MAILGUN_WORDS: Readonly<Record<string, string>> = {
  old: 'delivery time expired',
  espblock: 'blocked by policy',
};
