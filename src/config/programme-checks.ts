import { nearMiss, type Problem, show } from './problem.ts';

/**
 * Checks that span several places of the programme. They look at the programme as it was written, however broken,
 * so that one run names these problems beside those of the shape. Nothing here throws.
 */
export function crossCheck(written: unknown): { problems: Problem[]; warnings: Problem[] } {
  const programme = record(written);
  const problems: Problem[] = [
    ...uniqueIds(programme),
    ...localTexts(programme),
    ...references(programme),
    ...timeZones(programme),
    ...callsToAction(programme),
    ...scores(programme),
    ...siteHosts(programme),
    ...handOut(programme),
  ];
  return {
    problems,
    warnings: [...coverage(programme), ...contrast(programme), ...layouts(programme), ...freeDays(programme)],
  };
}

function uniqueIds(programme: Fields): Problem[] {
  return ['interests', 'digests', 'callsToAction', 'footerLinks', 'staff', 'feeds', 'languages'].flatMap(
    (name) => {
      const key = name === 'staff' ? 'email' : name === 'feeds' ? 'url' : 'id';
      const seen = new Map<unknown, number>();
      return list(programme[name]).flatMap((entry, index) => {
        const value = name === 'languages' ? entry : record(entry)[key];
        const first = seen.get(value);
        if (first === undefined) seen.set(value, index);
        if (first === undefined || value === undefined) return [];
        const path = name === 'languages' ? `${name}[${index}]` : `${name}[${index}].${key}`;
        return [{ path, found: show(value), allowed: `each once; ${name}[${first}] has it already` }];
      });
    },
  );
}

function localTexts(programme: Fields): Problem[] {
  const languages = words(programme.languages);
  const places = ['interests', 'digests', 'callsToAction', 'footerLinks'].flatMap((name) =>
    list(programme[name]).flatMap((entry, index) =>
      ['label', 'description', 'name'].map((field) => ({
        path: `${name}[${index}].${field}`,
        texts: record(entry)[field],
      })),
    ),
  );
  return places
    .filter(({ texts }) => isRecord(texts))
    .flatMap(({ path, texts }) => [
      ...languages
        .filter((language) => !(language in record(texts)))
        .map((language) => ({
          path: `${path}.${language}`,
          found: 'nothing',
          allowed: `a text in "${language}"`,
        })),
      ...Object.keys(record(texts))
        .filter((language) => languages.length > 0 && !languages.includes(language))
        .map((language) =>
          unknown(`${path}.${language}`, language, languages, 'a language of the programme'),
        ),
    ]);
}

function references(programme: Fields): Problem[] {
  const languages = words(programme.languages);
  const interests = list(programme.interests).flatMap((interest) => words([record(interest).id]));
  const inFeeds = list(programme.feeds).flatMap((entry, index) => {
    const feed = record(entry);
    const ofInterests = list(feed.interests).flatMap((interest, place) =>
      typeof interest === 'string' && !interests.includes(interest)
        ? [
            unknown(
              `feeds[${index}].interests[${place}]`,
              interest,
              interests,
              'an interest of the programme',
            ),
          ]
        : [],
    );
    const knowsLanguage = typeof feed.language !== 'string' || languages.includes(feed.language);
    return knowsLanguage
      ? ofInterests
      : [
          ...ofInterests,
          unknown(`feeds[${index}].language`, feed.language, languages, 'a language of the programme'),
        ];
  });
  const given = programme.defaultLanguage;
  if (typeof given !== 'string' || languages.includes(given)) return inFeeds;
  return [...inFeeds, unknown('defaultLanguage', given, languages, 'a language of the programme')];
}

function timeZones(programme: Fields): Problem[] {
  return list(programme.digests).flatMap((entry, index) => {
    const zone = record(entry).timeZone;
    if (typeof zone !== 'string' || zone === 'reader' || isTimeZone(zone)) return [];
    const hint = nearMiss(zone, ['reader', ...Intl.supportedValuesOf('timeZone')]);
    const allowed = `'reader' (each reader's own) or an IANA time zone such as 'Europe/Amsterdam'`;
    return [{ path: `digests[${index}].timeZone`, found: show(zone), allowed, ...(hint ? { hint } : {}) }];
  });
}

function callsToAction(programme: Fields): Problem[] {
  return list(programme.callsToAction).flatMap((entry, index) => {
    const { kind, url } = record(entry);
    const path = `callsToAction[${index}].url`;
    if (kind === 'call-back' && url !== undefined && url !== null) {
      return [{ path, found: show(url), allowed: 'nothing: the call-back page is Simmer’s own' }];
    }
    if ((kind === 'brochure' || kind === 'reference-story') && url === undefined) {
      return [{ path, found: 'nothing', allowed: `the address that the ${kind} leads to` }];
    }
    return [];
  });
}

/** A language that no reader can choose would never hand out a lead. */
function handOut(programme: Fields): Problem[] {
  const languages = words(programme.languages);
  const rules = list(record(record(programme.sales).handOut).rules);
  return rules.flatMap((rule, index) =>
    words(record(rule).languages).flatMap((language, place) =>
      languages.includes(language)
        ? []
        : [
            unknown(
              `sales.handOut.rules[${index}].languages[${place}]`,
              language,
              languages,
              'a language of the programme',
            ),
          ],
    ),
  );
}

/** The defaults are those of programme-schema.ts: a rule left out still has to agree with the others. */
function scores(programme: Fields): Problem[] {
  const scoring = record(programme.scoring);
  const value = (name: string, standard: number) =>
    typeof scoring[name] === 'number' ? scoring[name] : standard;
  const threshold = value('threshold', 12);
  const customerThreshold = value('customerThreshold', Math.min(6, threshold));
  const floor = value('floor', -12);
  const afterReturn = value('scoreAfterReturn', 0);
  const problems: Problem[] = [];
  const demand = (holds: boolean, name: string, found: number, allowed: string) => {
    if (!holds) problems.push({ path: `scoring.${name}`, found: show(found), allowed });
  };
  const lowest = Math.min(threshold, customerThreshold);
  demand(
    customerThreshold <= threshold,
    'customerThreshold',
    customerThreshold,
    `at most the threshold (${threshold})`,
  );
  demand(floor < lowest, 'floor', floor, `below both thresholds (${lowest})`);
  demand(
    afterReturn < lowest,
    'scoreAfterReturn',
    afterReturn,
    `below both thresholds (${lowest}): the lead must warm again`,
  );
  demand(afterReturn >= floor, 'scoreAfterReturn', afterReturn, `at least the floor (${floor})`);
  return problems;
}

/** Without a host nobody's visit could ever be told. */
function siteHosts(programme: Fields): Problem[] {
  const { tracking, hosts } = record(programme.site);
  if (tracking !== true || list(hosts).length > 0) return [];
  const { siteUrl } = record(programme.brand);
  if (typeof siteUrl === 'string' && URL.canParse(siteUrl)) return [];
  return [
    {
      path: 'site.hosts',
      found: 'nothing, and brand.siteUrl is no address of its own',
      allowed: 'the hosts of the company’s site, such as ["www.example.com"]',
    },
  ];
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

function unknown(path: string, found: unknown, choices: string[], what: string): Problem {
  const hint = nearMiss(found, choices);
  const allowed = choices.length === 0 ? what : `${what}: ${choices.join(', ')}`;
  return { path, found: show(found), allowed, ...(hint ? { hint } : {}) };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
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

type Fields = Record<string, unknown>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function words(value: unknown): string[] {
  return list(value).filter((entry): entry is string => typeof entry === 'string');
}
