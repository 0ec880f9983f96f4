import type { Brand } from '../../domain/programme.ts';

/** What dark mode paints a mail's page and its card with. */
const DARK = {
  page: '#15171b',
  card: '#1f2329',
  tint: '#2a3038',
  line: '#3a424d',
  ink: '#f1f3f6',
  soft: '#b7bfca',
};
const WHITE = '#ffffff';
/** WCAG 2 AA for text. */
const CONTRAST = 4.5;

/**
 * All colours of a mail from the brand's four. Whatever the brand chose, text keeps a contrast of 4.5:1 in light and
 * in dark: a colour that falls short is moved towards black or white until it does.
 */
export function mailColours(brand: Brand['colours']): Record<string, string> {
  const tint = mix(brand.primary, WHITE, 0.93);
  // A white page would swallow the white card.
  const page = contrast(brand.background, WHITE) < 1.04 ? mix(brand.primary, WHITE, 0.95) : brand.background;
  const soft = readable(mix(brand.text, WHITE, 0.32), [WHITE, page, tint]);
  return {
    primary: brand.primary,
    'on-primary': onColour(brand.primary),
    'on-primary-soft': readable(mix(onColour(brand.primary), brand.primary, 0.18), [brand.primary]),
    accent: brand.accent,
    link: readable(brand.primary, [WHITE, page, tint]),
    ink: readable(brand.text, [WHITE, page, tint]),
    soft,
    page,
    card: WHITE,
    tint,
    line: mix(brand.text, WHITE, 0.86),
    // The "call me back" button is red by the programme's rule, not by brand.
    call: '#c4161c',
    'on-call': WHITE,
    'dark-page': DARK.page,
    'dark-card': DARK.card,
    'dark-tint': DARK.tint,
    'dark-line': DARK.line,
    'dark-ink': DARK.ink,
    'dark-soft': DARK.soft,
    'dark-link': readable(mix(brand.primary, WHITE, 0.35), [DARK.page, DARK.card, DARK.tint]),
    'dark-button': readable(mix(brand.primary, WHITE, 0.45), [DARK.card, DARK.tint]),
    'on-dark-button': onColour(readable(mix(brand.primary, WHITE, 0.45), [DARK.card, DARK.tint])),
  };
}

/** WCAG 2 contrast ratio of two #rrggbb colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

function onColour(background: string): string {
  return contrast(WHITE, background) >= CONTRAST ? WHITE : '#14161a';
}

/** The colour, moved as little as needed away from the backgrounds until it can be read on all of them. */
function readable(colour: string, backgrounds: string[]): string {
  const worst = (candidate: string) =>
    Math.min(...backgrounds.map((background) => contrast(candidate, background)));
  const pole = worst('#000000') > worst(WHITE) ? '#000000' : WHITE;
  for (let step = 0; step <= 20; step++) {
    const candidate = mix(colour, pole, step / 20);
    if (worst(candidate) >= CONTRAST) return candidate;
  }
  return pole;
}

/** `share` 0 is `from`, 1 is `to`. */
function mix(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  const mixed = a.map((value, i) => Math.round(value + (b[i]! - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function channels(colour: string): number[] {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (!hex) throw new Error(`brand colour "${colour}" cannot be read; write it as #rrggbb`);
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16));
}
