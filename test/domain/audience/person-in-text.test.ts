import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personTraces, withoutPerson, withoutPersonIn } from '../../../src/domain/audience/person-in-text.ts';

const ann = { email: 'ann@corp4.example', name: 'Ann Visser', phone: '+31 20 555 0101' };

describe('a text without a person', () => {
  it.each([
    ['ann@corp4.example', 'erased'],
    ['news · ANN@corp4.example', 'news · erased'],
    ['Ann Visser <ann@corp4.example>.', 'erased <erased>.'],
    ['mailto:ann@corp4.example?subject=x', 'mailto:erased?subject=x'],
    ['q=ann%40corp4.example&sort=score', 'q=erased&sort=score'],
    ['?q=ann@corp4.example', '?q=erased'],
    ['/staff/people?q=%20ann%40corp4.example', '/staff/people?q=%20erased'],
    ['q=Ann+Visser&stage=sql', 'q=erased&stage=sql'],
    ['q=ann%20visser', 'q=erased'],
    ['550 5.1.1 <ann@corp4.example>: no such user', '550 5.1.1 <erased>: no such user'],
    ['call 0031-20 5550101', 'call 0031-20 5550101'],
    ['call +31205550101 or 31 (20) 555-0101', 'call erased or erased'],
  ])('%s', (text, rest) => expect(withoutPerson(text, ann)).toBe(rest));

  it.each([
    'joann@corp4.example',
    'new-joann@corp4.example',
    'ann+news@corp4.example',
    'x.ann@corp4.example',
    'ann@corp4.example.org',
    'ann@corp4.examples',
    'q=joann%40corp4.example',
    'q=new-ann%40corp4.example',
    'Joann Visser-Smit',
    'Ann Vissering',
    'Ann',
    // Somebody else of the same name.
    'Ann Visser <ann.visser@other.example>',
    'q=Ann+Visser&email=other%40corp4.example',
  ])('%s is somebody else’s', (text) => expect(withoutPerson(text, ann)).toBe(text));

  it('takes no letter of an address for a wildcard or a pattern', () => {
    const odd = { email: 'a_b%c.d+e@corp4.example', name: null, phone: null };
    expect(
      withoutPerson('axb%c.d+e@corp4.example a_bxc.d+e@corp4.example a_b%cxd+e@corp4.example', odd),
    ).toBe('axb%c.d+e@corp4.example a_bxc.d+e@corp4.example a_b%cxd+e@corp4.example');
    expect(withoutPerson('to a_b%c.d+e@corp4.example.', odd)).toBe('to erased.');
    expect(withoutPerson(new URLSearchParams({ q: odd.email }).toString(), odd)).toBe('q=erased');
  });

  it.each(['jean-luc.o’brien@my-corp.example', "o'brien+{a}|b@x.example", 'a^b$c(d)@x.example'])(
    '%s is taken out',
    (email) => {
      const person = { email, name: 'Jean-Luc O’Brien (CEO)', phone: null };
      expect(withoutPerson(`to ${email}, ${encodeURIComponent(email)} Jean-Luc O’Brien (CEO)`, person)).toBe(
        'to erased, erased erased',
      );
    },
  );

  it('keeps the shape of JSON', () => {
    expect(withoutPersonIn({ who: ann.email, list: ['x', 3, null], n: { name: 'Ann Visser' } }, ann)).toEqual(
      {
        who: 'erased',
        list: ['x', 3, null],
        n: { name: 'erased' },
      },
    );
  });

  it('keeps a name beside somebody else’s address, anywhere in the same value', () => {
    const value = { to: 'joann@corp4.example', cc: [ann.email], for: 'Ann Visser' };
    expect(withoutPersonIn(value, ann)).toEqual({ ...value, cc: ['erased'] });
  });

  it('is found by its traces whenever it would change', () => {
    const texts = [
      'ann@corp4.example',
      'q=ANN%40corp4.example',
      'Ann  Visser',
      'q=ann+visser',
      '+31205550101',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.string(), fc.string(), (text, before, after) => {
        const whole = `${before} ${text} ${after}`;
        if (withoutPerson(whole, ann) === whole) return;
        expect(personTraces(ann).some((trace) => whole.toLowerCase().includes(trace))).toBe(true);
      }),
    );
  });
});
