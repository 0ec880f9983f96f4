import { languageOf } from '../../../domain/content/reading/text-language.ts';

/** What is looked at of a feed; its markup is ASCII in every charset. */
const MOST_LOOKED_AT = 200_000;

interface Script {
  charsets: readonly string[];
  /** Characters that texts in this script are full of. */
  common: ReadonlySet<string>;
  /** The share of those in a usual text. Read in the wrong charset, it is a small part of that. */
  usual: number;
}

const script = (charsets: string, common: string, usual: number): Script => ({
  charsets: charsets.split(' '),
  common: new Set(common),
  usual,
});

const SCRIPTS: readonly Script[] = [
  script('windows-1251 koi8-u iso-8859-5 ibm866 x-mac-cyrillic', 'оеаинтсрвлкдпуяыіъ', 0.75),
  script('windows-1253 iso-8859-7', 'αοιετσνηυρπκλμςάόίέ', 0.75),
  script('windows-1255 iso-8859-8', 'יוהלאתרבמשנ', 0.75),
  script('windows-1256 iso-8859-6', 'اليمنوترهبعد', 0.7),
  script('windows-874', 'านรกเงมยลวดท่้ิีัอสต', 0.6),
  script('euc-jp shift_jis', 'のにはをたがでてとしいれなるかっすもらこりきまンスルトーイラ、。', 0.4),
  script('euc-kr', '이다는을의에가고하한지로기사자도리어시은대인수정과를전서스해', 0.35),
  script(
    'gb18030',
    '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实业新公司，。',
    0.28,
  ),
  script(
    'big5',
    '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實業新公司，。',
    0.28,
  ),
];
/** Of what is usual: less than this is chance. */
const LEAST_LIKELY = 0.45;

/** Languages in Latin script that are not written in windows-1252, with their letters beyond ASCII. */
const LATIN: readonly [charsets: readonly string[], alphabets: Record<string, string>][] = [
  [
    ['windows-1250', 'iso-8859-2'],
    {
      pl: 'ąćęłńóśźż',
      cs: 'áčďéěíňóřšťúůýž',
      sk: 'áäčďéíĺľňóôŕšťúýž',
      hu: 'áéíóöőúüű',
      ro: 'ăâîşţ',
      hr: 'čćđšž',
      sl: 'čšž',
    },
  ],
  [['windows-1254'], { tr: 'çğıöşüâîû' }],
  [['windows-1257', 'iso-8859-13'], { lt: 'ąčęėįšųūž', lv: 'āčēģīķļņšūž', et: 'äõöüšž' }],
  [['windows-1258'], { vi: 'àáâãèéêìíòóôùúăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ' }],
];

/**
 * The charset of a feed that does not say it and is not in UTF-8; null where it cannot be told. Other scripts write word
 * after word in bytes beyond ASCII, and are told by the letters that are frequent in them; in Latin script such bytes stand alone, and
 * the words between them tell the language. `language` is the feed's, for what its texts do not tell.
 */
export function guessedCharset(body: Buffer, language: string): string | null {
  const sample = body.subarray(0, MOST_LOOKED_AT);
  return isInRuns(sample) ? ofScript(sample) : ofLatin(sample, language);
}

/** Japanese in seven bits, which looks like ASCII: only there text is switched so. */
export function isIso2022Jp(body: Buffer): boolean {
  return body.includes('\x1b$B') || body.includes('\x1b$@');
}

function isInRuns(bytes: Buffer): boolean {
  let [high, inRuns, run] = [0, 0, 0];
  for (let at = 0; at <= bytes.length; at++) {
    if ((bytes[at] ?? 0) > 0x7f) run++;
    else {
      high += run;
      // Two-byte charsets may have every second byte in ASCII.
      if (run >= 3) inRuns += run;
      run = 0;
    }
  }
  return inRuns > high * 0.3;
}

function ofScript(bytes: Buffer): string | null {
  let best: { charset: string; likeness: number } | null = null;
  for (const { charsets, common, usual } of SCRIPTS) {
    for (const charset of charsets) {
      const likeness = shareOf(new TextDecoder(charset).decode(bytes), common) / usual;
      if (likeness > (best?.likeness ?? LEAST_LIKELY)) best = { charset, likeness };
    }
  }
  return best?.charset ?? null;
}

/** Of the characters beyond ASCII, those that are common; a wrong byte counts ten times. */
function shareOf(text: string, common: ReadonlySet<string>): number {
  let [all, found] = [0, 0];
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0xa1) continue;
    all += code === 0xfffd ? 10 : 1;
    if (common.has(character)) found++;
  }
  return all === 0 ? 0 : found / all;
}

/** The charset in which the text's language has the most of its own letters; windows-1252 for all others. */
function ofLatin(bytes: Buffer, language: string): string {
  let best = { charset: 'windows-1252', share: 0 };
  for (const [charsets, alphabets] of LATIN) {
    for (const charset of charsets) {
      const text = new TextDecoder(charset)
        .decode(bytes)
        .replace(/<[^<>]*>|&[#\w]+;/g, ' ')
        .toLowerCase();
      const alphabet = alphabets[languageOf([text]) ?? language.slice(0, 2)];
      const share = alphabet === undefined ? 0 : shareOf(text, new Set(alphabet));
      if (share > best.share) best = { charset, share };
    }
  }
  return best.charset;
}
