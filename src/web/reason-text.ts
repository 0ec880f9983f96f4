import { languageName } from '../domain/locale.ts';
import { inLanguage } from '../domain/programme.ts';
import type { WebContext } from './context.ts';

type Told = (text: string) => string;
type Context = Pick<WebContext, 'programme' | 'say'>;

/**
 * What was written down in English when it happened (causes of points, rules, reasons of picks and of mails that were not
 * sent), in the language of a page and with the names that people know: "match for crm" is kept, "match for CRM" is read.
 * A text that is not known here is shown as it stands.
 */
export function retold({ programme, say }: Context, language: string): Told {
  const interest = (id: string) => {
    const known = programme.interests.find((one) => one.id === id.trim());
    return known ? inLanguage(known.label, language) : id.trim();
  };
  const interests = (ids: string) => ids.split(', ').map(interest).join(', ');
  const tell: Told = (text) => {
    for (const [key, pattern, ...names] of SENTENCES) {
      const found = pattern.exec(text);
      if (!found) continue;
      const values = names.map((name, at): [string, string] => {
        const said = found[at + 1] ?? '';
        if (name === 'rest' || name === 'beside') return [name, tell(said)];
        if (name === 'interests') return [name, interests(said)];
        if (name === 'language') return [name, languageName(said, language)];
        if (name === 'status') return [name, say(language, `staff.status.${said}`)];
        return [name, said];
      });
      return say(language, `staff.told.${key}`, Object.fromEntries(values));
    }
    return text;
  };
  return (text) =>
    text.startsWith('match for ') || text.startsWith('best match for ') ? pick(text) : tell(text);

  /** The parts of a pick's reason, each by itself: "best match for crm, often read lately, published today". */
  function pick(text: string): string {
    const also = / and /g;
    const [first = '', ...more] = text.split(', ');
    const parts = more.map((part) =>
      part.startsWith('also about ')
        ? say(language, 'staff.told.alsoAbout', {
            interests: part.slice('also about '.length).split(also).map(interest).join(', '),
          })
        : tell(part),
    );
    return [tell(first), ...parts].join(', ');
  }
}

/** Text of the locale, the English sentence, and what stands in its places. The first that fits counts. */
const SENTENCES: readonly [string, RegExp, ...string[]][] = [
  [
    'tooFewForAll',
    /^(?:\d+|…) fresh articles? for all readers in "(\w+)", (\d+|…) needed/,
    'language',
    'needed',
  ],
  ['noneFor', /^0 fresh articles for (.*) in "(\w+)", (\d+) needed/, 'interests', 'language', 'needed'],
  [
    'tooFewFor',
    /^(\d+) fresh articles? for (.*) in "(\w+)", (\d+) needed/,
    'n',
    'interests',
    'language',
    'needed',
  ],
  ['tooFew', /^… fresh articles? for (.*) in "(\w+)", … needed/, 'interests', 'language'],
  ['noInterests', /^has chosen no interests$/],
  ['paused', /^the reader paused mails until (.*)$/, 'day'],
  ['pausedFor', /^paused until (\S+): (.*)$/, 'day', 'rest'],
  ['mailsCameBack', /^the last (\d+) mails came back(?: for now)?$/, 'n'],
  ['monthly', /^the reader wants one issue a month and has had that of (.*)$/, 'month'],
  [
    'status',
    /^the reader is (pending|unsubscribed|suppressed|erased)(?: since the mail was prepared)?$/,
    'status',
  ],
  ['unreachable', /^the address cannot be reached$/],
  ['unsubscribed', /^the reader unsubscribed$/],
  ['inProgress', /^sales is in talks with this lead, so its mails pause$/],
  ['pausedBy', /^paused by (.*)$/, 'who'],
  ['cancelledBy', /^cancelled by (.*)$/, 'who'],

  ['preferencePage', /^preference page$/],
  ['signUpForm', /^sign-up form$/],
  ['unsubscribePage', /^unsubscribe page$/],
  ['oneClick', /^one-click$/],
  ['import', /^import (\d+)$/, 'n'],
  ['importHow', /^import (\d+): (.*)$/, 'n', 'what'],

  ['bestMatch', /^best match for (.*)$/, 'interests'],
  ['match', /^match for (.*)$/, 'interests'],
  ['oftenRead', /^often read lately$/],
  ['askedForMore', /^asked for more of it$/],
  ['publishedToday', /^published today$/],
  ['publishedYesterday', /^published yesterday$/],
  ['publishedAgo', /^published (\d+) days ago$/, 'n'],
  ['feedPriority', /^feed priority (.*)$/, 'n'],
  ['likesSource', /^likes this source$/],
  ['lessOfSource', /^wants less of this source$/],
  ['control', /^control group: the same digest for all readers of "(\w+)", (.*)$/, 'language', 'rest'],
];
