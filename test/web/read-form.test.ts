import formbody from '@fastify/formbody';
import fc from 'fast-check';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { readMultipart } from '../../src/web/multipart.ts';
import { readForm, readQuery } from '../../src/web/read-form.ts';
import { realFile } from '../support/real-use.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('a posted form', () => {
  it('from a page in ISO 8859-1 is read letter by letter', () => {
    const posted = /--data-binary '([^']+)'/.exec(realFile('16-form-in-latin-1/curl.sh').toString())![1]!;
    expect(readForm(bytes(posted))).toMatchObject({ name: 'Jörg Müller', company: 'Bäckerei' });
  });

  it.each([
    ['UTF-8', 'name=J%C3%B6rg', 'Jörg'],
    ['windows-1252 and its own signs', 'name=%93Jane%94+%80+%9A', '“Jane” € š'],
    ['bytes that were not escaped, in ISO 8859-1', 'name=J\xf6rg', 'Jörg'],
    ['bytes that were not escaped, in UTF-8', 'name=J\xc3\xb6rg', 'Jörg'],
    ['what the page’s set does not have', 'name=%26%23321%3Bukasz+%26%23128512%3B', 'Łukasz 😀'],
    ['both in one value', 'name=J%C3%B6rg+M%FCller', 'Jörg Müller'],
    ['percent signs that escape nothing', 'name=100%+of+5%zz', '100% of 5%zz'],
    ['no sign of Unicode', 'name=%26%2355296%3B', '&#55296;'],
    ['plain signs that somebody typed so', 'name=a%26%2338%3Bb', 'a&#38;b'],
    ['nothing', 'name=', ''],
    ['a name alone', 'name', ''],
  ])('with %s', (_, posted, name) => {
    expect(readForm(bytes(posted))).toEqual({ name });
    expect(readQuery(posted)).toEqual({ name });
  });

  it('holds several values of one name, and no names of its own', () => {
    expect(readForm(bytes('interest=a&interest=b&&interest=c'))).toEqual({ interest: ['a', 'b', 'c'] });
    expect(readForm(bytes('__proto__=x&constructor=y'))).toEqual({ ['__proto__']: 'x', constructor: 'y' });
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  it('gives back whatever a browser posts in UTF-8', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))),
        (pairs) => {
          const written = pairs.filter(([name, value]) => !/&#\d/.test(name + value));
          const wanted: Record<string, string | string[]> = Object.create(null);
          for (const [name, value] of new URLSearchParams(written))
            wanted[name] = wanted[name] === undefined ? value : [wanted[name], value].flat();
          expect(readForm(bytes(new URLSearchParams(written).toString()))).toEqual(wanted);
        },
      ),
    );
  });
});

it('what is in UTF-8 is read as fastify’s own reader of forms reads it', async () => {
  const app = Fastify();
  await app.register(formbody);
  app.post('/', async (request) => request.body);
  for (const payload of ['a=1&b=%C3%B6+x&a=2', '=x&y', 'a=%zz&b=%', 'a=b=c', ''])
    expect({ ...readForm(bytes(payload)) }).toEqual(
      (
        await app.inject({
          method: 'POST',
          url: '/',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload,
        })
      ).json(),
    );
  await app.close();
});

describe('a form in parts', () => {
  const post = async (form: FormData) => {
    const request = new Response(form);
    return [request.headers.get('content-type')!, Buffer.from(await request.arrayBuffer())] as const;
  };
  it('gives its fields and files, in which no byte is changed', async () => {
    const form = new FormData();
    const file = Buffer.from([0, 13, 10, 45, 45, 255, 13, 10]);
    form.set('csrf', 'token');
    form.set('file', new File([file], 'Bäcker "x".csv'));
    const [type, body] = await post(form);
    const [csrf, sent] = readMultipart(type, body, 5);
    expect([csrf!.name, csrf!.fileName, Buffer.from(csrf!.bytes).toString()]).toEqual([
      'csrf',
      null,
      'token',
    ]);
    expect([sent!.name, sent!.fileName]).toEqual(['file', 'Bäcker "x".csv']);
    expect(Buffer.from(sent!.bytes)).toEqual(file);
  });

  it('may have no more of them than was said', async () => {
    const form = new FormData();
    for (let n = 0; n < 6; n++) form.append('a', String(n));
    const [type, body] = await post(form);
    expect(() => readMultipart(type, body, 5)).toThrow(expect.objectContaining({ statusCode: 413 }));
    expect(readMultipart(type, body, 6)).toHaveLength(6);
  });

  it.each([
    ['no boundary', 'multipart/form-data', '--x\r\n\r\n'],
    ['no part', 'multipart/form-data; boundary=x', 'hello'],
    [
      'a part without an end',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb',
    ],
    ['a head without an end', 'multipart/form-data; boundary=x', `--x\r\n${'a'.repeat(5000)}\r\n--x--`],
    ['nothing', 'multipart/form-data; boundary=x', ''],
  ])('%s is the client’s fault', (_, type, body) => {
    expect(() => readMultipart(type, bytes(body), 5)).toThrow(expect.objectContaining({ statusCode: 400 }));
  });
});
