import {
  DISABLED_IN_OTHER_LANGUAGES,
  FULL_IN_OTHER_LANGUAGES,
  GONE_IN_OTHER_LANGUAGES,
} from './languages.ts';
import type { FaultReason } from './reasons.ts';

export interface ReplyRule {
  reason: FaultReason;
  /** Matched against a reply in lower case, without addresses and host names (both hold any word). */
  words: RegExp;
}

/**
 * What servers say when they refuse, in the order in which it counts: what is the sender's business or passes comes
 * before "no such user", because servers put "user unknown" beside "blocked" and never the other way round. Learnt from
 * the sources and postmaster pages of the servers themselves: Postfix, Sendmail, Exim, qmail, Courier, Exchange, Domino,
 * GroupWise, IMail, MDaemon, Gmail, Yahoo, Outlook.com, iCloud, GMX, T-Online, Orange, Free, Mail.ru, QQ, 163 and others.
 */
export const REPLY_RULES: readonly ReplyRule[] = [
  {
    reason: 'greylisted',
    words:
      /gr[ae]y-?list|greylst|temporarily rejected[^.]{0,200}try again|recipient address rejected: (?:temporary|try again)|come back later|(?:first|initial) contact.{0,40}(?:try|retry)|retry in \d+ (?:sec|min)|please (?:try|retry) (?:again )?in \d+ (?:sec|min)/,
  },
  // A provider that has not even asked: its own list of addresses that bounced once, by whoever's mail.
  {
    reason: 'unclear',
    words:
      /\bsuppress(?:ed|ion)\b|\bbounced address\b|previously (?:bounced|unsubscribed|complained)|recent history of bounc|\bpre-?blocked\b|marked as inactive|inactive addresses|spam reporting address|unsubscribed address/,
  },
  // Our own quota, not the reader's.
  {
    reason: 'policy',
    words:
      /(?:sending|sender'?s?|outgoing|outbound|hourly|daily|smtp relay)[a-z ]{0,24}(?:quota|limit)[a-z ]{0,12}(?:exceed|reach)|(?:daily|hourly|sending|relay) (?:relay |sending )?(?:quota|limit)\b|number of posts without solving|exceeded (?:your|the|its) [a-z ]{0,20}sending (?:quota|limit)|outgoing (?:e-?mail|mail) (?:suspension|(?:is )?(?:disabled|suspended|blocked))|too many (?:spam )?complaints|excessive (?:userid )?unknown|too many (?:unknown|invalid|non-?exist[ae]nt) (?:users|recipients)|too many (?:users?|recipients?) (?:unknown|invalid)|harvest(?:ing)?\b|spam ?traps?\b|(?:bounces|errors|recipients|users)[^.;]{0,30}\bexceed[^.;]{0,20}\b(?:threshold|limit|rate)|domain[^.]{0,30}(?:exceeded the max(?:imum)? (?:emails|defers)|max(?:imum)? emails per hour)/,
  },
  {
    reason: 'mailbox-full',
    words:
      /(?:mail ?box|mail ?folder|mail ?dir|inbox|account|in-?box|user|recipient|quota|storage|disk|boite|boîte|casilla|casella|buz[oó]n|postfach|brievenbus|caixa)[^.;]{0,80}\b(?:is |are |was |has |been |currently |temporarily |almost ){0,8}(?:full|over ?-?quota|over (?:the |its |their |disk |mail |storage |allowed ){0,8}(?:quota|limit|size)|overquota|pleine?|vol|voll|llen[oa]|pien[oa]|cheia|überfüllt|exhausted|exceeded|exceeds|exceeding)\b(?! (?:the )?(?:rate|number|max(?:imum)? (?:number|message|size of))| message size)|\b(?:over|exceed(?:s|ed|ing)?|out of|reached)[a-z ']{0,40}\b(?:quota|storage|disk ?space|mailbox size|space limit|size limit of (?:the )?mailbox)|quota[a-z ]{0,24}(?:exceed|violat|reached|full|überschritten|dépassé|superad)|(?:full|overfull|overflowing) (?:mail ?box|inbox)|insufficient (?:disk ?space|storage|quota|system storage for mailbox)|(?:not|does ?n.t have|without) enough (?:disk |storage |mailbox |free ){0,8}space|no (?:more )?(?:disk )?space left|mailbox (?:has )?(?:exceeded|reached|exceeds)|too (?:many|much) (?:messages|mails?|mail data)[a-z ]{0,16}(?:on the server|in (?:the |this )?(?:mailbox|folder)|$|[.,)])|zuviele mails auf dem server|mail ?drop (?:is )?full|space has been used up|user is over|mailbox would exceed|maximum allowed (?:storage|mailbox)|overquota|over-quota|edquot|мест[оа] .{0,30}(?:закончил|переполн)|переполнен|メールボックスが一杯|空間已滿|空间已满|超出.{0,6}配额|邮箱已满|容量.{0,4}(?:超|不足)/,
  },
  { reason: 'mailbox-full', words: FULL_IN_OTHER_LANGUAGES },
  {
    reason: 'refused-by-reader',
    words: /blocked by (?:the )?(?:recipient|user)/,
  },
  {
    reason: 'mailbox-disabled',
    words: /(?:due to|because of|for) (?:inactivity|lack of use|non-?use)|per inutilizzo|falta de uso/,
  },
  {
    reason: 'spam',
    words:
      /anti-?spam|bulk\W?advertising|recurrent pattern detection|too many spams|spams? (?:detected|found)|contains? spam|spam ?(?:firewall|filter|assassin)|bulk e-?mail filter|(?:blocked|rejected|refused|detected|classified|identified|considered) (?:as|for) (?:possible |being )?(?:spam|junk|bulk)/,
  },
  {
    reason: 'authentication',
    words:
      /\bspf\b|\bdkim\b|\bdmarc\b|sender (?:id|policy framework)|unauthenticated (?:email|mail|sender|message)|(?:required |domain )?authentication level|fails? (?:to pass )?authentication|authentication (?:failed|failure|check)|message (?:was )?not authenticated|domain mismatches client ip|(?:allowed|permitted|authori[sz]ed) to send (?:mail |email |e-mail )?(?:from|for|on behalf|as)|smtp authentication|auth(?:entication)? (?:is )?required|must authenticate|(?:allowed|permitted|possible) (?:only )?(?:with|after) auth|authentification (?:requise|requise)|unauthori[sz]ed (?:mail|sender|smtp|relay)|invalid ip for sending mail of domain/,
  },
  {
    reason: 'blocklist',
    words:
      /^ (?:\d{3} )?blocked\W*$|\bips? blocked|access from ip|\b(?:ou|sc|dy)-00\d|\bpol-[pt]\d|server does not accept mail from|not accept(?:ing)? (?:any )?(?:mail|messages|connections) from|not accept delivery of|mail from [^.;]{0,40} refused|client host rejected|will no longer accept mail from your|too many bounces|\bip (?:is )?banned|your ip|spamhaus|barracudacentral|spamcop|sorbs|abuseat|uceprotect|invaluement|\bmaps\b.{0,20}rbl|\b(?:dns)?bl[- ]?list|\brbls?\b|\bdnsbls?\b|\bxbl\b|\bsbl\b|\bpbl\b|black-?\s?list|block-?\s?list|deny-?list|schwarze liste|liste noire|lista n(?:egr|er)a|(?<!not |n.t )listed (?:in|on|at|by)|(?:is|are|was|been) listed|zombie|(?:client )?host .{0,60}blocked|blocked (?:using|by|for|due|because|because of|from|as|at|-)|\b(?:ip|address|network|server|host|sender|domain|mail)\b[^.;]{0,60}\b(?:is|are|was|has been|been|currently|temporarily)\b[^.;]{0,20}\b(?:blocked|banned|bloqu[eé]e?|gesperrt|geblokkeerd|bloccat[oa])|(?:blocked|refused|rejected) - see|:blocked\)|(?:connections?|mail|messages?) (?:will )?not (?:be )?accepted from|we do not accept (?:mail|messages|connections) from|no access from mail server|server access.{0,40}forbidden|\b(?:ip|source)[a-z ]{0,10}bloqu/,
  },
  {
    // NetEase (163, 126) says why by codes alone: https://mail.163.com/help/help_spam_16.htm
    reason: 'spam',
    words: /\b(?:dt:sp[mt]|dt:sum|dt:rbl|hl:[a-z]{3}|rp:[a-z]{3}|wm:bl[iu]|mi:(?:stc|spb|dmc|cel|ccl))\b/,
  },
  {
    reason: 'reputation',
    words:
      /unverif\w{0,15} sending|backscatter|your access to submit|reputation|senderscore|sender score|sender ?base|user complaints|spam complaints|poor (?:ip|domain|sender)|suspicious|suspected (?:spam|bounce|ip)|abus(?:e|ive)\b|dynamic(?:ally)?[ -](?:ip|assigned|address|host)|dial-?up|residential|generic (?:rdns|reverse|dns|ptr)|\bptr\b|reverse (?:dns|lookup|name)|\brdns\b|no valid (?:reverse|mx|host ?name)|cannot (?:find|resolve) your (?:host ?name|address|reverse)|unresolvable relay host|ip name lookup failed|fix reverse|open (?:proxy|relay)|unusual rate|mail server.{0,20}not trusted|not currently accepting mail from your|low priority|bad sender ip|you are (?:not allowed to connect|sending spam)|looks suspiciously|(?:helo|ehlo)\b.{0,60}(?:reject|invalid|denied|bad|refus|not)|(?:host|name|argument|domain|invalid|unknown|illegal)[^.;]{0,60}\b(?:helo|ehlo)\b|(?:rejected|invalid|bad) helo|impersonating/,
  },
  {
    reason: 'sender-refused',
    words:
      /senderfilter|(?:unable to|cannot|can.t|could not|failed to) verify (?:the )?sender|\bin (?:the )?(?:mail from|from|reply-to|sender)\b(?! (?:your|our|his|her|their))|\bfrom(?: header)? address\b|header from\b|sender'?s? address|\b(?:for|of) (?:your|the sender'?s?|sender) domain|your domain (?:has|does|is)|list members|posting not allowed|\bbatv\b|bogus mail from|(?:unsigned|third-party) dsns?\b|email address is not verified|identities failed the check|mx records? for .{0,60}violate|closed mailing list|mismatches client|sender (?:e-?mail |address |domain |verif\w{0,15} |id |ip |not |is |was |has |host ){0,8}(?:rejected|refused|denied|failed|unknown|invalid|blocked|empty|not (?:found|exist|verified|allowed|permitted|accepted|authori[sz]ed|pre-?approved)|does(?: not|n't) (?:exist|resolve)|reverse|required|listed|verify|verification)|sender (?:verify|verification|callout)|\bcall[- ]?(?:out|back)s?\b|(?<!recipient )\bverification fail|domain of sender|return(?:ed)? (?:address|path|mail) (?:not accepted|does not exist|invalid|rejected)|(?:invalid|unknown|unroutable|unrouteable|unresolvable|bad|illegal|null|empty|blank|unacceptable|blacklisted) (?:envelope |return )?(?:sender|return[- ]?path|mail[- ]?from|from address|reverse[- ]path)|emetteur invalide|mail from not|mailfrom domain|(?:from|sender)[: ]+domain (?:is invalid|must exist|does not)|message from .{0,30} (?:rejected|refused|denied)|but sender was rejected|but my name was rejected|senderno|badsendermx|not member article|members?-only|not (?:subscribed|a member)|only (?:members|subscribers)|not allowed to post|moderated|purported responsible|from (?:field|header).{0,30}(?:invalid|missing|required)|envelope sender|empty email address|badmailfrom|your (?:email )?address .{0,20}(?:reject|block|refus)/,
  },
  {
    reason: 'refused-by-reader',
    words:
      /blocked by (?:the )?(?:recipient|user)|rejected by (?:the )?recipients?(?:'s)? (?:filter|rule|pref|choice|user)|user rules|recipient preferences|privacy settings|recipient(?:'s)? (?:only|is only) accept|only accept(?:s|ing) (?:mail|messages?) from|user refuses|refuse to receive|account is protected by|not accepting mail with (?:attachments|embedded)|restricted sms|message filtered|user reject|mail is rejected by recipient|拒收/,
  },
  {
    reason: 'spam',
    words:
      /\bspam\b|\bspammy|\bspammer|junk ?mail|\bjunk\b|unsolicited|\buce\b|\bube\b|\bbulk (?:mail|email)|phish|bayes|spamassassin|cloudmark|content (?:filter|scan)|score .{0,20}(?:too high|exceeds|threshold)|looks like (?:a )?(?:spam|bulk)|spoof|pourriel|ind[eé]sirable|垃圾/,
  },
  {
    reason: 'content-refused',
    words:
      /virus(?!wall)|malware|infected|trojan|(?<!contains \[\d+\] file )attachment(?! is a copy| contains the original)|banned (?:file|content|name)|executable|macro|prohibited (?:content|file)|content (?:rejected|denied|refused|error|not accepted|restriction)|message (?:body|content|header)s?[^.]{0,40}(?:reject|refus|not (?:accepted|allowed|permitted)|invalid|malformed|forbidden)|header (?:error|are not accepted)|improper use of 8-bit|8bit|smtputf8|non-ascii|line (?:is )?too long|lines? longer|rfc ?(?:5322|2822|822)|malformed|missing (?:date|from|message-id|to|subject|header)|duplicate header|no (?:resent-)?(?:from|to|date|subject|message-id) (?:field|header)|mime (?:error|structure)|mail content denied|conversion (?:to|required|failed)|url.{0,30}(?:blocked|listed|reject)/,
  },
  {
    reason: 'too-large',
    words:
      /(?:message|mail|e-?mail|body|nachricht|bericht|file|header)s?(?: (?:size|length|is|was|are|it|far|much|header|body|text|of \d+ bytes|you sent)){0,8} (?:too (?:big|large|long)|larger than|exceed|zu gro(?:ß|ss)|te groot|trop (?:gros|grand)|over ?-?size)|\bsize[^.;]{0,40}(?:too (?:big|large)|exceed|larger than|limit|over)|(?:exceed|exeed)(?:s|ed|ing)?[a-z ]{0,40}(?:max(?:imum)?|fixed|allowed|admin\w{0,15}|message)[a-z ]{0,20}(?:message )?(?:size|length)|max(?:imum)? (?:message |mail )?size|databytes limit|sizelimit|size limit|taille limite|recipsizelimit/,
  },
  {
    reason: 'rate-limited',
    words:
      /rate (?:limit|control|exceeded|that prevents)|ratelimit|rate-limit|throttl|too (?:many|much) (?:connections?|sessions?|concurrent|messages|mails?|recipients|emails|requests|hops? from|load|traffic|simultaneous)|receiving mail (?:at a rate|too)|too (?:quickly|fast|frequent)|slow down|frequency limited|exceeded the (?:allowable|maximum) number|connection limit|recipient limit|limit(?:e)? (?:on|of|de) connections?|temporarily deferred|excessive|limit exceeded|recipient(?:'s)? rate|try again later|essayer plus tard|later again|zu viele verbindungen/,
  },
  {
    reason: 'mailbox-disabled',
    words:
      /(?:account|mail ?box|user|recipient|address|mailaddress|customer|e-?mail|konto|postfach|compte|boite|casilla|indirizzo|usuario|gebruiker|id)[^.;]{0,60}\b(?:disabled?|suspend(?:ed)?|deactivated?|inactiv(?:e|o|ated)|not active(?: now)?|locked|frozen|blocked|expired?|dormant|closed|terminated|restricted|archived|on hold|currently unavailable|temporarily (?:unavailable|limited|blocked)|(?:is|are) not (?:currently )?(?:being )?accept\w{0,15}|not accepting|deaktiviert|gesperrt|inaktiv|désactiv|desactiv|bloqu|archiv[eé]e|inattiv|bloccato|disattivat|discontinued|cancell?ed|unpaid|has been removed due|gedeactiveerd|geblokkeerd|nieaktywne|zablokowane)|(?:disabled|suspended|inactive|deactivated|locked|expired|unavailable) (?:account|user|mail ?box|recipient|address|customer)|mail for this (?:user|account) is (?:not|temporar)|recipient suspend|\b(?:account|recipient) is unavailable|administrative?le?y (?:disabled|prohibited|denied|suspended)|expirado por falta|is a deactivated|not accepting (?:any )?(?:mail|messages|email)|(?<!\b(?:address|user|recipient) (?:is )?)no longer (?:accepting|accepts) (?:any )?(?:e-?mail|mail|messages)|no mail (?:is )?accepted|mailbox access|invalid\/inactive|ist deaktiviert|冻结|禁用|停用/,
  },
  { reason: 'mailbox-disabled', words: DISABLED_IN_OTHER_LANGUAGES },
  {
    reason: 'loop',
    words:
      /\blooping\b|too many hops|hop count|hops? exceed|mail(?:ing)?[ -]?loop|loops? back|routing loop|forwarding loop|too many "?received"?|loop detected|maximum hop|best-preference mx|mxloopback|in a loop|delivery loop/,
  },
  {
    reason: 'relay-denied',
    words:
      /relay(?:ing)?[a-z ]{0,24}(?:denied|disallowed|unauthori[sz]ed|blocked|not (?:allowed|permitted|enabled|available)|prohibited|refused|disabled|rejected|restricted|forbidden)|(?:unable|not able|refus\w{0,15}|not (?:allowed|permitted|configured|authorized)|cannot|can.t|won.t|do not|don.t) (?:to )?relay|no relay|relay access|we do not relay|not relaying|not a gateway|(?:isn.t|is not|not) in (?:my|our) (?:list of allowed )?(?:rcpthosts|local domains)|rcpthosts|not (?:hosted|handled) here|(?:mail|messages?) for .{0,40}not (?:accepted|handled)|do(?:es)?(?: not|n't) (?:handle|host|process) (?:e-?)?mail for(?! (?:that|this) (?:user|address|recipient))|list of allowed recipients|relay not/,
  },
  {
    // A server that may not write its own files: denied is not what we asked.
    reason: 'system-trouble',
    words:
      /(?:unable to|cannot|can't|could not|failed to|error) (?:create|open|write|writing|lock|append|update|stat|chdir|access)[^;]{0,160}permission denied|\/[\w./~-]{1,200}: permission denied|\b(?:sh|bash|exec)\b[^;]{0,80}: permission denied|cannot update mailbox|maildir delivery failed/,
  },
  {
    reason: 'policy',
    words:
      /polic(?:y|ies)|organi[sz]ational settings|envelope blocked|rule imposed|mass mailer|(?:use|through) (?:the |your )?(?:smtp|mail) server of (?:your )?isp|smarthost of your|(?:access|permission|authori[sz]ation|connection|recipient|mail) (?:is )?denied|denied by|administrative prohibition|forbidden|prohibited|security (?:reason|setting|violation)|go away|zugriff verweigert|toegang geweigerd|acc[eè]s refus[eé]|acceso denegado|accesso negato|confirm this mail server|requires (?:that you verify|confirmation)|unavailable or access denied|only accept\w{0,15} (?:e-?mail|messages?) from|allowed senders|blocked your message|mail flow rule|restricted (?:senders|permissions)|\bblocked\b/,
  },
  // A server that was sought for days has not said that there is none.
  {
    reason: 'timeout',
    words:
      /^(?!.*\b(?:user|recipient|mailbox|account) (?:is )?(?:unknown|not found|does)).*\bconnection timed out/,
  },
  {
    reason: 'no-connection',
    words:
      /not found,? try again|temporary (?:lookup|dns|name|resolution|name server) (?:failure|error|problem)|servfail|dns server returned general failure|network error|could not contact dns/,
  },
  {
    reason: 'bad-domain',
    words:
      /null ?mx|recipient domain must exist|no smtp service|(?:domain|host) (?:does not|doesn.t|do not) (?:accept|receive) (?:any )?(?:e-?mail|mail)|domain is configured to (?:not accept|reject)|(?:domain|host ?name|host|site|destination)[^.;]{0,50}\b(?:not found|unknown|does not exist|doesn.t exist|non-?exist[ae]nt|inconnu|unbekannt|sconosciut|desconocid|onbekend|could ?n.t be found|cannot be found|was not found|not exist|is invalid|not resolve|can(?:not|.t) be resolved)\b(?!,? try again)|(?:unknown|invalid|illegal|no such|non-?exist[ae]nt|dead) (?:host|domain|mail domain|destination domain)|bad destination (?:system|host|domain)|nonexistentdomain|nxdomain|name (?:or service )?not known|no mx(?: record)?s?(?: found)?|no (?:valid )?(?:mx|mail exchanger)|couldn.t find any host (?:named|by that name)|couldn.t find a mail exchanger or ip|(?:mail|dns) server[s]? (?:for|of) .{0,30}not (?:found|exist)|unrouteable mail domain|all (?:relevant mx records|host address lookups) (?:point to non-existent|failed permanently)|is a dead domain|domain name (?:not found|invalid)|dns server returned answer with no data|host or domain name not found|die domain .{0,20}existiert nicht/,
  },
  {
    reason: 'no-such-user',
    words:
      /\b(?:user|mail ?box|mail ?drop|recipient|recipients?'?|address|adress|e-?mail(?: address| account)?|account|person|alias|local[- ]?part|customer|addressee|rcpt|utilisateur|usuario|utente|benutzer|gebruiker|empf[aä]nger|destinataire|destinatario|destinat[aá]rio|ontvanger|modtager|mottagare|mottakere?n?|vastaanottaja|kasutaja|odbiorca|adresat|u[zż]ytkownik|adresse|adres|indirizzo|direcci[oó]n|casella|casilla|cuenta|conta|konto|compte|postfach|mailadresse)\b[^.;]{0,80}\b(?:unknown|not (?:be )?(?:found|known|exist|exists|recogni[sz]ed|valid|listed|local|present|defined|here|a (?:valid|known|local|registered)|registered|our (?:user|customer)|on this (?:system|server)|in (?:our|the|my|this))|do(?:es|s|se|esn)? ?(?:not|n.?t|t) (?:appear to )?exists?|doesnt exist|doesn.t have (?:an?|any) |don.t exist|do not exist|isn.t (?:valid|listed|known|found|recogni[sz]ed)|invalid|incorrect|undefined|non-?exist[ae]nt|non existing|inexistente?|inexistant|inconnue?|unbekannt|nicht (?:bekannt|gefunden|vorhanden)|existiert nicht|existeert niet|bestaat niet|onbekend|niet gevonden|sconosciut[oa]|errato|desconocid[oa]|desconhecid[oa]|no existe|n(?:.|ã)o existe|n.existe pas|inesistente|invalide|ukendt|findes ikke|okänd|finns inte|finnes ikke|ukjent|tuntematon|nie istnieje|nieznany|was not found|wasn.t found|couldn.t be found|could not be found|cannot be found|can ?not find|no longer (?:valid|exists?|on|in|with|available|here|active here|works)|has no mailbox|is gone|not unique known)\b/,
  },
  {
    reason: 'no-such-user',
    words:
      /\b(?:unknown|invalid|no such|non[- ]?exist[ae]nt|non existing|illegal|bad|no valid|wrong|incorrect|undefined|unroutable|unrouteable|unkown|unknow|unknwon)\b (?:or illegal |or inactive |or unknown |virtual |domain |local |final |delivery |e-?mail |destination |recipient |mailbox |remote |rcpt |smtp |internal |user ){0,8}(?:users?(?:id|name)?|mail ?box(?:es)?|mail ?drop|recipients?|address(?:es|ee)?|e-?mail(?: address)?|account|person|alias|local[- ]?part|part|customer|name|id|rcpt(?:host)?|here|to)\b|no (?:such )?(?:one|user|account|mailbox|mail box|person|recipient|address)s? (?:here|by that name|at this|with (?:that|this)|found|available|exists?|known|matching|called|was found|named|on this)|(?:there is|is) no (?:one|such|user|mailbox|account)|no mailbox|no mail ?box|nosuchuser|no-such-user|recip(?:ient)? ?not ?found|recipnotfound|not a (?:valid|known|local|registered|recogni[sz]ed) (?:user|mailbox|recipient|address|account|e-?mail)|(?:user|recipient|address|destination addresses) (?:were |is |was )?(?:not |un)(?:known|listed|found)|address not found|not listed in|not our (?:customer|user)|not a (?:customer|user)|can.t accept user|badrcptto|no matches to nameserver|bad[-_ ]recipient|user doesn.t have|(?:isn.t|is not|aren.t) (?:on|in) (?:our|the|this) (?:system|server|directory)|(?:is|was) not found in|spectator does not exist|not known (?:at|to|here|on) |is not (?:a )?(?:valid|known|recogni[sz]ed)|(?:rejected|refused)[: ]+(?:user|recipient|address) (?:unknown|invalid)|user unknown|unknown user|recipient unknown|unknown recipient|address unknown|unknown address|mailbox (?:is )?(?:not|un)(?: ?found|available|avaiable|known)|userunknown|nessun utente|in (?:the )?name (?:& address )?(?:directory|book)|bad_?recipient_?to|validrcptto|missing home directory|did not (?:exactly )?match any? .{0,30}address|account unavailable|nie ma takiego|konta nie ma|no existe|no hay nadie con|desconocido|ユーザーが見つかりません|見つかりません|存在しません|用户不存在|不存在|没有这个|無此|找不到|пользовател[ья] .{0,30}(?:не найден|не существует|неизвестен)|нет такого пользователя|не существует|недействующий|couldn.t be found|can not be found|unknown local part|^ ?[45]\d\d[ -]+not (?:found|used|in use)\b|no [a-z ]{0,20}(?:entry|record|mapping) for (?:this|that) (?:address|user|recipient)|server rejected recipients|not an active address|nie istnieje|nieznany|destin\. sconosciuto|(?:was not|wasn't) found at|no valid recipients|unable to find alias|(?:does not|doesn't) handle mail for (?:that|this) (?:user|address|recipient)|not a registered|address(?: \w{1,15})? is wrong|does not have an account|mailbox: unknown|not have (?:an?|any) (?:such )?(?:account|mailbox)|no account|no longer a (?:valid|customer)/,
  },
  { reason: 'no-such-user', words: GONE_IN_OTHER_LANGUAGES },
  {
    // Of an address that stood in front and is left out here, as Yahoo has it.
    reason: 'no-such-user',
    words:
      /^ (?:smtp; ?)?(?:[45]\d\d[ -]+)?(?:delivery error: dd )?(?:is|are) no longer (?:valid|available|in use|in service|used|with|at|here|working)\b/,
  },
  {
    reason: 'moved',
    words:
      /has moved|(?:address|user|recipient) (?:is )?no longer (?:accepting|accepts) (?:any )?(?:e-?mail|mail|messages)|moved to (?:a )?new address|new address is|address (?:has )?changed|mailbox has (?:been )?moved|has been replaced by|no forwarding address/,
  },
  {
    reason: 'bad-address',
    words:
      /bad (?:recipient |destination |mailbox )?address syntax|(?:syntax error|malformed|invalid)[a-z ,:]{0,20}(?:in |of )?(?:the )?(?:recipient|mailbox|address|parameters? in rcpt)|angle-brackets nested|expected word or|domain missing in source/,
  },
  {
    reason: 'policy',
    words:
      /not (?:authori[sz]ed|permitted|allowed)|denied|restricted|restriction|refused by|unwelcome|service refuse|protocol violation|verboten|you must|must (?:issue|use|have)|pipelining/,
  },
  {
    reason: 'tls',
    words: /\b(?:starttls|tls|ssl|certificate|handshake)\b/,
  },
  {
    reason: 'timeout',
    words:
      /time(?:d)?[ -]?out|time limit|expired|too long in the queue|in the queue too long|queue too long|retry time(?:out)? (?:not reached|exceeded)|gave up|giving up|failing for a long time|for a long (?:time|failure)|maximum (?:time|age|delivery attempts)|delivery time|could not be delivered (?:for|within)|(?:was )?not delivered within|undeliverable for|lifetime|max(?:imum)? (?:number of )?(?:retries|attempts)|has been frozen|was frozen/,
  },
  {
    reason: 'no-connection',
    words:
      /connection (?:refused|reset|timed|failed|dropped|was dropped|lost|closed|broken|attempt|error)|(?:can(?:not|.t)|could ?n.t|could not|unable to|failed to|failure) (?:connect|contact|reach|open|establish)|(?:network|host|server|site) (?:is )?(?:unreachable|down|not responding|unavailable)|no route to host|not able to establish|wasn.t able to establish|lost connection|connect to |did not (?:respond|accept our requests|answer)|no answer|not responding|broken pipe|(?:name server|dns|lookup|resolv\w{0,15})[^.;]{0,30}(?:fail|error|timeout|servfail|try again|temporar)|servfail|host not found, try again|could not contact dns|bad connection/,
  },
  {
    reason: 'system-trouble',
    words:
      /system (?:error|problem|failure|resources|config|is busy|not (?:accepting|available)|full|too busy)|internal (?:server )?error|local (?:error|problem|configuration|delivery failed)|server (?:error|busy|problem|too busy|failure)|service (?:is )?(?:not |un|temporar)|temporar(?:y|ily)|resources|disk (?:error|full)|out of memory|(?:ldap|database|directory|backend)[^.]{0,30}(?:fail|error|unavailable|timeout|problem)|misconfigur|configuration (?:error|problem)|can(?:not|.t) (?:create|open|write|lock|exec)|permission|pipe|procmail|mailer (?:error|unavailable)|command (?:died|failed)|lmtp error|error in processing|requested action aborted|action aborted|maintenance|overload|busy|several matches|ambiguous|delivery to (?:file|pipe) forbidden|not supported|not implemented|unrecogni[sz]ed command|bad sequence/,
  },
];
