/**
 * The programme's language a visitor reads best: the wish in the address, else the first match in Accept-Language
 * (RFC 9110 12.5.4), else the default.
 */
export function chooseLanguage(
  languages: readonly string[],
  defaultLanguage: string,
  wish: string | undefined,
  acceptLanguage: string | undefined,
): string {
  if (wish !== undefined && languages.includes(wish)) return wish;
  const accepted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1]).find(Boolean);
      return { language: range.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return accepted.find(({ language }) => languages.includes(language))?.language ?? defaultLanguage;
}
