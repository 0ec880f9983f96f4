import { anyOf } from './phrases.ts';

// How reports of mail servers are known, where they do not say so by their type: texts of Postfix, Sendmail, Exim, qmail,
// Exchange, Domino, GroupWise, OpenSMTPD, DragonFly, gateways and the providers of several countries.

/** Who writes reports: the sender's name or address. */
export const FROM_DAEMON = anyOf(
  'mailer-?daemon|post[-_. ]?master|mail(?:er)?[ .]?deliver|delivery (?:sub)?system|mail system',
  'mail administrator|system administrator|mail router|mdaemon|ndr administrator',
  'internet mail (?:service|delivery)|mta@|virus|mailadm|mail service|<>|bounce',
);

/** Subjects of reports. */
export const REPORT_SUBJECT = anyOf(
  'undeliver|un-?deliverable|returned (?:mail|message|to sender)|return(?:ed|ing)? .{0,20}to sender',
  'deliver(?:y|ed)? (?:status|fail|report|problem|error|notif|has failed|unsuccess|incomplete|delay)',
  'failure (?:notice|delivery)|failed (?:mail|delivery|to deliver)|failure notice',
  'mail (?:delivery |system )?(?:fail|error|problem)',
  'message (?:delivery )?(?:has )?(?:fail|could|not|status|delay|frozen)',
  '(?:could|can|was) ?not (?:be )?(?:deliver|sent)|not delivered|non[- ]?deliver|non-?remis',
  'nicht (?:zugestellt|zustellbar)|unzustellbar|zustell|fehlgeschlagen|onbestelbaar',
  'niet (?:bezorg|afgeleverd|worden)|échec|non livr|remise|no (?:se (?:ha |puede )?)?entreg|devuelto',
  'devolvid|rechazad|mancat[ao] (?:consegna|recapit)|mancato|non recapit|impossibile|não entreg|falha',
  'недоставл|не доставл|невозможно|возврат|退信|投递|无法|メールエラー|配信|送信でき|エラー|error sending|bounced mail',
  'there was an error|sorry, your message|warning: (?:message|could)|delivery warning',
  '(?:user|recipient|address) unknown|(?:unknown|no such) (?:user|recipient|address)|verz[oö]ger|retard',
  'vertraag|adresse .{0,20}(?:inconnue|unbekannt)|delivery$',
  '\\bbounce (?:notification|notice|message|report)|\\b(?:e-?mail|message) bounced?\\b|(?:e-?mail|message) (?:was )?(?:rejected|refused|blocked)\\b',
  // Other languages, as Exchange and the providers of each have it.
  'nicht zugestellt|zustellung|onbestelbaar|niet afgeleverd|bezorging mislukt|message non (?:remis|distribu)|non distribuable|[eé]chec de (?:la )?(?:remise|distribution|livraison)|avis de non-remise',
  'no se (?:puede|pudo|ha podido) entregar|error (?:de|en la) entrega|mensaje (?:no entregado|devuelto)|correo devuelto|n[aã]o [eé] poss[ií]vel entregar|n[aã]o (?:foi )?entregue|mensagem (?:n[aã]o entregue|devolvida)|falha na entrega',
  'non recapitabile|mancata consegna|impossibile recapitare|notifica (?:sullo )?stato (?:del )?recapito|nie mo(?:ż|z)na dostarczy|niedostarcz|zwrot (?:wiadomo|poczt)|zpr[aá]v[ay] nedoru[cč]|nedoru[cč]iteln',
  'kan ikke leveres|ikke leveret|kunne ikke leveres|gick inte att leverera|olevererbar|kunde inte levereras|ei voitu toimittaa|teslim edilemedi|iletilemedi|nem k[eé]zbes[ií]thet|k[eé]zbes[ií]tetlen|livrare e[sș]uat',
  '不达|配信不能|届きませんでした|未達|配信エラー|送信エラー|系统退信|退回|投遞失敗|无法送达|반송|배달 ?(?:실패|불가)|전송 ?실패',
);

/** What the text of a report says. */
export const REPORT_BODY = anyOf(
  'message (?:that )?you sent',
  "(?:could|can|was|were|has|have|did) ?n[o']t (?:be |been |able to be |yet been |reach )?(?:deliver|the following|sent|reach|transmitted)",
  'undeliver|not (?:been )?delivered',
  '\\b(?:mail|e-?mail) (?:that )?you sent (?:was|has|could)|\\b(?:message|e-?mail|mail) (?:was|has been) (?:rejected|refused|bounced|discarded)|\\bbounce notification|(?:was ?n[o.]t|not) possible to (?:save|store|deliver)',
  '(?:delivery|deliver)[a-z ]{0,40}(?:failed|failure|aborted|has been delayed|problem|unsuccessful|error|incomplete|permanently)',
  'unable to deliver|failed to (?:deliver|send)',
  '(?:had|returned|encountered)[a-z ]{0,20}(?:permanent |fatal |delivery |transient ){0,8}(?:errors?|problems?)',
  'permanent(?:ly)? (?:fatal )?(?:error|fail)|fatal errors|transcript of (?:the )?session',
  'failed (?:addresses|recipients?)|failure reasons?|returned to sender',
  'this is the (?:mail system|qmail|email server|deliver program|machine generated|postfix)',
  'mail delivery (?:software|system|subsystem)|delivery status notification|non-?delivery|did not reach',
  'did NOT receive|was not delivered|wasn.t delivered|couldn.t be delivered|undeliverable to',
  'error description|sorry to (?:have to )?inform|Intended recipient|trouble delivering',
  "unknown (?:user|host|recipient)s?:|invalid final delivery|user's mailbox is full|mailbox exceeds",
  'nicht zugestellt|unzustellbar|konnte nicht|nicht erreich|kon niet',
  'niet (?:worden )?(?:bezorg|afgeleverd)|n.a (?:pas )?pu être|pas (?:été|pu)',
  'non (?:remis|distribu|livr|recapitat|è stato)|impossibile|no (?:se )?(?:pudo|ha podido|entreg)',
  'não (?:foi|pôde|pode)|не (?:доставлен|может быть доставлен|удалось)|无法|退回|退信|配信できません|送信できません|届けられません',
  '見つかりません|error:|エラー',
  // Other languages.
  'zustellung[^.]{0,60}(?:fehlgeschlagen|nicht m(?:ö|oe)glich)|nicht (?:an|aus)geliefert|kon niet worden|is niet (?:bezorgd|afgeleverd)|remise[^.]{0,40}(?:[eé]chou|impossible)|impossible de (?:remettre|distribuer|livrer)',
  'no (?:se )?ha sido entregad|error al entregar|n[aã]o p[oô]de ser entregue|falha (?:ao|na) entreg|mancata consegna|non [eè] stato possibile (?:recapitare|consegnare)|nie (?:mog(?:ł|l)a|uda(?:ł|l)o|zosta(?:ł|l)a)[^.]{0,40}dostarcz',
  'gick inte att leverera|kunne ikke leveres|kunde inte levereras|ei voitu toimittaa|teslim edilemedi|iletilemedi',
  '配信できません|送信できません|届けることができません|邮件被退回|未能(?:投递|送达|发送)|退信原因|배달되지|전달되지|전송하지 못',
);

/** Subjects of reports that a mail is late. */
export const DELAY_SUBJECT = anyOf(
  '\\(delay(?:ed)?\\)|delayed mail|\\bdelayed\\b|still being retried|warning: (?:message|could not send)',
  'delivery delay|verz[oö]gert|retard[eé]e?\\b|vertraagd|retraso|ritard|temporary (?:problem|failure)',
  // Other languages.
  'uppehåll|försenad|forsinket|viivästy|op[oó](?:ź|z)nion|zpo[zž]d[eě]n|gecikti|задержан|задержка|отложен|遅延|延迟|延遲|지연',
);

/** What says that the server goes on trying. */
export const DELAY_BODY = anyOf(
  'this is a warning message only|do not need to resend|no (?:further )?action is required on your part',
  'delivery attempts will continue',
  '(?:will|system will) (?:be )?(?:keep trying|continue (?:to try|trying)|retr(?:y|ied))',
  'has been delayed|has not yet been delivered|not yet (?:been )?delivered',
  'delivery (?:is )?(?:incomplete|delayed)|just a warning|advisory-only|has been postponed',
  'still being retried|will (?:be )?(?:tried|attempted|re-?sent|retried) again|message will be retried',
  'could not (?:be )?(?:send|deliver\\w{0,15})[^.]{0,40} for (?:the past|\\d)|wird weiterhin versucht',
  'zustellung (?:wurde )?verz[oö]gert|sera retent|nog niet (?:bezorgd|afgeleverd)',
  'will try (?:again|to deliver)',
  // As other servers have it, and in other languages.
  'is (?:being |currently |still )?delayed|delivery (?:is|has been) deferred|(?:only )?a temporary failure (?:report|notice)|(?:is|be|remains?) (?:kept )?in the queue|need not re-?send|not necessary to re-?send|no need to re-?send',
  'attempts? (?:to deliver [^.]{0,30})?will (?:be )?(?:continue|repeated)|(?:will|shall) keep (?:on )?trying|continue to be attempted|hasn.t been delivered yet|not been delivered yet|still trying to deliver|will be notified if (?:the|it|your)|next attempt',
  'noch nicht zugestellt|weitere zustellversuche|zustellversuche? werden|erneut versucht|wordt opnieuw geprobeerd|blijft proberen|pas encore (?:pu )?[eê]tre|pas encore [eé]t[eé] (?:remis|distribu|livr)|nouvelles tentatives|continuera (?:à|d)',
  'a[uú]n no (?:se )?ha|todav[ií]a no|seguir[aá] intentando|ainda n[aã]o foi|continuar[aá] tentando|non [eè] (?:stato )?ancora|ulteriori tentativi|jeszcze nie|ponowne pr[oó]by|[eе]щ[её] не (?:было )?доставлен|попытки доставки будут|пока не удалось доставить',
  'まだ配信され|再送を試み|引き続き|尚未送达|尚未投递|继续尝试|繼續嘗試|아직 (?:배달|전달)|계속 시도',
);

/** What says that the server has given up, whatever it says of earlier attempts. */
export const GIVEN_UP = anyOf(
  'no (?:further|more) (?:delivery )?attempts|(?:this|has|it) (?:is|been) a permanent (?:error|failure)|i.ve given up|will not (?:try|retry|be retried)',
);
