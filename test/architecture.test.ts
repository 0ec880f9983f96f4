import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bareCuts,
  breaches,
  changesOutsideStages,
  cycles,
  decidingStores,
  fullRooms,
  importsOf,
  longFiles,
  looseJson,
  readTree,
  sentencesForReasons,
  strayRooms,
  type Tree,
} from './support/architecture.ts';

const tree = readTree(join(import.meta.dirname, '../src'));
const made = (files: Record<string, string>): Tree => new Map(Object.entries(files));

describe('the source tree', () => {
  it('keeps its layers', () => {
    expect(tree.size).toBeGreaterThan(50);
    expect(breaches(tree)).toEqual([]);
  });

  it('cuts texts in one place, and writes JSON for the database in one', () => {
    expect(bareCuts(tree)).toEqual([]);
    expect(looseJson(tree)).toEqual([]);
    const cases = {
      'web/a.ts':
        'const a = name.slice(0, 60);\nconst b = text.substring(1, 3);\nconst c = x.slice(0, LONGEST_NOTE);',
      'web/b.ts': 'const a = rows.slice(0, PAGE);\nconst b = day.toISOString().slice(0, 10);',
      'adapters/postgres/a.ts': 'const a = JSON.stringify(rows);',
    };
    expect(bareCuts(made(cases))).toHaveLength(3);
    expect(looseJson(made(cases))).toHaveLength(1);
  });

  it('decides nothing in stores: they read, hold and write', () => {
    expect(decidingStores(tree)).toEqual([]);
    const from = `from '../../../domain/scoring`;
    const crooked = made({
      'adapters/postgres/scoring/a.ts': `import { applyEvent, type TakenIn } ${from}/apply-event.ts';`,
      'adapters/postgres/scoring/b.ts': `import * as rules ${from}/score-rules.ts';`,
      'adapters/postgres/scoring/c.ts': `export { balance as even } ${from}/ledger-balance.ts';`,
      'adapters/postgres/scoring/d.ts': `import {\n  causeOfKey,\n  balance,\n} ${from}/ledger-balance.ts';`,
      'adapters/postgres/scoring/e.ts': `import type { TakenIn } ${from}/apply-event.ts';\nimport { type Limits, causeOfKey } ${from}/ledger-balance.ts';`,
      'journey/scoring/f.ts': `import { balance } from '../../domain/scoring/ledger-balance.ts';`,
    });
    expect(decidingStores(crooked)).toEqual([
      expect.stringMatching(/a\.ts: .*applyEvent of domain\/scoring\/apply-event/),
      expect.stringMatching(/b\.ts: .*\* as rules/),
      expect.stringMatching(/c\.ts: .*balance of/),
      expect.stringMatching(/d\.ts: .*balance of/),
    ]);
    expect(decidingStores(made({ 'domain/store-away.ts': '' }))).toEqual([
      'no store runs StoreAway of domain/store-away.ts',
    ]);
  });

  it('writes no sentence as a reason', () => {
    expect(sentencesForReasons(tree)).toEqual([]);
    const written = { 'adapters/postgres/a.ts': "`update x set reason = 'the worker stopped' where id = 1`" };
    const coded = {
      'adapters/postgres/a.ts': `\`update x set reason = '$\{keptReason(why)}' where a = 'b c'\``,
    };
    expect(sentencesForReasons(made(written))).toHaveLength(1);
    expect(sentencesForReasons(made(coded))).toEqual([]);
  });

  it('has no import cycle, type imports included', () => {
    expect(cycles(tree)).toEqual([]);
  });

  it('changes stores in stages alone, whichever door somebody came by', () => {
    expect(changesOutsideStages(tree)).toEqual([]);
    const doors = made({
      'journey/ports.ts': 'export interface Stores {\n  audit: AuditStore;\n  desk: DeskStore;\n}',
      'web/staff/a.ts':
        'await stores.audit.add(entry); await desk.claim(id); await desk.waiting(now); await audit.list();',
      'commands/a.ts': 'await database.stores.desk.release(id)',
      'journey/sales/a.ts': 'await stores.audit.add(entry)',
    });
    expect(changesOutsideStages(doors)).toEqual([
      'web/staff/a.ts: audit.add',
      'web/staff/a.ts: desk.claim',
      'commands/a.ts: desk.release',
    ]);
  });

  it('has the same rooms in every layer', () => {
    expect(strayRooms(tree)).toEqual([]);
    const crooked = made({
      'domain/engagement/score.ts': '',
      'domain/mail/headers.ts': '',
      'journey/audience/a.ts': '',
      'adapters/postgres/pool.ts': '',
    });
    const strays = strayRooms(crooked);
    expect(strays).toContain('domain/engagement is no room');
    expect(strays).toContain('journey has no content');
    expect(strays.join()).not.toMatch(
      /domain\/mail|journey has no audience|postgres\/pool|deliverability is/,
    );
  });

  it('has rooms that can be seen at a glance', () => {
    expect(fullRooms(tree)).toEqual([]);
    const full = Array.from({ length: 26 }, (_, n) => [`domain/sales/a${n}.ts`, ''] as const);
    const below = Array.from({ length: 26 }, (_, n) => [`domain/sales/parts/a${n}.ts`, ''] as const);
    expect(fullRooms(new Map([...full, ...below]))).toEqual(['domain/sales: 26 files']);
  });

  it('says which files take more than one sitting to read', () => {
    for (const words of longFiles(tree)) console.warn(words);
    expect(longFiles(made({ 'web/a.ts': '\n'.repeat(300), 'web/b.ts': '' }))).toEqual([
      'web/a.ts: 301 lines',
    ]);
  });
});

describe('imports are seen', () => {
  it.each([
    ["import { a } from './a.ts';", 'web/a.ts', false],
    ["import type { A } from '../domain/a.ts';", 'domain/a.ts', true],
    ["import {\n  a,\n  type B,\n} from '../jobs/a.ts';", 'jobs/a.ts', false],
    ["export { a } from './a.ts';", 'web/a.ts', false],
    ["export type { A } from './a.ts';", 'web/a.ts', true],
    ["import './a.ts';", 'web/a.ts', false],
    ["const a = await import('./a.ts');", 'web/a.ts', false],
    ["import pg from 'pg';", 'pg', false],
  ])('in %s', (source, target, isTypeOnly) => {
    expect(importsOf('web/here.ts', source)).toEqual([{ target, isTypeOnly, isOurs: target !== 'pg' }]);
  });

  it('but not in comments', () => {
    expect(importsOf('web/here.ts', "// import './a.ts';\n/* import './b.ts'; */")).toEqual([]);
  });
});

describe('a breach is found:', () => {
  const stage = 'export async function signUp(deps: Deps) {}';
  const cases: [string, Record<string, string>, string][] = [
    [
      'domain that knows the journey',
      { 'domain/a.ts': "import type { P } from '../journey/ports.ts';" },
      'may not import journey/ports.ts',
    ],
    ['domain with a package', { 'domain/a.ts': "import { z } from 'zod';" }, 'domain may not import zod'],
    [
      'domain with the file system',
      { 'domain/a.ts': "import { readFileSync } from 'node:fs';" },
      'domain may not import node:fs',
    ],
    ['domain that reads the clock', { 'domain/a.ts': 'const now = new Date();' }, 'new Date()'],
    ['a stage that reads the clock', { 'journey/audience/a.ts': 'const now = Date.now();' }, 'Date.now'],
    ['domain with chance', { 'domain/a.ts': 'const x = Math.random();' }, 'Math.random'],
    ['a stage with settings', { 'journey/audience/a.ts': 'const x = process.env.X;' }, 'process.env'],
    [
      'a stage that knows an adapter',
      { 'journey/audience/a.ts': "import { x } from '../../adapters/log.ts';" },
      'journey may not import adapters/log.ts',
    ],
    [
      'a stage that imports a stage, even for a type',
      {
        'journey/audience/sign-up.ts': stage,
        'journey/audience/b.ts': "import type { X } from './sign-up.ts';",
      },
      'the stage journey/audience/sign-up.ts',
    ],
    [
      'an adapter that runs something of the journey',
      { 'adapters/x/a.ts': "import { groupCommit } from '../../journey/group-commit.ts';" },
      'types only',
    ],
    [
      'an adapter that knows a stage',
      {
        'journey/audience/sign-up.ts': stage,
        'adapters/x/a.ts': "import type { D } from '../../journey/audience/sign-up.ts';",
      },
      'ports, not the stage',
    ],
    [
      'an adapter that knows another',
      { 'adapters/x/a.ts': "import { b } from '../postgres/b.ts';" },
      'may not import the adapter postgres',
    ],
    [
      'web that knows an adapter',
      { 'web/a.ts': "import { x } from '../adapters/log.ts';" },
      'web may not import adapters/log.ts',
    ],
    ['jobs that know the web', { 'jobs/a.ts': "import { x } from '../web/app.ts';" }, 'may not import web'],
    [
      'settings that know the journey',
      { 'config/a.ts': "import type { L } from '../journey/ports.ts';" },
      'config may not import',
    ],
    [
      'a command that knows pages',
      { 'commands/a.ts': "import { x } from '../web/app.ts';" },
      'may not import web',
    ],
    [
      'Bull outside its folder',
      { 'jobs/a.ts': "import Bull from 'bull';" },
      'bull stays inside adapters/bull/',
    ],
    ['SQL outside its folder', { 'web/a.ts': "import pg from 'pg';" }, 'pg stays inside adapters/postgres/'],
    [
      'nodemailer’s inside outside its folder',
      { 'adapters/x/a.ts': "import C from 'nodemailer/lib/smtp-connection';" },
      'nodemailer stays inside',
    ],
  ];
  it.each(cases)('%s', (_, files, words) => {
    expect(breaches(made(files))).toEqual([expect.stringContaining(words)]);
  });

  it('a cycle, also one of types', () => {
    const files = {
      'domain/a.ts': "import type { B } from './b.ts';",
      'domain/b.ts': "import { c } from './c.ts';",
      'domain/c.ts': "import type { A } from './a.ts';",
      'domain/d.ts': "import type { A } from './a.ts';",
    };
    expect(cycles(made(files))).toEqual(['domain/a.ts → domain/b.ts → domain/c.ts → domain/a.ts']);
  });
});

describe('what is allowed passes:', () => {
  it('ports, shared tools, a stage’s own domain, composition', () => {
    const files = {
      'domain/a.ts': "import { createHmac } from 'node:crypto';\nimport { b } from './room/b.ts';",
      'journey/audience/ports/subscribers.ts': 'export interface P {}',
      'journey/audience/sign-up.ts':
        "import type { P } from './ports.ts';\nimport { groupCommit } from '../group-commit.ts';\nexport function signUp() { return new Date(now); }",
      'adapters/postgres/a.ts':
        "import pg from 'pg';\nimport type { P } from '../../journey/audience/ports.ts';",
      'adapters/mail-templates/a.ts': "import { t } from '../templates/texts.ts';",
      'web/app.ts':
        "import { signUp } from '../journey/audience/sign-up.ts';\nimport Fastify from 'fastify';",
      'main.ts': "import { app } from './web/app.ts';\nimport pg from './adapters/postgres/a.ts';",
    };
    expect(breaches(made(files))).toEqual([]);
  });
});
