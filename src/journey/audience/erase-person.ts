import { mailboxOf } from '../../domain/audience/mailbox.ts';
import { personTraces, withoutPersonIn } from '../../domain/audience/person-in-text.ts';
import type { Database } from '../ports.ts';

/**
 * Takes everything out that names a person or could lead to them, and ends their mails: their own rows, and their address,
 * number and name in what others wrote. Nobody else's rows lose anything of their own. `how` says by which door. False when that was done
 * before.
 */
export async function erasePerson(
  { database }: { database: Pick<Database, 'inTransaction'> },
  { subscriberId, how }: { subscriberId: number; how: 'own-data-page' },
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async ({ ownData, mailAllowances }) => {
    const person = await ownData.erase(subscriberId, now, { code: `consent.${how}` });
    if (person === null) return false;
    const candidates = await ownData.textsThatMayName(subscriberId, personTraces(person));
    const changed = candidates.flatMap((text) => {
      const value = withoutPersonIn(text.value, text.isOfAnother ? { ...person, name: null } : person);
      return JSON.stringify(value) === JSON.stringify(text.value) ? [] : [{ ...text, value }];
    });
    await ownData.replaceTexts(changed);
    await mailAllowances.forget(mailboxOf(person.email));
    return true;
  });
}
