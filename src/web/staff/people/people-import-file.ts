import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { STANDINGS } from '../../../domain/audience/people-file/list-standing.ts';
import { FILE_COLUMNS, type FileColumn } from '../../../domain/audience/people-file/people-columns.ts';
import type { FilePerson, RowProblem } from '../../../domain/audience/people-file/people-file.ts';
import { shortened } from '../../../domain/text.ts';
import type { ImportSummary, ShownRow } from '../../../journey/audience/ports/people.ts';
import { readPeopleAgain } from '../../../journey/audience/read-people-again.ts';
import type { WebContext } from '../../context.ts';
import { oneOfEach } from '../../subscriber/page.ts';
import { showStaffPage, staffLanguage, withFlash } from '../staff-page.ts';

const SHOWN_ROWS = 20;
const SHOWN_PEOPLE = 5;
const SAMPLES = 3;
const LOOKED_AT = 30;
/** What may be said of everybody in a file; "subscribed" says nothing more than the columns do. */
const SAID_OF_ALL = STANDINGS.filter((standing) => standing !== 'subscribed');

/** One file on its way in: how it is read, which can be changed as long as it waits, and what became of it. */
export function staffImportedFile(
  app: FastifyInstance,
  context: WebContext,
  guard: preHandlerAsyncHookHandler,
): void {
  const { imports } = context.database.stores;

  app.get<{ Params: { id: string }; Querystring: { unusable?: string } }>(
    '/staff/people/imports/:id',
    { preHandler: guard },
    async (request, reply) => {
      const file = await importOf(context, request.params.id);
      if (!file) return reply.callNotFound();
      const language = staffLanguage(context, request);
      const inText = ({ line, fields, problems }: ShownRow) => ({
        line,
        text: shortened(fields.filter(Boolean).join(' · '), 120),
        problems: problems.map((problem) => textOf(context, problem, language)),
      });
      const [problems, notes] = await Promise.all([
        imports.badRows(file.id, 0, SHOWN_ROWS),
        imports.notedRows(file.id, SHOWN_ROWS),
      ]);
      const total = file.good + file.done;
      return showStaffPage(context, request, reply, 'people-import', {
        file,
        isLive: file.status === 'running',
        total,
        percentDone: total === 0 ? 100 : Math.round((100 * file.done) / total),
        toImport: file.good - file.left,
        outcomes: Object.entries(file.outcomes)
          .filter(([, count]) => count > 0)
          .map(([outcome, count]) => ({ outcome, count })),
        ...(file.status === 'checked' ? await readingOf(context, file) : {}),
        cannotBeRead: request.query.unusable === 'no-email-column',
        problems: problems.map(inText),
        notes: notes.map(inText),
        furtherProblems: Math.max(0, file.bad - SHOWN_ROWS),
        furtherNotes: Math.max(0, file.noted - SHOWN_ROWS),
        script: file.status === 'running' ? '/assets/refresh.js' : null,
      });
    },
  );

  app.post<{ Params: { id: string } }>(
    '/staff/people/imports/:id/columns',
    { preHandler: guard },
    async (request, reply) => {
      const file = await importOf(context, request.params.id);
      if (!file) return reply.callNotFound();
      const inputs = oneOfEach(request.body);
      const columnOf = (at: number): FileColumn | null =>
        FILE_COLUMNS.find((column) => column === inputs[`column-${at}`]) ?? null;
      const choice = {
        taken: file.columns.map((_, at) => columnOf(at)),
        standing: SAID_OF_ALL.find((standing) => standing === inputs.standing) ?? null,
      };
      const isRead = await readPeopleAgain(
        context,
        { importId: file.id, choice, staffEmail: request.staff!.member.email },
        context.now(),
      );
      const path = `/staff/people/imports/${file.id}`;
      if (typeof isRead === 'object') return reply.redirect(`${path}?unusable=${isRead.unusable}`, 303);
      return reply.redirect(withFlash(path, isRead ? 'columns-read' : null), 303);
    },
  );
}

/** Null for what is no file's number. */
export async function importOf({ database }: WebContext, id: string): Promise<ImportSummary | null> {
  return /^\d{1,15}$/.test(id) ? database.stores.imports.find(Number(id)) : null;
}

/** What is wrong with a row, or was noted about it, in words. */
export function textOf(context: WebContext, { key, values }: RowProblem, language: string): string {
  return context.page('staff/one-text', language, { key, ...values }).trim();
}

/** Each column with some of what stands in it and what it was taken for, and how the first people come out of that. */
async function readingOf({ database }: WebContext, file: ImportSummary) {
  const { imports } = database.stores;
  const [rows, people] = await Promise.all([
    imports.rows(file.id, 0, LOOKED_AT),
    imports.firstPeople(file.id, SHOWN_PEOPLE),
  ]);
  const columns = file.columns.map((name, at) => {
    const cells = new Set(rows.map(({ fields }) => (fields[at] ?? '').trim()).filter((cell) => cell !== ''));
    const samples = [...cells].slice(0, SAMPLES).map((cell) => shortened(cell, 60));
    return { at, name, samples: samples.join(' · '), taken: file.taken[at] ?? null };
  });
  return {
    readColumns: columns.filter(({ taken }) => taken !== null),
    otherColumns: columns.filter(({ taken }) => taken === null),
    choices: FILE_COLUMNS,
    standings: SAID_OF_ALL,
    people: people.map(shownPerson),
  };
}

function shownPerson({ email, name, company, left, consent }: FilePerson) {
  const becomes = left ? 'left' : consent ? 'active' : 'asked';
  return { email, name, company, becomes, why: left?.why, agreedAt: consent?.at };
}
