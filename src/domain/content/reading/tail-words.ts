/**
 * "The post TITLE appeared first on SITE.", which WordPress sites (Yoast SEO, All in One SEO) put at the end of every item, as
 * they write it in the languages that they come in: one language a line, "@" for title and site. A tail in a language that
 * is not here is known by the title in it: see teaser.ts.
 */
export const APPEARED_FIRST = lines(`
  The post @ appeared first on @ ; The article @ appeared first on @ ; The post @ first appeared on @ ; The article @ first appeared on @
  Het bericht @ verscheen eerst op @ ; Het artikel @ verscheen eerst op @ ; Dit bericht @ verscheen eerst op @
  Der Beitrag @ erschien zuerst auf @ ; Der Artikel @ erschien zuerst auf @ ; Der Beitrag @ erschien zuerst bei @
  L’article @ est apparu en premier sur @ ; L'article @ est apparu en premier sur @ ; Cet article @ est apparu en premier sur @ ; L'article @ est d'abord apparu sur @
  La entrada @ se publicó primero en @ ; La entrada @ aparece primero en @ ; La entrada @ apareció primero en @ ; La publicación @ apareció primero en @ ; El artículo @ apareció primero en @
  L'articolo @ proviene da @ ; L’articolo @ proviene da @ ; L'articolo @ sembra essere il primo su @ ; L'articolo @ è apparso per la prima volta su @
  O post @ apareceu primeiro em @ ; O post @ aparece primeiro em @ ; O conteúdo @ aparece primeiro em @ ; O artigo @ aparece primeiro em @ ; O artigo @ apareceu primeiro em @
  Artykuł @ pochodzi z serwisu @ ; Post @ pojawił się poraz pierwszy w @ ; Artykuł @ pojawił się po raz pierwszy @ ; Wpis @ pojawił się po raz pierwszy @
  Indlægget @ blev først udgivet på @ ; Indlægget @ blev vist første gang den @ ; Indlægget @ vises først på @
  Inlägget @ dök först upp på @ ; Inlägget @ publicerades först på @
  Innlegget @ dukket først opp på @ ; Innlegget @ ble først publisert på @
  Artikkeli @ julkaistiin ensimmäisen kerran @ ; Artikkeli @ ilmestyi ensin @ ; Julkaisu @ ilmestyi ensin @ ; @ julkaistiin ensimmäisen kerran @
  Článek @ se nejdříve objevil na @ ; Příspěvek @ se nejdříve objevil na @ ; @ se nejdříve objevil na @
  Článok @ zobrazený najskôr @ ; Článok @ je zobrazený ako prvý na @ ; @ je zobrazený ako prvý na @
  Сообщение @ появились сначала на @ ; Сообщение @ появилось сначала на @ ; Запись @ впервые появилась @ ; Статья @ впервые появилась @
  Запис @ спершу з'явиться на @ ; Запис @ спершу з’явиться на @ ; Допис @ спершу з'явиться на @ ; @ спочатку з’явиться на @
  @ yazısı ilk önce @ üzerinde ortaya çıktı ; @ yazısı ilk @ üzerinde ortaya çıktı ; @ ilk önce @ üzerinde ortaya çıktı
  投稿 @ に最初に表示されました ; @ 最先出现在 @ ; @ 這篇文章最早發佈於 @ ; 這篇文章 @ 最早出現於 @ ; @ 最早出現於 @
  게시물 @ 에 처음 등장했습니다 ; @ 에 처음 등장했습니다 ; @ 글이 처음 @
  A(z) @ bejegyzés először @ jelent meg ; A @ bejegyzés először @ jelent meg ; Az @ bejegyzés először @ jelent meg
  Articolul @ apare prima dată în @ ; Postarea @ apare prima dată în @ ; Articolul @ apare prima dată pe @
  Το άρθρο @ εμφανίστηκε πρώτα στο @ ; Η δημοσίευση @ εμφανίστηκε πρώτα στο @ ; Το @ δημοσιεύτηκε πρώτα στο @
  Публикацията @ се появи първо в @ ; Публикацията @ се появи първо на @ ; @ се появи първо на @
  Objava @ pojavila se prvi puta na @ ; Članak @ pojavio se prvi puta na @ ; @ pojavljuje se prvi puta na @
  Чланак @ се појавио прво на @ ; Чланак @ се појављује прво на @ ; Članak @ se pojavljuje prvo na @
  Prispevek @ je bil najprej objavljen na @ ; Objava @ je bila najprej objavljena na @
  Pranešimas @ pirmiausia pasirodė @ ; Įrašas @ pirmiausia pasirodė @ ; Ieraksts @ vispirms publicēts @ ; Postitus @ ilmus esmalt @ ; Postitus @ avaldati esmalt @
  L’entrada @ ha aparegut primer a @ ; L'entrada @ ha aparegut primer a @ ; A entrada @ publicouse primeiro en @ ; A entrada @ aparece primeiro en @
  הפוסט @ הופיע לראשונה ב @ ; ظهرت المقالة @ أولاً على @ ; المقالة @ ظهرت أولاً على @ ; نوشته @ اولین بار در @ پدیدار شد
  Artikel @ pertama kali tampil pada @ ; Postingan @ pertama kali tampil pada @ ; Artikel @ muncul pertama kali pada @ ; Bài viết @ xuất hiện đầu tiên @ ; Bài viết @ đã xuất hiện đầu tiên @
  โพสต์ @ ปรากฏครั้งแรก @ ; @ was originally published in @ ; This article @ was originally published on @ ; This post @ was originally published on @ ; This article @ originally appeared on @
`);

/** Calls to read the whole text, as they stand in links and at the end of teasers: patterns, one language a line. */
export const CALLS = lines(`
  Read (?:more|on|now|(?:the )?(?:full|rest|whole|entire|original|complete)(?: of (?:this|the))?(?: (?:article|story|post|entry|piece|text|topic|discussion|blog post))?|(?:the|this) (?:article|story|post)) ; Continue (?:reading|to read|to article) ; Keep reading ; (?:Learn|Find out|See|Discover) more ; View (?:the )?(?:full )?(?:article|post|story) ; Full (?:story|article) ; Click here to (?:read|continue)(?: (?:more|on|reading))?
  Lees (?:meer|verder|hier (?:meer|verder)|nu|het (?:hele|volledige|gehele) (?:artikel|bericht|verhaal)|het (?:artikel|bericht)|alles) ; Verder lezen ; Meer lezen ; Lees dit (?:artikel|bericht)
  (?:Hier |Jetzt )?[Ww]eiterlesen ; Weiter lesen ; Mehr (?:lesen|erfahren|dazu|Infos?) ; Lesen Sie (?:hier )?(?:mehr|weiter) ; (?:Den |Zum )?(?:[Gg]anzen|[Vv]ollständigen|[Kk]ompletten) (?:Artikel|Beitrag)(?: lesen| ansehen)? ; Zum (?:Artikel|Beitrag) ; (?:Artikel|Beitrag) (?:weiter)?lesen ; Jetzt lesen
  Lire (?:la suite|plus|davantage|l[’']article(?: complet)?|l[’']intégralité) ; (?:Continuer|Poursuivre) la lecture ; En savoir plus ; Voir plus
  Leer (?:más|el (?:artículo|post)(?: completo)?) ; Se(?:guir|guí|gue|ga) leyendo ; Continu(?:ar|a|e) leyendo ; Ver más
  Leggi (?:tutto|di più|ancora|l[’']articolo(?: completo)?) ; Continua a leggere ; Continua la lettura ; Per saperne di più
  Le(?:ia|r) (?:mais|artigo completo|o artigo completo) ; Continu(?:e|ar) (?:a ler|lendo) ; Saiba mais
  Czytaj (?:dalej|więcej|całość) ; Dowiedz się więcej ; Przeczytaj (?:więcej|cały artykuł) ; Læs (?:mere|videre|hele (?:artiklen|indlægget)) ; Läs (?:mer|vidare|hela (?:artikeln|inlägget)) ; Fortsätt läsa ; Les (?:mer|videre|hele (?:saken|artikkelen)) ; Fortsett å lese
  Lue (?:lisää|koko (?:juttu|artikkeli)) ; Jatka lukemista ; Číst (?:dále|více|celé) ; Celý (?:článek|příspěvek|článok) ; Pokračovat ve čtení ; Čítať (?:ďalej|viac) ; Pokračovať v čítaní ; Читать (?:далее|дальше|полностью|ещё) ; Читати (?:далі|більше)
  Devamını (?:oku|okuyun) ; Okumaya devam (?:et|edin) ; Tovább (?:olvasom|a cikkhez) ; Olvass tovább ; Citește mai (?:mult|departe) ; Continuă lectura ; Διαβάστε (?:περισσότερα|τη συνέχεια|όλο το άρθρο) ; Прочет(?:ете|и) (?:повече|още) ; Виж повече
  Pročitaj(?:te)? (?:više|cijeli članak) ; Nastavi(?:te)? (?:čitati|s čitanjem) ; Preberi(?:te)? več ; Skaityti (?:toliau|daugiau|plačiau) ; Lasīt (?:vairāk|tālāk) ; Loe (?:edasi|lähemalt|rohkem) ; Llegi(?:u-ne|r) més ; Continua llegint ; Baca (?:selengkapnya|lebih lanjut) ; Lanjutkan membaca ; Đọc (?:tiếp|thêm) ; Xem thêm
  続きを(?:読む|見る) ; もっと(?:読む|見る) ; (?:点击)?阅读(?:更多|全文|原文) ; 继续阅读 ; 閱讀(?:更多|全文) ; 繼續閱讀 ; 더 ?(?:보기|읽기) ; 계속 ?읽기 ; קרא(?:ו)? עוד ; להמשך קריאה ; המשך קריאה ; اقرأ المزيد ; متابعة القراءة ; ادامه (?:مطلب|خواندن) ; อ่าน(?:ต่อ|เพิ่มเติม)
`);

/** Words that are a call only where they are a link, or an arrow follows. */
export const CALLS_ALONE = lines(`
  More ; Meer(?: informatie)? ; Mehr ; Plus ; Más ; Altro ; Approfondisci ; Mais ; Więcej ; Mere ; Mer ; Lisää ; Více ; Viac ; Подробнее ; Докладніше ; Tovább ; Bővebben ; Mai mult ; Συνέχεια ; Περισσότερα ; Opširnije ; Više ; Details
`);

/** Sentences that hosts of podcasts and of forums put under every item: patterns, one a line. */
export const NOTICES = lines(String.raw`
  Hosted on Acast\. See acast\.com/privacy for more information\.
  (?:Our GDPR privacy policy was updated on [^.]{3,30}\. Visit|Learn more about your ad choices\. Visit) \S+( for more information)?\.?
  See omnystudio\.com/listener for privacy information\.
  (?:Hosted by Simplecast, an AdsWizz company\. )?See (?:https?://)?pcm\.adswizz\.com for information about our collection and use of personal data for advertising\.
  See Privacy Policy at \S+ and California Privacy Notice at \S+
  (?:Send in a voice message|Support this podcast|This episode is sponsored by)[^:]{0,80}: \S+(?: Support this podcast: \S+)?
  submitted by /?u/\S+(?: to r/\S+)?(?: \[link\])?(?: \[comments\])?
  Article URL: \S+ Comments URL: \S+(?: Points: \d+)?(?: # Comments: \d+)?
`);

function lines(data: string): string[] {
  return data
    .split(/\n| ; /)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
