import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/domain/tracking/classify.ts';
import type { Hit } from '../../../src/domain/tracking/hit.ts';
import { isDeclaredBot } from '../../../src/web/tracking/declared-bot.ts';
import { tellIn } from '../../support/say.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const hit = (fields: Partial<Hit> = {}): Hit => ({
  method: 'GET',
  ip: '192.0.2.1',
  userAgent: FIREFOX,
  purpose: null,
  ...fields,
});

describe('telling machines from people', () => {
  it.each<[string, Partial<Hit>, RegExp]>([
    ['HEAD', { method: 'HEAD' }, /HEAD/],
    ['OPTIONS', { method: 'OPTIONS' }, /OPTIONS/],
    ['prefetch', { purpose: 'prefetch;prerender' }, /ahead of a person/],
    ['preview', { purpose: 'preview' }, /ahead of a person/],
    ['no agent', { userAgent: null }, /names no agent/],
    ['a blank agent', { userAgent: ' ' }, /names no agent/],
    ['Apple Mail Privacy', { userAgent: 'Mozilla/5.0' }, /Apple/],
    [
      "Gmail's fetch at delivery",
      {
        userAgent:
          'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0',
      },
      /Gmail/,
    ],
    ['a declared bot', { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, /robot/],
    ['a script', { userAgent: 'python-requests/2.31' }, /robot/],
    ['a declared scanner', { userAgent: 'Mozilla/5.0 (compatible; Barracuda Sentinel)' }, /robot/],
    ['a proxy that only asks for the head', { method: 'HEAD', userAgent: 'x GoogleImageProxy' }, /HEAD/],
  ])('machine: %s', (_, fields, reason) => {
    const verdict = classify(hit(fields), isDeclaredBot);
    expect(verdict.class).toBe('machine');
    expect(verdict.reasons.map(tellIn('en')).join()).toMatch(reason);
  });

  it.each([
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
    'SomeWebmail image proxy/1.0',
  ])('proxied, though lists call it a bot: %s', (userAgent) => {
    expect(classify(hit({ userAgent }), () => true)).toMatchObject({ class: 'proxied' });
  });

  it.each([
    FIREFOX,
    'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
    'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0',
    'Outlook-iOS/709.2226530.prod.iphone (3.24.1)',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  ])('human: %s', (userAgent) => {
    expect(classify(hit({ userAgent }), isDeclaredBot)).toEqual({ class: 'human', reasons: [] });
  });
});
