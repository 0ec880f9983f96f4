import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { dateLocale } from '../../domain/locale.ts';
import type { InboxStore } from '../../journey/delivery/ports/inbox.ts';
import type { WebContext } from '../context.ts';
import { languageOf } from '../language.ts';
import { onlyUnderOwnName } from './own-host.ts';
import { readMail } from './read-mail.ts';

interface ListQuery {
  to?: string;
  search?: string;
  before?: string;
  limit?: string;
}

const PAGE = 50;
const TABS = ['html', 'text', 'headers', 'source'] as const;
const WIDTHS = ['600', '360'];

/**
 * The built-in inbox of the embedded set-up: whatever Simmer mailed, to look at. A mail's HTML is shown in a frame
 * that runs no scripts and has no access to this site: what a feed wrote is in it.
 */
export function inboxRoutes(app: FastifyInstance, context: WebContext, inbox: InboxStore): void {
  const show = (reply: FastifyReply, page: string, data: Record<string, unknown>) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(context.page(`inbox/${page}`, languageOf(reply.request, context.programme), data));
  const clock = (at: Date, request: FastifyRequest) => clockIn(at, languageOf(request, context.programme));

  app.addHook('onRequest', onlyUnderOwnName(context.publicUrl));

  app.get<{ Querystring: ListQuery }>('/inbox', async (request, reply) => {
    const { to, search } = request.query;
    const mails = await inbox.list(filterOf(request.query, PAGE + 1));
    const shown = mails.slice(0, PAGE);
    const last = shown.at(-1);
    return show(reply, 'list', {
      to,
      search,
      mails: shown.map((mail) => ({
        ...mail,
        recipients: mail.rcptTo.join(', '),
        at: clock(mail.receivedAt, request),
        iso: mail.receivedAt.toISOString(),
      })),
      olderUrl:
        mails.length > PAGE && last ? `/inbox?${queryWith({ to, search, before: String(last.id) })}` : null,
    });
  });

  app.get<{ Querystring: ListQuery }>('/inbox.json', async (request, reply) => {
    const mails = await inbox.list(
      filterOf(request.query, Math.min(Number(request.query.limit) || PAGE, 500)),
    );
    const whole = await Promise.all(
      mails.map(async ({ id, ...envelope }) => {
        const raw = (await inbox.find(id))?.raw;
        const { source: _source, ...mail } = await readMail(raw ?? Buffer.alloc(0));
        return { id, ...envelope, ...mail, to: envelope.rcptTo };
      }),
    );
    return reply.header('cache-control', 'no-store').send({ mails: whole });
  });

  app.get<{ Params: { id: string }; Querystring: { tab?: string; width?: string; images?: string } }>(
    '/inbox/:id',
    async (request, reply) => {
      const mail = await findMail(inbox, request.params.id);
      if (!mail) return reply.callNotFound();
      const read = await readMail(mail.raw);
      const tab = TABS.find((name) => name === request.query.tab) ?? (read.html === null ? 'text' : 'html');
      const width = WIDTHS.includes(request.query.width ?? '') ? request.query.width : '600';
      const images = request.query.images === 'off' ? 'off' : 'on';
      const here = `/inbox/${mail.id}`;
      return show(reply, 'mail', {
        mail: {
          ...mail,
          ...read,
          recipients: mail.rcptTo.join(', '),
          at: clock(mail.receivedAt, request),
          iso: mail.receivedAt.toISOString(),
        },
        kilobytes: Math.round((10 * read.bytes) / 1024) / 10,
        tab,
        tabs: TABS.map((name) => ({ name, url: `${here}?tab=${name}`, isCurrent: name === tab })),
        widths: WIDTHS.map((px) => ({
          px,
          url: `${here}?${queryWith({ tab: 'html', width: px, images })}`,
          isCurrent: px === width,
        })),
        width,
        frameUrl: `${here}/html${images === 'off' ? '?images=off' : ''}`,
        imagesOff: images === 'off',
        imagesUrl: `${here}?${queryWith({ tab: 'html', width, images: images === 'off' ? 'on' : 'off' })}`,
      });
    },
  );

  app.get<{ Params: { id: string }; Querystring: { images?: string } }>(
    '/inbox/:id/html',
    async (request, reply) => {
      const mail = await findMail(inbox, request.params.id);
      const html = mail && (await readMail(mail.raw)).html;
      if (!html) return reply.callNotFound();
      const images = request.query.images === 'off' ? "'none'" : 'http: https: data:';
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .header(
          'content-security-policy',
          `default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox`,
        )
        .send(openLinksOutside(html));
    },
  );

  app.get<{ Params: { id: string } }>('/inbox/:id/source', async (request, reply) => {
    const mail = await findMail(inbox, request.params.id);
    if (!mail) return reply.callNotFound();
    return reply
      .type('message/rfc822')
      .header('content-disposition', `attachment; filename="mail-${mail.id}.eml"`)
      .send(mail.raw);
  });
}

function filterOf({ to, search, before }: ListQuery, limit: number) {
  const beforeId = Number(before);
  return {
    limit,
    ...(to?.trim() ? { to: to.trim() } : {}),
    ...(search?.trim() ? { search: search.trim() } : {}),
    ...(Number.isSafeInteger(beforeId) && beforeId > 0 ? { before: beforeId } : {}),
  };
}

function findMail(inbox: InboxStore, id: string) {
  return /^\d{1,15}$/.test(id) ? inbox.find(Number(id)) : Promise.resolve(null);
}

function queryWith(values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return new URLSearchParams(given).toString();
}

/** In the frame a link would open inside it; in a mail program it opens the browser. */
function openLinksOutside(html: string): string {
  return html
    .replace(/(<a\s)(?![^<>]*\btarget=)/gi, '$1target="_blank" rel="noopener" ')
    .replace(/target="_self"/gi, 'target="_blank"');
}

/** "21 Nov, 14:05:09" in UTC: enough to tell mails of a try-out apart. */
function clockIn(at: Date, language: string): string {
  return new Intl.DateTimeFormat(dateLocale(language), {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: 'UTC',
  }).format(at);
}
