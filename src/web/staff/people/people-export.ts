import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { writeCsvLine } from '../../../domain/audience/people-file/csv.ts';
import { readPeopleFilter } from '../../../domain/audience/people-filter.ts';
import { shownStage } from '../../../domain/audience/subscriber.ts';
import { exportPeople } from '../../../journey/audience/export-people.ts';
import type { PersonRow } from '../../../journey/audience/ports/people.ts';
import type { WebContext } from '../../context.ts';
import { staffOnly } from '../session/session.ts';

/** The list as it is narrowed down, as a file. Written while it is read: any number of people fits. */
export function staffPeopleExport(app: FastifyInstance, context: WebContext): void {
  app.get<{ Querystring: Record<string, string> }>(
    '/staff/people.csv',
    { preHandler: staffOnly(context, ['marketer']) },
    async (request, reply) => {
      const filter = readPeopleFilter(request.query);
      const now = context.now();
      const people = await exportPeople(context, { filter, staffEmail: request.staff!.member.email }, now);
      const name = `people-${now.toISOString().slice(0, 10)}.csv`;
      return reply
        .type('text/csv; charset=utf-8')
        .headers({ 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'no-store' })
        .send(Readable.from(lines(people)));
    },
  );
}

const COLUMNS = [
  'email',
  'name',
  'company',
  'job_title',
  'phone',
  'industry',
  'company_size',
  'country',
  'language',
  'time_zone',
  'interests',
  'source',
  'status',
  'stage',
  'score',
  'mails_sent',
  'signed_up_at',
  'confirmed_at',
  'last_act_at',
];

async function* lines(people: AsyncIterable<PersonRow[]>): AsyncGenerator<string> {
  // Spreadsheets take a file for UTF-8 only with this sign in front.
  yield `\ufeff${writeCsvLine(COLUMNS)}`;
  for await (const rows of people)
    yield rows
      .map((row) =>
        writeCsvLine([
          row.email,
          row.name,
          row.company,
          row.jobTitle,
          row.phone,
          row.industry,
          row.companySize,
          row.country,
          row.language,
          row.timeZone,
          row.interests.join('; '),
          row.source,
          row.status,
          shownStage(row),
          row.score,
          row.mailsSent,
          row.createdAt.toISOString(),
          row.confirmedAt?.toISOString() ?? null,
          row.lastActAt?.toISOString() ?? null,
        ]),
      )
      .join('');
}
