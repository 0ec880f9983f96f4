import { describe, expect, it } from 'vitest';
import { readEmailAddress } from '../../../src/domain/audience/email-address.ts';
import { maskAddress } from '../../../src/domain/audience/mask.ts';

describe('an e-mail address', () => {
  it.each([
    ['Anna@Example.com', 'anna@example.com'],
    ['  anna.jansen+news@mail.example.co.uk ', 'anna.jansen+news@mail.example.co.uk'],
    ['mailto:anna@example.com', 'anna@example.com'],
    ['<anna@example.com>', 'anna@example.com'],
    ['\u200banna@example.com\u200b', 'anna@example.com'],
    ['\ufeffanna@example.com', 'anna@example.com'],
    ['anna@exam\u00adple.com', 'anna@example.com'],
    ['\u00a0anna@example.com\u00a0', 'anna@example.com'],
    ['\u202aanna@example.com\u202c', 'anna@example.com'],
    ['anna@example.com.', 'anna@example.com'],
    ['anna@example.com,', 'anna@example.com'],
    ['anna@example.com;\u200b ', 'anna@example.com'],
    ['<mailto:anna@example.com>', 'anna@example.com'],
    ['mailto:anna@example.com?subject=Hello%20there', 'anna@example.com'],
    ['MAILTO: anna@example.com', 'anna@example.com'],
    ['(anna@example.com)', 'anna@example.com'],
    ['„anna@example.com“', 'anna@example.com'],
    ["'anna@example.com'", 'anna@example.com'],
    ['Anna Jansen <anna@example.com>', 'anna@example.com'],
    ['"Jansen, Anna" <anna@example.com>;', 'anna@example.com'],
    ['ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'anna@example.com'],
    ['anna@müller.de\u200b', 'anna@xn--mller-kva.de'],
    ["o'brien@example.ie", "o'brien@example.ie"],
    ['jörg@müller.de'.replace('ö', 'o'), 'jorg@xn--mller-kva.de'],
    ['anna@例え.jp', 'anna@xn--r8jz45g.jp'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s is read as %s', (typed, address) => {
    expect(readEmailAddress(typed)).toEqual({ address, suggestion: null });
  });

  it.each([
    ['', 'missing'],
    ['   ', 'missing'],
    ['anna', 'no-at'],
    ['@example.com', 'no-at'],
    ['anna@', 'no-at'],
    ['anna jansen@example.com', 'bad-characters'],
    ['anna..jansen@example.com', 'bad-characters'],
    ['.anna@example.com', 'bad-characters'],
    ['"anna"@example.com', 'bad-characters'],
    ['jörg@example.com', 'bad-characters'],
    ['anna@exa mple.com', 'bad-domain'],
    ['anna@-example.com', 'bad-domain'],
    ['anna@example..com', 'bad-domain'],
    ['anna@[192.0.2.1]', 'bad-domain'],
    ['anna@192.0.2.1', 'no-top-level'],
    ['anna@localhost', 'no-top-level'],
    ['anna@example.c', 'no-top-level'],
    [`${'a'.repeat(65)}@example.com`, 'too-long'],
    [`anna@${'a.'.repeat(126)}com`, 'too-long'],
    ['anna@example.com\r\nBcc: other@example.com', 'bad-characters'],
    ['anna@example.com\r\nBcc: <other@example.com>', 'bad-characters'],
    ['x\r\n<anna@example.com>', 'bad-characters'],
    ['\u200b', 'missing'],
    ['<>', 'missing'],
    ['anna@example.com, bob@example.com', 'bad-characters'],
  ])('%s is refused: %s', (typed, problem) => {
    expect(readEmailAddress(typed)).toMatchObject({ problem });
  });

  it.each([
    ['anna@gmial.com', 'anna@gmail.com'],
    ['anna@gmail.co', 'anna@gmail.com'],
    ['anna@gmail.con', 'anna@gmail.com'],
    ['anna@gmaill.com', 'anna@gmail.com'],
    ['anna@hotmal.com', 'anna@hotmail.com'],
    ['anna@outlok.com', 'anna@outlook.com'],
    ['anna@t-onlin.de', 'anna@t-online.de'],
  ])('%s looks like a slip of %s', (typed, suggestion) => {
    expect(readEmailAddress(typed)).toMatchObject({ suggestion });
  });

  it.each([
    'anna@mail.com',
    'anna@ymail.com',
    'anna@email.com',
    'anna@gmail.com',
    'anna@gmx.de',
    'anna@yahoo.de',
  ])('%s is left alone', (typed) => {
    expect(readEmailAddress(typed)).toEqual({ address: typed, suggestion: null });
  });

  it('is masked so that only its owner knows it', () => {
    expect(maskAddress('anna@example.com')).toBe('an…@example.com');
    expect(maskAddress('a@example.com')).toBe('a…@example.com');
  });
});
