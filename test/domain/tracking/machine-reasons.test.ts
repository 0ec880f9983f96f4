import { expect, it } from 'vitest';
import { distinctReasons, type Reason } from '../../../src/domain/reason.ts';
import { classify } from '../../../src/domain/tracking/classify.ts';
import { judgeMail, type MailHit } from '../../../src/domain/tracking/judge-mail.ts';
import { shortenAddress } from '../../../src/domain/tracking/network.ts';
import { tellIn } from '../../support/say.ts';
import { randomFrom, simulateIssue } from '../../support/scanner-simulation.ts';

it('whatever makes a machine of a hit is told in the language of the page', () => {
  const settings = { scannerWindowMs: 60_000, gatewayWindowMs: 300_000 };
  const { people, hits } = simulateIssue(1500, new Date('2026-11-24T09:00:00Z'), randomFrom(3));
  const found: Reason[] = [];
  for (const { number, sentAt, isGateway } of people) {
    const made = hits
      .filter(({ reader }) => reader === number)
      .map(({ request, ...hit }): MailHit => {
        const agent = request.headers['user-agent'] ?? null;
        const asked = { method: request.method, ip: request.ip, userAgent: agent, purpose: null };
        const verdict = classify(asked, () => false);
        found.push(...verdict.reasons);
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
    for (const verdict of judgeMail(facts, made, settings).values()) found.push(...verdict.reasons);
  }
  const reasons = distinctReasons(found);
  expect(reasons.length).toBeGreaterThan(20);
  const said = (language: string) => reasons.map(tellIn(language));
  for (const language of ['nl', 'de']) {
    const english = said('en');
    expect(said(language).filter((text, place) => text === english[place])).toEqual([]);
  }
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
  for (const reason of seen) expect(tellIn('nl')(reason)).not.toBe(tellIn('en')(reason));
});
