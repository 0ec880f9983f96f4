import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../context.ts';
import { staffContent } from './content.ts';
import { staffIssue } from './issues/issue.ts';
import { staffIssues } from './issues/issues.ts';
import { staffRehearsal } from './issues/preview.ts';
import { staffCosts } from './overview/costs.ts';
import { staffOverview } from './overview/overview.ts';
import { staffUncertain } from './overview/uncertain.ts';
import { staffPeople } from './people/people.ts';
import { staffPeopleExport } from './people/people-export.ts';
import { staffPeopleImport } from './people/people-import.ts';
import { staffProfile } from './people/profile.ts';
import { staffAnswer } from './sales/answer.ts';
import { staffAccountView } from './sales/company.ts';
import { staffDesk } from './sales/desk.ts';
import { staffScoring } from './scoring.ts';
import { staffAccount } from './session/my-sessions.ts';
import { guardBeforeBody } from './session/session.ts';
import { staffSignIn } from './session/sign-in.ts';
import { staffQueue } from './settings/queue.ts';
import { staffSettings } from './settings/settings.ts';

/** All pages for staff. The app needs @fastify/cookie, `takeForms` and @fastify/rate-limit registered before. */
export function staffPages(app: FastifyInstance, context: WebContext): void {
  guardBeforeBody(app);
  staffSignIn(app, context);
  staffAccount(app, context);
  staffOverview(app, context);
  staffUncertain(app, context);
  staffCosts(app, context);
  staffPeople(app, context);
  staffPeopleExport(app, context);
  staffPeopleImport(app, context);
  staffProfile(app, context);
  staffAnswer(app, context);
  staffIssues(app, context);
  staffIssue(app, context);
  staffRehearsal(app, context);
  staffContent(app, context);
  staffDesk(app, context);
  staffScoring(app, context);
  staffSettings(app, context);
  // Its guard holds for all of it, files included, and for nothing else.
  app.register(async (scope) => staffQueue(scope, context));
  staffAccountView(app, context);
}
