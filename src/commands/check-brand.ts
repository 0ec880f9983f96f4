import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { logoFault, pictureFault } from '../adapters/rss/images/logo-checker.ts';
import { type Problem, show } from '../config/problem.ts';
import { mailDomain } from '../domain/mail/headers.ts';
import type { Brand } from '../domain/programme.ts';
import { templates } from '../template-folders.ts';

/** The files that Simmer serves itself, by the beginning of their path. */
const SERVED = { '/sample/images/': templates('sample/images'), '/assets/': templates('pages/assets') };

/** A logo that readers would not see. */
export async function logoProblems({ logo }: Pick<Brand, 'logo'>): Promise<Problem[]> {
  const fault = logo.startsWith('/') ? await ownFault(logo) : await logoFault(logo);
  if (fault === null) return [];
  const allowed = 'the address (https://…) of a PNG, JPEG or GIF picture of at most 1 MB, for all to read';
  return [{ path: 'brand.logo', found: `${show(logo)}: ${fault}`, allowed }];
}

async function ownFault(logo: string): Promise<string | null> {
  const path = normalize(decodeURIComponent(new URL(logo, 'http://own.invalid').pathname));
  const found = Object.entries(SERVED).find(([start]) => path.startsWith(start));
  if (!found) return 'Simmer serves no pictures there';
  const [start, folder] = found;
  try {
    return pictureFault(await readFile(join(folder, path.slice(start.length))));
  } catch {
    return 'Simmer has no such file';
  }
}

/** RFC 2606 and 6761: domains that no mail comes from and none reaches. */
const FOR_EXAMPLES = /(^|\.)(example|test|invalid|localhost|local|internal|example\.(com|net|org))$/;

/** Addresses of the brand in domains that mail cannot come from. */
export function senderProblems({ from, replyTo }: Pick<Brand, 'from' | 'replyTo'>): Problem[] {
  return Object.entries({ 'brand.from.address': from.address, 'brand.replyTo': replyTo })
    .filter(([, address]) => FOR_EXAMPLES.test(mailDomain(address)))
    .map(([path, address]) => ({
      path,
      found: show(address),
      allowed:
        'an address of a domain of your own; mail neither leaves nor reaches domains that are meant for examples',
    }));
}
