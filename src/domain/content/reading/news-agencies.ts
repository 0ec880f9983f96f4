/** Where and by which agency: "Berlin (ots) - ", "NEW YORK--(BUSINESS WIRE)--", "OSLO, Nov. 25, 2026 /PRNewswire/ -- ". */
const DATELINE = new RegExp(
  String.raw`^[^.!?()]{0,40}(?:\. ?\d[\d.,/ ]{0,20})?(?:` +
    String.raw`\((?:ots|dpa(?:[-/][\w .]{2,20})?|anp(?:[-/]\w{2,8})?|afp|ap|apa(?:-ots)?|reuters|belga|efe|ansa|tt|ntb|ritzau|pap|business wire|globe newswire|prnewswire|awp|sda|keystone-sda)\)\s*[-–—]{1,2}\s*|` +
    String.raw`/(?:prnewswire|pr newswire|cnw|ots)[^/]{0,30}/\s*[-–—]{1,2}\s*|--\((?:business wire)\)--)`,
  'iu',
);

/** A text without the dateline that agencies begin with. */
export const withoutDateline = (text: string): string => text.replace(DATELINE, '');
