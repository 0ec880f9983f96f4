import { loadMails } from '../adapters/mail-templates/renderer.ts';
import { linkChecker } from '../adapters/rss/link-checker.ts';
import { textFaults } from '../adapters/templates/text-faults.ts';
import { loadTexts } from '../adapters/templates/texts.ts';
import type { RehearseDeps } from '../journey/delivery/rehearse-issue.ts';
import type { Runtime } from '../runtime.ts';
import { templates } from '../template-folders.ts';

/** What looking at an issue before it goes out needs beside the database. */
export async function rehearseDeps({ programme, database, links, settings }: Runtime): Promise<RehearseDeps> {
  const { publicUrl, internalUrl } = settings;
  const texts = loadTexts(templates('locales'));
  return {
    programme,
    links,
    stores: database.stores,
    mails: await loadMails(templates('mails'), texts, { ...programme.brand, publicUrl }),
    linkChecker: linkChecker({ publicUrl, internalUrl }),
    textFaults: () =>
      textFaults(texts, programme.languages).map(
        ({ path, found, allowed }) => `${path}: ${found}; allowed: ${allowed}`,
      ),
  };
}
