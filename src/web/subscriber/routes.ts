import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../context.ts';
import { brandColours } from './brand-stylesheet.ts';
import { brokenLinkPage } from './broken-link.ts';
import { callBackPage } from './call-back.ts';
import { confirmChangePage } from './confirm-change.ts';
import { formToCopy } from './form-to-copy.ts';
import { moreOrLessPages } from './more-or-less.ts';
import { ownDataPages } from './own-data.ts';
import { preferencesPage } from './preferences.ts';
import { signUpPage } from './sign-up.ts';
import { unsubscribePage } from './unsubscribe.ts';
import { webVersion } from './web-version.ts';
import { whyUnsubscribed } from './why-unsubscribed.ts';

/** All pages for subscribers. The app needs `takeForms` and @fastify/rate-limit registered before. */
export function subscriberPages(app: FastifyInstance, context: WebContext): void {
  signUpPage(app, context);
  formToCopy(app, context);
  preferencesPage(app, context);
  moreOrLessPages(app, context);
  unsubscribePage(app, context);
  whyUnsubscribed(app, context);
  ownDataPages(app, context);
  callBackPage(app, context);
  confirmChangePage(app, context);
  webVersion(app, context);
  brokenLinkPage(app, context);
  brandColours(app, context);
}
