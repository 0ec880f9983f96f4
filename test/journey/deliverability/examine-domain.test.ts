import { describe, expect, it } from 'vitest';
import { examineDomain } from '../../../src/journey/deliverability/examine-domain.ts';
import type { DomainInput, MailDns } from '../../../src/journey/deliverability/ports/mail-dns.ts';

interface Zone {
  txt?: Record<string, string[]>;
  mx?: Record<string, string[]>;
  a?: Record<string, string[]>;
  ptr?: Record<string, string[]>;
}

/** A resolver over a few records; a name in `down` is not answered. */
function dnsOf({ txt = {}, mx = {}, a = {}, ptr = {} }: Zone, down: string[] = []): MailDns {
  const ask = async <T>(zone: Record<string, T[]>, name: string): Promise<T[]> => {
    if (down.includes(name)) throw new Error(`queryTxt ESERVFAIL ${name}`);
    return zone[name] ?? [];
  };
  return {
    txt: (name) => ask(txt, name),
    mx: async (name) => (await ask(mx, name)).map((exchange, at) => ({ exchange, priority: at * 10 })),
    addresses: (name) => ask(a, name),
    names: (address) => ask(ptr, address),
  };
}

const GOOD: Required<Zone> = {
  txt: {
    'bounces.tessel.example': ['v=spf1 include:spf.provider.example ip4:192.0.2.0/24 -all'],
    'spf.provider.example': ['v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/32 ~all'],
    's1._domainkey.tessel.example': ['v=DKIM1; k=rsa; p=KEY'],
    '_dmarc.tessel.example': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@tessel.example; np=reject'],
  },
  mx: { 'tessel.example': ['mx.tessel.example'], 'bounces.tessel.example': ['back.tessel.example'] },
  a: { 'smtp.provider.example': ['192.0.2.9'], 'back.tessel.example': ['192.0.2.10'] },
  ptr: { '192.0.2.9': ['smtp.provider.example'] },
};
const INPUT: DomainInput = {
  fromDomain: 'tessel.example',
  returnPathDomain: 'bounces.tessel.example',
  dkimKeys: [
    {
      domain: 'tessel.example',
      selector: 's1',
      name: 's1._domainkey.tessel.example',
      publicKey: 'KEY',
      record: 'v=DKIM1; k=rsa; p=KEY',
    },
  ],
  smtpHost: { host: 'smtp.provider.example', isLoopback: false },
};

const withTxt = (txt: Record<string, string[]>): Zone => ({ ...GOOD, txt: { ...GOOD.txt, ...txt } });
const states = async (zone: Zone, input = INPUT, down: string[] = []) =>
  (await examineDomain(dnsOf(zone, down), input))
    .filter(({ state }) => state !== 'fine')
    .map(({ what, state, says }) => `${state} ${what}: ${says}`);

describe('the doctor on DNS', () => {
  it('finds nothing where all is well, and says so line by line', async () => {
    const findings = await examineDomain(dnsOf(GOOD), INPUT);
    expect(findings.map(({ state }) => state)).toEqual(findings.map(() => 'fine'));
    expect(findings.map(({ what }) => what)).toEqual([
      'SPF of bounces.tessel.example',
      'DKIM s1._domainkey.tessel.example',
      'DMARC of tessel.example',
      'PTR of smtp.provider.example',
      'MX of tessel.example',
      'MX of bounces.tessel.example',
    ]);
    expect(findings[2]!.says).toBe('p=quarantine; aligned by DKIM and SPF');
  });

  const domain = 'bounces.tessel.example';
  it.each<[string, Zone, string]>([
    ['no SPF', withTxt({ [domain]: ['something else'] }), 'there is no record'],
    ['two SPF records', withTxt({ [domain]: ['v=spf1 -all', 'v=spf1 ~all'] }), 'several records'],
    ['everybody', withTxt({ [domain]: ['v=spf1 +all'] }), 'everybody may send as you'],
    [
      'an include of nothing',
      withTxt({ [domain]: ['v=spf1 include:gone.example -all'] }),
      'includes gone.example',
    ],
    ['too many look-ups', withTxt({ [domain]: [`v=spf1 ${'mx '.repeat(11)}-all`] }), '11 look-ups'],
    ['no end', withTxt({ [domain]: ['v=spf1 ip4:192.0.2.1'] }), 'does not say what holds for all others'],
    ['no DKIM record', withTxt({ 's1._domainkey.tessel.example': [] }), 'there is no record'],
    ['another DKIM key', withTxt({ 's1._domainkey.tessel.example': ['v=DKIM1; p=OTHER'] }), 'another key'],
    ['a revoked key', withTxt({ 's1._domainkey.tessel.example': ['v=DKIM1; p='] }), 'revoked'],
    ['no DMARC', withTxt({ '_dmarc.tessel.example': [] }), 'there is no record'],
    [
      'DMARC in test mode',
      withTxt({ '_dmarc.tessel.example': ['v=DMARC1; p=reject; t=y; rua=mailto:a@b.example'] }),
      't=y',
    ],
    [
      'a tag of before RFC 9989',
      withTxt({ '_dmarc.tessel.example': ['v=DMARC1; p=none; pct=50; rua=mailto:a@b.example'] }),
      'pct no longer count',
    ],
    ['no reports', withTxt({ '_dmarc.tessel.example': ['v=DMARC1; p=none'] }), 'nobody gets reports'],
    ['a server without a name', { ...GOOD, ptr: {} }, 'has no name'],
    [
      'a name of another address',
      { ...GOOD, ptr: { '192.0.2.9': ['elsewhere.example'] } },
      'another address',
    ],
    ['a null MX', { ...GOOD, mx: { ...GOOD.mx, 'tessel.example': [''] } }, 'a null MX'],
    [
      'no MX to come back to',
      { ...GOOD, mx: { 'tessel.example': ['mx.tessel.example'] } },
      'bounces cannot come back',
    ],
    [
      'an MX without an address',
      { ...GOOD, a: { 'smtp.provider.example': ['192.0.2.9'] } },
      'back.tessel.example has no address',
    ],
  ])('says what is wrong: %s', async (_what, zone, says) => {
    expect((await states(zone)).join('\n')).toContain(says);
  });

  it('every line that is not fine says what to do', async () => {
    const findings = await examineDomain(dnsOf({}), INPUT);
    for (const { state, todo } of findings) expect(todo === null).toBe(state === 'fine');
    expect(findings.filter(({ state }) => state === 'mend').length).toBeGreaterThan(3);
  });

  it('a DNS that does not answer is no missing record', async () => {
    const found = await states(GOOD, INPUT, ['s1._domainkey.tessel.example']);
    expect(found).toEqual([expect.stringContaining('look DKIM: the DNS could not be asked')]);
  });

  it('knows who is aligned: by DKIM alone, by SPF alone, by neither', async () => {
    const dmarc = async (input: Partial<DomainInput>, txt: Record<string, string[]> = {}) =>
      (await examineDomain(dnsOf(withTxt(txt)), { ...INPUT, ...input })).find(({ what }) =>
        what.startsWith('DMARC'),
      )!;
    expect((await dmarc({ returnPathDomain: 'bounces.provider.example' })).says).toContain('aligned by DKIM');
    expect((await dmarc({ dkimKeys: [] })).says).toContain('aligned by SPF');
    const neither = await dmarc({ dkimKeys: [], returnPathDomain: 'bounces.provider.example' });
    expect(neither).toMatchObject({ state: 'mend', says: expect.stringContaining('neither') });
    const strict = { '_dmarc.tessel.example': ['v=DMARC1; p=none; aspf=s; rua=mailto:a@b.example'] };
    expect(await dmarc({ dkimKeys: [] }, strict)).toMatchObject({ state: 'mend' });
  });

  it('a subdomain takes the policy of the organisation above (RFC 9989 tree walk)', async () => {
    const input = { ...INPUT, fromDomain: 'news.tessel.example' };
    const zone = withTxt({
      '_dmarc.tessel.example': ['v=DMARC1; p=reject; sp=none; rua=mailto:a@b.example'],
    });
    const found = (await examineDomain(dnsOf(zone), input)).find(({ what }) => what.startsWith('DMARC'));
    expect(found).toMatchObject({
      state: 'fine',
      says: 'p=none, from tessel.example; aligned by DKIM and SPF',
    });
  });
});
