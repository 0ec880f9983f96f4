import { decodeLoosely } from '../domain/audience/people-file/file-text.ts';

/** A field or a file of a posted multipart/form-data (RFC 7578). */
export interface Part {
  name: string;
  /** Null: a field. */
  fileName: string | null;
  /** Within the posted body: nothing is copied. */
  bytes: Uint8Array;
}

/** A form that cannot be read is the client's fault. */
export class FormFault extends Error {
  readonly statusCode: number;
  constructor(message: string, statusCode = 400) {
    super(message);
    this.statusCode = statusCode;
  }
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LONGEST_HEAD = 2000;

/** The parts of a posted form. Throws a FormFault for what is none, and for more than `most` parts. */
export function readMultipart(contentType: string, body: Buffer, most: number): Part[] {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw new FormFault('the form names no boundary');
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const parts: Part[] = [];
  // The first one has no line end in front of it.
  let at = body.indexOf(delimiter.subarray(2));
  if (at === -1) throw new FormFault('the form has no part');
  at += delimiter.length - 2;
  while (body[at] !== 0x2d || body[at + 1] !== 0x2d) {
    if (parts.length === most) throw new FormFault(`the form has more than ${most} parts`, 413);
    const headEnd = body.indexOf(HEAD_END, at);
    const end = body.indexOf(delimiter, headEnd === -1 ? at : headEnd);
    if (headEnd === -1 || headEnd - at > LONGEST_HEAD || end === -1)
      throw new FormFault('the form breaks off');
    const head = decodeLoosely(body.subarray(at, headEnd));
    const name = parameter(head, 'name');
    if (name !== null)
      parts.push({ name, fileName: parameter(head, 'filename'), bytes: body.subarray(headEnd + 4, end) });
    at = end + delimiter.length;
  }
  return parts;
}

/** Of the part's Content-Disposition, as browsers escape it. */
function parameter(head: string, name: string): string | null {
  const disposition = /^content-disposition:([^\r\n]*)/im.exec(head)?.[1] ?? '';
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(disposition);
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? null : value.replace(/%22/g, '"').replace(/\\(["\\])/g, '$1');
}
