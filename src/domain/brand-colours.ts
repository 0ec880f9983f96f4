import { contrast, inkOn, mix, readableOn } from './colours.ts';
import type { Brand } from './programme.ts';

type Tokens = Record<string, string>;

/**
 * The stylesheet that gives the pages the brand's colours, in light and dark. Whatever colours a programme has, text
 * and edges keep the contrast of WCAG 2.2 AA: they are moved towards black or white until they do.
 */
export function brandStylesheet(colours: Brand['colours']): string {
  const light = tokens(
    colours,
    mix(colours.primary, mix(colours.background, '#ffffff', 0.8), 0.035),
    '#ffffff',
    colours.text,
  );
  const darkGround = mix(colours.primary, '#0c0e12', 0.07);
  const dark = tokens(colours, darkGround, mix(colours.primary, '#171a20', 0.09), '#eceef2');
  return `:root{${write(light)}}\n@media (prefers-color-scheme: dark){:root{${write(dark)}}}\n`;
}

/** The mark beside the brand's name, as the icon in a browser's tab. */
export function brandIcon({ primary, accent }: Brand['colours']): string {
  const shape = 'M8 0h16a8 8 0 0 1 8 8v16a8 8 0 0 1-8 8H2a2 2 0 0 1-2-2V8a8 8 0 0 1 8-8z';
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    `<clipPath id="c"><path d="${shape}"/></clipPath>` +
    `<g clip-path="url(#c)"><path fill="${primary}" d="M0 0h32v32H0z"/><path fill="${accent}" d="M32 2v30H2z"/></g></svg>`
  );
}

function tokens(colours: Brand['colours'], ground: string, surface: string, text: string): Tokens {
  const ink = readableOn(text, surface, 9);
  const isDark = contrast('#ffffff', surface) > contrast('#000000', surface);
  const brand = isDark
    ? readableOn(colours.primary, surface, 4.6)
    : readableOn(colours.primary, '#ffffff', 4.6);
  const tint = mix(brand, surface, isDark ? 0.14 : 0.07);
  // All three grounds are light, or all dark: each step only adds contrast to the others.
  const readable = (colour: string) =>
    [surface, ground, tint].reduce((better, under) => readableOn(better, under, 4.7), colour);
  return {
    '--ground': ground,
    '--surface': surface,
    '--tint': tint,
    '--ink': ink,
    '--ink-soft': readable(mix(ink, surface, 0.66)),
    '--line': mix(ink, surface, 0.14),
    '--edge': readableOn(mix(ink, surface, 0.45), surface, 3.2),
    '--brand': brand,
    '--brand-strong': mix(isDark ? '#ffffff' : '#000000', brand, 0.16),
    '--on-brand': inkOn(brand),
    '--brand-ink': readable(brand),
    '--accent': colours.accent,
    '--accent-ink': readable(colours.accent),
    '--on-accent': inkOn(colours.accent),
  };
}

function write(values: Tokens): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}:${value}`)
    .join(';');
}
