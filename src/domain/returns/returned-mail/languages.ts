/**
 * How mail servers say in languages other than English that an address is gone, full or switched off. Each is put
 * together from the words for whom a mail is for and the words for what is wrong, because they come in either order and
 * with any ending. From the texts of Exchange and Outlook.com in these languages and of the providers that are big there.
 */
interface Language {
  /** Whom a mail is for: person, mailbox, address, account. */
  addressee: string;
  /** Is unknown, does not exist. */
  gone: string;
  /** Is full, is over its quota. */
  full: string;
  /** Is switched off, for now or for good. */
  disabled: string;
  /** Who sends: never the reader. */
  sender: string;
  /** For now, later: not for good. */
  passing: string;
  /** Why somebody is refused who is not the reader: rules, numbers, "your domain". */
  refusal: string;
}

const LANGUAGES: readonly Language[] = [
  {
    // German: GMX, Web.de, T-Online, Strato, 1&1.
    addressee:
      'benutzer|nutzer|empf(?:ä|ae|a)nger|adressat|adresse|postfach|postf(?:ä|ae)cher|konto|kunde|teilnehmer|mail-?adresse',
    gone: 'unbekannte?[rnms]?|existier(?:t|en) nicht|nicht (?:bekannt|gefunden|vorhanden|existent)|gibt es nicht|ung(?:ü|ue)ltige?[rnms]?|nicht \\(?mehr\\)? ?(?:g(?:ü|ue)ltig|vorhanden)|wurde gel(?:ö|oe)scht',
    full: 'voll(?:es)?|(?:ü|ue)berf(?:ü|ue)llt|(?:quota|speicher\\w{0,15}|kontingent|limit)[^.;]{0,30}(?:ü|ue)berschritten|(?:speicher\\w{0,15}|kontingent)[^.;]{0,20}ersch(?:ö|oe)pft',
    disabled: 'gesperrt\\w{0,15}|deaktiviert\\w{0,15}|inaktiv\\w{0,15}|stillgelegt|nicht aktiv',
    sender: 'absender',
    passing: 'vor(?:ü|ue)bergehend|sp(?:ä|ae)ter|zur ?zeit|momentan|derzeit',
    refusal:
      'zu viele|richtlinie|verdacht|ihre? (?:ip|domain|domäne|server|mail-?server)|nachricht enth(?:ä|ae)lt|wird abgelehnt',
  },
  {
    // Dutch: KPN, Ziggo, XS4ALL, Telenet, Proximus.
    addressee:
      'gebruiker|ontvanger|geadresseerde|e?-?mail-?adres|adres|mailbox|postvak|brievenbus|postbus|account',
    gone: 'onbekende?|bestaat niet|bestaan niet|niet (?:bekend|gevonden|aanwezig)|ongeldige?|geen geldige?',
    full: 'vol|overvol|(?:quota|limiet|opslag\\w{0,15})[^.;]{0,20}(?:overschreden|bereikt)',
    disabled: 'geblokkeerd|gedeactiveerd|inactief|opgeschort|uitgeschakeld|niet actief|afgesloten',
    sender: 'afzender',
    passing: 'tijdelijk|later|momenteel',
    refusal: 'te veel|beleid|uw (?:ip|domein|server)|bericht bevat',
  },
  {
    // French: Orange, Free, SFR, La Poste, Bbox.
    addressee:
      'utilisateur|destinataire|adresse|bo[iî]te(?: aux lettres| de r[eé]ception)?|compte|messagerie|abonn[eé]',
    gone: "inconnue?s?|n ?['’]?(?:existe|est) pas|n['’]existe (?:pas|plus)|inexistante?s?|introuvables?|invalides?|non valides?|pas trouv[eé]e?|supprim[eé]e?|erron[eé]e?",
    full: 'pleine?|satur[eé]e?|d[eé]pass\\w{0,15}[^.;]{0,20}quota|quota[^.;]{0,20}(?:d[eé]pass\\w{0,15}|atteint)|atteint[^.;]{0,20}(?:quota|limite)|plus (?:assez )?de place',
    disabled:
      'd[eé]sactiv[eé]e?|suspendue?|bloqu[eé]e?|inacti(?:f|ve)|ferm[eé]e?|r[eé]sili[eé]e?|archiv[eé]e?',
    sender: 'exp[eé]diteur|[eé]metteur',
    passing: 'temporaire|plus tard|r[eé]essay|momentan',
    refusal: 'trop de|politique|votre (?:ip|domaine|serveur)|en-t[eê]te|message refus',
  },
  {
    // Spanish: Telefónica, Terra, Movistar.
    addressee:
      'usuario|destinatario|direcci[oó]n(?: de correo)?|buz[oó]n|casilla|cuenta|bandeja(?: de entrada)?|correo electr[oó]nico',
    gone: 'desconocid[oa]s?|no (?:existen?|encontrad[oa]|se (?:ha )?encontr\\w{1,15}|es v[aá]lid[oa]|v[aá]lid[oa])|inexistentes?|inv[aá]lid[oa]s?|no fue encontrad[oa]',
    full: 'llen[oa]s?|(?:cuota|cupo|espacio|l[ií]mite)[^.;]{0,30}(?:excedid|superad|agotad)\\w{0,15}|(?:excedid|superad|excede|supera)\\w{0,15}[^.;]{0,20}(?:cuota|espacio|l[ií]mite)|sin espacio',
    disabled: 'deshabilitad[oa]|desactivad[oa]|suspendid[oa]|bloquead[oa]|inactiv[oa]|cancelad[oa]',
    sender: 'remitente|emisor',
    passing: 'tempora|m[aá]s tarde|intente',
    refusal: 'demasiad|pol[ií]tica|su (?:ip|dominio|servidor)\\b|encabezad',
  },
  {
    // Portuguese: UOL, Terra, Sapo.
    addressee:
      'usu[aá]rio|utilizador|destinat[aá]rio|endere[cç]o|caixa(?: postal| de (?:correio|entrada))?|conta|cliente',
    gone: 'desconhecid[oa]s?|n(?:ã|a)o (?:existe|encontrad[oa]|foi encontrad[oa]|[eé] v[aá]lid[oa]|localizad[oa])|inexistentes?|inv[aá]lid[oa]s?',
    full: 'chei[oa]s?|lotad[oa]|(?:cota|quota|espa[cç]o|limite)[^.;]{0,30}(?:excedid|esgotad|ultrapassad)\\w{0,15}|excedeu[^.;]{0,20}(?:cota|quota|limite|espa[cç]o)',
    disabled: 'desativad[oa]|desabilitad[oa]|suspens[oa]|bloquead[oa]|inativ[oa]|cancelad[oa]',
    sender: 'remetente',
    passing: 'tempor[aá]ri|mais tarde|tente novamente',
    refusal: 'muitos|pol[ií]tica|seu (?:ip|dom[ií]nio|servidor)\\b|cabe[cç]alho',
  },
  {
    // Italian: Libero, Virgilio, TIM, Aruba.
    addressee: 'utente|destinatari[oa]|indirizzo|casella(?: di posta| postale)?|cassetta|account|mailbox',
    gone: 'sconosciut[oa]|non (?:esiste|trovat[oa]|esistente|valid[oa]|[eè] valid[oa]|presente)|inesistente|errat[oa]|invalid[oa]',
    full: 'pien[oa]|(?:quota|spazio|limite)[^.;]{0,30}(?:superat|esaurit|eccedut)\\w{0,15}|(?:superat|supera|eccede|esaurit)\\w{0,15}[^.;]{0,20}(?:quota|spazio|limite)',
    disabled: 'disabilitat[oa]|disattivat[oa]|sospes[oa]|bloccat[oa]|inattiv[oa]|scadut[oa]',
    sender: 'mittente',
    passing: 'temporane|pi[uù] tardi|riprov',
    refusal: 'tropp[ie]|policy|politica|(?:tuo|vostro|suo) (?:ip|dominio|server)\\b|intestazion',
  },
  {
    // Polish: WP, Onet, Interia, o2.
    addressee:
      'u[zż]ytkownik\\w{0,15}|odbiorc\\w{1,15}|adresat\\w{0,15}|adres\\w{0,15}|skrzynk\\w{1,15}|kont[oa]',
    gone: 'nieznan[ya]|nie istnieje|nie znalezion\\w{1,15}|nieprawid[lł]ow[ya]|nie ma takiego|nieistniej[aą]c[ya]|nie odnaleziono',
    full: 'pe[lł]n[ya]|przepe[lł]nion[ya]|przekroczon\\w{1,15}|brak miejsca',
    disabled:
      'zablokowan\\w{1,15}|nieaktywn\\w{1,15}|wy[lł][aą]czon\\w{1,15}|zawieszon\\w{1,15}|niedost[eę]pn\\w{1,15}',
    sender: 'nadawc',
    passing: 'tymczasow|p[oó][zź]niej',
    refusal: 'zbyt wiel|polityk|tw[oó]j[aą]? (?:ip|domen|serwer)',
  },
  {
    // Czech and Slovak: Seznam, Centrum.
    addressee: 'u[zž]ivatel\\w{0,15}|p[rř][ií]jemce|adres\\w{1,15}|schr[aá]nk\\w{1,15}|[uú][cč]et',
    gone: 'nezn[aá]m[yýaáeé]|neexistuje|nenalezen\\w?|neplatn[aáyý]',
    full: 'pln[aáyý]|p[rř]epln[eě]n\\w{1,15}|p[rř]ekro[cč]en\\w{0,15}',
    disabled: 'zablokov[aá]n\\w{0,15}|neaktivn[ií]|deaktivov[aá]n\\w{0,15}|zru[sš]en\\w{0,15}',
    sender: 'odes[ií]latel',
    passing: 'do[cč]asn|pozd[eě]ji',
    refusal: 'p[rř][ií]li[sš] mnoho|va[sš]e dom',
  },
  {
    // Danish, Norwegian, Swedish.
    addressee:
      'brugeren?|brukeren?|anv[aä]ndaren?|modtager(?:en)?|mottaker(?:en)?|mottagaren?|adress(?:en?)?|postkassen?|postl[aå]da\\w{0,15}|brevl[aå]da\\w{0,15}|indbakken?|innboksen?|kontoe?n?',
    gone: 'ukendt|ukjent|ok[aä]nd[at]?|findes ikke|finnes ikke|finns inte|eksisterer ikke|existerar inte|ikke fundet|ikke funnet|hittades inte|ugyldig|ogiltig',
    full: '[aä]r full|er fuld|er full|fuld|full|fyldt',
    disabled: 'sp[aæ]rret|sp[aä]rrad|deaktiveret|deaktivert|inaktiv\\w{0,15}|avst[aä]ngd?',
    sender: 'afsender|avsender|avs[aä]ndare',
    passing: 'midlertidig|tillf[aä]llig|senere|senare',
    refusal: 'for mange|f[oö]r m[aå]nga|(?:dit|din|deres|er) dom',
  },
  {
    // Finnish, Turkish, Hungarian and Romanian, as far as their endings allow.
    addressee:
      'vastaanottaja\\w{0,15}|k[aä]ytt[aä]j[aä]\\w{0,15}|postilaatikko|osoite\\w{0,15}|kullan[iı]c[iı]\\w{0,15}|al[iı]c[iı]\\w{0,15}|posta kutusu\\w{0,15}|hesap|felhaszn[aá]l[oó]|c[ií]mzett|postafi[oó]k|utilizator\\w{0,15}|destinatarul|c[aă]su[tț]a\\w{0,15}',
    gone: 'tuntematon|ei ole olemassa|ei l[oö]ydy|bilinmeyen|bulunamad[iı]|mevcut de[gğ]il|ge[cç]ersiz|ismeretlen|nem l[eé]tezik|nem tal[aá]lhat[oó]|necunoscut|nu exist[aă]|inexistent',
    full: 't[aä]ynn[aä]|dolu|doldu|megtelt|tele|plin[aă]',
    disabled: 'devre d[iı][sş][iı]|ask[iı]ya al[iı]n\\w{1,15}|suljettu|letiltva|felf[uü]ggesztve|suspendat',
    sender: 'l[aä]hett[aä]j[aä]|g[oö]nderen|felad[oó]|expeditor',
    passing: 'tilap[aä]i|my[oö]hemmin|ge[cç]ici|daha sonra|[aá]tmeneti|k[eé]s[oőö]bb|temporar|mai t[aâ]rziu',
    refusal: 'liian monta|[cç]ok fazla|t[uú]l sok|prea mul[tț]i',
  },
  {
    // Russian and Ukrainian: Mail.ru, Yandex, Rambler, Ukr.net. Without \b, which knows ASCII alone.
    addressee:
      'пользовател|получател|адресат|адрес|ящик|учётн|учетн|аккаунт|користувач|одержувач|скринька|абонент',
    gone: 'неизвест|не существует|не найден|нет(?![а-яё])|не зарегистрирован|недействительн|несуществующ|невідом|не існує|не знайден|удал[её]н',
    full: 'переполнен|заполнен|превышен|нет места|закончил|переповнен',
    disabled: 'заблокирован|отключ[её]н|приостановлен|неактив|заморожен|заблокован',
    sender: 'отправител|відправник',
    passing: 'временн|позже|позднее|повторите|тимчасов|пізніше',
    refusal: 'слишком много|политик|ваш (?:домен|ip|сервер)|забагато',
  },
  {
    // Japanese: au, docomo, SoftBank, Biglobe, Nifty.
    addressee:
      'ユーザ|メールボックス|メールアドレス|アドレス|宛先|あて先|宛て先|受信者|受取人|アカウント|送信先',
    gone: '存在しません|存在しない|見つかりません|見つからない|不明|ありません|無効|誤り|間違',
    full: '一杯|いっぱい|満杯|満タン|容量|超過|オーバー',
    disabled: '停止|利用できません|ロック|凍結|休止',
    sender: '差出人|送信者|送信元|発信者',
    passing: '一時|後で|後ほど|しばらく',
    refusal: 'スパム|迷惑|拒否|ポリシー|多すぎ|お使いの|あなたの',
  },
  {
    // Chinese: QQ, NetEase 163 and 126, Sina, Tom, Hinet.
    addressee: '用户|用戶|使用者|收件人|收件者|邮箱|郵箱|信箱|地址|帐号|账号|帳號|账户|帳戶|收信人',
    gone: '不存在|未找到|找不到|无效|無效|没有找到|沒有|没有此|不正确|错误|未注册|已注销|查无',
    full: '已满|已滿|空间不足|空間不足|容量不足|超出|超過|超过|满了',
    disabled: '禁用|停用|冻结|凍結|被锁|锁定|鎖定|暂停|关闭|未激活|封禁|休眠',
    sender: '发件人|發件人|寄件人|寄件者|发信人|发送方',
    passing: '临时|臨時|暂时|暫時|稍后|稍後|稍候',
    refusal: '垃圾|策略|过多|過多|次数|您的(?:域名|ip|服务器)|拒绝|拒絕',
  },
  {
    // Korean: Naver, Daum, Nate.
    addressee: '사용자|수신자|받는 ?사람|메일 ?주소|주소|메일함|편지함|계정|메일박스',
    gone: '존재하지 ?않|없는|없습니다|알 ?수 ?없|찾을 수 없|잘못된|유효하지',
    full: '가득|초과|용량',
    disabled: '정지|휴면|차단|비활성|잠겼|잠긴',
    sender: '발신자|보낸 ?사람|보내는 ?사람|송신자',
    passing: '일시|나중에|잠시',
    refusal: '스팸|정책|너무 많|귀하의',
  },
];

type Wrong = 'gone' | 'full' | 'disabled';

// Bounds where the letters are Latin, so that no word is found inside another; other scripts have none to go by.
const BEFORE = '(?<![a-zà-ÿĀ-ſ])';
const AFTER = '(?![a-zà-ÿĀ-ſ])';

/** What is wrong with whom, in either order and in one sentence; an adjective stands close before its noun. */
function said(wrong: Wrong): RegExp {
  const patterns = LANGUAGES.map(
    (language) =>
      `(?:${language.addressee})[^.;。|]{0,50}${BEFORE}(?:${language[wrong]})${AFTER}|(?:${language[wrong]})${AFTER}[^.;。|]{0,18}(?:${language.addressee})`,
  );
  return new RegExp(`${BEFORE}(?:${patterns.join('|')})`);
}

/** "The mailbox does not exist" in fourteen languages and their neighbours. */
export const GONE_IN_OTHER_LANGUAGES = said('gone');
/** "The mailbox is full". */
export const FULL_IN_OTHER_LANGUAGES = said('full');
/** "The mailbox is switched off". */
export const DISABLED_IN_OTHER_LANGUAGES = said('disabled');
/** The words for who sends, as an expression to put with others. */
export const SENDER_IN_OTHER_LANGUAGES = LANGUAGES.map(({ sender }) => sender).join('|');
/** "For now", "later". */
export const PASSING_IN_OTHER_LANGUAGES = LANGUAGES.map(({ passing }) => passing).join('|');
/** "By policy", "too many", "your domain". */
export const REFUSAL_IN_OTHER_LANGUAGES = LANGUAGES.map(({ refusal }) => refusal).join('|');
/** "You have no permission", as Google says of groups in the languages of its users; "unknown" may stand beside it. */
export const PERMISSION_IN_OTHER_LANGUAGES = [
  '\\bpermissions?\\b|berechtigung|befugnis|machtiging|toestemming|\\bautorisation|\\bdroits?\\b|\\bpermisos?\\b|permiss[aãõ]|\\bautorizza|\\bpermess[oi]\\b|uprawnie|opr[aá]vn[eě]n',
  'rettighed|tilladelse|tillatelse|beh[oö]righet|tillst[aå]nd|oikeu(?:s|tta|ksi)|\\blupaa?\\b|\\byetki|\\bizin|\\bizni|jogosults|enged[eé]ly|permisiun',
  'разрешени|(?<![а-яё])прав(?:а|о)?(?![а-яё])|полномочи|дозв[оі]л|άδεια|δικαίωμα|権限|权限|權限|권한|صلاحية|إذن|הרשאה|quyền|สิทธิ์|अनुमति',
].join('|');
/** Every word of these languages, to count them by. */
export const WORDS_IN_OTHER_LANGUAGES = LANGUAGES.flatMap(
  (language) => Object.values(language) as string[],
).join('|');
/** Any word for whom a mail is for, in any language. */
export const ADDRESSEE = new RegExp(
  `user|mail ?box|mail ?drop|inbox|recipient|address|account|alias|e-?mail|person|customer|rcpt|name|${LANGUAGES.map(({ addressee }) => addressee).join('|')}`,
);
