import type { Hit } from '../../../domain/tracking/hit.ts';
import type { JudgeSettings } from '../../../domain/tracking/judge-mail.ts';
import { PROVEN_BEFORE_MS } from '../../../domain/tracking/person-signs.ts';
import type { Stores } from '../../ports.ts';
import type { Recorded } from '../../scoring/ports/ledger.ts';
import { judgeHeld, neighboursMs } from './judge-held.ts';

/**
 * A reader has pressed a button, or a page of the site was really loaded in this browser: what it did with the reader's mails
 * lately is judged again, with that known. Inside the transaction that recorded it.
 */
export async function proveBrowser(
  { ledger, heldMails }: Pick<Stores, 'ledger' | 'heldMails'>,
  machines: JudgeSettings,
  { subscriberId, hit }: { subscriberId: number; hit: Hit },
  now: Date,
): Promise<Recorded> {
  const since = new Date(now.getTime() - PROVEN_BEFORE_MS);
  const browser = { network: hit.ip, agent: hit.userAgent };
  const mails = await heldMails.ofBrowser(subscriberId, browser, since);
  const qualified: Recorded['qualified'] = [];
  for (const { deliveryId, from, to } of mails) {
    const [mail] = await heldMails.hold([deliveryId], { from, to }, neighboursMs(machines));
    const changes = mail ? judgeHeld(mail, [], { from, to }, machines).changes : [];
    if (changes.length > 0) qualified.push(...(await ledger.reclass(changes, now)).qualified);
  }
  return { qualified };
}
