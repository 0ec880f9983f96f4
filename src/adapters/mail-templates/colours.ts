import { contrast, inkOn, mix, readableOn } from '../../domain/colours.ts';
import type { Brand } from '../../domain/programme.ts';

const WHITE = '#ffffff';
const DARK = {
  page: '#15171b',
  card: '#1f2329',
  tint: '#2a3038',
  line: '#3a424d',
  ink: '#f1f3f6',
  soft: '#b7bfca',
};
/** The "call me back" button is red by the programme's rule, not by brand. */
const CALL = '#c4161c';

/**
 * Every colour of a mail, made of the brand's four; templates name them with a dollar sign. Whatever the brand chose,
 * text keeps a contrast of 4.5:1 in light and in dark.
 */
export function mailColours(brand: Brand['colours']): Record<string, string> {
  const tint = mix(brand.primary, WHITE, 0.11);
  // A white page would swallow the white card.
  const page = contrast(brand.background, WHITE) < 1.04 ? mix(brand.primary, WHITE, 0.05) : brand.background;
  const onLight = (colour: string) => readableOnAll(colour, [WHITE, page, tint]);
  const onPrimary = inkFor(brand.primary);
  const darkLink = readableOnAll(brand.primary, [DARK.page, DARK.card, DARK.tint], 6);
  return {
    primary: brand.primary,
    'on-primary': onPrimary,
    'on-primary-soft': readableOn(mix(onPrimary, brand.primary, 0.82), brand.primary),
    link: onLight(brand.primary),
    ink: onLight(brand.text),
    soft: onLight(mix(brand.text, WHITE, 0.68)),
    page,
    card: WHITE,
    tint,
    line: mix(brand.text, WHITE, 0.14),
    call: CALL,
    'on-call': inkFor(CALL),
    'dark-page': DARK.page,
    'dark-card': DARK.card,
    'dark-tint': DARK.tint,
    'dark-line': DARK.line,
    'dark-ink': DARK.ink,
    'dark-soft': DARK.soft,
    'dark-link': darkLink,
    'dark-button': darkLink,
    'on-dark-button': inkFor(darkLink),
  };
}

/** White or black: on a middling ground near-black falls short. */
function inkFor(ground: string): string {
  return readableOn(inkOn(ground), ground);
}

/** One colour that can be read on each of several grounds, all light or all dark. */
function readableOnAll(colour: string, grounds: string[], wanted = 4.5): string {
  return grounds.reduce((found, ground) => readableOn(found, ground, wanted), colour);
}
