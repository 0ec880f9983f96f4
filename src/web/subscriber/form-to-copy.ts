import type { FastifyInstance } from 'fastify';
import { plainLine } from '../../domain/audience/profile-field.ts';
import { HONEYPOT_INPUT } from '../../domain/audience/sign-up-form.ts';
import { cut } from '../../domain/text.ts';
import type { WebContext } from '../context.ts';
import { oneOfEach, pageLanguage, showPage } from './page.ts';

/** For the marketer: the sign-up form as HTML for any page of any site. ?form= names it, ?download= what it gives. */
export function formToCopy(app: FastifyInstance, context: WebContext): void {
  app.get('/form', (request, reply) => {
    const language = pageLanguage(context, request);
    const { form = 'website', download = '' } = oneOfEach(request.query);
    const data = {
      publicUrl: context.publicUrl,
      form: cut(plainLine(form), 60),
      download: cut(plainLine(download), 200),
      honeypot: HONEYPOT_INPUT,
    };
    const code = context.page('subscriber/form-code', language, data).trim();
    return showPage(context, reply, 'form-to-copy', language, {
      ...data,
      code,
      rows: code.split('\n').length + 1,
    });
  });
}
