import { isFreeMail } from '../domain/audience/free-mail.ts';
import { parseSchedule } from '../domain/delivery/schedule.ts';
import { parseDuration } from '../domain/duration.ts';
import { counted } from '../domain/text.ts';
import { type Problem, show } from './problem.ts';
import { type Fields, list, record, words } from './untyped.ts';

const DAY = 86_400_000;

/** What a programme may do and seldom means to. Nothing here throws. */
export function programmeWarnings(programme: Fields): Problem[] {
  return [
    ...coverage(programme),
    ...contrast(programme),
    ...layouts(programme),
    ...rhythms(programme),
    ...freeDays(programme),
    ...senders(programme),
    ...people(programme),
  ];
}

/** Readers of an interest that no feed serves in their language would never get a mail about it. */
function coverage(programme: Fields): Problem[] {
  const languages = words(programme.languages);
  const feeds = list(programme.feeds).map(record);
  // Of a language without any feed there is one thing to say.
  const silent = languages.filter((language) => !feeds.some((feed) => feed.language === language));
  const spoken = languages.filter((language) => !silent.includes(language));
  const isServed = (interest: string, language: string) =>
    feeds.some((feed) => feed.language === language && list(feed.interests).includes(interest));
  return [
    ...silent.map((language) => ({
      path: 'feeds',
      found: `no feed in "${language}"`,
      allowed: 'feeds in every language; without one its readers get nothing',
    })),
    ...list(programme.interests).flatMap((entry, index) =>
      words([record(entry).id]).flatMap((interest) => {
        const without = spoken.filter((language) => !isServed(interest, language));
        if (without.length === 0) return [];
        return [
          {
            path: `interests[${index}]`,
            found: `no feed about "${interest}" in ${without.map((language) => `"${language}"`).join(', ')}`,
            allowed:
              'a feed for every interest in every language; without one its readers get nothing about it',
          },
        ];
      }),
    ),
  ];
}

/** WCAG 2.2, 1.4.3: text needs a contrast of 4.5 to 1. Buttons carry white words. */
function contrast(programme: Fields): Problem[] {
  const colours = record(record(programme.brand).colours);
  const pairs = [
    ['text', colours.background, 'the background'],
    ['primary', '#ffffff', 'the white of a button’s words'],
    ['accent', '#ffffff', 'the white of a button’s words'],
  ] as const;
  return pairs.flatMap(([name, against, what]) => {
    const [one, other] = [luminance(colours[name]), luminance(against)];
    if (one === null || other === null) return [];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio >= 4.5) return [];
    const found = `${show(colours[name])}, ${ratio.toFixed(1)} to 1 against ${what}`;
    return [
      {
        path: `brand.colours.${name}`,
        found,
        allowed: 'a contrast of 4.5 to 1 or more, so that everybody can read it',
      },
    ];
  });
}

/** Holidays say nothing by themselves. */
function freeDays(programme: Fields): Problem[] {
  return list(programme.digests).flatMap((entry, index) => {
    const { holidays, officeDaysOnly } = record(entry);
    if (list(holidays).length === 0 || officeDaysOnly === true) return [];
    const allowed = 'officeDaysOnly: true beside them; without it mail comes on holidays too';
    return [{ path: `digests[${index}].holidays`, found: counted(list(holidays).length, 'day'), allowed }];
  });
}

function layouts(programme: Fields): Problem[] {
  return list(programme.digests).flatMap((entry, index) => {
    const { layout, minimumArticles } = record(entry);
    const others = record(layout).others ?? 4;
    if (typeof minimumArticles !== 'number' || typeof others !== 'number') return [];
    const size = 1 + others;
    if (minimumArticles === size) return [];
    const allowed =
      minimumArticles < size
        ? `${size}, the size of the layout; with less, some readers get a shorter mail`
        : `at most ${size}, the size of the layout: with more, readers wait for articles that their mail does not show`;
    return [{ path: `digests[${index}].minimumArticles`, found: show(minimumArticles), allowed }];
  });
}

/** What is older than the time between two mails is in none of them. */
function rhythms(programme: Fields): Problem[] {
  return list(programme.digests).flatMap((entry, index) => {
    const { schedule, freshness } = record(entry);
    const days = typeof schedule === 'string' ? longestGapDays(schedule) : null;
    const ms = typeof freshness === 'string' ? parseDuration(freshness) : null;
    if (days === null || ms === null || ms >= days * DAY) return [];
    const allowed = `${counted(days, 'day')} or more, the time from one mail to the next; what is older by then is never sent`;
    return [{ path: `digests[${index}].freshness`, found: show(freshness), allowed }];
  });
}

function longestGapDays(written: string): number | null {
  try {
    const { every, unit, weekdays } = parseSchedule(written);
    if (weekdays.length === 0) return every;
    const span = unit === 'weeks' ? every * 7 : 7;
    return Math.max(...weekdays.map((day, at) => (weekdays[at + 1] ?? weekdays[0]! + span) - day));
  } catch {
    return null;
  }
}

/** Mail in the name of a provider of free mail is refused when it comes from elsewhere, by the provider's own policy. */
function senders(programme: Fields): Problem[] {
  const { from, replyTo } = record(programme.brand);
  const { address } = record(from);
  const problems: Problem[] = [];
  if (typeof address === 'string' && address.includes('@') && isFreeMail(address))
    problems.push({
      path: 'brand.from.address',
      found: show(address),
      allowed: 'an address of your own domain; others refuse mail in the name of a free-mail provider',
    });
  if (typeof replyTo === 'string' && /^(no|do-?not)[-_.]?reply|^nicht-?antworten|^noreply/i.test(replyTo))
    problems.push({
      path: 'brand.replyTo',
      found: show(replyTo),
      allowed: 'an address that a person reads: an answer is the warmest thing a lead can do',
    });
  return problems;
}

function people(programme: Fields): Problem[] {
  const staff = list(programme.staff);
  const problems: Problem[] = [];
  if (staff.length > 0 && !staff.some((member) => record(member).role === 'admin'))
    problems.push({
      path: 'staff',
      found: 'nobody with the role "admin"',
      allowed: 'one or more; keys, webhooks and the log of changes are for them alone',
    });
  const rules = list(record(record(programme.sales).handOut).rules).map(record);
  const open = rules.findIndex((rule) =>
    [rule.countries, rule.languages, rule.companies].every((one) => list(one).length === 0),
  );
  if (open >= 0 && open < rules.length - 1)
    problems.push({
      path: `sales.handOut.rules[${open}]`,
      found: 'no countries, languages or companies',
      allowed:
        'at least one of them, or the last place: every lead fits this rule, so none after it is asked',
    });
  return problems;
}

/** Relative luminance by WCAG; null for what is not #rrggbb. */
function luminance(colour: unknown): number | null {
  if (typeof colour !== 'string' || !/^#[0-9a-f]{6}$/i.test(colour)) return null;
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
