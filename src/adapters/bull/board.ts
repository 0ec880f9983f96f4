import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
} from '@bull-board/api/typings/app';
import type Bull from 'bull';
import type { BoardRequest, QueueBoard } from '../../journey/ports.ts';

/**
 * bull-board over a queue, for reading only: jobs are reminders, so there is nothing to mend in them, and what changes
 * nothing needs no form token. Its page is taken as it comes, without the fonts it would fetch from elsewhere.
 */
export function bullBoard(queue: Bull.Queue, base: string): QueueBoard {
  const kept = keeper();
  createBullBoard({
    queues: [new BullAdapter(queue, { readOnlyMode: true, allowRetries: false })],
    serverAdapter: kept.adapter,
    options: { uiConfig: { boardTitle: 'Simmer' } },
  });
  const { entry, api, queues, uiConfig, views, assets } = kept.found();
  const { params } = entry.handler({ basePath: base, uiConfig });
  const page = readFileSync(join(views, 'index.ejs'), 'utf8')
    .replace(/<link(?=[^<>]*fonts\.googleapis\.com)[^<>]*>/g, '')
    .replace(/<%[-=]\s*(\w+)\s*%>/g, (_, name: string) =>
      String((params as Record<string, unknown>)[name] ?? ''),
    );
  return {
    pages: [entry.route].flat(),
    page,
    assets,
    answers: api
      .filter(({ method }) => [method].flat().includes('get'))
      .flatMap(({ route, handler }) =>
        [route].flat().map((path) => ({
          path,
          async answer(request: BoardRequest) {
            const { status = 200, body } = await handler({
              ...request,
              queues,
              uiConfig,
              body: {},
              headers: {},
            });
            return { status, body };
          },
        })),
      ),
  };
}

type UiConfig = Parameters<IServerAdapter['setUIConfig']>[0];

/** Where bull-board puts what a web server is to serve. */
function keeper() {
  let [entry, api, queues] = [
    null as AppViewRoute | null,
    [] as AppControllerRoute[],
    new Map() as BullBoardQueues,
  ];
  let [uiConfig, views, assets] = [{} as UiConfig, '', ''];
  const adapter: IServerAdapter = {
    setQueues: (given) => {
      queues = given;
      return adapter;
    },
    setViewsPath: (path) => {
      views = path;
      return adapter;
    },
    setStaticPath: (_, path) => {
      assets = path;
      return adapter;
    },
    setEntryRoute: (route) => {
      entry = route;
      return adapter;
    },
    setErrorHandler: () => adapter,
    setApiRoutes: (routes) => {
      api = routes;
      return adapter;
    },
    setUIConfig: (config) => {
      uiConfig = config;
      return adapter;
    },
  };
  return {
    adapter,
    found() {
      if (!entry) throw new Error('bull-board gave no page');
      return { entry, api, queues, uiConfig, views, assets };
    },
  };
}
