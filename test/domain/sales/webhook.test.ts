import { describe, expect, it } from 'vitest';
import {
  isSignedBy,
  nextTryAt,
  signWebhook,
  webhookBody,
  webhookHeaders,
  webhookSecret,
} from '../../../src/domain/sales/webhook.ts';

// The example that the specification's own libraries are tested with.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const at = new Date(1614265330_000);
const body = '{"test": 2432232314}';
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

describe('signing a webhook', () => {
  it('is what the Standard Webhooks specification says', () => {
    expect(signWebhook(secret, id, at, body)).toBe(signature);
    expect(webhookHeaders(secret, id, at, body)).toEqual({
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': signature,
    });
  });

  it('is verified among several signatures, and by nobody who changed anything', () => {
    expect(isSignedBy(secret, id, at, body, `v1,AAAA ${signature}`)).toBe(true);
    expect(isSignedBy(secret, id, at, `${body} `, signature)).toBe(false);
    expect(isSignedBy(secret, 'msg_other', at, body, signature)).toBe(false);
    expect(isSignedBy(secret, id, new Date(at.getTime() + 1000), body, signature)).toBe(false);
    expect(isSignedBy(webhookSecret(new Uint8Array(32)), id, at, body, signature)).toBe(false);
  });

  it('refuses what is no secret', () => {
    expect(() => signWebhook('hello', id, at, body)).toThrow(/whsec_/);
    expect(() => signWebhook('whsec_', id, at, body)).toThrow(/base64/);
  });

  it('the body has type, time and data', () => {
    expect(JSON.parse(webhookBody({ type: 'lead.outcome', at, data: { a: 1 } }))).toEqual({
      type: 'lead.outcome',
      timestamp: '2021-02-25T15:02:10.000Z',
      data: { a: 1 },
    });
  });
});

it('tries again after growing pauses, and gives up after about three days', () => {
  const pauses: number[] = [];
  for (let tries = 1; ; tries += 1) {
    const next = nextTryAt(tries, at, 0);
    if (!next) break;
    pauses.push(next.getTime() - at.getTime());
  }
  expect(pauses[0]).toBe(5_000);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000).toBeCloseTo(75.6, 1);
  expect(nextTryAt(1, at, 1)!.getTime() - at.getTime()).toBe(6_000);
});
