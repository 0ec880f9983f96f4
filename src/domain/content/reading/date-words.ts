/** What feeds write most, and what they write that no list of names has. */
const USUAL = `
  jan january ; feb february ; mar march maerz maa ; apr april ; may mei ; jun june ; jul july ; aug august ;
  sep sept september ; oct october ; nov november ; dec december`
  .split(';')
  .map((names) => names.trim().split(' '));
/** A longer word that begins like this is a month with a slip in it: "Febuary". "Mar" and "mai" begin too many others. */
const SLIPS = [
  /^jan/,
  /^feb/,
  /^march/,
  /^apr/,
  /^$/,
  /^june/,
  /^july/,
  /^aug/,
  /^sep/,
  /^o[ck]t/,
  /^nov/,
  /^de[cz]/,
];

/** The languages whose names of months are looked up: those with letters that are written one after the other. */
const LANGUAGES =
  'af ar az be bg bs ca cs cy da de el en es et eu fa fi fil fr ga gl he hr hu hy id is it ka kk lt lv mk ms mt nb nl nn pl pt pt-PT ro ru sk sl sq sr sr-Latn sv sw tr uk vi'.split(
    ' ',
  );

/** Which months a name is of, and those whose names begin like this. */
interface Names {
  whole: Map<string, Set<number>>;
  begun: Map<string, Set<number>>;
}
const namesOfLanguage = new Map<string, Names>();
let allNames: Names | null = null;

/**
 * 1 to 12; 0 for a word that is no month. A name that is of different months in different languages ("listopad" is
 * October in Croatian and November in Polish) is read as the feed's language has it, and as no month where that has none.
 */
export function monthOf(word: string, language = ''): number {
  const name = plain(word);
  if (name.length < 3) return 0;
  const usual = USUAL.findIndex((names) => names.includes(name)) + 1;
  if (usual > 0) return usual;
  const own = /^[a-z]{2,3}\b/i.test(language) ? namesIn(language) : null;
  allNames ??= joined([...new Set(LANGUAGES)].map(namesIn));
  for (const names of own === null ? [allNames] : [own, allNames]) {
    const months = names.whole.get(name) ?? names.begun.get(name);
    if (months !== undefined) return only(months);
  }
  return name.length < 4 ? 0 : SLIPS.findIndex((slip) => slip.test(name)) + 1;
}

/** Long and short names, as they stand alone and as they stand in a date. */
function namesIn(language: string): Names {
  const known = namesOfLanguage.get(language);
  if (known) return known;
  const names: Names = { whole: new Map(), begun: new Map() };
  for (const month of ['long', 'short'] as const) {
    for (const form of [{}, { day: 'numeric', year: 'numeric' }] as const) {
      const format = formatOf(language, { month, ...form });
      for (let number = 1; number <= 12; number++) {
        const name = plain(
          format?.formatToParts(Date.UTC(2026, number - 1, 15)).find(({ type }) => type === 'month')?.value ??
            '',
        );
        if (/\d/.test(name) || name.length < 3) continue;
        addTo(names.whole, name, number);
        for (let length = 3; length < name.length; length++)
          addTo(names.begun, name.slice(0, length), number);
      }
    }
  }
  // Languages of feeds come from outside.
  if (namesOfLanguage.size < 200) namesOfLanguage.set(language, names);
  return names;
}

function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat(language, {
      ...options,
      calendar: 'gregory',
      numberingSystem: 'latn',
      timeZone: 'UTC',
    });
  } catch {
    return null;
  }
}

function joined(all: Names[]): Names {
  const names: Names = { whole: new Map(), begun: new Map() };
  for (const one of all) {
    for (const kind of ['whole', 'begun'] as const) {
      for (const [name, months] of one[kind]) for (const month of months) addTo(names[kind], name, month);
    }
  }
  return names;
}

function addTo(names: Map<string, Set<number>>, name: string, month: number): void {
  names.set(name, (names.get(name) ?? new Set()).add(month));
}

function only(months: ReadonlySet<number>): number {
  const [month = 0] = months;
  return months.size === 1 ? month : 0;
}

/** Without accents and capitals; of "de novembre" the last word. */
function plain(word: string): string {
  const bare = word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return bare.match(/\p{L}+/gu)?.at(-1) ?? '';
}

/** Zone names of RFC 822 and those that feeds elsewhere use, in minutes ahead of UTC. */
// biome-ignore format: one line per zone would say no more
const ZONES: Record<string, number> = {
  z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, west: 60, bst: 60, ist: 330, cet: 60, cest: 120, met: 60, mest: 120, mez: 60,
  mesz: 120, eet: 120, eest: 180, msk: 180, msd: 240, trt: 180, est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360,
  pst: -480, pdt: -420, at: -240, et: -300, ct: -360, mt: -420, pt: -480, ast: -240, adt: -180, nst: -210, ndt: -150, akst: -540,
  akdt: -480, hst: -600, hast: -600, brt: -180, brst: -120, art: -180, clt: -240, clst: -180, cot: -300, pet: -300, uyt: -180,
  sast: 120, cat: 120, eat: 180, wat: 60, gst: 240, pkt: 300, ict: 420, wib: 420, jst: 540, kst: 540, hkt: 480, sgt: 480, pht: 480,
  awst: 480, acst: 570, acdt: 630, aest: 600, aedt: 660, nzst: 720, nzdt: 780,
};

/** No clock on Earth is further from UTC; what says so is no zone. */
const FURTHEST_MINUTES = 15 * 60;

/** Minutes ahead of UTC of a zone's name; undefined for a word that is none. */
export function zoneNamed(word: string): number | undefined {
  return ZONES[word.toLowerCase()];
}

/** Minutes ahead of UTC of "+01:00", "GMT+1", "EST". What is missing or unknown counts as UTC. */
export function zoneOf(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const parts = /([+-])(\d\d?):?(\d\d)?$/.exec(zone);
  if (!parts) return zoneNamed(zone) ?? 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  if (minutes > FURTHEST_MINUTES) return 0;
  return parts[1] === '-' ? -minutes : minutes;
}

/** "America/Los_Angeles", as programs write that were meant to write an offset. */
const PLACE =
  /\b(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Za-z]+(?:[_-][A-Za-z]+)*(?:\/[A-Za-z_]+)?\b/;

/** The time zone that a text names by a place in it; null when there is none, or no such place. */
export function placeIn(text: string): string | null {
  const place = PLACE.exec(text)?.[0];
  try {
    return place === undefined
      ? null
      : new Intl.DateTimeFormat('en', { timeZone: place }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** Minutes ahead of UTC at a place, when its clocks show the time that `clock` shows in UTC. */
export function minutesAt(place: string, clock: Date): number {
  const format = new Intl.DateTimeFormat('en', { timeZone: place, timeZoneName: 'longOffset' });
  const at = (moment: number) =>
    zoneOf(
      format
        .formatToParts(moment)
        .find(({ type }) => type === 'timeZoneName')
        ?.value.replace(/^GMT$/, 'Z'),
    );
  // What the clock shows is not yet the moment; what it shows there, in all but an hour of the year, is.
  return at(clock.getTime() - at(clock.getTime()) * 60_000);
}
