import { expect, it } from 'vitest';
import { buildApp } from '../../../src/web/app.ts';
import { testDatabase } from '../../support/database.ts';
import { testLinks, testPublicUrl } from '../../support/programme.ts';
import { addSubscriber } from '../../support/subscribers.ts';
import { testWebContext } from '../../support/web.ts';

it('the whole application reads one-click posts in multipart, and other forms beside them', async () => {
  const db = await testDatabase();
  const ready = async () => true;
  const app = await buildApp(testWebContext(db.database), {
    trustProxy: false,
    ready: { database: ready, queue: ready },
    inbox: null,
  });
  try {
    const { id, email } = await addSubscriber(db.database);
    const answer = await app.inject({
      method: 'POST',
      url: testLinks.unsubscribe(id).slice(testPublicUrl.length),
      headers: { 'content-type': 'multipart/form-data; boundary=b0undary' },
      payload:
        '--b0undary\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b0undary--\r\n',
    });
    expect([answer.statusCode, answer.body]).toEqual([200, 'You are unsubscribed.\n']);
    expect(await db.database.stores.subscribers.findByEmail(email)).toMatchObject({ status: 'unsubscribed' });
    const signUp = await app.inject({
      method: 'POST',
      url: '/sign-up',
      payload: 'email=b%40example.com',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(signUp.statusCode).toBe(303);
    // A page that is not there can still be read in the other languages.
    const missing = await app.inject({ url: '/no-such-page?a=1', headers: { 'accept-language': 'de' } });
    expect(missing.body).toContain('Diese Seite gibt es nicht');
    const link = /href="([^"]+)" lang="nl"/
      .exec(missing.body)?.[1]
      ?.replaceAll('&amp;', '&')
      .replaceAll('&#x3D;', '=');
    expect(link).toBe('/no-such-page?a=1&language=nl');
    expect((await app.inject(link!)).body).toContain('Deze pagina bestaat niet');
    for (const asset of [
      '/assets/brand.css',
      '/assets/simmer.css',
      '/assets/icon.svg',
      '/assets/time-zone.js',
      '/assets/copy.js',
    ]) {
      expect((await app.inject(asset)).statusCode).toBe(200);
    }
  } finally {
    await app.close();
    await db.close();
  }
});
