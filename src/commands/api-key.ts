import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { makeApiKey, revokeApiKey, SCOPES } from '../journey/staff/manage-api-keys.ts';
import type { Scope } from '../journey/staff/ports/api-keys.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, print, withProgram } from './with-program.ts';

interface Common {
  json?: boolean;
  programme?: string;
}

/** simmer api-key create|list|revoke: keys for programs that use /api/v1. */
export function apiKeyCommands(apiKey: Command): void {
  apiKey
    .command('create')
    .description('make a key; it is shown once and kept only as a hash')
    .argument('<name>', 'what uses it, such as "website" or "crm"')
    .option('--scopes <list>', `with commas between: ${SCOPES.join(', ')} (default: all)`, readScopes)
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  simmer api-key create website --scopes events:write,subscribers:write',
    )
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Common & { scopes?: Scope[] }>();
      const scopes = options.scopes ?? [...SCOPES];
      const newSecret = () => randomBytes(24).toString('base64url');
      const { id, key } = await withProgram(options, ({ database }) =>
        makeApiKey({ database, newSecret }, { name, scopes, by: whoAmI() }, new Date()),
      );
      print(
        {
          json: { id, name, key, scopes },
          text: `Key ${id} for "${name}" (${scopes.join(', ')}). It is shown only now:\n${key}`,
        },
        options.json,
      );
    });

  apiKey
    .command('list')
    .description('list the keys: whose they are, what they may do, when they were used last')
    .option('--json', 'print JSON alone on stdout')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const keys = await withProgram(options, ({ database }) => database.stores.apiKeys.list());
      const day = (at: Date | null) => at?.toISOString().slice(0, 16).replace('T', ' ') ?? 'never';
      const lines = keys.map(
        ({ id, name, start, scopes, lastUsedAt, revokedAt }) =>
          `${id}  ${start}…  ${name}  ${scopes.join(',')}  ${revokedAt ? `revoked ${day(revokedAt)}` : `last used ${day(lastUsedAt)}`}`,
      );
      print({ json: keys, text: lines.join('\n') || 'There are no keys.' }, options.json);
    });

  apiKey
    .command('revoke')
    .description('end a key at once')
    .argument('<id>', 'its number in the list', readId)
    .action(async (id: number, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const isRevoked = await withProgram(options, (program) =>
        revokeApiKey(program, { id, by: whoAmI() }, new Date()),
      );
      if (!isRevoked)
        throw new CommandError(`There is no key ${id} that is in use; see: simmer api-key list`);
      print({ json: { id, revoked: true }, text: `Key ${id} is revoked.` }, options.json);
    });
}

function readScopes(written: string): Scope[] {
  const scopes = written.split(',').map((scope) => scope.trim());
  const wrong = scopes.find((scope) => !SCOPES.includes(scope as Scope));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of: ${SCOPES.join(', ')}`);
  return scopes as Scope[];
}

function readId(written: string): number {
  if (!/^\d{1,15}$/.test(written)) throw new InvalidArgumentError('It is a number; see: simmer api-key list');
  return Number(written);
}
