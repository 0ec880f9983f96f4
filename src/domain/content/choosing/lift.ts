/** What came of a group of readers. */
export interface GroupResult {
  readers: number;
  clicked: number;
  qualified: number;
}

export interface Lift {
  /** Shares, 0 to 1. */
  personal: number;
  control: number;
  /** personal − control, with the bounds of its 95 % confidence interval. */
  difference: { value: number; from: number; to: number };
  /** personal ÷ control, with its bounds; null when one of the shares is 0. 1.2 is "a fifth more". */
  ratio: { value: number; from: number; to: number } | null;
  /** True when chance alone would hardly (in less than 5 % of cases) make such a difference. */
  isSure: boolean;
}

/** The 97.5th percentile of the normal distribution: 95 % lie between it and its negative. */
const Z = 1.959963984540054;

/**
 * How much more often it happened to readers with personal picks than to the control group. The interval of the
 * difference is Newcombe's (hybrid score, 1998, method 10), that of the ratio Katz's (log, 1978). Null when a group is empty.
 */
export function lift(
  personal: { readers: number; times: number },
  control: { readers: number; times: number },
): Lift | null {
  if (personal.readers === 0 || control.readers === 0) return null;
  const [p, c] = [personal.times / personal.readers, control.times / control.readers];
  const [ofP, ofC] = [wilson(personal), wilson(control)];
  const value = p - c;
  const from = value - Math.hypot(p - ofP.from, ofC.to - c);
  const to = value + Math.hypot(ofP.to - p, c - ofC.from);
  return {
    personal: p,
    control: c,
    difference: { value, from, to },
    ratio: ratio(personal, control),
    isSure: from > 0 || to < 0,
  };
}

/** Wilson's score interval of a share. */
function wilson({ readers, times }: { readers: number; times: number }): { from: number; to: number } {
  const share = times / readers;
  const square = Z ** 2 / readers;
  const middle = (share + square / 2) / (1 + square);
  const half = (Z / (1 + square)) * Math.sqrt((share * (1 - share)) / readers + square / (4 * readers));
  return { from: Math.max(0, middle - half), to: Math.min(1, middle + half) };
}

function ratio(
  personal: { readers: number; times: number },
  control: { readers: number; times: number },
): Lift['ratio'] {
  if (personal.times === 0 || control.times === 0) return null;
  const value = personal.times / personal.readers / (control.times / control.readers);
  const spread = Math.sqrt(
    1 / personal.times - 1 / personal.readers + 1 / control.times - 1 / control.readers,
  );
  return { value, from: value * Math.exp(-Z * spread), to: value * Math.exp(Z * spread) };
}
