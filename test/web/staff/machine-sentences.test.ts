import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadTexts, sayer } from '../../../src/adapters/templates/texts.ts';
import { classify } from '../../../src/domain/tracking/classify.ts';
import { judgeMail, type MailHit } from '../../../src/domain/tracking/judge-mail.ts';
import { shortenAddress } from '../../../src/domain/tracking/network.ts';
import { retold } from '../../../src/web/reason-text.ts';
import { testProgramme } from '../../support/programme.ts';
import { randomFrom, simulateIssue } from '../../support/scanner-simulation.ts';

const say = sayer(loadTexts(fileURLToPath(new URL('../../../templates/locales', import.meta.url))));
const tell = (language: string) => retold({ programme: testProgramme(), say }, language);

it('whatever makes a machine of a hit is told in the language of the page', () => {
  const settings = { scannerWindowMs: 60_000, gatewayWindowMs: 300_000 };
  const { people, hits } = simulateIssue(1500, new Date('2026-11-24T09:00:00Z'), randomFrom(3));
  const reasons = new Set<string>(['from a network of a mail scanner', 'from a data centre']);
  for (const { number, sentAt, isGateway } of people) {
    const made = hits
      .filter(({ reader }) => reader === number)
      .map(({ request, ...hit }): MailHit => {
        const agent = request.headers['user-agent'] ?? null;
        const asked = { method: request.method, ip: request.ip, userAgent: agent, purpose: null };
        const verdict = classify(asked, () => false);
        for (const reason of verdict.reasons) reasons.add(reason);
        return {
          ...hit,
          ...asked,
          agent,
          class: verdict.class,
          signs: [],
          network: shortenAddress(request.ip),
        };
      });
    const facts = { sentAt, isOnTheWire: false, gateway: isGateway ? 'Mimecast' : null };
    for (const verdict of judgeMail(facts, made, settings).values())
      for (const reason of verdict.reasons) reasons.add(reason);
  }
  expect(reasons.size).toBeGreaterThan(20);
  for (const language of ['nl', 'de'])
    expect([...reasons].filter((reason) => tell(language)(reason) === reason)).toEqual([]);
  expect([...reasons].filter((reason) => tell('en')(reason) !== reason)).toEqual([]);
});

it('so is what shows itself as a machine at once', () => {
  const hit = { method: 'GET', ip: null, userAgent: 'Firefox', purpose: null };
  const seen = [
    classify({ ...hit, purpose: 'prefetch' }, () => false),
    classify({ ...hit, userAgent: null }, () => false),
    classify({ ...hit, userAgent: 'curl' }, () => true),
    classify({ ...hit, userAgent: 'GoogleImageProxy' }, () => false),
    classify(
      { ...hit, userAgent: 'x Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0' },
      () => false,
    ),
  ].flatMap(({ reasons }) => reasons);
  expect(seen).toHaveLength(5);
  for (const reason of seen) expect(tell('nl')(reason)).not.toBe(reason);
});
