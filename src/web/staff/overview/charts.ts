/** One row of numbers of a chart. A part without a number (nothing to divide by) has none drawn. */
export interface Series {
  /** Names its colour in staff.css: .series-ID. */
  id: string;
  values: readonly (number | null)[];
}

export interface Chart {
  /** Only shapes, no words: it stretches to the width it is given. What it says stands beside it, in HTML. */
  svg: string;
  /** The value at the upper edge. */
  top: number;
}

interface ChartOptions {
  series: readonly Series[];
  /** A value to draw a dashed line at, such as the limit of an alarm. */
  limit?: number;
  /** The scale reaches at least this far. */
  atLeast?: number;
}

const PART = 100;
const HEIGHT = 200;

/** Bars, side by side where there are several series. */
export function barChart({ series, limit, atLeast = 0 }: ChartOptions): Chart {
  const parts = Math.max(0, ...series.map(({ values }) => values.length));
  const top = niceTop(highest(series, limit, atLeast));
  const width = (PART * 0.62) / Math.max(1, series.length);
  const bars = series.flatMap(({ id, values }, at) =>
    values.map((value, part) => {
      if (value === null || value <= 0) return '';
      // A small number is still something: it gets a line that can be seen.
      const height = Math.max(1.5, (HEIGHT * value) / top);
      const x = part * PART + PART * 0.19 + at * width;
      return `<rect class="series-${id}" x="${round(x)}" y="${round(HEIGHT - height)}" width="${round(width * 0.94)}" height="${round(height)}"/>`;
    }),
  );
  return { svg: frame(parts * PART, bars.join('') + limitLine(limit, top, parts * PART)), top };
}

/** Lines with a dot at each value; a part without one is passed over, so that its neighbours stay connected. */
export function lineChart({ series, limit, atLeast = 0 }: ChartOptions): Chart {
  const parts = Math.max(0, ...series.map(({ values }) => values.length));
  const top = niceTop(highest(series, limit, atLeast));
  const lines = series.map(({ id, values }) => {
    const points = values.flatMap((value, part) =>
      value === null ? [] : [`${round(part * PART + PART / 2)},${round(HEIGHT - (HEIGHT * value) / top)}`],
    );
    const dots = points.map((point) => `M${point}h0`).join('');
    return `<polyline class="series-${id}" points="${points.join(' ')}"/><path class="dots series-${id}" d="${dots}"/>`;
  });
  return { svg: frame(parts * PART, lines.join('') + limitLine(limit, top, parts * PART)), top };
}

/** The next round number at or above: 1, 2, 2.5, 5 and their tenfolds. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(3));
}

function highest(series: readonly Series[], limit = 0, atLeast: number): number {
  return Math.max(
    limit * 1.25,
    atLeast,
    ...series.flatMap(({ values }) => values.map((value) => value ?? 0)),
  );
}

function frame(width: number, shapes: string): string {
  const grid = [0, 0.25, 0.5, 0.75]
    .map((share) => `<line class="grid" x1="0" x2="${width}" y1="${HEIGHT * share}" y2="${HEIGHT * share}"/>`)
    .join('');
  return `<svg class="plot" viewBox="0 0 ${Math.max(width, PART)} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${grid}${shapes}</svg>`;
}

function limitLine(limit: number | undefined, top: number, width: number): string {
  if (limit === undefined) return '';
  const y = round(HEIGHT - (HEIGHT * limit) / top);
  return `<line class="limit" x1="0" x2="${width}" y1="${y}" y2="${y}"/>`;
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
