/**
 * The plain way, as the baseline: nodemailer's pool, sendMail({ html, text }) for each reader, mails rendered by the same
 * compiled templates, nothing written to a database. Arguments: SMTP_PORT MAILS. Tells its time as JSON.
 */
import nodemailer from 'nodemailer';
import { issueHeaders } from '../../src/domain/mail/headers.ts';
import { issueMails } from '../../src/domain/mail/issue-mail.ts';
import { testLinks } from '../../test/support/programme.ts';
import { articlesForBaseline, PICKS } from './content.ts';
import { benchMails, benchProgramme } from './setting.ts';

const [port, mails] = process.argv.slice(2).map(Number) as [number, number];
const programme = benchProgramme();
const renderer = await benchMails(programme);
const { articles, issueLinks } = articlesForBaseline(programme);
const digest = programme.digests[0]!;
const mailOf = issueMails({
  programme,
  links: testLinks,
  digestId: digest.id,
  issueId: 1,
  articles,
  issueLinks,
  webVersion: false,
});
const transport = nodemailer.createTransport({
  pool: true,
  host: '127.0.0.1',
  port,
  maxConnections: 10,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
});
const WARM_UP_MAILS = 300;
let next = 0;
const now = new Date();

async function loop(last: number) {
  while (next < last) {
    const id = ++next;
    const picks = articles.slice(id % 20, (id % 20) + PICKS).map(({ id: articleId }, at) => ({
      articleId,
      place: at === 0 ? ('main' as const) : ('other' as const),
      interest: 'payroll',
      score: 1,
      reason: '',
    }));
    const mail = mailOf({
      deliveryId: id,
      subscriber: { name: `Reader ${id}`, language: 'en', timeZone: 'Europe/Amsterdam' },
      picks,
      now,
    });
    const rendered = renderer.render('issue', 'en', mail.mail());
    await transport.sendMail({
      from: programme.brand.from,
      to: { name: `Reader ${id}`, address: `reader-${id}@reader.example` },
      ...rendered,
      headers: issueHeaders({
        programme,
        digest,
        links: testLinks,
        issueId: 1,
        deliveryId: id,
        language: 'en',
      }),
    });
  }
}
async function send(count: number) {
  const last = next + count;
  await Promise.all(Array.from({ length: 20 }, () => loop(last)));
}

await send(WARM_UP_MAILS);
const start = process.hrtime.bigint();
const cpuBefore = process.cpuUsage();
await send(mails);
const cpu = process.cpuUsage(cpuBefore);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
process.stdout.write(
  `${JSON.stringify({ seconds, cpuMs: (cpu.user + cpu.system) / 1000, memoryMb: process.resourceUsage().maxRSS / 1024 })}\n`,
);
transport.close();
process.exit();
