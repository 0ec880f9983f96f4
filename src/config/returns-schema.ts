import { z } from 'zod';
import {
  DEFAULT_RETURN_RULES as DEFAULT,
  DEFAULT_BRAKE,
  type ReturnRules,
} from '../domain/returns/bounce-rules.ts';
import { duration, group, whole } from './schema-parts.ts';

const share = (what: string) => {
  const error = `a share from 0.001 to 1: 0.05 pauses an issue when more than 5 % of its mails ${what}`;
  return z.number({ error }).min(0.001, { error }).max(1, { error });
};
const { uncertain } = DEFAULT_BRAKE;

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
        share: share('fail').default(DEFAULT_BRAKE.share),
        minimum: whole(1, 1_000_000).default(DEFAULT_BRAKE.minimum),
        /** Mails of which nobody knows whether they arrived. */
        uncertain: group({
          share: share('are uncertain').default(uncertain.share),
          minimum: whole(1, 1_000_000).default(uncertain.minimum),
          most: whole(1, 1_000_000).default(uncertain.most),
          inARow: whole(1, 1_000).default(uncertain.inARow),
        }).prefault({}),
      }),
    ])
    .default(DEFAULT_BRAKE),
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
