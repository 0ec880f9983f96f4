import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/domain/tracking/classify.ts';
import { AGENT_KINDS, agentKind, isOnAPhone } from '../../../src/domain/tracking/user-agents.ts';
import { isDeclaredBot } from '../../../src/web/tracking/declared-bot.ts';
import { realCases } from '../../support/real-use.ts';

const classOf = (userAgent: string) =>
  classify({ method: 'GET', ip: '192.0.2.1', userAgent, purpose: null }, isDeclaredBot).class;

describe('user agents of real use', () => {
  const cases = ['opens-lost', 'machines-missed', 'people-taken-for-machines'].flatMap((cluster) =>
    realCases<{ ua: string }, string>(cluster),
  );
  it.each(cases.map(({ id, input, want }) => [id, input.ua, want]))('%s: %s', (_, userAgent, want) => {
    expect(want.split('|')).toContain(classOf(userAgent));
  });
});

const KNOWN = readFileSync(new URL('../../fixtures/user-agents.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t') as [string, string, string]);

describe('user agents', () => {
  it.each(KNOWN)('%s: %s, %s', (want, _, userAgent) => {
    expect(classOf(userAgent)).toBe(want);
  });
});

it('takes no longer for long and hostile user agents than for as many plain letters', () => {
  const pieces = [
    'mail',
    'outlook ',
    'Android 1; ',
    '(',
    'x-x-',
    'compatible; ',
    'Mozilla/5.0 (iPhone ',
    'proxy',
    ' ',
  ];
  const steps = (text: string) => {
    const begun = process.cpuUsage();
    for (let n = 0; n < 5; n++) {
      agentKind(text);
      isOnAPhone(text);
    }
    const { user, system } = process.cpuUsage(begun);
    return user + system;
  };
  const length = 100_000;
  const plain = Math.max(steps('a'.repeat(length)), 1_000);
  for (const piece of pieces) expect(steps(piece.repeat(length / piece.length)) / plain).toBeLessThan(20);
});

it('has a name and a class in each line', () => {
  for (const [kind, name] of AGENT_KINDS) {
    expect(['human', 'proxied', 'machine']).toContain(kind);
    expect(name).not.toBe('');
  }
});
