/** Two letters and three of each country (ISO 3166), one after the other. */
// biome-ignore format: a list
const LETTERS =
  'ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKK YEYEM YTMYT ZAZAF ZMZMB ZWZWE';

/** Three letters → two. */
export const BY_THREE_LETTERS: ReadonlyMap<string, string> = new Map(
  LETTERS.split(' ').map((five) => [five.slice(2), five.slice(0, 2)]),
);

/**
 * What people write beside the names that a language has for a country: short forms, parts of it, former and official
 * names. Folded, as `foldedName` does it.
 */
const OTHER_NAMES: Record<string, string> = {
  AE: 'uae, vae, eau, emirates, emirate, emiraten, emirats',
  AT: 'a, oesterreich',
  BA: 'bosnia, bosnien, bosnie, bosnia herzegovina, bosnia and hercegovina',
  BE: 'b, belgie belgique, belgique belgie',
  BN: 'brunei darussalam',
  BO: 'plurinational state of bolivia',
  BY: 'belorussia, weissrussland, wit rusland, bielorussie',
  CD: 'drc, dr congo, democratic republic of the congo, democratic republic of congo, zaire, demokratische republik kongo, democratische republiek congo, republique democratique du congo, congo kinshasa',
  CG: 'congo, kongo, congo brazzaville',
  CH: 'swiss confederation, confoederatio helvetica, suisse svizzera, schweiz suisse svizzera',
  CI: 'ivory coast, cote d ivoire',
  CN: 'prc, people s republic of china, peoples republic of china, mainland china, volksrepublik china, volksrepubliek china',
  CV: 'cape verde, cabo verde',
  CZ: 'czech republic, the czech republic, tschechische republik, tsjechische republiek, republique tcheque, ceska republika, tschechei',
  DE: 'd, brd, federal republic of germany, ger, allemagne, deutschland germany',
  ES: 'e',
  FI: 'suomi finland',
  FM: 'micronesia, federated states of micronesia',
  FR: 'f',
  GB: 'uk, great britain, britain, england, scotland, wales, northern ireland, united kingdom of great britain and northern ireland, united kingdom uk, great britain and northern ireland, grossbritannien, england uk, schottland, nordirland, groot brittannie, groot brittanie, engeland, schotland, noord ierland, verenigd koninkrijk van groot brittannie en noord ierland, grande bretagne, angleterre, ecosse, pays de galles, irlande du nord, gran bretagna, inghilterra, gran bretana, inglaterra',
  GR: 'el, hellas, hellenic republic',
  HK: 'hong kong, hongkong, hong kong sar, hong kong china',
  HR: 'hrvatska croatia',
  IE: 'eire, irl, republic of ireland, irish republic, southern ireland',
  IR: 'islamic republic of iran, persia',
  IT: 'i',
  KP: 'dprk, north korea, democratic people s republic of korea, democratic peoples republic of korea',
  KR: 'korea, south korea, rok, korea south, corea, coree',
  LA: 'lao people s democratic republic, lao peoples democratic republic, lao pdr, lao',
  LU: 'l, letzebuerg',
  LY: 'libyan arab jamahiriya',
  MD: 'moldova',
  MK: 'macedonia, north macedonia, former yugoslav republic of macedonia, fyrom, mazedonien, macedonie',
  MM: 'burma, birma, birmanie',
  MO: 'macau, macao, macau sar',
  NL: 'holland, nederlanden, the netherlands, netherland, nederland netherlands, kingdom of the netherlands, nl netherlands, hollande, olanda, holanda, nederlande, niederlanden',
  PS: 'palestine, state of palestine, palestinian territory occupied, occupied palestinian territory, palastina, palestina',
  RO: 'rumania, roumania',
  RU: 'russia, russian federation, russische foderation, russische federatie, federation de russie',
  SK: 'slovak republic, slowakische republik, slowaakse republiek, republique slovaque',
  SY: 'syrian arab republic',
  SZ: 'swaziland, swasiland',
  TL: 'east timor',
  TR: 'turkey, turkiye',
  TW: 'taiwan roc, republic of china, chinese taipei, province of china taiwan',
  TZ: 'united republic of tanzania',
  US: 'usa, us of a, america, united states of america, the united states, the states, us america, vs, verenigde staten van amerika, vereinigte staaten von amerika, amerika, etats unis d amerique, amerique, eua, eeuu, ee uu, estados unidos de america, stati uniti d america',
  VA: 'vatican, holy see, vatikan, vaticaan',
  VE: 'bolivarian republic of venezuela',
  VN: 'viet nam',
  ZA: 'rsa, republic of south africa',
};

/** Other name, folded → two letters. */
export const BY_OTHER_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(OTHER_NAMES).flatMap(([code, names]) =>
    names.split(', ').map((name): [string, string] => [name, code]),
  ),
);

/** "Königreich der", "Republic of", "Royaume de": what official names have in front. */
export const OFFICIAL_BEGINNING =
  /^(?:(?:kingdom|republic|state|commonwealth|principality|grand duchy|federal republic|islamic republic|arab republic|socialist republic|federal democratic republic|bolivarian republic|plurinational state|united republic|federated states|sultanate) of|konigreich(?: der)?|(?:bundes)?republik(?: der)?|grossherzogtum|furstentum|koninkrijk(?: der| van)?|(?:bonds)?republiek(?: der| van)?|groothertogdom|vorstendom|(?:royaume|republique|grand duche|principaute) (?:de|du|des|d)(?: la| les| l)?) /;

/** The languages whose names for countries are known, the likeliest first. */
export const NAME_LANGUAGES =
  'en nl de fr es it pt pl cs sk hu ro hr sl bg da sv nb fi et lv lt el tr ru uk zh zh-Hant ja ko ar he'.split(
    ' ',
  );

/** Lower case, without accents and marks, one space between words: what two spellings of a name have in common. */
export function foldedName(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')
    .replaceAll('&', ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
