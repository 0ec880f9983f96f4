import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFeed } from '../../src/adapters/rss/read-feed.ts';
import { readCsv } from '../../src/domain/audience/people-file/csv.ts';
import { checkPeopleFile } from '../../src/domain/audience/people-file/people-file.ts';
import { readProviderPost } from '../../src/domain/returns/provider-posts/read-provider-post.ts';
import { readReturnedMail } from '../../src/domain/returns/returned-mail/read.ts';
import { readTouchpointFile } from '../../src/domain/scoring/touchpoint-file.ts';
import { testProgramme } from '../support/programme.ts';
import { type Chance, mutateBytes, mutateText } from './mutate.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const now = new Date('2026-11-21T09:00:00Z');
const programme = testProgramme();

function filesBelow(...folder: string[]): Buffer[] {
  return readdirSync(join(FIXTURES, ...folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !/\.(md|ts)$|expected\.json$/.test(file.name))
    .map((file) => readFileSync(join(file.parentPath, file.name)));
}

const LIST_DEFAULTS = { touchpoint: 'fair', at: now, now, languages: ['en', 'nl'], defaultLanguage: 'en' };

/** Reads what comes from outside and is no request. Each throws only where its words say so. */
export const FILE_DOORS: Record<
  string,
  { good: () => Buffer[]; read(bytes: Buffer, random: Chance): Promise<void> | void }
> = {
  'returned mail': {
    good: () => filesBelow('returns'),
    read: (bytes) => void readReturnedMail(bytes, 'b+x@bounces.example'),
  },
  feed: {
    good: () => filesBelow('feeds'),
    // A feed that cannot be read says so in an Error with words; anything else is a fault of ours.
    async read(bytes) {
      const given = {
        body: bytes,
        contentType: null,
        url: 'https://feeds.example/x.xml',
        language: 'en',
        publicUrl: 'https://simmer.example',
      };
      await readFeed(given).catch((error: Error) => {
        if (error.constructor !== Error || /undefined|is not a function|Cannot read/.test(error.message))
          throw error;
      });
    },
  },
  'file of people': {
    good: () =>
      filesBelow('real-use', '15-csv-from-spreadsheets').concat(
        Buffer.from('email,name,country\nann@corp4.example,"Ann ""V""",NL\n'),
      ),
    read: (bytes) => void checkPeopleFile(readCsv(bytes.toString('utf8')), { ...programme, now }),
  },
  'list of a fair': {
    good: () => [
      Buffer.from(
        'email,touchpoint,date,name,language,phone\nann@corp4.example,trade-fair,2026-11-01,Ann,nl,+31 20 555 0101\n',
      ),
    ],
    read: (bytes) => void readTouchpointFile(readCsv(bytes.toString('utf8')), LIST_DEFAULTS),
  },
  'post of a provider': {
    good: () => [
      Buffer.from('{"RecordType":"Bounce","Type":"HardBounce","Email":"ann@corp4.example","MessageID":"x"}'),
      Buffer.from(
        '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"ann@corp4.example"}]},"mail":{}}',
      ),
    ],
    read(bytes, random) {
      const text = bytes.toString('utf8');
      for (const provider of ['ses', 'postmark', 'sendgrid', 'mailgun'] as const)
        readProviderPost(provider, random.next() < 0.5 ? text : mutateText(text, random));
    },
  },
};

/** One input of a door, made from a good one. */
export const mutated = (good: readonly Buffer[], random: Chance): Buffer => {
  const bytes = random.pick(good);
  return random.next() < 0.5
    ? mutateBytes(bytes, random)
    : Buffer.from(mutateText(bytes.toString('latin1'), random), 'latin1');
};
