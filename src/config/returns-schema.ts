import { z } from 'zod';
import { DEFAULT_RETURN_RULES as DEFAULT, type ReturnRules } from '../domain/delivery/return-rules.ts';
import { duration, group, whole } from './schema-parts.ts';

const SHARE = 'a share from 0.001 to 1: 0.05 pauses an issue when more than 5 % of its mails fail';

/** What follows from mails that do not arrive. */
export const returns = group({
  softBounces: whole(1, 20).default(DEFAULT.softBounces),
  softBouncesOver: duration('1 hour').default(DEFAULT.softBouncesOverMs),
  pauseReader: duration('1 day').default(DEFAULT.pauseReaderMs),
  /** Stops an issue by itself, with a mail to the marketer; false: never. */
  brake: z
    .union([
      z.literal(false),
      group({
        share: z.number({ error: SHARE }).min(0.001, { error: SHARE }).max(1, { error: SHARE }).default(0.05),
        minimum: whole(1, 1_000_000).default(100),
      }),
    ])
    .default({ share: 0.05, minimum: 100 }),
  faultsToTell: whole(1, 1_000_000).default(DEFAULT.faultsToTell),
}).prefault({});

export function returnsOf(written: z.output<typeof returns>): ReturnRules {
  return {
    softBounces: written.softBounces,
    softBouncesOverMs: written.softBouncesOver,
    pauseReaderMs: written.pauseReader,
    brake: written.brake === false ? null : written.brake,
    faultsToTell: written.faultsToTell,
  };
}
