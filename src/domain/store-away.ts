/** By these words it is known also where only its message is left. */
export const AWAY_WORDS = 'the database is away';

/** What was asked for was not done, as the database cannot be reached just now: worth trying again in a moment. */
export class StoreAway extends Error {
  override name = 'StoreAway';
  constructor(cause: unknown) {
    const { message } = cause as Error;
    super(`${AWAY_WORDS} (${message || (cause as { code?: string }).code || 'no reason given'})`, { cause });
  }
}
