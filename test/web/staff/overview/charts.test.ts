import { expect, it } from 'vitest';
import { numberFormat } from '../../../../src/web/staff/number-format.ts';
import { barChart, lineChart, niceTop } from '../../../../src/web/staff/overview/charts.ts';
import { readAmount } from '../../../../src/web/staff/overview/costs.ts';

it('scales end at a round number', () => {
  expect([0, 0.004, 0.03, 0.13, 7, 25, 26, 1001].map(niceTop)).toEqual([
    1, 0.005, 0.05, 0.2, 10, 25, 50, 2000,
  ]);
});

it('draws a bar as high as its value, and none where there is no value', () => {
  const { svg, top } = barChart({ series: [{ id: 'a', values: [5, null, 10, 0] }] });
  expect(top).toBe(10);
  expect(
    [...svg.matchAll(/<rect class="series-a" x="(\d+)" y="(\d+)"[^>]* height="(\d+)"/g)].map((m) =>
      m.slice(1),
    ),
  ).toEqual([
    ['19', '100', '100'],
    ['219', '0', '200'],
  ]);
});

it('keeps the line of an alarm in sight, and passes over parts without a value', () => {
  const { svg, top } = lineChart({ series: [{ id: 'a', values: [0.002, null, 0.004] }], limit: 0.01 });
  expect(top).toBe(0.02);
  expect(svg).toContain('<line class="limit" x1="0" x2="300" y1="100" y2="100"/>');
  expect(svg).toContain('points="50,180 250,160"');
});

it('reads amounts as people write them', () => {
  expect(['1250', '1.250,50', '1,250.50', '€ 99,9', "12'000"].map(readAmount)).toEqual([
    1250, 1250.5, 1250.5, 99.9, 12000,
  ]);
  expect(['', 'much', '-5', '1e9'].map(readAmount)).toEqual([null, null, null, null]);
});

it('writes numbers in the page’s language', () => {
  const nl = numberFormat('nl', 'EUR');
  expect(nl.number(12345)).toBe('12.345');
  expect(nl.share(0.1234)).toBe('12,3%');
  expect(nl.share(null)).toBe('–');
  expect(numberFormat('de', 'EUR').span(90 * 60)).toBe('90 Min.');
  expect(numberFormat('en', 'EUR').span(3 * 86_400)).toBe('3 days');
});
