import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decodeLoosely } from '../domain/audience/people-file/file-text.ts';
import { readMultipart } from './multipart.ts';

/** The fields of a form or of an address' query. A name that comes several times has all its values. */
export type FormFields = Record<string, string | string[]>;

/** Forms have a few dozen fields; more are no form of ours. */
const MOST_FIELDS = 500;

/**
 * Forms are posted to us from any site, and a page that is not in UTF-8 posts its own set without saying so: each value is
 * read as UTF-8 when it is that, else as windows-1252. What a page's set does not have, browsers write as "&#321;".
 */
export function takeForms(app: FastifyInstance): void {
  app.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => readForm(body),
  );
  // Mail programs post the one-click unsubscribe of RFC 8058 so, and sites' forms may. Only text fields are read.
  app.addContentTypeParser<Buffer>(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const fields = noFields();
      for (const { name, fileName, bytes } of readMultipart(
        request.headers['content-type'] ?? '',
        body,
        MOST_FIELDS,
      ))
        if (fileName === null) add(fields, name, whole(decodeLoosely(bytes)));
      return fields;
    },
  );
}

/** The query of an address; Node gives its bytes as one character each. */
export const readQuery = (query: string): FormFields => readForm(Buffer.from(query, 'latin1'));

/** application/x-www-form-urlencoded, as the URL standard parses it. */
export function readForm(body: Buffer): FormFields {
  const fields = noFields();
  for (const pair of body.toString('latin1').split('&', MOST_FIELDS)) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    add(fields, unescaped(name), whole(unescaped(value)));
  }
  return fields;
}

/** Without the names that every object has. */
const noFields = (): FormFields => Object.create(null) as FormFields;

function add(fields: FormFields, name: string, value: string): void {
  const known = fields[name];
  fields[name] = known === undefined ? value : [known, value].flat();
}

/** One character for each byte, with its escapes → the text. */
function unescaped(bytes: string): string {
  const plain = bytes
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodeLoosely(Buffer.from(plain, 'latin1'));
}

const whole = (text: string): string =>
  text.replace(/&#(\d{3,7});/g, (written, digits: string) => {
    const code = Number(digits);
    const isSign = code >= 0x80 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isSign ? String.fromCodePoint(code) : written;
  });
