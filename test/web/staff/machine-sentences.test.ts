import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadTexts, say as sayIn } from '../../../src/adapters/templates/texts.ts';
import { MACHINE_SENTENCES } from '../../../src/web/staff/machine-sentences.ts';
import { retold } from '../../../src/web/staff/retold.ts';
import { testProgramme } from '../../support/programme.ts';
