/** Colours are "#rrggbb" or "#rgb". Contrast is the ratio of WCAG 2.2 (1 to 21); text needs 4.5. */
type Rgb = readonly [number, number, number];

function parse(colour: string): Rgb {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  const hex = short
    ? `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join('')}`
    : colour;
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new Error(`"${colour}" is no colour; allowed are #rgb and #rrggbb`);
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

function luminance(colour: string): number {
  const [r, g, b] = parse(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** `share` (0 to 1) of `colour` in `ground`. */
export function mix(colour: string, ground: string, share: number): string {
  const [over, under] = [parse(colour), parse(ground)];
  const channels = over.map((channel, at) => Math.round(channel * share + (under[at] ?? 0) * (1 - share)));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** White or near-black, whichever reads better on the colour; black on the few where neither would reach 4.5. */
export function inkOn(colour: string): string {
  const best = contrast('#ffffff', colour) >= contrast('#14161a', colour) ? '#ffffff' : '#14161a';
  if (contrast(best, colour) >= 4.5) return best;
  return contrast('#ffffff', colour) >= 4.5 ? '#ffffff' : '#000000';
}

/** The colour made just so much lighter or darker, in its own hue, that it has the wanted contrast on the ground. */
export function readableOn(colour: string, ground: string, wanted = 4.5): string {
  if (contrast(colour, ground) >= wanted) return colour;
  const [hue, saturation, lightness] = toHsl(parse(colour));
  const isLighter = contrast('#ffffff', ground) > contrast('#000000', ground);
  const end = isLighter ? 1 : 0;
  for (let share = 0.02; share < 1; share += 0.02) {
    // Very light and very dark colours shout at full saturation.
    const candidate = fromHsl(hue, saturation * (1 - share * 0.45), lightness + (end - lightness) * share);
    if (contrast(candidate, ground) >= wanted) return candidate;
  }
  return isLighter ? '#ffffff' : '#000000';
}

/** Hue in degrees, the others from 0 to 1. */
function toHsl(rgb: Rgb): [number, number, number] {
  const [r, g, b] = rgb.map((channel) => channel / 255) as unknown as Rgb;
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const [lightness, range] = [(most + least) / 2, most - least];
  if (range === 0) return [0, 0, lightness];
  const hue = most === r ? ((g - b) / range + 6) % 6 : most === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return [hue * 60, range / (1 - Math.abs(2 * lightness - 1)), lightness];
}

function fromHsl(hue: number, saturation: number, lightness: number): string {
  const channel = (offset: number) => {
    const place = (offset + hue / 30) % 12;
    const swing = saturation * Math.min(lightness, 1 - lightness);
    const share = lightness - swing * Math.max(-1, Math.min(place - 3, 9 - place, 1));
    return Math.round(share * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
