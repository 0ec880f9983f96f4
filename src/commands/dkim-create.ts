import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { dkimName, dkimRecord, zoneText } from '../domain/deliverability/dkim-record.ts';
import { CommandError, print } from './with-program.ts';

/** simmer dkim create DOMAIN SELECTOR: a key in a file that only its owner reads, and what to publish for it. */
export function dkimCreateCommand(dkim: Command): void {
  dkim
    .command('create')
    .description('make a key to sign mails with, and print the DNS record to publish')
    .argument('<domain>', 'the domain of the From address, or one above it')
    .argument('<selector>', 'a name for this key, such as simmer1; a new key gets a new one')
    .option(
      '--ed25519',
      'an Ed25519 key: short and fast, but not every receiver knows it, so use it beside an RSA one',
    )
    .option('--out <path>', 'where to write the key (default: dkim-SELECTOR.pem here)')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  simmer dkim create example.com simmer1 --out /etc/simmer/dkim-simmer1.pem',
    )
    .action((domain: string, selector: string, _options, command: Command) => {
      const options = command.optsWithGlobals<{ ed25519?: boolean; out?: string; json?: boolean }>();
      const path = resolve(options.out ?? `dkim-${selector}.pem`);
      const created = create(domain.toLowerCase(), selector, path, options.ed25519 ?? false);
      const text = [
        `The key is in ${path}.`,
        '',
        'Publish this TXT record (most panels want name and value, without the quotes):',
        `  ${created.name}. IN TXT ${zoneText(created.record)}`,
        '',
        'Then tell Simmer, beside other keys with a comma between:',
        `  DKIM_KEYS=${created.setting}`,
        '',
        'Receivers find the record some minutes to hours later; "simmer doctor" says when.',
      ].join('\n');
      print({ json: created, text }, options.json);
    });
}

function create(domain: string, selector: string, path: string, isEd25519: boolean) {
  if (!/^([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(domain))
    throw new CommandError(`found the domain "${domain}"; allowed is a domain such as example.com`);
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(selector))
    throw new CommandError(
      `found the selector "${selector}"; allowed are letters, digits and "-", such as simmer1`,
    );
  const { privateKey } = isEd25519
    ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  try {
    // Never over a key that is in use.
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(
      code === 'EEXIST'
        ? `there is a file ${path} already; choose another place with --out`
        : `the key cannot be written to ${path}: ${message}`,
    );
  }
  return {
    path,
    name: dkimName(domain, selector),
    record: dkimRecord(privateKey),
    setting: `${domain}:${selector}:${path}`,
  };
}
