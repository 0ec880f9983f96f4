import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../context.ts';
import { staffAccount } from './account.ts';
import { staffAccountView } from './account-view.ts';
import { staffAnswer } from './answer.ts';
import { staffContent } from './content.ts';
import { staffCosts } from './costs.ts';
import { staffDesk } from './desk.ts';
import { staffIssue } from './issue.ts';
import { staffIssues } from './issues.ts';
import { staffOverview } from './overview.ts';
import { staffPeople } from './people.ts';
import { staffPeopleExport } from './people-export.ts';
import { staffPeopleImport } from './people-import.ts';
import { staffProfile } from './profile.ts';
import { staffQueue } from './queue.ts';
import { staffRehearsal } from './rehearsal.ts';
import { staffScoring } from './scoring.ts';
import { guardBeforeBody } from './session.ts';
import { staffSettings } from './settings.ts';
import { staffSignIn } from './sign-in.ts';
import { staffUncertain } from './uncertain.ts';

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
