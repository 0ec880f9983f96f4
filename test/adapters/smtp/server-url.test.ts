import { describe, expect, it } from 'vitest';
import { readSmtpUrl } from '../../../src/adapters/smtp/server-url.ts';

describe('SMTP_URL', () => {
  it('gives host, port, credentials and connections', () => {
    expect(readSmtpUrl('smtp://us%40er:p%2Fw@mail.example.com?connections=4', true)).toMatchObject({
      options: { host: 'mail.example.com', port: 587, secure: false, requireTLS: true },
      auth: { user: 'us@er', pass: 'p/w' },
      connections: 4,
    });
    expect(readSmtpUrl('smtps://mail.example.com', true).options).toMatchObject({ port: 465, secure: true });
    expect(readSmtpUrl('smtp://[::1]:2525', true).options).toMatchObject({ host: '::1', port: 2525 });
  });

  it.each([
    ['smtp://mail.example.com', true, true, true],
    ['smtp://mail.example.com', false, false, true],
    ['smtp://mail.example.com?tls=optional', true, false, false],
    ['smtp://127.0.0.1:25', true, false, false],
    ['smtp://localhost:25', true, false, false],
  ])(
    '%s in production=%s: STARTTLS required %s, certificate checked %s',
    (url, production, required, checked) => {
      const { options } = readSmtpUrl(url, production);
      expect(options.requireTLS).toBe(required);
      expect(options.tls?.rejectUnauthorized).toBe(checked);
    },
  );

  it.each([
    ['http://mail.example.com', /must look like smtp:/],
    ['mail.example.com:25', /must look like smtp:/],
    ['smtp://', /must look like smtp:/],
    ['smtp://user@mail.example.com', /belong together/],
    ['smtp://mail.example.com?tls=no', /"tls=no" is not known; allowed are/],
    ['smtp://mail.example.com?connections=0', /connections=1…100/],
    ['smtp://mail.example.com?pool=true', /"pool=true" is not known/],
  ])('refuses %s and says why', (url, message) => {
    expect(() => readSmtpUrl(url, false)).toThrow(message);
  });
});
