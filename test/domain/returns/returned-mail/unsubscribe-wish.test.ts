import { describe, expect, it } from 'vitest';
import { readReturnedMail } from '../../../../src/domain/returns/returned-mail/read.ts';

interface Mail {
  subject?: string;
  text?: string;
  html?: string;
  fields?: string;
}

/** A person's mail to a return path. */
function mail({ subject = 'Re: Five ways to plan · Tessel News', text, html, fields = '' }: Mail): Buffer {
  return Buffer.from(
    `From: Anna Berg <anna@reader.example>\nTo: b-d5k-abcdefghijklmnopqrstuvwx@bounces.tessel.example\n${fields}Subject: ${subject}\nMIME-Version: 1.0\nContent-Type: text/${html === undefined ? 'plain' : 'html'}; charset=utf-8\n\n${html ?? text ?? ''}\n`,
  );
}

const kindOf = (given: Mail) => readReturnedMail(mail(given)).kind;

/** What people write who want no more mails: the whole text, under "Re: <our subject>". */
const WISHES = [
  // As short as it goes, in every language.
  'unsubscribe',
  'Unsubscribe.',
  'UNSUBSCRIBE!!!',
  'un-subscribe',
  'STOP',
  'stop',
  'Stop!',
  'please stop',
  'Opt out',
  'opt-out please',
  'remove',
  'Remove me',
  'remove me please',
  'Abmelden',
  'abmelden bitte',
  'Abmeldung',
  'Abbestellen',
  'Bitte austragen',
  'Stopp',
  'Uitschrijven',
  'uitschrijven aub',
  'afmelden a.u.b.',
  'désabonner',
  'Désabonnement',
  'desinscription svp',
  'désinscrire merci',
  'Baja',
  'darme de baja por favor',
  'Cancelar suscripción',
  'descadastrar',
  'Cancelar inscrição',
  'disiscrivetemi',
  'Cancellatemi per favore',
  'wypisz',
  'Proszę o wypisanie',
  'odhlásit',
  'afmeld',
  'Avregistrera',
  'Avmeld',
  'Peruuta tilaus',
  'leiratkozás',
  'abonelikten çıkmak istiyorum',
  'dezabonare',
  'отписаться',
  'Отпишите',
  'відписатися',
  '配信停止',
  '配信停止お願いします',
  '退订',
  '取消訂閱',
  '수신거부',
  '구독 취소 부탁드립니다',
  'إلغاء الاشتراك',
  'hủy đăng ký',
  // In a sentence.
  'Please unsubscribe me.',
  'unsubscribe me please, thanks',
  'Unsubscribe me from this list immediately!',
  'Please remove me from your mailing list. Thank you.',
  'Can you please take me off your list?',
  'Could you unsubscribe me?',
  'How do I unsubscribe?',
  'I would like to unsubscribe from your newsletter.',
  'I want to be removed from this list',
  'Please stop sending me these emails',
  'Stop emailing me',
  "Please don't send me any more mails.",
  'Do not email me again.',
  'No more emails please',
  'I no longer wish to receive your newsletter.',
  'please cancel my subscription',
  'Delete my address from your database please',
  'Bitte nehmen Sie mich aus dem Verteiler.',
  'Bitte tragen Sie mich aus Ihrem Newsletter aus.',
  'Ich möchte den Newsletter abbestellen',
  'Bitte melden Sie mich vom Newsletter ab. Vielen Dank!',
  'Hiermit widerrufe ich meine Einwilligung.',
  'Bitte keine weiteren Mails mehr.',
  'Bitte senden Sie mir keine E-Mails mehr.',
  'Ich möchte keine Newsletter mehr erhalten.',
  'Bitte löschen Sie meine Adresse aus Ihrer Liste',
  'Graag uitschrijven voor de nieuwsbrief',
  'Kunt u mij uitschrijven?',
  'Wilt u mij van de lijst verwijderen? Dank u wel.',
  'Ik wil geen mails meer ontvangen.',
  'Stuur mij geen nieuwsbrief meer',
  'Ik wil mij graag afmelden',
  'Merci de me désabonner',
  "Merci de bien vouloir me désinscrire de votre liste d'envoi.",
  'Je ne souhaite plus recevoir votre newsletter',
  'Veuillez me retirer de votre liste de diffusion. Cordialement',
  'Quiero darme de baja',
  'Por favor, denme de baja de su lista.',
  'No deseo recibir más correos',
  'Por favor, remova meu e-mail da lista',
  'Não quero mais receber e-mails',
  'Vorrei disiscrivermi dalla newsletter',
  'Non voglio più ricevere le vostre mail',
  'Proszę usunąć mój adres z listy',
  'Nie chcę otrzymywać newslettera',
  'Prosím odhlaste mě z newsletteru',
  'Vil gerne afmeldes',
  'Fjern mig fra listen, tak',
  'Ta bort mig från listan',
  'Kérem töröljenek a listáról',
  'Пожалуйста, удалите меня из рассылки',
  'Не присылайте мне больше писем',
  '请取消订阅，谢谢',
  '不要再发邮件给我',
  'メルマガの配信を停止してください。',
  '뉴스레터 구독을 취소해 주세요',
  // With a greeting, a signature, a name, what phones add, and the mail that is answered.
  'Hello,\n\nplease unsubscribe me.\n\nBest regards,\nAnna Berg\nHead of Procurement\nFirm Ltd.',
  'Hi Tessel team\n\nUnsubscribe please\n\nAnna',
  'STOP\n\nSent from my iPhone',
  'stop\n-- \nAnna Berg\nPlanner for hire. Call me!',
  'Stop\n\nAnna Berg',
  'Guten Tag\nbitte abmelden\nMit freundlichen Grüßen\nAnna Berg\nEinkauf, Firma AG, Hauptstraße 5',
  'Uitschrijven\n\nVerstuurd vanaf mijn iPad',
  'unsubscribe\n\nOn Tue, 17 Nov 2026 at 08:01, Tessel News <news@tessel.example> wrote:\n> Five ways to plan\n> Unsubscribe: https://tessel.example/unsubscribe/x',
  'stop\n\nOn Tue, 17 Nov 2026 at 08:01, Tessel News\n<news@tessel.example> wrote:\n\nFive ways to plan your year. Read more. We hope you like it.',
  'abmelden\n\nAm 17.11.26 um 08:01 schrieb Tessel News:\n> Fünf Wege',
  'désabonner svp\n\nLe mar. 17 nov. 2026 à 08:01, Tessel News <news@tessel.example> a écrit :\n\n> Cinq façons',
  'Please remove me\n\n-----Original Message-----\nFrom: Tessel News\nSent: Tuesday\nFive ways to plan',
  'Please remove me\n________________________________\nFrom: Tessel News <news@tessel.example>\nSent: Tuesday\n\nFive ways to plan',
  'bitte abmelden\n\nVon: Tessel News\nGesendet: Dienstag\nAn: Anna\nBetreff: Fünf Wege',
  '> Five ways to plan\n> Unsubscribe here\n\nunsubscribe please',
  'Am 17.11.26 um 08:01 schrieb Tessel News:\n> Fünf Wege\n\nBitte austragen!',
  'Unsubscribe please - Anna Berg',
  // Wishes with a reason are wishes.
  'Not interested, please remove',
  'No longer interested, unsubscribe please',
  'unsubscribe me from everything',
  'Gelieve mij uit te schrijven',
  'Hallo, kunt u mij uit uw bestand verwijderen? Alvast bedankt',
  'Bitte senden Sie keine weiteren E-Mails an diese Adresse',
  'I get too many mails and have no time for them. Please unsubscribe me.',
  'I never signed up for this. Remove me from your list!',
  'I have left the firm, so please\nremove me from your mailing list. Kind regards, Anna',
  'Unsubscribe. This is the third time I ask.',
  'Please unsubscribe anna@reader.example and old@reader.example from your list',
];

/** What people write about something else. */
const NO_WISHES = [
  'Stop guessing',
  'Stop by our booth at the fair!',
  'Stop paying for clicks nobody makes: great title.',
  'Stop! I am out until 12 March and do not read mail.',
  'Stop. You had me at the first line. When can we talk?',
  'I cannot unsubscribe from my thoughts',
  'Our unsubscribe rates went up. Is that normal?',
  'Unsubscribe rates in 2026 look high to me',
  'Do your readers unsubscribe often?',
  'Please do not unsubscribe me, I like it.',
  "Don't unsubscribe me!",
  'Unsubscribe me? Never!',
  'Never stop sending these!',
  "Don't stop",
  'I do not want to unsubscribe',
  'I do not want to cancel my subscription',
  'Remove me from the meeting of Tuesday, I am on leave.',
  'Remove the word "new" from your title',
  'Cancel the order, please.',
  'Please cancel our call on Friday.',
  'Delete the old file, here is the new one.',
  'I did not get your newsletter this month.',
  'I do not receive your newsletter any more. Why?',
  'No newsletter today?',
  'Not getting your mails any more',
  'Abmeldung wegen Urlaub: bis 20. März nicht im Haus.',
  'Abmeldung vom Seminar am 12. März',
  'Bitte melden Sie mich zur Messe ab, ich bin krank.',
  'Ich kann mich nicht abmelden von diesem Gedanken',
  'Kündigung des Mietvertrags: was nun?',
  'Afmelden voor de beurs: hoe doe ik dat?',
  'Stop met gokken, begin met meten',
  'Ik ontvang de nieuwsbrief niet meer',
  'Arrêtez de deviner',
  "Je n'ai pas reçu votre newsletter",
  'No me llegan sus correos',
  'Baja de precios en 2026',
  'Cancellare gli sprechi: ottimo articolo',
  'Стоп, а сколько это стоит?',
  '停止供应链风险',
  'Great article. Can we talk about prices next week?',
  'Useful numbers, thank you. What does your product cost?',
  'Thanks!',
  'Not interested',
  'I quit',
  'Stop, look and listen',
  'Stop, Anna',
  'Ich möchte mich für das Webinar abmelden',
  'Please remove Anna from the invite list and add Bob',
  '',
  'The link to unsubscribe in my own mails does not work. Can your product help?',
  // Ours is quoted without any mark.
  `Very good, call me.\n\n${'We plan for people who plan. Read more about it on our site. '.repeat(8)}\nUnsubscribe`,
];

describe('a mail of a person', () => {
  it.each(WISHES)('wishes to unsubscribe: %j', (text) => expect(kindOf({ text })).toBe('unsubscribe'));
  it.each(NO_WISHES)('is about something else: %j', (text) => expect(kindOf({ text })).toBe('not-a-bounce'));
});

describe('the subject', () => {
  it.each([
    'unsubscribe',
    'Unsubscribe',
    'STOP',
    'Abmelden',
    'Uitschrijven aub',
    'désabonner',
    'remove me',
    '退订',
  ])('is a wish by itself: %s', (subject) => {
    expect(kindOf({ subject, text: '' })).toBe('unsubscribe');
    expect(kindOf({ subject, text: 'Thanks\n\n-- \nAnna Berg' })).toBe('unsubscribe');
    expect(kindOf({ subject: `Re: ${subject}`, text: '' })).toBe('unsubscribe');
  });

  it('that is a plain wish counts whatever is written below it', () => {
    expect(kindOf({ subject: 'Unsubscribe', text: 'I have asked three times now!' })).toBe('unsubscribe');
    expect(kindOf({ subject: 'Please remove me from your list', text: 'This is enough.' })).toBe(
      'unsubscribe',
    );
    expect(kindOf({ subject: 'Abmeldung', text: 'Bin bis 20. März nicht im Haus.' })).toBe('not-a-bounce');
    expect(kindOf({ subject: 'Stop', text: 'I am out until 12 March.' })).toBe('not-a-bounce');
  });

  it.each([
    'Re: Stop paying for clicks nobody makes · The digest',
    'AW: Abmeldung wegen Urlaub? So planen Sie Vertretungen',
    'Antw: Stop met gokken',
    'Re: Unsubscribe rates in 2026: what is normal? · The digest',
    'Re: Unsubscribe',
    'Fwd: Stop guessing, start measuring',
    'Re: [EXTERN] Stop',
    'RE: Re: Opt-out or opt-in: a guide · The digest',
    'Stop by our booth',
    'Stop guessing',
    'Unsubscribe rates',
    'Re: Vacation rules, and how to plan for them · The digest',
  ])('of ours says nothing: %s', (subject) => {
    expect(kindOf({ subject, text: 'Great article. Can we talk about prices next week?' })).toBe(
      'not-a-bounce',
    );
    expect(kindOf({ subject, text: 'Please unsubscribe me.' })).toBe('unsubscribe');
  });
});

describe('an automatic answer', () => {
  it.each([
    'Auto-Submitted: auto-replied\n',
    'X-Autoreply: yes\n',
    'Precedence: auto_reply\n',
    'Return-Path: <>\n',
  ])('unsubscribes nobody, whatever it holds: %j', (fields) => {
    for (const text of ['Stop', 'Please unsubscribe me.', 'Unsubscribe', 'Abmelden'])
      expect(kindOf({ subject: 'Re: Stop paying for clicks', text, fields })).toBe('auto-reply');
  });

  it('is no report of a mail server because our subject is about mail', () => {
    const fields = 'Return-Path: <>\nAuto-Submitted: auto-replied\n';
    for (const subject of ['Re: Your message was blocked: what now?', 'AW: Delivery failed? Five reasons'])
      expect(kindOf({ subject, text: 'I am away until Monday.', fields })).toBe('auto-reply');
  });

  it('unsubscribes nobody by a subject that says so', () => {
    expect(kindOf({ subject: 'Automatic reply: Your topics', text: 'Stop! I am out.' })).toBe('auto-reply');
    expect(kindOf({ subject: 'Abwesenheitsnotiz: Ihre Themen', text: 'Abmelden' })).toBe('auto-reply');
  });
});

describe('a mail to the address of our List-Unsubscribe', () => {
  it.each(['', 'Auto-Submitted: auto-generated\n'])('unsubscribes, however it is marked: %j', (fields) => {
    for (const [subject, text] of [
      ['unsubscribe', ''],
      ['', ''],
      ['Unsubscribe request', 'This message was automatically generated by Gmail.'],
    ]) {
      const raw = mail({ subject: subject!, text: text!, fields })
        .toString()
        .replace(/To: \S+/, 'To: <unsubscribe+dAcgBx9_-aaaaaaaaaaaaaaaaaaaaaa@bounces.tessel.example>');
      expect(readReturnedMail(Buffer.from(raw)).kind).toBe('unsubscribe');
    }
  });
});

describe('a mail in HTML alone', () => {
  it.each([
    '<p>Bitte abmelden</p>',
    '<div dir="ltr">unsubscribe</div>',
    '<html><body><div>D&eacute;sabonner</div><br></body></html>',
    '<div>Please unsubscribe me.</div><div class="gmail_quote">On Tue Tessel wrote:<blockquote>Five ways to plan</blockquote></div>',
    '<div>stop</div><blockquote type="cite">Five ways to plan. Call us!</blockquote>',
    '<div>Uitschrijven aub</div><hr><div id="divRplyFwdMsg"><b>Van:</b> Tessel</div><p>Vijf manieren</p>',
    '<style>p{color:red}</style><p>Remove&nbsp;me&#8203; please</p><p>Anna</p>',
    '<p>K&uuml;ndigung</p>',
  ])('wishes to unsubscribe: %s', (html) => expect(kindOf({ html })).toBe('unsubscribe'));

  it('is about something else', () => {
    expect(kindOf({ html: '<p>Great article</p><blockquote>Unsubscribe</blockquote>' })).toBe('not-a-bounce');
    expect(kindOf({ html: '<blockquote>Please unsubscribe me</blockquote>' })).toBe('not-a-bounce');
  });
});
