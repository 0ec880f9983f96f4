import { type Problem, show } from './problem.ts';
import { type Fields, list, record, words } from './written.ts';

/** What a programme may do and seldom means to. Nothing here throws. */
export function programmeWarnings(programme: Fields): Problem[] {
  return [...coverage(programme), ...contrast(programme), ...layouts(programme), ...freeDays(programme)];
}

/** Readers of an interest that no feed serves in their language would never get a mail about it. */
function coverage(programme: Fields): Problem[] {
  const feeds = list(programme.feeds).map(record);
  return list(programme.interests).flatMap((entry, index) =>
    words([record(entry).id]).flatMap((interest) =>
      words(programme.languages)
        .filter(
          (language) =>
            !feeds.some((feed) => feed.language === language && list(feed.interests).includes(interest)),
        )
        .map((language) => ({
          path: `interests[${index}]`,
          found: `no feed about "${interest}" in "${language}"`,
          allowed:
            'a feed for every interest in every language; without one its readers get nothing about it',
        })),
    ),
  );
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
    return [{ path: `digests[${index}].holidays`, found: `${list(holidays).length} days`, allowed }];
  });
}

function layouts(programme: Fields): Problem[] {
  return list(programme.digests).flatMap((entry, index) => {
    const { layout, minimumArticles } = record(entry);
    const others = record(layout).others ?? 4;
    if (typeof minimumArticles !== 'number' || typeof others !== 'number' || minimumArticles >= 1 + others)
      return [];
    const allowed = `${1 + others} or more, the size of the layout; with less, some readers get a shorter mail`;
    return [{ path: `digests[${index}].minimumArticles`, found: show(minimumArticles), allowed }];
  });
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
