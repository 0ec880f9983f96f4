import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { SIGN_IN_MINUTES } from '../domain/staff/sign-in.ts';
import { printSignInLink } from '../journey/staff/sign-in.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, print, withProgram } from './with-program.ts';

/** simmer staff sign-in EMAIL: a way in when mail does not work. Who may run it, may read the database anyway. */
export function staffSignInCommand(staff: Command): void {
  staff
    .command('sign-in')
    .description('print a link that signs a member of staff in, for when mail does not work')
    .argument('<email>', 'address of somebody on the programme’s staff list')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer staff sign-in ada@nordwerk.example')
    .action(async (email: string, _options, command: Command) => {
      const options = command.optsWithGlobals<{ json?: boolean; programme?: string }>();
      await withProgram(options, async ({ database, programme, links }) => {
        const newSecret = () => randomBytes(32).toString('base64url');
        const link = await printSignInLink(
          { database, programme, newSecret },
          { email, by: whoAmI() },
          new Date(),
        );
        if (!link) {
          const known = programme.staff.map((member) => member.email).join(', ');
          throw new CommandError(`${email} is not on the programme's staff list; there are: ${known}`);
        }
        const url = links.signIn(link.secret);
        print(
          {
            json: { url, minutes: SIGN_IN_MINUTES },
            text: `${url}\nworks once, for ${SIGN_IN_MINUTES} minutes`,
          },
          options.json,
        );
      });
    });
}
