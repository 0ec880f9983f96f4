import { describe, expect, it } from 'vitest';
import { isSameLanguage, languageOf } from '../../../../src/domain/content/reading/text-language.ts';
import { loadSampleArticles, SAMPLE_LANGUAGES } from '../../../../src/web/sample/articles.ts';

describe('languageOf', () => {
  it.each(SAMPLE_LANGUAGES)('knows ten articles in %s', (language) => {
    const articles = loadSampleArticles();
    for (let at = 0; at + 10 <= articles.length; at += 10) {
      const texts = articles
        .slice(at, at + 10)
        .flatMap(({ texts }) => [texts[language]!.title, texts[language]!.summary]);
      expect(languageOf(texts)).toBe(language);
    }
  });

  it.each([
    [
      'fr',
      'La nouvelle loi sur la facturation électronique entre en vigueur en janvier. Les entreprises doivent se préparer dès maintenant, car les délais sont courts et les sanctions ne sont pas négligeables. Voici ce que vous devez savoir pour être prêts à temps avec votre logiciel.',
    ],
    [
      'es',
      'La nueva ley de facturación electrónica entra en vigor en enero. Las empresas tienen que prepararse ya, porque los plazos son cortos y las sanciones no son pequeñas. Esto es lo que debe saber para estar listo a tiempo con su programa de gestión.',
    ],
    [
      'it',
      'La nuova legge sulla fatturazione elettronica entra in vigore a gennaio. Le imprese devono prepararsi subito, perché i tempi sono stretti e le sanzioni non sono piccole. Ecco che cosa bisogna sapere per essere pronti in tempo con il proprio software.',
    ],
    [
      'pt',
      'A nova lei da fatura eletrónica entra em vigor em janeiro. As empresas têm de se preparar já, porque os prazos são curtos e as coimas não são pequenas. Isto é o que deve saber para estar pronto a tempo com o seu programa de gestão.',
    ],
    [
      'pl',
      'Nowa ustawa o fakturowaniu elektronicznym wchodzi w życie w styczniu. Firmy muszą się przygotować już teraz, ponieważ terminy są krótkie, a kary nie są małe. Oto co trzeba wiedzieć, aby być gotowym na czas ze swoim oprogramowaniem.',
    ],
    [
      'sv',
      'Den nya lagen om elektronisk fakturering träder i kraft i januari. Företagen måste förbereda sig redan nu, eftersom tiden är kort och böterna inte är små. Det här är vad du behöver veta för att vara klar i tid med ditt program.',
    ],
    [
      'da',
      'Den nye lov om elektronisk fakturering træder i kraft i januar. Virksomhederne skal forberede sig allerede nu, fordi tiden er kort, og bøderne ikke er små. Her er, hvad du skal vide for at være klar i tide med dit program, og hvor meget det koster efter nytår.',
    ],
    [
      'fi',
      'Uusi sähköisen laskutuksen laki tulee voimaan tammikuussa. Yritysten on valmistauduttava jo nyt, koska aika on lyhyt ja sakot eivät ole pieniä. Tämä on se mitä on tiedettävä, että olet valmis ajoissa ja että ohjelma toimii, kun laki tulee voimaan, mutta myös sen jälkeen.',
    ],
    [
      'cs',
      'Nový zákon o elektronické fakturaci vstoupí v platnost v lednu. Firmy se musí připravit už nyní, protože lhůty jsou krátké a pokuty nejsou malé. Zde je to, co je třeba vědět, aby byl váš program připraven včas a aby vše bylo podle zákona.',
    ],
    [
      'tr',
      'Yeni e-fatura yasası ocak ayında yürürlüğe giriyor. Şirketler şimdiden hazırlanmalı, çünkü süre kısa ve cezalar küçük değil. Zamanında hazır olmak için bilmeniz gerekenler ve yazılım ile ilgili daha çok bilgi bu yazıda. Bu her şirket için önemli olan bir konu.',
    ],
    [
      'ru',
      'Новый закон об электронных счетах вступает в силу в январе. Компаниям нужно готовиться уже сейчас.',
    ],
    [
      'uk',
      'Новий закон про електронні рахунки набирає чинності в січні. Компаніям потрібно готуватися вже зараз.',
    ],
    [
      'bg',
      'Новият закон за електронните фактури влиза в сила през януари. Фирмите трябва да се подготвят още сега, за да не бъдат глобени. Ето какво трябва да знаете, за да сте готови навреме със софтуера си.',
    ],
    ['el', 'Ο νέος νόμος για τα ηλεκτρονικά τιμολόγια τίθεται σε ισχύ τον Ιανουάριο.'],
    ['ja', '電子インボイスの新しい法律は一月に施行されます。企業は今すぐ準備をしなければなりません。'],
    ['zh', '电子发票的新法律将于一月生效。企业现在就必须做好准备，因为期限很短，罚款也不少。'],
    ['ko', '전자 세금계산서에 관한 새로운 법률이 일월에 시행됩니다. 기업은 지금 준비해야 합니다.'],
    ['he', 'החוק החדש בנושא חשבוניות אלקטרוניות נכנס לתוקף בינואר. חברות חייבות להתכונן כבר עכשיו.'],
    ['ar', 'يدخل القانون الجديد للفواتير الإلكترونية حيز التنفيذ في يناير. يجب على الشركات أن تستعد.'],
  ])('knows %s', (language, text) => {
    expect(languageOf([text])).toBe(language);
  });

  it.each([
    'SAP Oracle Exact AFAS Unit4',
    '',
    'Peppol, KSeF, ViDA, ZUGFeRD, XRechnung: update 2026',
    '2026 2027 2028 '.repeat(30),
    'Windows Server Patch Tuesday CVE Exchange Azure Entra Copilot Teams Outlook SharePoint OneDrive Intune Defender Sentinel Purview Fabric '.repeat(
      3,
    ),
  ])('says nothing of what is no text: %s', (text) => {
    expect(languageOf([text])).toBeNull();
  });
});

it('knows one language under its names', () => {
  expect(isSameLanguage('nl-BE', 'nl')).toBe(true);
  expect(isSameLanguage('en_US', 'EN')).toBe(true);
  expect(isSameLanguage('no', 'nb')).toBe(true);
  expect(isSameLanguage('de', 'nl')).toBe(false);
  expect(isSameLanguage('da', 'nb')).toBe(false);
});
