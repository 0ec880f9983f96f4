import { expect, it } from 'vitest';
import { countriesIn, readCompanySize, readCountry } from '../../../src/domain/audience/company.ts';

it.each([
  ['250', 250],
  ['1.200', 1200],
  ['1,200', 1200],
  ['12 500', 12500],
  ['50-249', 150],
  ['50 – 249', 150],
  ['10 tot 50', 30],
  ['1000+', 1000],
  ['0', null],
  ['249-50', null],
  ['about 20', null],
  ['99999999', null],
])('a size of "%s" is %s', (text, size) => {
  expect(readCompanySize(text)).toBe(size);
});

it.each([
  ['nl', 'NL'],
  ['UK', 'GB'],
  ['Netherlands', 'NL'],
  ['Nederland', 'NL'],
  ['Deutschland', 'DE'],
  ['Österreich', 'AT'],
  ['ZZ', null],
  ['EU', null],
  ['DD', null],
  ['Atlantis', null],
])('"%s" is the country %s', (text, country) => {
  expect(readCountry(text)).toBe(country);
});

it('countries stand in the alphabet of the language, each once', () => {
  const [english, german] = [countriesIn('en'), countriesIn('de')];
  expect(english.length).toBeGreaterThan(240);
  expect(new Set(english.map(({ name }) => name)).size).toBe(english.length);
  expect(german.findIndex(({ code }) => code === 'AT')).toBeLessThan(
    german.findIndex(({ code }) => code === 'PL'),
  );
});
