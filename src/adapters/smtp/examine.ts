import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { cut } from '../../domain/text.ts';
import type { SmtpExamination } from '../../journey/deliverability/ports/mail-dns.ts';
import { readSmtpUrl } from './server-url.ts';

const PATIENCE_MS = 10_000;

/** Connects as sending does, secures and authenticates, sends nothing. Throws only for a URL that is wrong. */
export async function examineSmtp(url: string, production: boolean): Promise<SmtpExamination> {
  const { options, auth } = readSmtpUrl(url, production);
  const connection = new SMTPConnection({
    ...options,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    dnsTimeout: PATIENCE_MS,
  });
  const host = options.host ?? '';
  const examined: SmtpExamination = {
    host,
    port: Number(options.port ?? 0),
    isLoopback: host === 'localhost' || host === '::1' || host.startsWith('127.'),
    problem: null,
    isEncrypted: false,
    isAuthenticated: false,
  };
  const step = (begin: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      begin((error) => (error ? reject(error) : resolve()));
    });
  let at: 'connecting' | 'authentication' = 'connecting';
  try {
    await step((done) => connection.connect(done));
    examined.isEncrypted = connection.secure === true;
    if (auth) {
      at = 'authentication';
      await step((done) => connection.login({ ...auth }, done));
      examined.isAuthenticated = true;
    }
    connection.quit();
  } catch (error) {
    examined.problem = { at, words: cut((error as Error).message, 300) };
    connection.on('error', () => {});
    connection.close();
  }
  return examined;
}
