import { describe, expect, it } from 'vitest';
import {
  type Dmarc,
  isAligned,
  organisationalDomain,
  readDkimRecord,
  readDmarc,
  readSpf,
  treeWalk,
} from '../../../src/domain/deliverability/mail-dns.ts';

describe('SPF', () => {
  it('is read term by term', () => {
    expect(
      readSpf([
        'v=spf1 a mx/24 include:A.example ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{i}.x.example redirect=b.example ~all',
      ]),
    ).toEqual({
      all: '~',
      includes: ['a.example'],
      redirect: 'b.example',
      ip4: ['192.0.2.0/24'],
      ip6: ['2001:db8::/32'],
      lookUps: 5,
    });
    expect(readSpf(['v=spf10 -all', 'other'])).toEqual({ problem: 'missing' });
  });
});

describe('DMARC', () => {
  it('is read as RFC 9989 says', () => {
    expect(
      readDmarc([
        'v=DMARC1; p=Reject ; sp=none; np=reject; adkim=s; t=y; psd=n; pct=20; rua=mailto:a@b.example,mailto:c@d.example',
      ]),
    ).toEqual({
      policy: 'reject',
      subdomainPolicy: 'none',
      nonexistentPolicy: 'reject',
      spfAlignment: 'r',
      dkimAlignment: 's',
      reports: ['mailto:a@b.example', 'mailto:c@d.example'],
      isTest: true,
      publicSuffix: false,
      obsolete: ['pct'],
    });
  });

  it.each([
    [[]],
    [['v=DMARC2; p=none']],
    [['p=none; v=DMARC1']],
    [['v=DMARC1; p=none', 'v=DMARC1; p=reject']],
  ])('%j is none', (texts) => expect(readDmarc(texts)).toBeNull());

  it('walks up the tree, and never more than eight steps', () => {
    expect(treeWalk('a.b.example.co.uk')).toEqual([
      'a.b.example.co.uk',
      'b.example.co.uk',
      'example.co.uk',
      'co.uk',
      'uk',
    ]);
    const long = treeWalk('a.b.c.d.e.f.g.h.i.j.mail.example.com');
    expect(long).toHaveLength(8);
    expect(long[1]).toBe('g.h.i.j.mail.example.com');
  });

  it('finds the organisation', () => {
    const record = (publicSuffix: boolean | null): Dmarc => ({
      ...readDmarc(['v=DMARC1; p=none'])!,
      publicSuffix,
    });
    const of = (...found: [string, boolean | null][]) =>
      organisationalDomain('a.mail.example.com', new Map(found.map(([name, psd]) => [name, record(psd)])));
    expect(of()).toBe('a.mail.example.com');
    expect(of(['example.com', null])).toBe('example.com');
    expect(of(['mail.example.com', false], ['example.com', null])).toBe('mail.example.com');
    expect(of(['com', true])).toBe('example.com');
    expect(of(['mail.example.com', null], ['com', true])).toBe('example.com');
  });

  it('aligns', () => {
    const top = (domain: string) => domain.split('.').slice(-2).join('.');
    expect(isAligned('r', 'bounces.tessel.example', 'tessel.example', top)).toBe(true);
    expect(isAligned('s', 'bounces.tessel.example', 'tessel.example', top)).toBe(false);
    expect(isAligned('s', 'Tessel.example', 'tessel.example', top)).toBe(true);
    expect(isAligned('r', 'other.example', 'tessel.example', top)).toBe(false);
  });
});

it('a DKIM record gives its key', () => {
  expect(readDkimRecord(['v=DKIM1; k=rsa; p=AB CD'])).toBe('ABCD');
  expect(readDkimRecord(['v=DKIM1; p='])).toBe('');
  expect(readDkimRecord(['hello'])).toBeNull();
});
