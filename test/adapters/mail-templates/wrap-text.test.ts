import { expect, it } from 'vitest';
import { wrapText } from '../../../src/adapters/mail-templates/wrap-text.ts';

const long = 'lorem ipsum dolor sit amet consectetur '.repeat(5).trim();

it('breaks long lines at blanks and loses no word', () => {
  const wrapped = wrapText(long);
  expect(wrapped.split('\n').every((line) => line.length <= 76)).toBe(true);
  expect(wrapped.replace(/\s+/g, ' ').trim()).toBe(long);
});

it('goes on under the beginning of an item', () => {
  const [first, second] = wrapText(`- ${long}`).split('\n');
  expect(first).toMatch(/^- lorem/);
  expect(second).toMatch(/^ {2}\S/);
});

it('never breaks an address', () => {
  const address = `https://x.example/${'a'.repeat(100)}`;
  expect(wrapText(`  See the page: ${address}`).split('\n')).toContain(`  ${address}`);
});

it('leaves at most one empty line, no trailing blanks, and one line break at the end', () => {
  expect(wrapText('a  \n\n\n\nb\n\n')).toBe('a\n\nb\n');
});
