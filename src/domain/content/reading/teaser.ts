import { readDate } from './feed-date.ts';
import { withoutDateline } from './news-agencies.ts';
import { endedWell, shortened } from './summary.ts';
import { isCallToRead, isCallToReadOf, sameWords, withoutTails, wordsAlone } from './teaser-tails.ts';

/** A paragraph of an item's text. */
export interface TextBlock {
  text: string;
  isHeading: boolean;
  /** Nothing stands between it and a picture: it may be the picture's caption. */
  isAfterImage: boolean;
  /** It is of the same paragraph as the one before. */
  isNextLine?: boolean;
  /** Words in it that are set apart or small. */
  small?: string[];
}

/** What names who took a picture: "Image: Plex", "Foto: ANP / Jansen", "Photo by Ann Lee on Unsplash", "© dpa". */
const CREDIT = new RegExp(
  String.raw`^[(\[]?\s{0,3}(?:(?:(?:featured |cover |header |lead )?(?:image|photo|picture|illustration|graphic|screenshot|video)s?(?: (?:credits?|courtesy(?: of)?|source|by|via|from))?|` +
    'credits?|beeld(?:credit)?|afbeelding|foto(?:’s|s)?(?:credit|graaf|grafie|quelle|nachweis)?|bild(?:er|nachweis|quelle|rechte|credit)?|titelbild|symbolbild|quelle|' +
    'crédits?(?: ?photos?)?|photographie|crédito|fotografía|imagen|imagem|immagine|fonte|fuente|zdjęcie|fot|grafika|kuva|kuvat|billede|bilde|kép|fotó|фото|изображение)' +
    String.raw`\s{0,3}[:：/|–—-]{1,3}\s{0,3}\S.{0,100}|(?:photo|image|picture|foto|bild|beeld)(?: credit)? (?:by|von|van|door|par|de|di) \S.{0,80}|(?:©|\(c\)|Ⓒ)\s{0,3}\S.{0,80}|(?:via|source:?) (?:unsplash|pexels|pixabay|shutterstock|getty images|istock|adobe stock|freepik)\b.{0,40}|.{0,60}[/|–-]\s{0,3}(?:unsplash|pexels|pixabay|shutterstock(?:\.com)?|getty ?images|istock|adobe ?stock|freepik|wikimedia(?: commons)?)[)\]]?)\s{0,3}[)\]]?$`,
  'iu',
);
/** Said above a text by those who measure it: "Reading time: 3 minutes", "3 min read". */
const READING_TIME =
  /^(?:(?:estimated |geschätzte |approx\. )?(?:reading time|read time|leestijd|lesezeit|lesedauer|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura)\s*(?::\s*)?(?:(?:<|~|ca\.?)\s*)?\d+\s*(?:min(?:ut(?:e[sn]?|i|os?|en))?|m)?\.?|\d+[\s-]min(?:ute)?s? read)$/iu;
const TABLE_OF_CONTENTS =
  /^(?:table of contents|contents|inhoud(?:sopgave)?|inhalt(?:sverzeichnis)?|sommaire|índice|indice)(?: toggle)?$/iu;
/** The same in plain text, with the headings of the whole text after it: of that no teaser can be made. */
const CONTENTS_IN_TEXT =
  /^(?:table of contents|contents|inhoud(?:sopgave)?|inhalt(?:sverzeichnis)?|sommaire|índice|indice|tabla de contenidos|spis treści) toggle /iu;
/** Whose it is, how to see it elsewhere, and how many have said something to it. */
const AROUND =
  /^(?:(?:©|\(c\)|copyright) ?(?:(?:19|20)\d\d|.{0,80}all rights reserved).{0,100}|(?:view|read) (?:this )?(?:e-?mail|newsletter|message) in (?:your|a) browser\.?|bekijk (?:deze )?(?:e-?mail|nieuwsbrief) in (?:uw|je) browser\.?|(?:diese )?(?:e-?mail|newsletter) im browser (?:ansehen|anzeigen|öffnen)\.?|\d+ posts? - \d+ participants?)$/iu;
/** What it is about, in brackets behind the last sentence: links to subjects, or the agency. */
const SUBJECTS_AT_END = /(?<=[.!?]["'”’»]?)\s*\(\p{Lu}[^().!?]{1,60}\)$/u;
/** A label alone: "Body:". */
const LABEL = /^[\p{L} ]{2,25}:$/u;
const NAME = String.raw`\p{Lu}[\p{L}.’'-]{0,30}(?: (?:\p{Lu}|van|de|der|den|von|zu|la|le|del|di|da|and|und|en|et|y|e|og|och|&)[\p{L}.’'-]{0,30}){0,6}`;
/** Who wrote it, as a paragraph or at the end. */
const BYLINE = new RegExp(
  '^(?:(?:Written|Posted|Geschreven|Geschrieben) )?(?:[Bb]y|[Dd]oor|[Vv]on|[Pp]ar|[Pp]or|Di|A[fv]|Autor(?:in)?:?|Author:?|Auteur:?|Tekst:|Text:) ' +
    `${NAME}(?: ?[|,•·–-] ?.{0,40})?$`,
  'u',
);
const BYLINE_AT_END = new RegExp(String.raw`(?<=[.!?]) (?:By|Door|Von|Par) ${NAME}\.?$`, 'u');
/** What leads elsewhere: "👉 Follow us", "Listen: https://…". */
const POINTER = /^(?:[👉🎧▶►➡🔗📩📧🔔📲]|[^.!?]{0,60}https?:\/\/\S{1,80}$)/u;
const NOTHING_SAID = /^(?:comments?|[\p{P}\p{S}\s\d]*|https?:\/\/\S+)$/iu;

/** Far more than a teaser has. */
const MOST_LOOKED_AT = 4000;
/** How a text goes on that its feed has cut. */
const BREAKS_OFF = /^\s*(?:[[(]\s*)?(?:…|\.{3})/;

/**
 * What a mail says of an item under its title: its running text up to the end of a sentence, without what only stands
 * beside it. "" when nothing is left that the title does not say.
 */
export function teaserOf(blocks: readonly TextBlock[], title: string, language: string): string {
  const running = blocks.filter((block) => !isBeside(block, title));
  while (running.length > 1 && isTail(running.at(-1)!.text, title)) running.pop();
  const whole = joined(running).slice(0, MOST_LOOKED_AT);
  const text = withoutTails(whole, title);
  const own = withoutDate(withoutDateline(withoutTitle(text, title)))
    .replace(SUBJECTS_AT_END, '')
    .replace(BYLINE_AT_END, '')
    .trim();
  if (NOTHING_SAID.test(own) || isAlmost(text, title) || CONTENTS_IN_TEXT.test(own)) return '';
  const isCut = BREAKS_OFF.test(whole.slice(text.length)) || /(?:…|\.{3})\s*$/.test(own);
  return shortened(isCut ? endedWell(own, language) : own, language);
}

/** The heading that a text without a title begins with. */
export function headingOf(blocks: readonly TextBlock[]): string | undefined {
  return blocks.find(({ isHeading }) => isHeading)?.text;
}

function isBeside({ text, isHeading, isAfterImage }: TextBlock, title: string): boolean {
  return (
    isHeading ||
    NOTHING_SAID.test(text) ||
    isCallToRead(text) ||
    isCallToReadOf(text, title) ||
    READING_TIME.test(text) ||
    TABLE_OF_CONTENTS.test(text) ||
    AROUND.test(text) ||
    LABEL.test(text) ||
    (text.length < 80 && (BYLINE.test(text) || POINTER.test(text))) ||
    (text.length < 40 && /\d/.test(text) && readDate(text) !== null) ||
    (isAfterImage && CREDIT.test(text))
  );
}

/** Paragraphs in a row. One that ends without a mark would run into the next: headlines and points of a list do. */
function joined(blocks: readonly TextBlock[]): string {
  const parts = blocks.map(withoutCredits);
  return parts
    .map((part, place) => {
      const next = blocks[place + 1]?.isNextLine ? '' : (parts[place + 1] ?? '');
      const isOpen =
        /[\p{Ll}\p{N}"”’»)]$/u.test(part) &&
        part.includes(' ') &&
        !/(?:[/@#]\S{1,300}|www\.\S{1,300})$/.test(part) &&
        /^["“„«‘'(]?[\p{Lu}\p{N}]/u.test(next);
      return isOpen && !/[.!?]["”’»)]$/.test(part) ? `${part}.` : part;
    })
    .join(' ')
    .trim();
}

/** The day at the front: "25 November 2026 - The board has met." */
function withoutDate(text: string): string {
  const [front = '', day = ''] = /^(\S.{5,29}?) [-–—|:] (?=["“„«‘]?\p{Lu})/u.exec(text) ?? [];
  return day !== '' && readDate(day) !== null ? text.slice(front.length) : text;
}

function withoutCredits({ text, small = [] }: TextBlock): string {
  const credits = small.filter((words) => words !== '' && CREDIT.test(words));
  return credits
    .reduce((rest, credit) => rest.replace(credit, ' '), text)
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Whether a last paragraph only says where the item is from: it has the whole title in it and few words beside, in whatever
 * language.
 */
function isTail(text: string, title: string): boolean {
  if (text.length > title.length + 120 || title.length < 16) return false;
  const [words, named] = [` ${wordsAlone(text)} `, ` ${wordsAlone(title)} `];
  const beside = words.replace(named, ' ').trim();
  return (
    words !== named &&
    words.includes(named) &&
    !/[.!?]\s+\p{Lu}.*[.!?]\s+\p{Lu}/u.test(text) &&
    beside.length < 100
  );
}

/** Many feeds begin the text with the title again. */
function withoutTitle(text: string, title: string): string {
  if (title.length < 8 || !text.startsWith(title)) return text;
  const rest = text.slice(title.length);
  const after = rest.replace(/^[\s.:|–—-]+/, '');
  const isSentence = /^["'“„«‘(¿¡]?[\p{Lu}\p{Lo}\p{N}]/u.test(after) && rest !== after;
  return after === '' || isSentence ? after : text;
}

/** Aggregators give the title, and the name of the paper, for a text. */
function isAlmost(text: string, title: string): boolean {
  if (sameWords(text, title)) return true;
  const [words, named] = [wordsAlone(text), wordsAlone(title)];
  if (named.length < 10 || !words.startsWith(named)) return false;
  const isShort = named.length >= 20 && words.length <= named.length + 30;
  if (isShort && !/[.!?](?:\s|$)/.test(text.slice(title.length))) return true;
  // A list of headlines has no sentences.
  const isNext = text.startsWith(title) && /^\s+\p{Lu}/u.test(text.slice(title.length));
  return isNext && !/[.!?…。！？](?:\s|$)/.test(text);
}
