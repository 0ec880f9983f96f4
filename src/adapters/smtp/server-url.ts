import type { SMTPConnectionAuth, SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';

export interface SmtpServer {
  options: SMTPConnectionOptions;
  auth: SMTPConnectionAuth | null;
  /** How many connections may be open at once. */
  connections: number;
}

const EXAMPLE = 'smtp://user:password@mail.example.com:587';
const DEFAULT_CONNECTIONS = 10;

/**
 * Reads SMTP_URL: smtp:// (port 587; STARTTLS) or smtps:// (port 465; TLS from the start), with user and password if
 * the server wants them, and two options: ?connections=1…100 and ?tls=optional. In production the way to any host but
 * this machine must be encrypted, unless ?tls=optional says otherwise. Throws an Error that says what is wrong.
 */
export function readSmtpUrl(text: string, production: boolean): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    throw new Error(`SMTP_URL must look like ${EXAMPLE} or smtps://…; it is not a URL of that kind`);
  for (const [name, value] of url.searchParams) {
    const known =
      (name === 'tls' && value === 'optional') || (name === 'connections' && /^([1-9]\d?|100)$/.test(value));
    if (!known)
      throw new Error(
        `SMTP_URL: "${name}=${value}" is not known; allowed are tls=optional and connections=1…100`,
      );
  }
  if ((url.username === '') !== (url.password === ''))
    throw new Error(`SMTP_URL: user and password belong together, as in ${EXAMPLE}`);

  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const optional = url.searchParams.get('tls') === 'optional';
  const loopback = isLoopback(host);
  return {
    options: {
      host,
      port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
      secure,
      requireTLS: production && !secure && !loopback && !optional,
      opportunisticTLS: optional,
      // On this machine nobody sits between; with "optional" an unproven certificate is better than no encryption.
      tls: { rejectUnauthorized: !loopback && !optional },
    },
    auth:
      url.username === ''
        ? null
        : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    connections: Number(url.searchParams.get('connections') ?? DEFAULT_CONNECTIONS),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
