import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { readDkimKey } from '../../src/adapters/smtp/dkim.ts';
import { dkimCreateCommand } from '../../src/commands/dkim-create.ts';
import { dkimRecord } from '../../src/domain/deliverability/dkim-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'simmer-dkim-create-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

async function run(...args: string[]): Promise<string> {
  let said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  const simmer = new Command().exitOverride();
  dkimCreateCommand(simmer.command('dkim'));
  await simmer.parseAsync(['dkim', 'create', ...args], { from: 'user' });
  return said;
}

it.each([['rsa'], ['ed25519']])(
  'makes a key (%s) only its owner reads, and says what to publish and to set',
  async (kind) => {
    const path = join(folder, `${kind}.pem`);
    const flags = kind === 'ed25519' ? ['--ed25519'] : [];
    const said = JSON.parse(await run('Example.com', 'simmer1', '--out', path, '--json', ...flags));
    const { key } = readDkimKey('example.com', 'simmer1', path);
    expect(key.asymmetricKeyType).toBe(kind);
    expect(said).toEqual({
      path,
      name: 'simmer1._domainkey.example.com',
      record: dkimRecord(key),
      setting: `example.com:simmer1:${path}`,
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  },
);

it('never writes over a key', async () => {
  const path = join(folder, 'kept.pem');
  const said = await run('example.com', 's', '--out', path);
  expect(said).toMatch(/s\._domainkey\.example\.com\. IN TXT "v=DKIM1; k=rsa; p=/);
  expect(said).toContain(`DKIM_KEYS=example.com:s:${path}`);
  const before = readFileSync(path, 'utf8');
  await expect(run('example.com', 's', '--out', path)).rejects.toThrow(/there is a file .*kept\.pem already/);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

it.each([
  ['example', 's'],
  ['example.com', 'a b'],
])('refuses %s %s', async (domain, selector) => {
  await expect(run(domain, selector, '--out', join(folder, 'x.pem'))).rejects.toThrow(/allowed/);
});
