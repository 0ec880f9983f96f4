import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingMail } from '../../journey/delivery/ports/deliveries.ts';

export interface Sender {
  name: string;
  address: string;
}

/**
 * The mail as it goes on the wire: text and HTML as alternatives, quoted-printable, so no line is longer than 76
 * characters whatever the templates wrote. The fields of `mail.headers` come as they are, each once.
 */
export async function buildMessage(mail: OutgoingMail, from: Sender): Promise<Buffer> {
  const message = new MailComposer({
    from,
    // An empty name would be written as such.
    to: mail.to.name ? { name: mail.to.name, address: mail.to.address } : mail.to.address,
    subject: mail.subject,
    messageId: mail.messageId,
    text: mail.text,
    html: mail.html,
    encoding: 'quoted-printable',
    headers: asWritten({ ...mail.headers, 'Content-Language': mail.language }),
    // Nothing in a mail of ours is fetched from a file or an address; outside content must not be able to ask for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  // Line ends as they will be on the wire: a signature is over these bytes.
  return Buffer.from((await message.build()).toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

/**
 * Fields that go out as they are written: nodemailer would take the quotes of a List-Id for text to be encoded. A line
 * break in a value would begin a field of its own, so there is none. Addresses and what is not ASCII are left to
 * nodemailer to encode.
 */
function asWritten(headers: Record<string, string>) {
  return Object.entries(headers).map(([key, text]) => {
    const value = text.replace(/[\r\n]+/g, ' ');
    const isReady = key !== 'Reply-To' && /^[\x20-\x7e]*$/.test(value);
    return { key, value: isReady ? { prepared: true, foldLines: value.includes(' '), value } : value };
  });
}
