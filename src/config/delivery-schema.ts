import { z } from 'zod';
import type { DeliveryLimits } from '../domain/delivery/rate-limits.ts';
import { day, group, whole } from './schema-parts.ts';

const MOST_A_SECOND = 10_000;
const MOST_AN_HOUR = 10_000_000;

const GROWTH = 'a number from 1.05 to 3: how many times as many mails as on the day before';
const DOMAIN = 'a domain in lower case such as "gmail.com", or "*" for every other one';

const limits = {
  perSecond: whole(1, MOST_A_SECOND).optional(),
  perHour: whole(1, MOST_AN_HOUR).optional(),
};

/** How fast mail may go out, all workers together. What is left out is not limited. */
export const delivery = group({
  ...limits,
  perDomain: z
    .record(
      z.string({ error: DOMAIN }).regex(/^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/, { error: DOMAIN }),
      group({ ...limits, connections: whole(1, 1000).optional() }),
      {
        error:
          'limits by domain in lower case, such as { "gmail.com": { perSecond: 20 } }; "*" is every other one',
      },
    )
    .default({}),
  /** For a new sending domain or address. */
  warmUp: group({
    startingOn: day,
    firstDay: whole(1, MOST_AN_HOUR).default(200),
    growth: z.number({ error: GROWTH }).min(1.05, { error: GROWTH }).max(3, { error: GROWTH }).default(1.5),
    until: whole(1, 100_000_000).default(100_000),
  }).optional(),
  /** How often a mail that is refused for now is tried in all; nine tries take about 27 hours. */
  tries: whole(1, 20).default(9),
}).prefault({});

export function deliveryOf(written: z.output<typeof delivery>): DeliveryLimits {
  type Rates = { perSecond?: number | undefined; perHour?: number | undefined };
  const rates = ({ perSecond, perHour }: Rates) => ({
    perSecond: perSecond ?? null,
    perHour: perHour ?? null,
  });
  return {
    ...rates(written),
    perDomain: Object.fromEntries(
      Object.entries(written.perDomain).map(([domain, own]) => [
        domain,
        { ...rates(own), connections: own.connections ?? null },
      ]),
    ),
    warmUp: written.warmUp ?? null,
    tries: written.tries,
  };
}
