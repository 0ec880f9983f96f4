import type { Command } from 'commander';
import { examineRedis } from '../adapters/bull/examine.ts';
import { mailDns } from '../adapters/dns/mail-dns.ts';
import { faultInWords } from '../adapters/postgres/database-fault.ts';
import { startEmbedded } from '../adapters/postgres/embedded/embedded.ts';
import { examinePostgres } from '../adapters/postgres/examine.ts';
import { readDkimKey } from '../adapters/smtp/dkim.ts';
import { examineSmtp } from '../adapters/smtp/examine.ts';
import { loadProgramme } from '../config/load-programme.ts';
import { weakFormerKeys } from '../config/secret-strength.ts';
import type { Settings } from '../config/settings.ts';
import { dkimName, dkimRecord } from '../domain/deliverability/dkim-record.ts';
import { readDkimRecord } from '../domain/deliverability/mail-dns.ts';
import { mailDomain } from '../domain/mail/headers.ts';
import type { Programme } from '../domain/programme.ts';
import { redact } from '../domain/redact.ts';
import { counted } from '../domain/text.ts';
import { fine, look, mend } from '../journey/deliverability/examine/findings.ts';
import { examineDomain } from '../journey/deliverability/examine-domain.ts';
import type {
  DomainInput,
  Finding,
  MailDns,
  SmtpExamination,
} from '../journey/deliverability/ports/mail-dns.ts';
import { settingsOf } from '../runtime.ts';
import { commandLog, print } from './with-program.ts';

const PATIENCE_MS = 10_000;
/** Signed links and DKIM signatures bear this much. */
const MOST_SKEW_MS = 30_000;

/** simmer doctor: what sending stands on, each line fine or with what to do. Exit code 1 when something must be mended. */
export function doctorCommand(simmer: Command): void {
  simmer
    .command('doctor')
    .description(
      'look at the mail server, DNS records, clock, database, queue and public address; changes nothing',
    )
    .option('--dns <server>', 'ask this name server, such as 9.9.9.9')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer doctor')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ json?: boolean; dns?: string; programme?: string }>();
      const dns = mailDns(options.dns === undefined ? undefined : [options.dns]);
      const settings = settingsOf();
      const named = options.programme ?? settings.programme ?? undefined;
      const { programme } = await loadProgramme(named, settings.mode === 'embedded');
      const findings = await examine({ settings, programme }, dns, () => new Date());
      const isGood = findings.every(({ state }) => state !== 'mend');
      print({ json: { isGood, findings }, text: inWords(findings) }, options.json);
      if (!isGood) process.exitCode = 1;
    });
}

/** All checks. Each stands by itself: one that fails is a finding, and the others go on. */
export async function examine(
  { settings, programme }: { settings: Settings; programme: Pick<Programme, 'brand'> },
  dns: MailDns,
  now: () => Date,
): Promise<Finding[]> {
  const findings = [
    ...(await postgres(settings, now)),
    ...(await redis(settings)),
    ...(await publicUrl(settings, now)),
  ];
  const weak = weakFormerKeys(settings.secrets);
  if (weak !== null)
    findings.push(look('SECRET_KEY', weak, 'Take it out when mails signed with it need no links any more.'));
  const smtp = await mailServer(settings);
  findings.push(...smtp.findings);
  const { keys, problems } = dkimKeys(settings);
  findings.push(...problems);
  const input: DomainInput = {
    fromDomain: mailDomain(programme.brand.from.address),
    returnPathDomain: settings.returnPathDomain,
    dkimKeys: keys,
    smtpHost: smtp.examined && { host: smtp.examined.host, isLoopback: smtp.examined.isLoopback },
  };
  // A try-out sends to its own inbox: the made-up domain of the sample has no records, and need not.
  if (settings.smtpUrl === null)
    findings.push(
      look('DNS', 'not looked at: mails stay in the inbox of this try-out', 'Set SMTP_URL to send for real.'),
    );
  else findings.push(...(await examineDomain(dns, input)));
  return findings;
}

async function postgres(settings: Settings, now: () => Date): Promise<Finding[]> {
  const { databaseUrl, dataDir } = settings;
  let where = 'the embedded PostgreSQL';
  try {
    if (databaseUrl !== null) {
      where = redact(databaseUrl);
      return await askPostgres(databaseUrl, 'PostgreSQL', now);
    }
    const embedded = await startEmbedded(dataDir, commandLog());
    return await askPostgres(embedded.url, 'embedded PostgreSQL', now).finally(() => embedded.stop());
  } catch (error) {
    const todo =
      databaseUrl === null
        ? `Look at the folder ${dataDir} (DATA_DIR), and at the message.`
        : 'Look at DATABASE_URL, whether the server runs, and whether a firewall lets this machine to it.';
    const why =
      databaseUrl === null ? (error as Error).message || String(error) : faultInWords(error, databaseUrl);
    return [mend('Postgres', `${where}: ${why}`, todo)];
  }
}

async function askPostgres(url: string, kind: string, now: () => Date): Promise<Finding[]> {
  const { version, now: theirs, tookMs, pending, unusable } = await examinePostgres(url, PATIENCE_MS);
  return [
    Number.parseInt(version, 10) >= 15
      ? fine('Postgres', `${kind} ${version}, answered in ${Math.round(tookMs)} ms`)
      : mend('Postgres', `${kind} ${version}`, 'Use PostgreSQL 15 or later.'),
    tables(pending, unusable),
    clock('Postgres', theirs.getTime() - now().getTime() + tookMs / 2),
  ];
}

function tables(pending: number, unusable: string | null): Finding {
  if (unusable !== null)
    return mend('Tables', unusable, 'Simmer does not start on this database before that is done.');
  return pending === 0
    ? fine('Tables', 'up to date')
    : look(
        'Tables',
        `${counted(pending, 'step')} behind this version`,
        'Starting Simmer brings them up to date, as does "simmer migrate".',
      );
}

function clock(whose: string, skewMs: number): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 100) / 10;
  return Math.abs(skewMs) > MOST_SKEW_MS
    ? mend(
        `Clock and ${whose}`,
        `they differ by ${seconds} s`,
        'Keep both on time with NTP: due times, links and signatures depend on it.',
      )
    : fine(`Clock and ${whose}`, `they differ by ${seconds} s`);
}

async function redis({ redisUrl }: Settings): Promise<Finding[]> {
  if (redisUrl === null) return [fine('Redis', 'not used: one process does everything')];
  const { where, answer } = await examineRedis(redisUrl, PATIENCE_MS);
  if ('problem' in answer) {
    const todo =
      'Look at REDIS_URL, whether the server runs, and whether a firewall lets this machine to it. Until then nothing is handed from web to workers.';
    return [mend('Redis', `${where}: ${answer.problem}`, todo)];
  }
  const says = `${answer.version} at ${where}, answered in ${Math.round(answer.tookMs)} ms`;
  const [major = 0, minor = 0] = answer.version.split('.').map(Number);
  const isTooOld = major < 6 || (major === 6 && minor < 2);
  return [isTooOld ? mend('Redis', says, 'Use Redis 6.2 or later.') : fine('Redis', says)];
}

async function publicUrl({ publicUrl: url, mode }: Settings, now: () => Date): Promise<Finding[]> {
  const what = `Public address ${url}`;
  const findings: Finding[] = [];
  if (mode === 'production' && !url.startsWith('https:'))
    findings.push(
      mend(
        what,
        'it is not https',
        'One-click unsubscribe (RFC 8058) needs https: use an address with a certificate.',
      ),
    );
  try {
    const response = await fetch(`${url}/health/live`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
      redirect: 'manual',
    });
    if (response.status !== 200)
      return [
        ...findings,
        mend(
          what,
          `it answers ${response.status} instead of Simmer's own page`,
          'Look at PUBLIC_URL and at the proxy in front.',
        ),
      ];
    const date = Date.parse(response.headers.get('date') ?? '');
    findings.push(fine(what, 'reachable from here'));
    // The header has whole seconds.
    if (!Number.isNaN(date)) findings.push(clock('the web server', date + 500 - now().getTime()));
  } catch (error) {
    const why = (error as Error & { cause?: Error }).cause?.message ?? (error as Error).message;
    findings.push(
      mend(
        what,
        `it cannot be reached from here: ${why}`,
        'Is "simmer start" running, and does the address lead to it? Readers cannot unsubscribe without it.',
      ),
    );
  }
  return findings;
}

async function mailServer(
  settings: Settings,
): Promise<{ findings: Finding[]; examined: SmtpExamination | null }> {
  const what = 'Mail server';
  if (settings.smtpUrl === null)
    return {
      findings: [
        look(what, 'none is set: mails stay in the inbox of this try-out', 'Set SMTP_URL to send for real.'),
      ],
      examined: null,
    };
  let examined: SmtpExamination;
  try {
    examined = await examineSmtp(settings.smtpUrl, settings.mode === 'production');
  } catch (error) {
    return { findings: [mend(what, (error as Error).message, 'Mend SMTP_URL.')], examined: null };
  }
  const { host, port, problem, isEncrypted, isAuthenticated, isLoopback } = examined;
  const where = `${host}:${port}`;
  if (problem) {
    const todo =
      problem.at === 'authentication'
        ? 'Look at user and password in SMTP_URL.'
        : 'Look at SMTP_URL, and whether a firewall lets this machine out to that port.';
    return { findings: [mend(what, `${where}, ${problem.at}: ${problem.words}`, todo)], examined };
  }
  const findings = [fine(what, `${where} answers${isAuthenticated ? ' and takes user and password' : ''}`)];
  if (isEncrypted) findings.push(fine('TLS', `the way to ${host} is encrypted`));
  else if (isLoopback) findings.push(fine('TLS', 'not needed: the mail server is this machine'));
  else
    findings.push(
      look('TLS', `the way to ${host} is not encrypted`, 'Use smtps://, or a server that offers STARTTLS.'),
    );
  return { findings, examined };
}

function dkimKeys(settings: Settings): { keys: DomainInput['dkimKeys']; problems: Finding[] } {
  const keys: DomainInput['dkimKeys'] = [];
  const problems: Finding[] = [];
  for (const { domain, selector, path } of settings.dkimKeys) {
    try {
      const { key } = readDkimKey(domain, selector, path);
      const record = dkimRecord(key);
      keys.push({
        domain,
        selector,
        name: dkimName(domain, selector),
        record,
        publicKey: readDkimRecord([record]) ?? '',
      });
    } catch (error) {
      problems.push(mend(`DKIM ${selector} of ${domain}`, (error as Error).message, 'Mend DKIM_KEYS.'));
    }
  }
  return { keys, problems };
}

const SIGNS = { fine: 'fine', look: 'look', mend: 'MEND' } as const;

function inWords(findings: Finding[]): string {
  const lines = findings.map(
    ({ what, state, says, todo }) =>
      `${SIGNS[state]}  ${what}: ${says}${todo === null ? '' : `\n      ${todo}`}`,
  );
  const toMend = findings.filter(({ state }) => state === 'mend').length;
  const end = toMend === 0 ? 'Nothing must be mended.' : `${counted(toMend, 'thing')} must be mended.`;
  return [...lines, '', end].join('\n');
}
