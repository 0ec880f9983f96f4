import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { reasonOfPick } from '../../../domain/content/choosing/pick.ts';
import { languageName } from '../../../domain/locale.ts';
import { type Digest, inLanguage } from '../../../domain/programme.ts';
import { reasonTeller } from '../../../domain/reason-text.ts';
import { cut } from '../../../domain/text.ts';
import { sendNow } from '../../../journey/delivery/plan-issue.ts';
import {
  openPreview,
  type Preview,
  type PreviewedReader,
} from '../../../journey/delivery/preview/preview-issue.ts';
import { sendTestMail } from '../../../journey/delivery/send-test-mail.ts';
import type { WebContext } from '../../context.ts';
import { numberFormat } from '../number-format.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage } from '../staff-page.ts';
import { comingSlots } from './coming-issues.ts';
import { UNDER_WAY } from './issues.ts';
import { inScheme, mailFrameHeaders, openLinksOutside } from './mail-frame.ts';

const PAGE = 20;
const TABS = ['html', 'text', 'source'] as const;
const WIDTHS = ['600', '360'] as const;

type Query = Record<string, string | undefined>;
type Asked = { Params: { digest: string }; Querystring: Query };
type AskedReader = { Params: { digest: string; reader: string }; Querystring: Query };

/** A digest as it would go out now: who gets what and who gets nothing, and any reader's mail before it is one. */
export function staffRehearsal(app: FastifyInstance, context: WebContext): void {
  const preHandler = staffOnly(context, ['marketer']);
  const { programme, links, database, mails } = context;
  const { stores } = database;
  const digestOf = (id: string) => programme.digests.find((one) => one.id === id);
  const preview = (digest: Digest) => openPreview({ stores, programme, links }, digest, context.now());

  app.get<Asked>('/staff/rehearsal/:digest', { preHandler }, async (request, reply) => {
    const digest = digestOf(request.params.digest);
    if (!digest) return reply.callNotFound();
    const search = cut((request.query.reader ?? '').trim(), 100);
    if (search !== '') {
      const found = await stores.issueViews.someReader(search);
      if (found) return reply.redirect(`/staff/rehearsal/${digest.id}/${found.id}`);
    }
    const after = /^\d{1,15}$/.test(request.query.after ?? '') ? Number(request.query.after) : 0;
    const open = await preview(digest);
    const [sum, readers, underWay] = await Promise.all([
      open.sum(),
      open.page(after, PAGE),
      stores.issueViews.list({ statuses: [...UNDER_WAY], toOne: false, beforeId: null, limit: 20 }),
    ]);
    const language = staffLanguage(context, request);
    const [scheduled] = await comingSlots(context, [digest], underWay, context.now(), language);
    const words = numberFormat(language, programme.currency);
    return showStaffPage(context, request, reply, 'rehearsal', {
      digest: { id: digest.id, name: inLanguage(digest.name, language) },
      sum: {
        ...sum,
        share: words.share(sum.sample === 0 ? null : sum.mails / sum.sample),
        without: sum.sample - sum.mails,
        isSample: sum.sample < sum.readers,
        articles: sum.articles.map(({ article, count, asMain }) => ({
          title: article.title,
          url: article.url,
          language: article.language,
          count,
          asMain,
        })),
      },
      scheduled,
      fresh: open.articles.length,
      readers: readers.map((reader) => shownReader(reader, language)),
      next: readers.length === PAGE ? readers.at(-1)!.subscriber.id : null,
      isFirst: after === 0,
      search,
      isNobody: search !== '',
      isUnsure: request.query.sure === 'no',
    });
  });

  app.post<Asked & { Body: { sure?: string } }>(
    '/staff/rehearsal/:digest/send',
    { preHandler },
    async (request, reply) => {
      const digest = digestOf(request.params.digest);
      if (!digest) return reply.callNotFound();
      if (request.body.sure !== 'yes')
        return reply.redirect(`/staff/rehearsal/${digest.id}?sure=no#send`, 303);
      const by = request.staff!.member.email;
      const { issueId } = await sendNow(context, digest, { by }, context.now());
      await context.queue.add({ name: 'deliver-issue', issueId });
      return reply.redirect(`/staff/issues/${issueId}`, 303);
    },
  );

  app.get<AskedReader>('/staff/rehearsal/:digest/:reader', { preHandler }, async (request, reply) => {
    const found = await findReader(request.params);
    if (!found) return reply.callNotFound();
    return showPreview(request, reply, found, request.query.sent === 'yes');
  });

  app.get<AskedReader>('/staff/rehearsal/:digest/:reader/mail', { preHandler }, async (request, reply) => {
    const found = await findReader(request.params);
    if (!found || !('picks' in found.reader)) return reply.callNotFound();
    const { html } = render(found);
    return reply
      .headers(mailFrameHeaders(request.query.images !== 'off'))
      .type('text/html; charset=utf-8')
      .send(openLinksOutside(inScheme(html, request.query.scheme === 'dark')));
  });

  app.post<AskedReader>('/staff/rehearsal/:digest/:reader/test', { preHandler }, async (request, reply) => {
    const found = await findReader(request.params);
    if (!found || !('picks' in found.reader)) return reply.callNotFound();
    const { open, reader, digest } = found;
    await sendTestMail(
      context,
      {
        mail: open.mail({ ...reader, picks: found.reader.picks }),
        language: languageOf(reader),
        to: request.staff!.member.email,
        of: `${digest.id} · ${reader.subscriber.email}`,
      },
      context.now(),
    );
    return reply.redirect(`/staff/rehearsal/${digest.id}/${reader.subscriber.id}?sent=yes`, 303);
  });

  interface Found {
    digest: Digest;
    open: Preview;
    reader: PreviewedReader;
  }

  async function findReader(params: { digest: string; reader: string }): Promise<Found | null> {
    const digest = digestOf(params.digest);
    if (!digest || !/^\d{1,15}$/.test(params.reader)) return null;
    const open = await preview(digest);
    const reader = await open.reader(Number(params.reader));
    return reader ? { digest, open, reader } : null;
  }

  function languageOf({ subscriber }: PreviewedReader): string {
    return programme.languages.includes(subscriber.language)
      ? subscriber.language
      : programme.defaultLanguage;
  }

  function render({ open, reader }: Found) {
    if (!('picks' in reader)) throw new Error('a reader without picks has no mail');
    return mails.render('issue', languageOf(reader), open.mail(reader));
  }

  function showPreview(request: FastifyRequest, reply: FastifyReply, found: Found, isSent: boolean) {
    const { digest, reader } = found;
    const query = request.query as Query;
    const tab = TABS.find((one) => one === query.tab) ?? 'html';
    const width = WIDTHS.find((one) => one === query.width) ?? '600';
    const [isDark, isBare] = [query.scheme === 'dark', query.images === 'off'];
    const here = `/staff/rehearsal/${digest.id}/${reader.subscriber.id}`;
    const address = (changed: Query) => {
      const set = { tab, width, scheme: isDark ? 'dark' : '', images: isBare ? 'off' : '', ...changed };
      const fields = Object.entries(set).filter(([, value]) => value) as [string, string][];
      return `${here}?${new URLSearchParams(fields)}`;
    };
    const mail = 'picks' in reader ? render(found) : null;
    const language = staffLanguage(context, request);
    return showStaffPage(context, request, reply, 'preview', {
      digest: { id: digest.id, name: inLanguage(digest.name, language) },
      reader: shownReader(reader, language),
      isSent,
      mail: mail && { subject: mail.subject, text: mail.text, source: mail.html },
      kilobytes: mail && Math.round(Buffer.byteLength(mail.html) / 1024),
      tab,
      tabs: TABS.map((id) => ({ id, url: address({ tab: id }), isShown: id === tab })),
      widths: WIDTHS.map((id) => ({ id, url: address({ width: id }), isShown: id === width })),
      width,
      isDark,
      isBare,
      darkUrl: address({ scheme: isDark ? '' : 'dark' }),
      imagesUrl: address({ images: isBare ? '' : 'off' }),
      frameUrl: `${here}/mail?scheme=${isDark ? 'dark' : 'light'}&images=${isBare ? 'off' : 'on'}`,
      testUrl: `${here}/test`,
    });
  }

  function shownReader(reader: PreviewedReader, language: string) {
    const { subscriber } = reader;
    const tell = reasonTeller(context, language);
    return {
      id: subscriber.id,
      email: subscriber.email,
      name: subscriber.name,
      language: languageName(subscriber.language, language),
      isControl: reader.isControl,
      interests: programme.interests
        .filter(({ id }) => subscriber.interests.includes(id))
        .map(({ label }) => inLanguage(label, language))
        .join(', '),
      ...('picks' in reader
        ? {
            picks: reader.picks.map(({ article, pick }) => ({
              title: article.title,
              url: article.url,
              reason: tell(reasonOfPick(pick)),
              isMain: pick.place === 'main',
            })),
          }
        : { skip: tell(reader.skip) }),
    };
  }
}
