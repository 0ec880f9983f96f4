import type pg from 'pg';
import type {
  MailRenderer,
  MailSender,
  OutgoingMail,
  SendResult,
} from '../../src/journey/delivery/ports/deliveries.ts';
import type { WireMail, WireMailSender } from '../../src/journey/delivery/ports/wire.ts';

/** Active readers in one statement; they want payroll and read English. Their addresses are reader-1@…, reader-2@… */
export async function addReaders(pool: pg.Pool, count: number): Promise<void> {
  await pool.query(
    `insert into subscribers (email, status, language, time_zone, interests, created_at, confirmed_at)
     select 'reader-' || n || '@reader.example', 'active', 'en', 'Europe/Amsterdam', '{payroll}', '2026-01-01', '2026-01-01'
       from generate_series(1, $1) n`,
    [count],
  );
}

/** Articles on payroll in English, one an hour before `newest`. */
export async function addArticles(pool: pg.Pool, count: number, newest: Date): Promise<void> {
  await pool.query(
    `insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
     select 'https://feeds.tessel.example/en/payroll.xml', 'https://blog.example/' || n, 'Article ' || n, 'On payroll.',
            'en', '{payroll}', $2::timestamptz - n * interval '1 hour', $2
       from generate_series(1, $1) n`,
    [count, newest],
  );
}

/** A sender that keeps what it is given, and answers as told. */
export function keepingSender(
  answer: (mail: OutgoingMail) => SendResult | Promise<SendResult> = () => ({ status: 'sent', reply: '250' }),
): MailSender & WireMailSender & { sent: OutgoingMail[]; wired: { to: string; raw: string }[] } {
  const sent: OutgoingMail[] = [];
  const wired: { to: string; raw: string }[] = [];
  return {
    sent,
    wired,
    connections: 4,
    async sendWire({ to, buffer, start, end, release }: WireMail) {
      wired.push({ to, raw: buffer.toString('latin1', start, end) });
      release();
      return answer({ to: { name: null, address: to } } as OutgoingMail);
    },
    async send(mail) {
      sent.push(mail);
      return answer(mail);
    },
    close: async () => {},
  };
}

/** A renderer that writes just the kind and language of a mail. */
export const plainRenderer: MailRenderer = {
  render: (kind, language) => ({
    subject: `${kind} in ${language}`,
    html: `<p>${kind}</p>`,
    text: kind,
  }),
};
