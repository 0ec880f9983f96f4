import { silentLog } from '../../src/adapters/log.ts';
import {
  type IssueWriterOptions,
  issueMailWriter,
} from '../../src/adapters/mail-templates/issue-writer/issue-writer.ts';
import type { MailParts } from '../../src/adapters/mail-templates/renderer.ts';
import type { IssueMailWriter } from '../../src/journey/delivery/ports/wire.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from './programme.ts';

/** Parts of mails that write just their kind and language. */
export const plainParts: MailParts = {
  subject: (kind, language) => `${kind} in ${language}`,
  html: (kind) => `<p>${kind}</p>`,
  text: (kind) => kind,
  unwrappedText: (kind) => kind,
};

/** The real writer of issue mails over plain parts, for the test programme. */
export function testWriter(
  parts: MailParts = plainParts,
  options: Partial<IssueWriterOptions> = {},
): IssueMailWriter {
  return issueMailWriter(parts, {
    programme: testProgramme(),
    links: testLinks,
    publicUrl: testPublicUrl,
    secrets: testSecrets,
    returnPathDomain: null,
    signer: null,
    log: silentLog,
    ...options,
  });
}
