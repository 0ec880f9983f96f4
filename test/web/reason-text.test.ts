import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTexts, sayer } from '../../src/adapters/templates/texts.ts';
import { languageName } from '../../src/domain/locale.ts';
import { retold } from '../../src/web/reason-text.ts';
import { testProgramme } from '../support/programme.ts';

const say = sayer(loadTexts(fileURLToPath(new URL('../../templates/locales', import.meta.url))));
const programme = testProgramme();
const [first, second] = programme.interests;
const tell = (text: string, language = 'en') => retold({ programme, say }, language)(text);

describe('what was written down in English', () => {
  it('names interests and languages as people know them', () => {
    const reason = `best match for ${first!.id}, often read lately, also about ${second!.id}, published 4 days ago, likes this source`;
    expect(tell(reason)).toBe(
      `best match for ${first!.label.en}, often read lately, also about ${second!.label.en}, published 4 days ago, likes this source`,
    );
    const skip = `1 fresh article for ${first!.id}, ${second!.id} in "nl", 5 needed (of 90 in this issue, 3 had before)`;
    expect(tell(skip)).toBe(
      `only 1 fresh article about ${first!.label.en}, ${second!.label.en} in Dutch, 5 needed`,
    );
    expect(tell(skip, 'de')).toContain('auf Niederländisch, 5 nötig');
    expect(tell(`… fresh articles for ${first!.id} in "nl", … needed`)).toBe(
      `too few fresh articles about ${first!.label.en} in Dutch`,
    );
    expect(languageName('de', 'nl')).toBe('Duits');
  });

  it('says why a reader is paused', () => {
    const reason = 'paused until 2026-12-24: the last 3 mails came back';
    expect(tell(reason)).toBe('paused until 2026-12-24: the last 3 emails came back');
    expect(tell(reason, 'nl')).toBe('gepauzeerd tot 2026-12-24: de laatste 3 mails kwamen terug');
    expect(tell(reason, 'de')).toBe('pausiert bis 2026-12-24: die letzten 3 E-Mails kamen zurück');
  });

  it('leaves alone what it does not know', () => {
    expect(tell('the mail server was closed for stocktaking', 'de')).toBe(
      'the mail server was closed for stocktaking',
    );
  });
});
