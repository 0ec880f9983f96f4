import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { httpWebhookSender } from '../adapters/webhooks/webhook-sender.ts';
import { redact, redacted } from '../domain/redact.ts';
import { WEBHOOK_TYPES, webhookSecret } from '../domain/sales/webhook.ts';
import {
  addWebhook,
  announceTest,
  removeWebhook,
  resendWebhookMessage,
} from '../journey/sales/manage-webhooks.ts';
import type { LoggedMessage, Webhook } from '../journey/sales/ports/webhooks.ts';
import { sendWebhooks } from '../journey/sales/send-webhooks.ts';
import type { Runtime } from '../runtime.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, commandLog, print, withProgram } from './with-program.ts';

interface Common {
  json?: boolean;
  programme?: string;
}

/** As many as a terminal shows at once. */
const MOST_LOGGED = 20;
/** A running worker may have taken the test message; then its answer is waited for. */
const TEST_WAIT_MS = 30_000;

/** simmer webhook add|list|test|log|resend|remove: other programs that are told what happens to leads. */
export function webhookCommands(webhook: Command): void {
  webhook
    .command('add')
    .description('tell another program, such as a CRM, about qualifications, outcomes and returns')
    .argument('<url>', 'where to post; https, or http with --allow-private')
    .option('--types <list>', `with commas between: ${WEBHOOK_TYPES.join(', ')} (default: all)`, readTypes)
    .option('--allow-private', 'the receiver lies in your own network')
    .option('--secret <secret>', 'whsec_… of 24 bytes or more in base64 (default: a new one)', readSecret)
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer webhook add https://crm.example.com/hooks/simmer')
    .action(async (url: string, _options, command: Command) => {
      const options = command.optsWithGlobals<
        Common & { types?: string[]; allowPrivate?: boolean; secret?: string }
      >();
      const added = {
        url: readUrl(url, options.allowPrivate === true),
        types: options.types ?? [...WEBHOOK_TYPES],
        allowPrivate: options.allowPrivate === true,
        secret: options.secret ?? webhookSecret(randomBytes(32)),
        createdAt: new Date(),
      };
      const id = await withProgram(options, (program) =>
        addWebhook(program, { webhook: added, by: whoAmI() }, added.createdAt),
      );
      print(
        {
          json: { id, ...added },
          text: `Webhook ${id} is added. Its secret, for the receiver to verify signatures (Standard Webhooks):\n${added.secret}\nTry it: simmer webhook test ${id}`,
        },
        options.json,
      );
    });

  webhook
    .command('list')
    .description('list the receivers')
    .option('--all', 'also those that were removed or are gone')
    .option('--json', 'print JSON alone on stdout, secrets included')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<Common & { all?: boolean }>();
      const list = await withProgram(options, ({ database }) =>
        database.stores.webhooks.list(options.all === true),
      );
      print(
        { json: redacted(list), text: list.map(webhookInWords).join('\n') || 'No webhooks yet.' },
        options.json,
      );
    });

  webhook
    .command('test')
    .description('post a test message now and show the answer')
    .argument('<id>', 'number of the webhook', readNumber)
    .option('--json', 'print JSON alone on stdout')
    .action(async (id: number, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const message = await withProgram(options, (program) => test(program, id));
      print({ json: message, text: messageInWords(message) }, options.json);
      if (message.status !== 'delivered') throw new CommandError('the test message was not taken');
    });

  webhook
    .command('log')
    .description('show the latest messages with every try')
    .option('--webhook <id>', 'only of this webhook', readNumber)
    .option('--limit <n>', 'how many messages', readNumber, MOST_LOGGED)
    .option('--json', 'print JSON alone on stdout')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<Common & { webhook?: number; limit: number }>();
      const log = await withProgram(options, ({ database }) =>
        database.stores.webhooks.log({ webhookId: options.webhook ?? null, limit: options.limit }),
      );
      print({ json: log, text: log.map(messageInWords).join('\n') || 'No messages yet.' }, options.json);
    });

  webhook
    .command('resend')
    .description('post a message again, under the same id; running workers do it')
    .argument('<message>', 'number of the message, as "simmer webhook log" shows it', readNumber)
    .option('--json', 'print JSON alone on stdout')
    .action(async (id: number, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const isPlanned = await withProgram(options, ({ database }) =>
        resendWebhookMessage({ database }, { id, by: whoAmI() }, new Date()),
      );
      if (!isPlanned)
        throw new CommandError(
          `found no message ${id} that is delivered or failed and whose webhook is still there; "simmer webhook log" shows them`,
        );
      print({ json: { resent: id }, text: `Message ${id} goes out again.` }, options.json);
    });

  webhook
    .command('remove')
    .description('send no more messages there')
    .argument('<id>', 'number of the webhook', readNumber)
    .option('--json', 'print JSON alone on stdout')
    .action(async (id: number, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const isEnded = await withProgram(options, (program) =>
        removeWebhook(program, { id, by: whoAmI() }, new Date()),
      );
      if (!isEnded) throw new CommandError(`found no webhook ${id}; "simmer webhook list" shows them`);
      print({ json: { removed: id }, text: `Webhook ${id} is removed.` }, options.json);
    });
}

async function test({ database, settings }: Runtime, webhookId: number): Promise<LoggedMessage> {
  const { webhooks } = database.stores;
  const now = () => new Date();
  const newSecret = () => randomBytes(8).toString('hex');
  const id = await announceTest({ database, newSecret }, webhookId, now());
  if (id === null) throw new CommandError(`found no webhook ${webhookId}; "simmer webhook list" shows them`);
  const webhookSender = httpWebhookSender({ publicUrl: settings.publicUrl });
  await sendWebhooks({ webhooks, webhookSender, random: () => 0, log: commandLog() }, now);
  for (const until = Date.now() + TEST_WAIT_MS; ; ) {
    const log = await webhooks.log({ webhookId, limit: 100 });
    const message = log.find((one) => one.id === id);
    if (message && message.attempts.length > 0) return message;
    if (Date.now() > until)
      throw new CommandError('a running worker has the test message, and no answer came so far');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function webhookInWords({ id, url, types, allowPrivate, endedAt, endReason }: Webhook): string {
  const end = endedAt ? `; ended ${endedAt.toISOString().slice(0, 10)}: ${endReason}` : '';
  return `${id}  ${redact(url)}  ${types.join(', ')}${allowPrivate ? '; private network allowed' : ''}${end}`;
}

function messageInWords({ id, webhookId, type, at, status, dueAt, attempts }: LoggedMessage): string {
  const next = status === 'planned' ? `, next try ${dueAt.toISOString()}` : '';
  const tries = attempts.map(
    (attempt) =>
      `    ${attempt.at.toISOString()}  ${attempt.statusCode ?? attempt.error} (${attempt.tookMs} ms)`,
  );
  return [`${id}  webhook ${webhookId}  ${type}  ${at.toISOString()}  ${status}${next}`, ...tries].join('\n');
}

function readUrl(text: string, allowPrivate: boolean): string {
  const allowed = allowPrivate ? ['https:', 'http:'] : ['https:'];
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && allowed.includes(url.protocol)) return url.href;
  throw new CommandError(
    `found "${text}"; allowed is an address that starts with https:// (http:// with --allow-private)`,
  );
}

function readTypes(text: string): string[] {
  const types = text.split(',').map((type) => type.trim());
  const known: readonly string[] = WEBHOOK_TYPES;
  const unknown = types.filter((type) => !known.includes(type));
  if (unknown.length === 0) return [...new Set(types)];
  throw new InvalidArgumentError(`found ${unknown.join(', ')}; allowed are ${WEBHOOK_TYPES.join(', ')}.`);
}

function readSecret(text: string): string {
  const bytes = Buffer.from(text.replace(/^whsec_/, ''), 'base64').length;
  if (/^whsec_[A-Za-z0-9+/]+=*$/.test(text) && bytes >= 24 && bytes <= 64) return text;
  throw new InvalidArgumentError('allowed is whsec_ and then 24 to 64 bytes in base64.');
}

function readNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`found "${text}"; allowed is a whole number from 1.`);
}
