import { weakFormerKeys } from '../config/secret-strength.ts';
import type { Role } from '../config/settings.ts';
import type { Log } from '../journey/ports.ts';
import type { Runtime } from '../runtime.ts';
import { usesSample } from '../web/sample/in-use.ts';

export interface Announcement {
  role: Role;
  program: Runtime;
  /** The built-in mail server's address, where there is one. */
  smtpInbox: string | null;
  log: Log;
}

/** Tells a person where to look (a try-out), or the log that the process is up (an installation). */
export function announce({ role, program, smtpInbox, log }: Announcement): void {
  const { settings, loaded } = program;
  for (const { path, found, allowed } of loaded.warnings)
    log.warn({ path, found, allowed }, 'the programme is worth a look');
  const weak = weakFormerKeys(settings.secrets);
  if (weak !== null) log.warn({ setting: 'SECRET_KEY', found: weak }, 'the settings are worth a look');
  if (settings.mode === 'production') {
    log.info({ role, publicUrl: settings.publicUrl, programme: loaded.path }, 'Simmer is running');
    return;
  }
  process.stdout.write(`${inWords(role, program, smtpInbox)}\n`);
  const { host, smtpUrl, publicUrl } = settings;
  if (role !== 'worker' && smtpUrl === null && !isLoopback(host))
    process.stdout.write(
      `  Careful: HOST is ${host}, so everybody who reaches this machine can open ${publicUrl}/inbox and read every mail,\n  sign-in links of staff too. Leave HOST out to keep it to this machine, or set SMTP_URL to send real mail.\n\n`,
    );
}

function inWords(
  role: Role,
  { settings, loaded, programme, embeddedData }: Runtime,
  smtpInbox: string | null,
): string {
  const rows: [string, string][] = [];
  const { publicUrl } = settings;
  const hasInbox = settings.smtpUrl === null;
  if (role !== 'worker') {
    const member = programme.staff.find((one) => one.role === 'admin') ?? programme.staff[0];
    rows.push(['Sign-up page', `${publicUrl}/`]);
    if (hasInbox)
      rows.push(['Inbox', `${publicUrl}/inbox   every mail lands here, none leaves this machine`]);
    const where = hasInbox ? 'in the inbox' : 'in your mailbox';
    rows.push(['Staff pages', `${publicUrl}/staff   sign in as ${member?.email}; the link arrives ${where}`]);
    if (usesSample(programme, publicUrl)) {
      rows.push(['Sample company', `${publicUrl}/sample/`]);
    }
  }
  const embedded = [
    embeddedData === null ? null : `PostgreSQL (data in ${embeddedData})`,
    settings.redisUrl === null ? 'queue in this process' : null,
    smtpInbox === null ? null : `mail server at ${smtpInbox}`,
  ].filter((part) => part !== null);
  rows.push(['Embedded', embedded.join(' · ') || 'nothing']);
  rows.push([
    'Programme',
    `${loaded.path}${loaded.isSample ? '   the sample that Simmer ships; write your own feeds.config.ts here' : ''}`,
  ]);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`);
  return [
    '',
    `Simmer is running${role === 'all' ? '' : ` as ${role}`}. Stop it with Ctrl+C.`,
    '',
    ...lines,
    '',
  ].join('\n');
}

/** Whether only this machine reaches what listens there. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
