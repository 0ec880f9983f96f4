import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../src/domain/returns/returned-mail/charset.ts';
import { readReturnedMail } from '../../../../src/domain/returns/returned-mail/read.ts';

const REPORT = [
  'From: MAILER-DAEMON@x.example',
  'Subject: Undelivered Mail',
  'X-Failed-Recipients: anna@x.example',
];

function report(text: string, charset: string, fields: string[] = []): Buffer {
  return Buffer.concat([
    Buffer.from(`${[...REPORT, ...fields].join('\n')}\n\n`),
    iconv.encode(`${text}\n`, charset),
  ]);
}

describe('a report that names no charset is read in the one it is written in', () => {
  it.each([
    ['koi8-r', 'Пользователь не найден', 'no-such-user'],
    ['koi8-r', 'Почтовый ящик получателя переполнен', 'mailbox-full'],
    ['koi8-u', 'Скринька користувача переповнена', 'mailbox-full'],
    ['windows-1251', 'Пользователь не найден', 'no-such-user'],
    ['iso-8859-5', 'Пользователь не найден', 'no-such-user'],
    ['ibm866', 'Ящик переполнен', 'mailbox-full'],
    ['big5', '收件人不存在', 'no-such-user'],
    ['big5', '使用者信箱空間不足', 'mailbox-full'],
    ['gbk', '用户不存在', 'no-such-user'],
    ['gbk', '收件人邮箱已满', 'mailbox-full'],
    ['shift_jis', 'ユーザーが見つかりません', 'no-such-user'],
    ['euc-jp', '宛先のメールボックスが満杯です', 'mailbox-full'],
    ['euc-kr', '사용자를 찾을 수 없습니다', 'no-such-user'],
    ['windows-1252', 'Empfänger unbekannt', 'no-such-user'],
    ['windows-1252', 'La boîte aux lettres est saturée', 'mailbox-full'],
    ['windows-1250', 'Skrzynka użytkownika przepełniona', 'mailbox-full'],
    ['iso-8859-2', 'Użytkownik nie istnieje', 'no-such-user'],
    ['windows-1254', 'Kullanıcı bulunamadı', 'no-such-user'],
  ])('%s: %s', (charset, text, reason) => {
    expect(readReturnedMail(report(text, charset)).reason).toBe(reason);
    for (const label of ['us-ascii', 'unknown-8bit', 'iso-8859-1'])
      expect(
        readReturnedMail(report(text, charset, [`Content-Type: text/plain; charset=${label}`])).reason,
      ).toBe(reason);
  });
});

describe('a subject that names no charset', () => {
  it.each([
    ['koi8-r', 'Автоответ: я в отпуске'],
    ['windows-1251', 'Автоматический ответ: новости'],
    ['big5', '自動回覆：我不在辦公室'],
    ['gbk', '自动回复：休假'],
    ['shift_jis', '自動返信：不在です'],
    ['euc-kr', '자동 응답: 부재중'],
    ['windows-1253', 'Αυτόματη απάντηση'],
    ['windows-1255', 'מענה אוטומטי'],
    ['windows-1256', 'رد تلقائي: خارج المكتب'],
    ['windows-874', 'ตอบกลับอัตโนมัติ'],
  ])('is known as that of an automatic answer: %s %s', (charset, subject) => {
    const raw = Buffer.concat([
      Buffer.from('From: Anna <anna@x.example>\nSubject: '),
      iconv.encode(subject, charset),
      Buffer.from('\n\nHello\n'),
    ]);
    expect(readReturnedMail(raw).kind).toBe('auto-reply');
  });
});

it('a page says its charset itself', () => {
  const html =
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=koi8-r"></head><p>Отпишите меня</p>';
  const raw = Buffer.concat([
    Buffer.from('From: Anna <anna@x.example>\nSubject: Re: x\nContent-Type: text/html\n\n'),
    iconv.encode(html, 'koi8-r'),
  ]);
  expect(readReturnedMail(raw).kind).toBe('unsubscribe');
});

describe('what says nothing that is known', () => {
  it.each(['Größe und Maß', 'Zoë', 'naïve café', 'Ærø', '£5 – €6'])('stays Latin: %s', (text) => {
    const bytes = iconv.encode(text, 'windows-1252');
    expect(decodeText(bytes, null)).toBe(bytes.toString('latin1'));
    expect(decodeText(bytes, 'iso-8859-1')).toBe(bytes.toString('latin1'));
  });
});

describe('an automatic answer without marks', () => {
  it.each([
    'رد تلقائي: مواضيعك',
    'الرد التلقائي',
    'خارج المكتب حتى الأحد',
    'في إجازة',
    'Trả lời tự động: Chủ đề của bạn',
    'Thư trả lời tự động',
    'Vắng mặt đến thứ hai',
    'Nghỉ phép',
    'Tra loi tu dong: Chu de',
    'Trả lời tự động'.normalize('NFD'),
    'מענה אוטומטי: הנושאים שלך',
    'Balasan otomatis: Topik Anda',
    'ตอบกลับอัตโนมัติ: หัวข้อ',
    'Samodejni odgovor: Vaše teme',
    'پاسخ خودکار: موضوعات',
  ])('%s', (subject) => {
    const raw = `From: Anna <anna@x.example>\nSubject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=\n\nx\n`;
    expect(readReturnedMail(Buffer.from(raw)).kind).toBe('auto-reply');
  });
});
