import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { messageId } from '../../src/domain/mail/headers.ts';
import { readUnsubscribeAddress, unsubscribeAddress } from '../../src/domain/mail/unsubscribe-address.ts';
import { makeReturnPath, readReturnPath } from '../../src/domain/returns/return-path.ts';
import { makeToken, readToken } from '../../src/domain/tokens.ts';
import { makeKeepAddress } from '../../src/domain/tracking/network.ts';
import { makeSiteToken, readSiteToken } from '../../src/domain/tracking/site-token.ts';
import { type KeyUse, macFor } from '../../src/domain/use-key.ts';

const SECRET = 'the secret that was there from the beginning';
const DOMAIN = 'bounces.example.com';
const NOW = new Date('2026-03-01T12:00:00Z');
const LATER = new Date('2026-03-01T12:30:00Z');
const CLICK = '0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2b';

/** As mails were signed before each use had a key: the secret itself, over a text that begins with the use, or with nothing. */
const bare = (said: string | Buffer) => createHmac('sha256', SECRET).update(said).digest();

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{5}/g, (five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five, 2)]!);
}

const oldLink = (letter: string, ids: number[]) =>
  letter +
  Buffer.concat([
    Buffer.from(ids),
    bare(Buffer.concat([Buffer.from(letter), Buffer.from(ids)])).subarray(0, 16),
  ]).toString('base64url');
const oldReturnPath = (name: string) =>
  `b-${name}-${base32(bare(`return-path ${name}`).subarray(0, 15))}@${DOMAIN}`;
const SITE_TEXT = `5k.${(LATER.getTime() / 1000).toString(36)}.${Buffer.from(CLICK.replaceAll('-', ''), 'hex').toString('base64url')}`;
const oldSite = `${SITE_TEXT}.${bare(`site ${SITE_TEXT}`).subarray(0, 12).toString('base64url')}`;
const oldMessageId = `<issue.77.${bare('message-id issue 77').toString('hex').slice(0, 24)}@x.example>`;

describe('what was mailed before each use had a key of its own', () => {
  it('keeps its links, its return path and its unsubscribe address', () => {
    expect(readToken([SECRET], oldLink('s', [77]))).toEqual({ kind: 'subscriber', subscriberId: 77 });
    expect(readToken([SECRET], oldLink('d', [5, 77]))).toEqual({
      kind: 'delivery',
      issueId: 5,
      deliveryId: 77,
    });
    // 300 takes two bytes.
    expect(readToken([SECRET], oldLink('s', [0xac, 0x02]))).toEqual({
      kind: 'subscriber',
      subscriberId: 300,
    });
    expect(readReturnPath([SECRET], oldReturnPath('d25'), DOMAIN)).toEqual({ kind: 'delivery', id: 77 });
    expect(readReturnPath([SECRET], oldReturnPath('o25'), DOMAIN)).toEqual({ kind: 'outbox', id: 77 });
    const address = unsubscribeAddress(oldLink('s', [77]), DOMAIN);
    expect(readToken([SECRET], readUnsubscribeAddress(address)!)).toMatchObject({ subscriberId: 77 });
  });

  it('does so with a secret that has become the second', () => {
    const secrets = ['the secret of today', SECRET];
    expect(readToken(secrets, oldLink('s', [77]))).toMatchObject({ subscriberId: 77 });
    expect(readReturnPath(secrets, oldReturnPath('d25'), DOMAIN)).toMatchObject({ id: 77 });
    expect(readToken(['the secret of today'], oldLink('s', [77]))).toBeNull();
  });

  it('is a link of whole ids alone: what else the secret may have signed is none', () => {
    for (const ids of [[], [77, 5], [0x80], [0xcd, 0x00], [0x69, 0x74, 0x65]])
      expect(readToken([SECRET], oldLink('s', ids))).toBeNull();
    for (const ids of [[77], [5, 77, 1], [5, 0xcd], [5, 0xcd, 0x00]])
      expect(readToken([SECRET], oldLink('d', ids))).toBeNull();
  });

  it('is never made any more', () => {
    const made = [
      makeToken([SECRET], { kind: 'subscriber', subscriberId: 77 }),
      makeReturnPath([SECRET], { kind: 'delivery', id: 77 }, DOMAIN),
      makeSiteToken([SECRET], { deliveryId: 200, click: CLICK, expiresAt: LATER }),
      messageId('issue', 77, 'x.example', [SECRET]),
    ];
    const before = [oldLink('s', [77]), oldReturnPath('d25'), oldSite, oldMessageId];
    for (const [at, one] of made.entries()) {
      expect(one.length).toBe(before[at]!.length);
      expect(one).not.toBe(before[at]);
    }
  });

  it('does not last where no mail carries it: a click makes a new token for the site', () => {
    expect(readSiteToken([SECRET], oldSite, NOW)).toBeNull();
  });
});

describe('the key of a use', () => {
  it('stays what it is: these stand in mails', () => {
    expect(makeToken([SECRET], { kind: 'delivery', issueId: 5, deliveryId: 77 })).toMatchInlineSnapshot(
      `"dBU2nVfd5H3SnTB3H-khT7jFa"`,
    );
    expect(makeReturnPath([SECRET], { kind: 'delivery', id: 77 }, DOMAIN)).toMatchInlineSnapshot(
      `"b-d25-y2pexs7n6c3s5257kezhfx6f@bounces.example.com"`,
    );
    expect(messageId('issue', 77, 'x.example', [SECRET])).toMatchInlineSnapshot(
      `"<issue.77.398e68e01c724ede2b809efa@x.example>"`,
    );
    expect(makeKeepAddress('hashed', SECRET)('192.0.2.7')).toMatchInlineSnapshot(`"hashed:P96ihJ-6e_grKXTY"`);
  });

  it('differs from that of every other use, and from the secret', () => {
    const uses: KeyUse[] = ['link', 'returnPath', 'messageId', 'site', 'network'];
    const macs = [bare('the same text'), ...uses.map((use) => macFor(use, SECRET, 'the same text', 32))];
    expect(new Set(macs.map((mac) => mac.toString('hex'))).size).toBe(6);
  });
});

/** What each use signs: its text by the key of the use, and the text that was signed with the secret itself. */
const SIGNED: Record<KeyUse, { now: (string | Buffer)[]; before: (string | Buffer)[] }> = {
  link: {
    now: [Buffer.from('sM'), Buffer.from([0x64, 5, 77])],
    before: [Buffer.from('sM'), Buffer.from([0x64, 5, 77])],
  },
  returnPath: { now: ['d25', 'o25'], before: ['return-path d25', 'return-path o25'] },
  messageId: { now: ['issue 77'], before: ['message-id issue 77'] },
  site: { now: [SITE_TEXT], before: [`site ${SITE_TEXT}`] },
  network: { now: ['192.0.2.0/24'], before: ['network 192.0.2.0/24'] },
};

/** All MACs of one use, whole (nobody outside sees more than a part), with what was signed. */
const macsOf = (use: KeyUse) => [
  ...SIGNED[use].now.map((said) => ({ said: Buffer.from(said), mac: macFor(use, SECRET, said, 32) })),
  ...SIGNED[use].before.map((said) => ({ said: Buffer.from(said), mac: bare(said) })),
];

/** Every token of a use that can be built with somebody else's MAC: over that one's text where the form takes it, and over its own. */
const READERS: Record<string, { use: KeyUse; isTaken: (said: Buffer, mac: Buffer) => boolean }> = {
  'a link': {
    use: 'link',
    isTaken: (said, mac) =>
      [said, said.subarray(1), Buffer.from([77]), Buffer.from([5, 77])].some((ids) =>
        ['s', 'd'].some(
          (letter) =>
            readToken([SECRET], letter + Buffer.concat([ids, mac.subarray(0, 16)]).toString('base64url')) !==
            null,
        ),
      ),
  },
  'a return path': {
    use: 'returnPath',
    isTaken: (said, mac) =>
      [said.toString('latin1'), said.toString('latin1').replace(/^return-path /, ''), 'd25', 'o25'].some(
        (name) =>
          readReturnPath([SECRET], `b-${name}-${base32(mac.subarray(0, 15))}@${DOMAIN}`, DOMAIN) !== null,
      ),
  },
  'a token of the site': {
    use: 'site',
    isTaken: (said, mac) =>
      [said.toString('latin1'), SITE_TEXT].some(
        (text) =>
          readSiteToken([SECRET], `${text}.${mac.subarray(0, 12).toString('base64url')}`, NOW) !== null,
      ),
  },
};

describe('a MAC made for one use, by its key or by the secret as before', () => {
  const uses = Object.keys(SIGNED) as KeyUse[];
  it.each(
    Object.entries(READERS).flatMap(([name, reader]) => uses.map((use) => [use, name, reader] as const)),
  )('for %s serves for %s only where that is its use', (use, _, reader) => {
    const taken = macsOf(use).some(({ said, mac }) => reader.isTaken(said, mac));
    expect(taken).toBe(use === reader.use);
  });
});
