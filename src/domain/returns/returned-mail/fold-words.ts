/** Letters that are no letter with a mark on it. */
const ALONE: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', ı: 'i', đ: 'd' };

/**
 * Text as words are compared in: lower case, without accents (people and mail programs leave them out), without hyphens
 * and apostrophes inside words; "d'envoi" is two words.
 */
export function foldWords(text: string): string {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\p{Mn}\p{Cf}]/gu, '')
      .normalize('NFC')
      .replace(/[ßøæœłıđ]/g, (letter) => ALONE[letter]!)
      .replace(/(?<=(?:^|[^\p{L}])(?:\p{L}|qu))['’‘`´](?=\p{L})/gu, ' ')
      // "Retirez-moi" is two words.
      .replace(/(?<=\p{L}ez)[\u2010\u2011-](?=(?:moi|nous)(?!\p{L}))/gu, ' ')
      .replace(/(?<=\p{L})['’‘`´\u2010\u2011-](?=\p{L})/gu, '')
  );
}
