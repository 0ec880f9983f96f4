import PostalMime from 'postal-mime';

export interface ReadMail {
  from: string;
  to: string;
  date: string | null;
  html: string | null;
  text: string;
  headers: { name: string; value: string }[];
  source: string;
  bytes: number;
}

/** Takes a mail apart for looking at it. Broken mails give what can be read. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await PostalMime.parse(raw);
  return {
    from: write(mail.from ? [mail.from] : []),
    to: write(mail.to ?? []),
    date: mail.date ?? null,
    html: mail.html ?? null,
    text: mail.text ?? '',
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    source: raw.toString('utf8'),
    bytes: raw.length,
  };
}

function write(addresses: readonly { name: string; address?: string | undefined }[]): string {
  return addresses
    .map(({ name, address }) => (name && address ? `${name} <${address}>` : (address ?? name)))
    .join(', ');
}
