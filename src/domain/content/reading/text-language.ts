/** The commonest words of languages in Latin script: a text of a language is full of them. */
const WORDS = Object.entries({
  en: 'the of and to in is that for it with as was on are be this by at from or have an they which you not but his has more their will can when what who than how your its we our',
  nl: 'de het een van en in is dat op te voor met zijn die niet aan er om ook als bij door naar uit dan maar nog wel worden wordt heeft hebben kan uw deze dit over meer je wat hoe geen onze',
  de: 'der die und das den von zu mit ist des im für auf nicht ein eine sich dem als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch',
  fr: 'le la les de des et du en un une est que pour dans qui sur pas au par plus ce il avec sont ne se aux ou cette ses son comme mais vous nous leur ont été être sans entre très aussi votre',
  es: 'de la que el en y los se del las por un para con una su es al lo como más pero sus le ha este sí porque esta son entre está cuando muy sin sobre ser también hasta hay donde han quien desde todo nos durante',
  it: 'di che il la per un in è una non si da del con le i della sono al come più dei gli nel alla anche ma lo delle ha su dal degli questo questa ai essere hanno loro nella tra',
  pt: 'de que o a e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está também só pelo pela até isso são',
  ca: 'de la el que i en a els les per un una amb és del al no dels es són com més se però aquest aquesta ha seva també ser entre quan sobre pel tot fins seu nostra',
  sv: 'och i att det som en på är av för med den till inte har de ett om var jag men så kan från vi nu eller när han skulle också efter vid mer ska blir finns sin alla hur man',
  da: 'og i at det er en til af som på for med den de ikke der har et om var men så kan fra vi eller når også efter ved mere skal bliver sig hvor hvad kun nogle noget være dette din jeres',
  nb: 'og i å det er en til av som på for med den de ikke har et om var men så kan fra vi eller når også etter ved mer skal blir seg hvor hva bare noen noe være dette din deres',
  fi: 'ja on ei että se hän oli mutta myös kun tai ovat kuin niin sen voi mitä joka jos vain ole jo sekä jotka nyt hyvin kaikki tämä sitä oman enemmän joissa mukaan vuoden',
  pl: 'i w na z się nie do to że jest o jak za od po co ale dla przez są tak być może które który ze oraz czy już też tym ich jego będzie można bardzo także jej lub przy',
  cs: 'a v se na je že s z do o k i jako za by ale pro jsou od které být není po také při který jeho nebo až jen podle však může už tak ve své aby jsem které bude',
  sk: 'a v sa na je že s z do o k aj ako za by ale pre sú od ktoré byť nie po tiež pri ktorý jeho alebo až len podľa však môže už tak vo svoje aby som bude',
  hu: 'a az és hogy nem is egy van de ez meg volt csak el már még ki ha mint vagy lehet azt után amely ezt lesz minden szerint több sem kell nagyon ami nagy ezek',
  ro: 'de și în a la cu pe că nu o din un care pentru este mai sunt se ce au ca fi prin sau după dar al ale lui am fost această acest cum până fără între foarte poate',
  hr: 'i je u na se da su za od s koji što kao a to ne ili iz bi će o po ali sve samo kako još biti ima koje više koja nije prema te ako može do kada bez',
  sl: 'in je v na se da so za od s ki kot pa to ne ali iz bi bo o po tudi vse samo kako še biti ima več ni če lahko do ko brez tem pri kar',
  et: 'ja on ei et see ta oli ka kui või mis oma siis aga nii kes ning välja peab veel saab olla väga seda mida selle kõik pärast nagu juba ainult meie',
  lv: 'un ir no ar uz par ka tas kas to vai bet arī pēc lai kā tā viņš ja nav būt savu gan līdz kad bija var vairāk pie šo tikai jau mūsu',
  lt: 'ir yra kad į su iš tai kaip bet ne už jis po dėl apie nuo ar buvo prie jo arba tik kurie gali dar jau labai mūsų daugiau šis kai bus per',
  tr: 've bir bu da de için ile olarak daha çok en gibi kadar olan ne var ama o sonra değil ya her şey ise göre olduğu ki mi bile veya tarafından nasıl yeni',
  id: 'dan yang di untuk dengan ini dari dalam adalah tidak pada akan itu ke bisa atau juga oleh sebagai dapat ada lebih karena anda kami mereka saat secara agar seperti telah',
  vi: 'và của là có được cho không trong với những các một để người này khi đã từ đến cũng như về nhiều hơn sẽ tại trên vào',
}).map(([language, words]) => ({ language, words: new Set(words.split(' ')) }));

/** Letters that only one of the languages in a script writes; the last has none. */
const SCRIPTS: readonly [script: RegExp, languages: readonly [language: string, letters: RegExp][]][] = [
  [/[\p{sc=Hira}\p{sc=Kana}]/gu, [['ja', /./]]],
  [/\p{sc=Hang}/gu, [['ko', /./]]],
  [/\p{sc=Han}/gu, [['zh', /./]]],
  [
    /\p{sc=Cyrl}/gu,
    [
      ['uk', /[іїєґ]/g],
      ['sr', /[ђћљњјџ]/g],
      ['ru', /[ыэё]/g],
      ['bg', /ъ/g],
    ],
  ],
  [
    /\p{sc=Arab}/gu,
    [
      ['fa', /[پچژگی]/g],
      ['ar', /./],
    ],
  ],
  [/\p{sc=Grek}/gu, [['el', /./]]],
  [/\p{sc=Hebr}/gu, [['he', /./]]],
  [/\p{sc=Thai}/gu, [['th', /./]]],
  [/\p{sc=Deva}/gu, [['hi', /./]]],
];

/** Fewer words tell nothing: a title may be all names. */
const FEWEST_WORDS = 30;
const FEWEST_KNOWN = 0.15;
const CLEARLY_MORE = 1.25;
const MOST_LOOKED_AT = 20_000;

/** The language that texts are written in, as two letters; null where that cannot be told. */
export function languageOf(texts: readonly string[]): string | null {
  const text = texts.join(' \n').slice(0, MOST_LOOKED_AT).toLowerCase();
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  for (const [script, languages] of SCRIPTS) {
    // A page in Japanese is half Chinese characters; names in Latin script are everywhere.
    if ((text.match(script)?.length ?? 0) < Math.max(20, letters * 0.25)) continue;
    const counted = languages.map(([language, own]) => ({ language, n: text.match(own)?.length ?? 0 }));
    const usual = counted.toSorted((a, b) => b.n - a.n)[0]!;
    return usual.n > 0 ? usual.language : null;
  }
  if (words.length < FEWEST_WORDS) return null;
  const scores = WORDS.map(({ language, words: known }) => ({
    language,
    known,
    share: words.filter((word) => known.has(word)).length / words.length,
  })).toSorted((a, b) => b.share - a.share);
  const [best, second] = [scores[0]!, scores[1]!];
  if (best.share < FEWEST_KNOWN) return null;
  if (best.share >= CLEARLY_MORE * second.share) return best.language;
  // Neighbours share most of these words; the others tell.
  const only = (one: ReadonlySet<string>, not: ReadonlySet<string>) =>
    words.filter((word) => one.has(word) && !not.has(word)).length;
  const [own, other] = [only(best.known, second.known), only(second.known, best.known)];
  return own >= 3 && own >= 2 * other ? best.language : null;
}

/** Languages that are written alike, or under several names. */
const ALIKE = [
  ['nb', 'no', 'nn'],
  ['hr', 'sr', 'bs', 'sh', 'me'],
  ['id', 'ms'],
  ['he', 'iw'],
];

/** Whether two language codes are of one language, whatever country or name they have: "nl-BE" and "nl". */
export function isSameLanguage(one: string, other: string): boolean {
  const [a, b] = [one, other].map((code) => code.trim().toLowerCase().split(/[-_]/)[0] ?? '') as [
    string,
    string,
  ];
  return a === b || ALIKE.some((group) => group.includes(a) && group.includes(b));
}
