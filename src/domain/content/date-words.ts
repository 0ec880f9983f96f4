/** Month names by how they begin (three letters or more, without accents), in the languages that feeds write dates in. */
// biome-ignore format: one line per month would say no more
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'янв', 'sty', 'led', 'ιαν', 'oca'],
  ['feb', 'fev', 'fév', 'фев', 'lut', 'uno', 'φεβ', 'sub'],
  ['mar', 'maa', 'mrt', 'mär', 'mae', 'мар', 'bre', 'μαρ', 'márc'],
  ['apr', 'abr', 'avr', 'апр', 'kwi', 'dub', 'απρ', 'ápr', 'nis'],
  ['may', 'mai', 'mei', 'mag', 'maj', 'máj', 'мая', 'май', 'kve', 'μαι', 'μάι'],
  ['jun', 'juin', 'giu', 'июн', 'cze', 'červen', 'ιουν', 'ιούν', 'haz', 'jún'],
  ['jul', 'juil', 'lug', 'июл', 'lip', 'červenec', 'ιουλ', 'ιούλ', 'tem', 'júl'],
  ['aug', 'ago', 'aou', 'aoû', 'авг', 'sie', 'srp', 'αυγ', 'αύγ', 'ağu'],
  ['sep', 'set', 'сен', 'wrz', 'zář', 'σεπ', 'szept', 'eyl'],
  ['oct', 'okt', 'out', 'ott', 'окт', 'paź', 'říj', 'οκτ', 'eki'],
  ['nov', 'noy', 'ноя', 'lis', 'νοε', 'νοέ', 'kas'],
  ['dec', 'dez', 'dic', 'déc', 'дек', 'gru', 'pro', 'δεκ', 'ara'],
];

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

/** 1 to 12; 0 for a word that is no month. */
export function monthOf(word: string): number {
  const name = word.toLowerCase();
  if (name.length < 3) return 0;
  return MONTHS.findLastIndex((starts) => starts.some((start) => name.startsWith(start))) + 1;
}

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
