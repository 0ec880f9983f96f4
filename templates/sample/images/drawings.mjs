/**
 * The sample company's drawings, as SVG built from a few shapes in its colours. render.mjs makes the PNGs, because
 * mail programs show no SVG. A hero is 1200 x 500, a card 600 x 320.
 */
const C = {
  green: '#14524a',
  leaf: '#2f8173',
  mint: '#8cc9bb',
  mist: '#d3eae4',
  wash: '#e8f3f0',
  sand: '#f6ead6',
  peach: '#fbdba6',
  amber: '#e9a23b',
  honey: '#f5c877',
  red: '#b3261e',
  ink: '#1d2b29',
  white: '#ffffff',
  grey: '#c4d3cf',
};

const r = (x, y, w, h, fill, rx = 0, more = '') =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${rx}" fill="${fill}" ${more}/>`;
const c = (x, y, radius, fill, more = '') => `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" ${more}/>`;
const p = (d, fill, more = '') => `<path d="${d}" fill="${fill}" ${more}/>`;
const line = (d, colour, width, more = '') =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;
const at = (x, y, content, scale = 1, turn = 0) =>
  `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${scale})">${content}</g>`;
const lines = (x, y, widths, colour, gap = 24, height = 10) =>
  widths.map((w, i) => r(x, y + i * gap, w, height, colour, height / 2)).join('');
const check = (x, y, s, colour = C.white, width = 8) => line(`M${x - s} ${y} l${s * 0.75} ${s * 0.75} l${s * 1.3} ${-s * 1.5}`, colour, width);

/* --- things, drawn around their own top left corner --- */

const payslip = () =>
  r(0, 0, 260, 350, C.white, 14) +
  p('M14 0h232a14 14 0 0 1 14 14v52H0V14A14 14 0 0 1 14 0z', C.green) +
  c(40, 33, 15, C.honey) + lines(68, 22, [110, 70], C.mint, 16, 7) +
  lines(28, 96, [120, 96, 132, 84, 110], C.grey, 30, 9) +
  lines(190, 96, [42, 42, 42, 42, 42], C.mist, 30, 9) +
  r(28, 250, 204, 2, C.grey) + r(28, 272, 90, 14, C.ink, 7) + r(160, 262, 72, 34, C.amber, 8) +
  lines(176, 275, [40], C.white, 20, 8) + lines(28, 316, [150], C.mist, 20, 8);

const calendar = (marked = 17) => {
  let days = '';
  for (let i = 0; i < 28; i += 1) {
    const x = 34 + (i % 7) * 28;
    const y = 98 + Math.floor(i / 7) * 32;
    days += i === marked ? c(x, y, 15, C.red) + check(x - 1, y, 6, C.white, 4) : c(x, y, 7, i % 7 > 4 ? C.mist : C.mint);
  }
  return r(0, 0, 236, 226, C.white, 14) + p('M14 0h208a14 14 0 0 1 14 14v44H0V14A14 14 0 0 1 14 0z', C.leaf) +
    r(52, -14, 12, 34, C.green, 6) + r(172, -14, 12, 34, C.green, 6) + lines(84, 34, [68], C.white, 20, 9) + days;
};

const coins = (count, width = 96) => {
  let stack = '';
  for (let i = 0; i < count; i += 1) {
    const y = -22 * (i + 1);
    stack += r(i % 2 ? 3 : 0, y, width, 20, i % 2 ? C.honey : C.amber, 8) +
      [0.25, 0.5, 0.75].map((part) => r(width * part, y + 5, 4, 10, i % 2 ? C.amber : C.honey, 2)).join('');
  }
  return stack;
};

const invoice = (band = C.green) =>
  r(0, 0, 130, 168, C.white, 10) + r(18, 20, 50, 12, band, 6) + lines(18, 48, [94, 76, 88], C.grey, 18, 7) +
  r(18, 110, 40, 40, C.mist, 6) + r(24, 116, 10, 10, C.leaf, 2) + r(42, 116, 10, 10, C.leaf, 2) + r(24, 134, 10, 10, C.leaf, 2) + r(42, 134, 6, 6, C.leaf, 1) +
  r(72, 122, 40, 18, C.amber, 6);

const factory = () =>
  r(196, 20, 34, 150, C.leaf) + r(190, 8, 46, 18, C.green, 4) +
  p('M0 300V150l70-46v46l70-46v46l70-46v46l70-46v196z', C.green) +
  [28, 98, 168, 238].map((x) => r(x, 190, 26, 34, C.honey, 3)).join('') + r(110, 246, 60, 54, C.mint, 4) + r(138, 246, 4, 54, C.green);

const office = () => {
  let windows = '';
  for (let row = 0; row < 6; row += 1) {
    for (let col = 0; col < 4; col += 1) {
      windows += r(26 + col * 40, 30 + row * 42, 24, 26, (row * 3 + col * 5) % 7 < 2 ? C.honey : C.mist, 3);
    }
  }
  return r(0, 0, 194, 330, C.leaf, 8) + windows + r(77, 286, 40, 44, C.green, 4) + r(194, 110, 70, 220, C.green, 6) +
    [134, 174, 214, 254].map((y) => r(212, y, 34, 18, C.mint, 3)).join('');
};

const box = (w, h, fill, tape = C.white) => r(0, 0, w, h, fill, 4) + r(w / 2 - 7, 0, 14, h * 0.42, tape, 2, 'opacity="0.75"') + r(10, h - 20, w * 0.3, 8, tape, 3, 'opacity="0.75"');

const rack = (fills) => {
  let content = '';
  fills.forEach((row, level) => {
    const floor = 112 + level * 116;
    let x = 22;
    for (const [w, h, fill] of row) {
      content += at(x, floor - h, box(w, h, fill));
      x += w + 12;
    }
    content += r(0, floor, 330, 14, C.amber, 3);
  });
  return r(0, -20, 14, 396, C.green, 4) + r(316, -20, 14, 396, C.green, 4) + content;
};

const trolley = () =>
  at(44, 44, box(104, 84, C.honey)) + at(156, 66, box(76, 62, C.mint)) + at(70, -20, box(80, 62, C.amber)) +
  line('M10 -40 h-34 M10 -40 V134 H250', C.ink, 12) + c(56, 158, 20, C.ink) + c(56, 158, 8, C.grey) + c(206, 158, 20, C.ink) + c(206, 158, 8, C.grey);

const bars = () => {
  const heights = [90, 120, 108, 150, 172, 160, 206];
  const coming = [226, 250, 282];
  return heights.map((h, i) => r(i * 74, -h, 48, h, i % 2 ? C.leaf : C.green, 6)).join('') +
    coming.map((h, i) => r((7 + i) * 74, -h, 48, h, C.mist, 6, `stroke="${C.leaf}" stroke-width="3" stroke-dasharray="9 7"`)).join('') +
    r(-30, 0, 800, 8, C.ink, 4);
};

const forecast = () =>
  p('M468 -250 L542 -282 L616 -318 L700 -372 L700 -258 L616 -262 L542 -258 Z', C.honey, 'opacity="0.55"') +
  line('M24 -128 L98 -160 L172 -146 L246 -190 L320 -214 L394 -202 L468 -250', C.amber, 8) +
  line('M468 -250 L542 -270 L616 -292 L700 -318', C.amber, 8, 'stroke-dasharray="2 18"') +
  [[24, -128], [98, -160], [172, -146], [246, -190], [320, -214], [394, -202], [468, -250]].map(([x, y]) => c(x, y, 10, C.white, `stroke="${C.amber}" stroke-width="6"`)).join('') +
  c(700, -318, 13, C.red);

const person = (shirt, skin, hair) =>
  p('M0 190 v-34 a66 66 0 0 1 66 -66 h28 a66 66 0 0 1 66 66 v34 z', shirt) + r(66, 66, 28, 44, skin, 14) + c(80, 44, 42, skin) +
  p('M36 46 a44 44 0 0 1 88 0 c-12 -4 -20 -14 -24 -22 c-14 14 -40 22 -64 22 z', hair);

const bubble = (w, h, fill, tail = 'left') =>
  r(0, 0, w, h, fill, 20) + (tail === 'left' ? p(`M34 ${h - 4} v36 l38 -36 z`, fill) : p(`M${w - 34} ${h - 4} v36 l-38 -36 z`, fill));

const shield = (outer = C.green, inner = C.leaf) =>
  p('M130 0 L260 44 V150 C260 236 206 292 130 324 C54 292 0 236 0 150 V44 Z', outer) +
  p('M130 32 V290 C74 264 32 216 32 148 V66 Z', inner) +
  line('M92 156 v-34 a38 38 0 0 1 76 0 v34', C.white, 16) + r(70, 150, 120, 92, C.white, 14) + c(130, 188, 13, C.green) + r(124, 192, 12, 28, C.green, 6);

const laptop = () =>
  r(30, 0, 340, 216, C.ink, 14) + r(46, 16, 308, 180, C.mist, 6) + lines(70, 44, [120, 180, 150], C.mint, 24, 10) +
  [0, 1, 2, 3, 4, 5].map((i) => c(80 + i * 26, 142, 8, C.green)).join('') + r(66, 124, 176, 36, 'none', 8, `stroke="${C.green}" stroke-width="4"`) +
  p('M0 216 h400 l-22 28 h-356 z', C.grey);

const phone = () => r(0, 0, 112, 208, C.ink, 18) + r(10, 20, 92, 160, C.white, 4) + c(56, 82, 28, C.amber) + check(54, 83, 11, C.white, 7) + lines(28, 130, [56, 40], C.grey, 20, 8);

const key = () => c(40, 40, 40, C.amber) + c(40, 40, 17, C.sand) + r(76, 31, 126, 18, C.amber, 6) + r(156, 40, 16, 34, C.amber, 4) + r(184, 40, 16, 26, C.amber, 4);

/* --- scenes --- */

const ground = (fill) => r(0, 440, 1200, 60, fill);
const back = (wall, sun, x = 840, y = 210, radius = 250) => r(0, 0, 1200, 500, wall) + c(x, y, radius, sun);

const scenes = {
  payroll: {
    hero: back(C.wash, C.mist, 640, 250, 300) + ground(C.mint) + at(196, 160, calendar(), 1.08, -4) + at(486, 58, payslip(), 1.06) + at(826, 440, coins(5, 104)) + at(944, 440, coins(8, 104)) + at(1062, 440, coins(3, 104)) + c(868, 286, 34, C.honey, `stroke="${C.amber}" stroke-width="8"`),
    focus: 190,
    card: r(0, 0, 600, 320, C.green) + c(150, 330, 230, C.leaf) + at(190, 48, calendar(17), 1) + at(452, 290, coins(6, 92)) + at(60, 290, coins(3, 92)),
  },
  'e-invoicing': {
    hero: back(C.sand, C.peach, 600, 250, 280) + ground(C.honey) + at(110, 140, factory()) + at(850, 110, office()) + line('M420 250 C500 60 700 60 800 220', C.leaf, 6, 'stroke-dasharray="2 18"') + line('M780 330 C720 420 500 420 430 340', C.leaf, 6, 'stroke-dasharray="2 18"') + at(520, 60, invoice(), 1.2, -6) + at(560, 268, invoice(C.red), 1, 7) + c(676, 92, 30, C.leaf) + check(673, 94, 12),
    focus: 140,
    card: r(0, 0, 600, 320, C.leaf) + c(470, 60, 190, C.green) + at(120, 66, invoice(), 1.15, -7) + line('M300 170 h60 m-26 -28 l30 28 l-30 28', C.honey, 12) + at(400, 110, at(0, 0, r(0, 0, 150, 120, C.white, 12) + line('M6 12 L75 70 L144 12', C.mint, 8) + c(140, 110, 30, C.amber) + check(137, 112, 12))),
  },
  warehouse: {
    hero: back(C.wash, C.mist, 900, 190, 270) + ground(C.mint) + at(70, 78, rack([[[90, 74, C.leaf], [70, 56, C.mint], [86, 84, C.honey]], [[70, 60, C.mint], [110, 86, C.leaf], [60, 50, C.honey]], [[120, 88, C.honey], [70, 66, C.leaf], [60, 48, C.mint]]])) + at(430, 78, rack([[[70, 60, C.honey], [120, 80, C.leaf]], [[90, 84, C.leaf], [80, 60, C.honey], [70, 70, C.mint]], [[60, 52, C.mint], [60, 52, C.mint], [120, 90, C.leaf]]])) + at(850, 262, trolley(), 1.05),
    focus: 263,
    card: r(0, 0, 600, 320, C.honey) + c(470, 40, 180, C.sand) + r(0, 268, 600, 52, C.amber) + at(196, 92, trolley(), 1) + at(40, 196, box(96, 72, C.leaf)) + at(56, 136, box(72, 60, C.mint)),
  },
  'financial-planning': {
    hero: back(C.wash, C.white, 860, 180, 260) + ground(C.mist) + [120, 200, 280, 360].map((y) => r(190, y, 820, 3, C.mist)).join('') + at(230, 432, bars()) + at(230, 432, forecast()),
    focus: 220,
    card: r(0, 0, 600, 320, C.green) + c(480, 70, 170, C.leaf) + at(110, 276, r(0, -70, 60, 70, C.mint, 6) + r(84, -104, 60, 104, C.mint, 6) + r(168, -92, 60, 92, C.mint, 6) + r(252, -140, 60, 140, C.honey, 6) + r(336, -176, 60, 176, 'none', 6, `stroke="${C.honey}" stroke-width="4" stroke-dasharray="10 8"`) + line('M30 -112 L114 -146 L198 -134 L282 -182 L366 -218', C.white, 7) + c(366, -218, 12, C.red) + r(-30, 0, 450, 7, C.mint, 3)),
  },
  crm: {
    hero: back(C.sand, C.peach, 600, 280, 290) + ground(C.honey) + at(170, 250, person(C.green, '#d9a47c', C.ink)) + at(516, 226, person(C.leaf, '#8d5b3d', '#2a1a12'), 1.13) + at(868, 250, person(C.amber, '#f0c8a4', '#8a4a1f')) + at(240, 84, bubble(200, 112, C.white) + lines(34, 34, [130, 96], C.mint, 30, 12)) + at(534, 42, bubble(160, 96, C.leaf) + c(46, 48, 10, C.white) + c(80, 48, 10, C.white) + c(114, 48, 10, C.white)) + at(782, 84, bubble(200, 112, C.white, 'right') + c(56, 56, 28, C.leaf) + check(53, 58, 11) + lines(104, 38, [66, 46], C.mint, 28, 12)),
    focus: 132,
    card: r(0, 0, 600, 320, C.mist) + c(300, 350, 260, C.mint) + at(92, 130, person(C.green, '#f0c8a4', C.ink)) + at(348, 130, person(C.red, '#8d5b3d', '#2a1a12')) + at(216, 40, bubble(168, 88, C.white) + lines(30, 26, [108, 74], C.leaf, 26, 10)),
  },
  'cyber-security': {
    hero: back(C.green, C.leaf, 600, 250, 280) + r(0, 440, 1200, 60, '#0e3f39') + at(120, 196, laptop()) + at(900, 232, phone()) + at(470, 68, shield('#0c3a34', C.mint), 1.04) + at(1040, 366, at(0, 0, c(34, 34, 34, C.amber) + c(34, 34, 14, C.green) + r(64, 26, 90, 16, C.amber, 6) + r(126, 34, 14, 28, C.amber, 4))),
    focus: 138,
    card: r(0, 0, 600, 320, C.sand) + c(180, 160, 190, C.white) + at(70, 40, shield(), 0.74) + at(336, 110, key(), 1.05),
  },
};

const svg = (width, height, viewBox, content) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${viewBox}">${content}</svg>`;

/** A white rounded plate keeps the dark letters readable where a mail program turns the background dark. */
const logo = () => {
  const mark = r(16, 16, 48, 48, C.green, 10) + line('M29 51 V29 L51 51 V29', C.white, 6) + c(58, 22, 8, C.amber);
  const word = `<text x="80" y="55" font-family="Liberation Sans, Arial, sans-serif" font-size="46" font-weight="700" letter-spacing="-0.6" fill="${C.green}">Nordwerk</text>`;
  return svg(320, 80, '0 0 320 80', r(0, 0, 320, 80, C.white, 12) + mark + word);
};

/** Every picture: its file name without ending, its size, and whether its corners are see-through. */
export const drawings = [
  { name: 'logo', width: 320, height: 80, transparent: true, svg: logo() },
  ...Object.entries(scenes).flatMap(([interest, { hero, focus, card }]) => [
    { name: `${interest}-hero`, width: 1200, height: 500, transparent: false, svg: svg(1200, 500, '0 0 1200 500', hero) },
    { name: `${interest}-card-1`, width: 600, height: 320, transparent: false, svg: svg(600, 320, `${focus} 0 937.5 500`, hero) },
    { name: `${interest}-card-2`, width: 600, height: 320, transparent: false, svg: svg(600, 320, '0 0 600 320', card) },
  ]),
];
