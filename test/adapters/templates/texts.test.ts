import { describe, expect, it } from 'vitest';
import { makeHandlebars } from '../../../src/adapters/templates/handlebars.ts';
import { say } from '../../../src/adapters/templates/texts.ts';

const texts = new Map([
  ['found', '{n|# person|# people} found'],
  ['hello', 'Hello {name}, {unknown}'],
]);

describe('texts', () => {
  it('say one and many', () => {
    expect(say(texts, 'found', { n: 1 })).toBe('1 person found');
    expect(say(texts, 'found', { n: 0 })).toBe('0 people found');
    expect(say(texts, 'found', { n: '1,200' })).toBe('1,200 people found');
  });

  it('fill their places, and leave what is not given', () => {
    expect(say(texts, 'hello', { name: 'Anna' })).toBe('Hello Anna, {unknown}');
  });

  it('that are missing are a fault', () => {
    expect(() => say(texts, 'nothing')).toThrow('there is no text "nothing"');
  });
});

describe('helpers of the templates', () => {
  it('"or" is the first that is something, never "true": it stands in for titles', () => {
    const handlebars = makeHandlebars(new Map([['en', texts]]));
    const title = handlebars.compile('{{or subject (t "none")}} · Nordwerk');
    texts.set('none', 'No subject');
    expect(title({ subject: 'Warm lead: Anna', language: 'en' })).toBe('Warm lead: Anna · Nordwerk');
    expect(title({ subject: '', language: 'en' })).toBe('No subject · Nordwerk');
    expect(title({ language: 'en' })).toBe('No subject · Nordwerk');
  });
});
