import { expect, it } from 'vitest';
import { mailboxOf } from '../../../src/domain/audience/mailbox.ts';

it.each([
  [['ann@corp.example', 'Ann@Corp.Example', 'ann+1@corp.example', 'ann+a+b@CORP.example.']],
  [['anna.b@gmail.com', 'annab@gmail.com', 'a.n.n.a.b+news@googlemail.com', 'ANNAB@GMAIL.COM']],
  [['ann@yahoo.com', 'ann-shop@yahoo.com', 'ann-a-b@yahoo.com']],
  [['ann@müller.example', 'ann+1@xn--mller-kva.example', 'ANN@MÜLLER.example']],
  [['ann@icloud.com', 'ann@me.com', 'ann+x@mac.com']],
  [['ann.b@proton.me', 'annb@pm.me', 'ann_b+1@protonmail.com']],
  [['anna@fastmail.com', 'anything@anna.fastmail.com', 'anna+1@fastmail.com']],
  [['a-b@yandex.ru', 'a.b@ya.ru', 'a.b+1@yandex.com']],
])('is one mailbox: %j', (addresses) => {
  expect(new Set(addresses.map(mailboxOf)).size).toBe(1);
});

it('keeps apart who is not the same', () => {
  const addresses = [
    'jean@corp.example',
    'jean-luc@corp.example',
    'jean.luc@corp.example',
    'jeanluc@corp.example',
    'jean_luc@corp.example',
    'jean@other.example',
    'jean@sub.corp.example',
    'jean@yahoo.com',
    'jean@yahoo.co.uk',
    '+31@corp.example',
    '+32@corp.example',
    '...@gmail.com',
    'jean@hotmail.com',
    'jean@outlook.com',
  ];
  expect(new Set(addresses.map(mailboxOf)).size).toBe(addresses.length);
});
