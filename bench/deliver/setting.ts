import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../src/adapters/log.ts';
import { issueMailWriter } from '../../src/adapters/mail-templates/issue-writer/issue-writer.ts';
import { loadMails } from '../../src/adapters/mail-templates/renderer.ts';
import { dkimSigner } from '../../src/adapters/smtp/dkim.ts';
import { loadTexts } from '../../src/adapters/templates/texts.ts';
import type { Programme } from '../../src/domain/programme.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from '../../test/support/programme.ts';

// What all processes of the bench agree about.

export type Signing = 'none' | 'rsa' | 'ed25519';

const templates = (folder: string) => fileURLToPath(new URL(`../../templates/${folder}`, import.meta.url));

/** One main article and two others: about 40 kB of HTML with 25 tracked links. */
export function benchProgramme(): Programme {
  const programme = testProgramme();
  const [digest] = programme.digests;
  return { ...programme, digests: [{ ...digest!, layout: { main: 1, others: 2 } }] };
}

export function benchMails(programme: Programme) {
  return loadMails(templates('mails'), loadTexts(templates('locales')), {
    ...programme.brand,
    publicUrl: testPublicUrl,
  });
}

export async function benchWriter(programme: Programme, signing: Signing) {
  const domain = 'tessel.example';
  const key =
    signing === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      : generateKeyPairSync('ed25519').privateKey;
  const signer = signing === 'none' ? null : dkimSigner([{ domain, selector: 'bench', key }], domain);
  const { parts } = await benchMails(programme);
  return issueMailWriter(parts, {
    programme,
    links: testLinks,
    publicUrl: testPublicUrl,
    secrets: testSecrets,
    returnPathDomain: `bounces.${domain}`,
    signer,
    log: silentLog,
  });
}
