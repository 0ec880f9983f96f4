import { describe, expect, it } from 'vitest';
import { weakFormerKeys, weaknessOf } from '../../src/config/secret-strength.ts';
import { readSettings } from '../../src/config/settings.ts';

describe('a key that can be guessed', () => {
  it.each([
    'aaaaaaaaaaaaaaaa',
    'a'.repeat(64),
    'ababababababababab',
    'abcabcabcabcabcabcabc',
    'abc123abc123abc123abc123',
    'abcdefghijklmnopqrstuvwxyz',
    'zyxwvutsrqponmlkjihgfedcba',
    '1234567890123456',
    '01234567890123456789012345678901',
    '0123456789abcdef',
    '0123456789abcdef0123456789abcdef',
    '9876543210987654',
    '11112222333344445555666677778888',
    'aaaabbbbccccddddeeeeffffgggg',
    'qwertyuiopasdfghjklzxcvbnm',
    'qwertyuiop123456',
    'asdfghjklasdfghjkl',
    '1qaz2wsx3edc4rfv5tgb',
    'QWERTYUIOPASDFGH',
    'changemechangeme',
    'changeme-changeme-please',
    'change-me-to-something-secret',
    'CHANGE_ME_CHANGE_ME_CHANGE_ME',
    'passwordpassword',
    'Password12345678',
    'password-password-password',
    'secret-secret-secret-secret',
    'secretsecretsecretsecret',
    'your-secret-key-here',
    'my-secret-key-for-simmer',
    'a-secret-for-tests-only',
    'this-is-a-secret-key',
    'supersecretsupersecret',
    'horse horse horse horse horse',
    '$(openssl rand -hex 32)',
    `\${SECRET_KEY:?set SECRET_KEY}`,
    'openssl rand -hex 32',
    '<put your secret key here>',
    '0000000000000001',
    'abababababababac',
    '0101010101010101',
    '2024-01-01-2024-01-01',
    'short-Key-9x7Q',
  ])('%s is found to be one', (key) => {
    expect(weaknessOf(key)).not.toBeNull();
    expect(weaknessOf(key)).not.toContain(key);
  });

  it.each([
    'correct horse battery staple monkey',
    'lamp-oven-tiger-cloud-fork',
    'wolk fiets kaas molen tulp',
    'Wolke Apfel Fenster Garten Regen',
    'LampOvenTigerCloudFork',
    '550e8400-e29b-41d4-a716-446655440000',
    'kqzvxwpmtrlbnhdg',
    '3f9c1be07a5d42688e0b7c64d1a95f23',
    'q7J!x2#Lp9$vR4&z',
  ])('%s is not', (key) => {
    expect(weaknessOf(key)).toBeNull();
  });

  it('is none of what programs make: hex, base64 and UUIDs, however they fall', () => {
    let state = 12345;
    const byte = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    };
    const refused = { hex8: 0, others: [] as string[] };
    for (let n = 0; n < 3000; n++) {
      const bytes = (length: number) => Buffer.from(Array.from({ length }, byte));
      const uuid = bytes(16)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      if (weaknessOf(bytes(8).toString('hex')) !== null) refused.hex8 += 1;
      for (const key of [
        bytes(16).toString('hex'),
        bytes(32).toString('hex'),
        bytes(16).toString('base64'),
        bytes(32).toString('base64url'),
        uuid,
      ])
        if (weaknessOf(key) !== null) refused.others.push(key);
    }
    expect(refused.others).toEqual([]);
    // 64 bits are the least that is let in at all.
    expect(refused.hex8).toBeLessThan(60);
  });
});

describe('a weak SECRET_KEY', () => {
  const GOOD = '3f9c1be07a5d42688e0b7c64d1a95f23';
  const WEAK = 'abcdxywqabcdxywqabcdxywq';

  it('stops the start with what was found, what is allowed and how to keep old links working', () => {
    const read = readSettings({ SECRET_KEY: WEAK });
    const problem = 'problems' in read ? read.problems[0] : undefined;
    expect(problem).toMatchObject({ path: 'SECRET_KEY' });
    expect(JSON.stringify(problem)).toMatch(/again and again/);
    expect(JSON.stringify(problem)).toContain('SECRET_KEY=NEW,OLD');
    expect(JSON.stringify(problem)).toContain('openssl rand -hex 32');
    expect(JSON.stringify(problem)).not.toContain(WEAK);
  });

  it('verifies behind a good one, with a warning', () => {
    const read = readSettings({ SECRET_KEY: `${GOOD},${WEAK}` });
    expect('settings' in read && read.settings.secrets).toEqual([GOOD, WEAK]);
    expect(weakFormerKeys([GOOD, WEAK])).toMatch(/a former key is weak/);
    expect(weakFormerKeys([GOOD, GOOD])).toBeNull();
    expect('problems' in readSettings({ SECRET_KEY: `${WEAK},${GOOD}` })).toBe(true);
  });
});
