import { expect, it } from 'vitest';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';
import { RETURN_KINDS, RETURN_REASONS } from '../../../src/domain/returns/returned-mail/kinds.ts';
import { templates } from '../../../src/template-folders.ts';

const wanted = [
  ...RETURN_KINDS.map((kind) => `mails.returns.kind.${kind}`),
  ...RETURN_REASONS.map((reason) => `mails.returns.reason.${reason}`),
];

it.each([...loadTexts(templates('locales'))])(
  'has words in %s for all that comes back, and why',
  (_, texts) => {
    expect(wanted.filter((key) => !texts.has(key))).toEqual([]);
  },
);
