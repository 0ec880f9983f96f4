import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineSmtp } from '../../../src/adapters/smtp/examine.ts';
import { startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.ts';

describe('the doctor at the mail server', () => {
  let open: TestSmtpServer;
  let locked: TestSmtpServer;
  beforeAll(async () => {
    open = await startSmtpServer();
    locked = await startSmtpServer({
      server: {
        disabledCommands: ['STARTTLS'],
        allowInsecureAuth: true,
        onAuth: (auth, _session, done) =>
          auth.password === 'right' ? done(null, { user: auth.username }) : done(new Error('535 5.7.8 no')),
      },
    });
  });
  afterAll(async () => {
    await open.close();
    await locked.close();
  });

  it('connects and sends nothing', async () => {
    const found = await examineSmtp(open.url, true);
    expect(found).toMatchObject({
      problem: null,
      isLoopback: true,
      isEncrypted: false,
      isAuthenticated: false,
    });
    expect(open.mails).toEqual([]);
  });

  it('authenticates, or says that it could not', async () => {
    const at = (password: string) =>
      examineSmtp(locked.url.replace('smtp://', `smtp://anna:${password}@`), false);
    expect(await at('right')).toMatchObject({ problem: null, isAuthenticated: true });
    expect(await at('wrong')).toMatchObject({ problem: { at: 'authentication' }, isAuthenticated: false });
  });

  it('says that nobody answers', async () => {
    const gone = await startSmtpServer();
    await gone.close();
    expect(await examineSmtp(gone.url, false)).toMatchObject({ problem: { at: 'connecting' } });
  });
});
