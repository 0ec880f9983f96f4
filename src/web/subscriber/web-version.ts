import type { FastifyInstance } from 'fastify';
import { issueMail } from '../../domain/mail/issue-mail.ts';
import { readToken } from '../../domain/tokens.ts';
import type { WebContext } from '../context.ts';
import { showBrokenLink } from './broken-link.ts';

/** Mails bring their own inline styles and pictures from anywhere; nothing in one may run, frame or post. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: http:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The mail as a page, from the picks that were stored with the delivery, without the pixel: looking at it here is not
 * an open. Its links are the reader's own. That is safe to pass on, because following a link changes nothing.
 */
export function webVersion(app: FastifyInstance, context: WebContext): void {
  app.get<{ Params: { token: string } }>('/web/:token', async (request, reply) => {
    const { programme, links, mails, database, log } = context;
    const { issues, deliveries, articles } = database.stores;
    const now = context.now();
    const subject = readToken(context.secrets, request.params.token);
    const delivery = subject?.kind === 'delivery' ? await deliveries.find(subject.deliveryId) : null;
    // Without picks the mail was never written: planned, skipped or cancelled.
    if (!delivery || delivery.picks.length === 0) return showBrokenLink(context, request, reply);

    const { subscriber, picks } = delivery;
    const language = programme.languages.includes(subscriber.language)
      ? subscriber.language
      : programme.defaultLanguage;
    const [picked, issueLinks] = await Promise.all([
      articles.find(picks.map(({ articleId }) => articleId)),
      issues.links(delivery.issueId),
    ]);
    const data = issueMail({
      programme,
      links,
      digestId: delivery.digestId,
      issueId: delivery.issueId,
      deliveryId: delivery.id,
      subscriber: { ...subscriber, language },
      picks,
      articles: picked,
      issueLinks,
      now: delivery.sentAt ?? now,
      webVersion: true,
    });
    log.debug({ deliveryId: delivery.id }, 'a mail is read in the browser');
    return reply
      .header('content-security-policy', MAIL_POLICY)
      .header('x-robots-tag', 'noindex, nofollow')
      .header('cache-control', 'private, no-store')
      .header('referrer-policy', 'no-referrer')
      .type('text/html; charset=utf-8')
      .send(mails.render('issue', language, data).html);
  });
}
