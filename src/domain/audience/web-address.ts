/**
 * Endings that stand for a web address or a mail address behind a dot. Not all there are: "ing", "med" and "phil" are
 * endings too, and stand in "Dipl.Ing." and "Dr.phil.".
 */
const ENDINGS = new Set(
  `com net org info biz edu gov mil int xyz top site online store shop club vip win bet casino poker games game play bingo
   live life world today news blog app dev page web website link click buzz fun icu cyou monster quest rest bar bond cfd
   sbs lol pro name mobi asia tel jobs travel museum aero coop cat loan loans credit money cash finance financial fund
   invest trade trading forex market markets exchange bank capital business company agency group team solutions services
   service support systems tech technology digital software cloud host hosting email mail network space zone center centre
   guru expert ninja rocks cool wtf sexy sex porn adult xxx dating date chat social community media video tube stream
   download review reviews deal deals sale discount bargains promo gift gifts free best one plus zip mov foo fyi ltd gmbh
   inc llc srl work works career education academy school university health care clinic dental doctor pharmacy
   vodka beer pizza cafe restaurant hotel hotels holiday flights tours vacations house homes property estate
   rent land auto car cars boats fit fitness yoga football soccer golf run racing bike photo photos photography pics
   pictures gallery design art studio productions film movie music band audio fm radio press berlin hamburg koeln cologne
   wien bayern saarland ruhr amsterdam frl brussels vlaanderen gent paris london nyc tokyo moscow africa ovh
   google amazon onion eth crypto nft
   рф рус бел укр срб мкд онлайн сайт орг ком дети москва 中国 中國 公司 网络 网址 网站 在线 中文网 商城 香港 台灣 台湾 한국 닷컴 भारत
   ไทย コム みんな ストア ελ ею امارات السعودية ایران مصر شبكة موقع كوم`
    .trim()
    .split(/\s+/),
);
/** Behind a dot and a space, too: "casino. com". Short ones are words of names there ("J. de Vries", "Dr. Li"). */
const PLAIN_ENDINGS = /^(?:com|net|org|info|biz|xyz|top|online|site|shop|club|vip|win|bet|casino)$/;
/** Letters that stand behind a dot as a degree: "B.Sc", "M.Ed", "Ph.D". */
const DEGREE = /^(?:sc|ed|ba|mus|eng|res|st|tech|com|pharm|phil|arch)$/;
const PARTICLE = /^(?:de|da|di|do|du|la|le|te|el|al|st|van|von|der)$/;

/** Whether a mail program would make a link of some of this text, or a person would read it as an address to visit. */
export function hasWebAddress(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .replace(/[\u3002\ufe52\u2024\u00b7\u2022\u2027]/g, '.')
    .toLowerCase();
  if (/[/\\@]|\bwww\b|\bh(?:tt|xx)ps?\b|\bmailto\b|\bxn--/.test(plain)) return true;
  const words = plain.split(/[^\p{L}\p{M}\p{N}.-]+/u);
  return words.some(
    (word, at) =>
      isHost(word) ||
      // "casino .io", "casino. com", "casino dot io".
      (at > 0 && /^\.\p{L}/u.test(word)) ||
      (at > 0 && words[at - 1]!.endsWith('.') && PLAIN_ENDINGS.test(word)) ||
      (at > 1 && SPELLED_DOT.has(words[at - 1]!) && isEnding(word)),
  );
}

function isHost(word: string): boolean {
  const labels = word
    .replace(/^[.-]+/, '')
    .replace(/(?<![.-])[.-]+$/, '')
    .split('.');
  const last = labels.at(-1)!;
  if (labels.length < 2 || labels.includes('') || !isEnding(last)) return false;
  const isInitials = labels.slice(0, -1).every((label) => [...label].length === 1);
  return !(isInitials && (PARTICLE.test(last) || (DEGREE.test(last) && last !== 'com')));
}

const SPELLED_DOT = new Set(['dot', 'punkt', 'punt', 'point']);

/** Two letters are a country. */
const isEnding = (label: string): boolean =>
  ENDINGS.has(label) || (/^[a-z]{2}$/.test(label) && !NO_COUNTRY.has(label));
/** Behind a dot these are titles and given names ("Mary.Jo") more often than a country. */
const NO_COUNTRY = new Set(['dr', 'jr', 'ir', 'mr', 'ms', 'mc', 'st', 'jo', 'mo', 'bo']);
