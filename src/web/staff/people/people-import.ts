import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { writeCsvLine } from '../../../domain/audience/people-file/csv.ts';
import { type NoText, readFileText } from '../../../domain/audience/people-file/file-text.ts';
import type { RowProblem } from '../../../domain/audience/people-file/people-file.ts';
import { cut } from '../../../domain/text.ts';
import { beginImport, checkPeople, discardImport } from '../../../journey/audience/check-people.ts';
import type { ImportStore, ImportSummary } from '../../../journey/audience/ports/people.ts';
import type { WebContext } from '../../context.ts';
import { readMultipart } from '../../multipart.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage, withFlash } from '../staff-page.ts';
import { importOf, staffImportedFile, textOf } from './people-import-file.ts';

const LARGEST_FILE = 25 * 1024 * 1024;
/** The file and the form's token. */
const MOST_PARTS = 10;
const CHUNK = 1000;

interface Upload {
  csrf?: string;
  fileName: string;
  text: string;
  problem: NoText;
}

/** A list of people from a file: checked and shown first, taken in after a second press. */
export function staffPeopleImport(app: FastifyInstance, context: WebContext): void {
  const guard = staffOnly(context, ['marketer']);
  const { imports } = context.database.stores;

  app.get('/staff/people/import', { preHandler: guard }, (request, reply) => showForm(request, reply, {}));

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'multipart/form-data',
      { parseAs: 'buffer', bodyLimit: LARGEST_FILE },
      async (request: FastifyRequest, body: Buffer) =>
        readUpload(request.headers['content-type'] ?? '', body),
    );
    scope.addContentTypeParser(
      '*',
      { parseAs: 'string' },
      async (_request: FastifyRequest, body: string | Buffer) => ({
        csrf: new URLSearchParams(String(body)).get('csrf') ?? undefined,
      }),
    );
    scope.post<{ Body: Partial<Upload> }>(
      '/staff/people/import',
      { bodyLimit: LARGEST_FILE, preHandler: guard },
      async (request, reply) => {
        const { fileName = '', text = '', problem } = request.body;
        if (problem) return showForm(request, reply.code(422), { unusable: problem });
        if (text.trim() === '') return showForm(request, reply.code(422), { unusable: 'empty' });
        const staffEmail = request.staff!.member.email;
        const checked = await checkPeople(context, { name: fileName, text, staffEmail }, context.now());
        if ('unusable' in checked) return showForm(request, reply.code(422), checked);
        return reply.redirect(`/staff/people/imports/${checked.importId}`, 303);
      },
    );
  });

  staffImportedFile(app, context, guard);

  app.post<{ Params: { id: string } }>(
    '/staff/people/imports/:id/begin',
    { preHandler: guard },
    async (request, reply) => {
      const file = await find(request.params.id);
      if (!file) return reply.callNotFound();
      const staffEmail = request.staff!.member.email;
      await beginImport(context, { importId: file.id, staffEmail }, context.now());
      return reply.redirect(`/staff/people/imports/${file.id}`, 303);
    },
  );

  app.post<{ Params: { id: string } }>(
    '/staff/people/imports/:id/discard',
    { preHandler: guard },
    async (request, reply) => {
      const file = await find(request.params.id);
      if (!file) return reply.callNotFound();
      const staffEmail = request.staff!.member.email;
      const isGone = await discardImport(context, { importId: file.id, staffEmail }, context.now());
      return reply.redirect(withFlash('/staff/people/import', isGone ? 'import-discarded' : null), 303);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/staff/people/imports/:id/problems.csv',
    { preHandler: guard },
    async (request, reply) => {
      const file = await find(request.params.id);
      if (!file) return reply.callNotFound();
      const language = staffLanguage(context, request);
      return reply
        .type('text/csv; charset=utf-8')
        .headers({
          'content-disposition': `attachment; filename="problems-${file.id}.csv"`,
          'cache-control': 'no-store',
        })
        .send(Readable.from(problemLines(imports, file, (problem) => textOf(context, problem, language))));
    },
  );

  const find = (id: string) => importOf(context, id);

  async function showForm(request: FastifyRequest, reply: FastifyReply, data: Record<string, unknown>) {
    return showStaffPage(context, request, reply, 'people-import-form', {
      ...data,
      recent: await imports.recent(10),
      interests: context.programme.interests.map(({ id }) => id).join(', '),
      languages: context.programme.languages.join(', '),
    });
  }
}

/** The rows that stayed out, as they stood in the file, with what is wrong in a last column: to mend and send again. */
async function* problemLines(
  imports: ImportStore,
  file: ImportSummary,
  inText: (problem: RowProblem) => string,
): AsyncGenerator<string> {
  yield `\ufeff${writeCsvLine([...file.columns, 'line', 'problem'])}`;
  let after = 0;
  for (;;) {
    const rows = await imports.badRows(file.id, after, CHUNK);
    yield rows
      .map(({ line, fields, problems }) => {
        const cells = file.columns.map((_, at) => fields[at] ?? '');
        return writeCsvLine([...cells, line, problems.map(inText).join(' ')]);
      })
      .join('');
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) return;
    after = last.line;
  }
}

function readUpload(type: string, body: Buffer): Partial<Upload> {
  const parts = readMultipart(type, body, MOST_PARTS);
  const csrf = parts.find(({ name }) => name === 'csrf');
  const file = parts.find(({ name, fileName }) => name === 'file' && fileName !== null);
  return {
    ...(csrf ? { csrf: Buffer.from(csrf.bytes).toString('latin1') } : {}),
    ...(file ? { fileName: cut(file.fileName!, 200), ...readFileText(file.bytes) } : {}),
  };
}
