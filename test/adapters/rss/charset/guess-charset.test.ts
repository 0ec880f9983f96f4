import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeFeed } from '../../../../src/adapters/rss/charset/charset.ts';

/** News as it is written in many languages: short, as feeds have it. */
const NEWS: Record<string, string> = {
  ru: 'Новый закон об электронных счетах вступает в силу в январе. Компаниям нужно готовиться уже сейчас.',
  uk: 'Новий закон про електронні рахунки набирає чинності в січні. Компаніям потрібно готуватися вже зараз, її вимоги суворі.',
  bg: 'Новият закон за електронните фактури влиза в сила през януари. Фирмите трябва да се подготвят още сега.',
  el: 'Ο νέος νόμος για τα ηλεκτρονικά τιμολόγια τίθεται σε ισχύ τον Ιανουάριο. Οι επιχειρήσεις πρέπει να ετοιμαστούν.',
  he: 'החוק החדש בנושא חשבוניות אלקטרוניות נכנס לתוקף בינואר. חברות חייבות להתכונן כבר עכשיו.',
  ar: 'يدخل القانون الجديد للفواتير الإلكترونية حيز التنفيذ في يناير. يجب على الشركات أن تستعد الآن.',
  th: 'กฎหมายใหม่เกี่ยวกับใบแจ้งหนี้อิเล็กทรอนิกส์มีผลบังคับใช้ในเดือนมกราคม บริษัทต้องเตรียมตัวตั้งแต่ตอนนี้',
  ja: '電子インボイスの新しい法律は一月に施行されます。企業は今すぐ準備をしなければなりません。',
  ko: '전자 세금계산서에 관한 새로운 법률이 일월에 시행됩니다. 기업은 지금 준비해야 합니다.',
  zh: '电子发票的新法律将于一月生效。企业现在就必须做好准备，因为期限很短，罚款也不少。',
  tw: '電子發票的新法律將於一月生效。企業現在就必須做好準備，因為期限很短，罰款也不少。',
  pl: 'Nowa ustawa o fakturowaniu elektronicznym wchodzi w życie w styczniu. Firmy muszą się przygotować już teraz, ponieważ terminy są krótkie, a kary nie są małe. Oto co trzeba wiedzieć, aby być gotowym na czas.',
  cs: 'Nový zákon o elektronické fakturaci vstoupí v platnost v lednu. Firmy se musí připravit už nyní, protože lhůty jsou krátké a pokuty nejsou malé. Zde je to, co je třeba vědět, aby byl váš program připraven včas a aby vše bylo podle zákona.',
  hu: 'Az új törvény az elektronikus számlákról januárban lép hatályba. A cégeknek már most fel kell készülniük, mert kevés az idő, és a büntetés nem kicsi. Ez az, amit tudni kell, hogy minden rendben legyen, ha a program nem működik jól.',
  tr: 'Yeni e-fatura yasası ocak ayında yürürlüğe giriyor. Şirketler şimdiden hazırlanmalı, çünkü süre kısa ve cezalar küçük değil. Zamanında hazır olmak için bilmeniz gerekenler ve yazılım ile ilgili daha çok bilgi bu yazıda. Bu her şirket için önemli olan bir konu.',
  lt: 'Naujas elektroninių sąskaitų įstatymas įsigalioja sausį. Įmonės turi ruoštis jau dabar, nes laiko yra mažai, o baudos nėra mažos. Tai yra tai, ką reikia žinoti, kad viskas būtų laiku ir kad programa veiktų taip, kaip reikia.',
  fr: 'La nouvelle loi sur la facturation électronique entre en vigueur en janvier. Les entreprises doivent se préparer dès maintenant, car les délais sont très courts et les sanctions ne sont pas légères là où la règle est déjà là.',
  de: 'Das neue Gesetz über elektronische Rechnungen gilt ab Jänner. Größere Unternehmen müssen schon jetzt prüfen, ob ihre Geräte dafür genügen, und für die übrigen läuft die Übergangsfrist.',
  nl: 'De nieuwe wet over elektronische facturen geldt vanaf januari. Een één-op-één vertaling van het Belgische model is het niet, zegt coördinator Zoë, die het reële effect nog moet zien.',
  da: 'Den nye lov om elektronisk fakturering træder i kraft i januar. Virksomhederne skal forberede sig allerede nu, fordi tiden er kort, og bøderne ikke er små.',
};

const feed = (text: string) =>
  `<rss version="2.0"><channel><title>${text.slice(0, 20)}</title><link>https://a.example/</link>` +
  `<item><title>${text.slice(0, 40)}</title><link>https://a.example/1</link><description>${text}</description></item></channel></rss>`;

describe('a feed that does not say its charset', () => {
  it.each([
    ['ru', 'windows-1251'],
    ['ru', 'koi8-r'],
    ['ru', 'iso-8859-5'],
    ['ru', 'cp866'],
    ['uk', 'windows-1251'],
    ['uk', 'koi8-u'],
    ['bg', 'windows-1251'],
    ['el', 'windows-1253'],
    ['el', 'iso-8859-7'],
    ['he', 'windows-1255'],
    ['ar', 'windows-1256'],
    ['ar', 'iso-8859-6'],
    ['th', 'windows-874'],
    ['ja', 'euc-jp'],
    ['ja', 'shift_jis'],
    ['ko', 'euc-kr'],
    ['zh', 'gb18030'],
    ['tw', 'big5'],
    ['pl', 'windows-1250'],
    ['pl', 'iso-8859-2'],
    ['cs', 'windows-1250'],
    ['cs', 'iso-8859-2'],
    ['hu', 'windows-1250'],
    ['hu', 'iso-8859-2'],
    ['tr', 'windows-1254'],
    ['tr', 'iso-8859-9'],
    ['lt', 'windows-1257'],
    ['fr', 'windows-1252'],
    ['de', 'iso-8859-1'],
    ['nl', 'windows-1252'],
    ['da', 'iso-8859-1'],
  ])('is read by what it looks like: %s in %s, whatever language the programme says', (language, charset) => {
    const text = feed(NEWS[language]!);
    const body = iconv.encode(text, charset);
    for (const said of ['en', 'nl', 'zh', 'ru']) expect(decodeFeed(body, null, said).text).toBe(text);
  });

  it('is read though it is Japanese in seven bits', () => {
    const text = Buffer.from(
      '<rss><channel><item><title>\x1b$B%F%9%H\x1b(B</title></item></channel></rss>',
      'latin1',
    );
    expect(decodeFeed(text, null)).toMatchObject({
      charset: 'iso-2022-jp',
      text: expect.stringContaining('テスト'),
    });
  });

  it('is read as its language usually is where its bytes do not tell', () => {
    const word = iconv.encode('<rss><channel><title>Žižek</title></channel></rss>', 'windows-1250');
    expect(decodeFeed(word, null, 'cs').text).toContain('Žižek');
  });

  it('keeps to what was said, whatever it looks like', () => {
    const text = feed(NEWS.ru!);
    const body = iconv.encode(text, 'koi8-r');
    expect(decodeFeed(body, 'text/xml; charset=koi8-r').charset).toBe('koi8-r');
    expect(decodeFeed(body, 'text/xml; charset=windows-1251').charset).toBe('windows-1251');
    const declared = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="iso-8859-2"?>'), body]);
    expect(decodeFeed(declared, null).charset).toBe('iso-8859-2');
    expect(decodeFeed(Buffer.from(text), null)).toEqual({ text, charset: 'utf-8' });
  });
});
