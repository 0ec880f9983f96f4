import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { writeCsvLine } from '../../domain/audience/csv.ts';
import { type NoText, readFileText } from '../../domain/audience/file-text.ts';
import type { RowProblem } from '../../domain/audience/people-file.ts';
import { beginImport, checkPeople } from '../../journey/audience/import-people.ts';
import type { ImportStore, ImportSummary } from '../../journey/audience/people.ts';
import type { WebContext } from '../context.ts';
import { staffOnly } from './session.ts';
import { showStaffPage, staffLanguage, telling } from './show.ts';

const LARGEST_FILE = 25 * 1024 * 1024;
const SHOWN_PROBLEMS = 20;
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
  const { imports, audit } = context.database.stores;

  app.get('/staff/people/import', { preHandler: guard }, (request, reply) => showForm(request, reply, {}));

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'multipart/form-data',
      { parseAs: 'buffer', bodyLimit: LARGEST_FILE },
      (request: FastifyRequest, body: Buffer) => readUpload(request.headers['content-type'] ?? '', body),
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
      // Whoever has no session sends no large file first.
      { bodyLimit: LARGEST_FILE, onRequest: refuseStrangers, preHandler: guard },
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

  async function refuseStrangers(request: FastifyRequest, reply: FastifyReply) {
    if (!request.cookies.simmer_staff) return guard.call(app, request, reply);
  }

  app.get<{ Params: { id: string } }>(
    '/staff/people/imports/:id',
    { preHandler: guard },
    async (request, reply) => {
      const file = await find(request.params.id);
      if (!file) return reply.callNotFound();
      const problems = await imports.badRows(file.id, 0, SHOWN_PROBLEMS);
      const language = staffLanguage(context, request);
      const total = file.good + file.done;
      return showStaffPage(context, request, reply, 'people-import', {
        file,
        isLive: file.status === 'running',
        total,
        percentDone: total === 0 ? 100 : Math.round((100 * file.done) / total),
        toAsk: file.good - file.known - file.withConsent,
        outcomes: Object.entries(file.outcomes)
          .filter(([, count]) => count > 0)
          .map(([outcome, count]) => ({ outcome, count })),
        problems: problems.map(({ line, fields, problems: found }) => ({
          line,
          text: fields.filter(Boolean).join(' · ').slice(0, 120),
          problems: found.map((problem) => inText(problem, language)),
        })),
        furtherProblems: Math.max(0, file.bad - SHOWN_PROBLEMS),
        script: file.status === 'running' ? '/assets/refresh.js' : null,
      });
    },
  );

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
      const at = context.now();
      const isGone = await imports.discard(file.id, at);
      const staffEmail = request.staff!.member.email;
      if (isGone) await audit.add({ at, staffEmail, act: 'import-discarded', subject: file.fileName });
      return reply.redirect(telling('/staff/people/import', isGone ? 'import-discarded' : null), 303);
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
        .send(Readable.from(problemLines(imports, file, (problem) => inText(problem, language))));
    },
  );

  const find = (id: string) => (/^\d{1,15}$/.test(id) ? imports.find(Number(id)) : null);

  async function showForm(request: FastifyRequest, reply: FastifyReply, data: Record<string, unknown>) {
    return showStaffPage(context, request, reply, 'people-import-form', {
      ...data,
      recent: await imports.recent(10),
      interests: context.programme.interests.map(({ id }) => id).join(', '),
      languages: context.programme.languages.join(', '),
    });
  }

  function inText({ key, values }: RowProblem, language: string): string {
    return context.page('staff/one-text', language, { key, ...values }).trim();
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

async function readUpload(type: string, body: Buffer): Promise<Partial<Upload>> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const file = form.get('file');
    const csrf = form.get('csrf');
    return {
      ...(typeof csrf === 'string' ? { csrf } : {}),
      ...(file && typeof file !== 'string'
        ? { fileName: file.name.slice(0, 200), ...readFileText(new Uint8Array(await file.arrayBuffer())) }
        : {}),
    };
  } catch (error) {
    throw Object.assign(new Error('the form cannot be read', { cause: error }), { statusCode: 400 });
  }
}
