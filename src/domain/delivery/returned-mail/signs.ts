import { AWAY_SUBJECT } from './away-words.ts';
import { type Headers, header, parameter } from './mime.ts';

const DAEMON =
  /mailer-?daemon|post[-_. ]?master|mail(?:er)?[ .]?deliver|delivery (?:sub)?system|mail system|mail administrator|system administrator|mail router|mdaemon|ndr administrator|internet mail (?:service|delivery)|mta@|virus|mailadm|mail service|<>|bounce/i;

const SUBJECT =
  /undeliver|un-?deliverable|returned (?:mail|message|to sender)|return(?:ed|ing)? .{0,20}to sender|deliver(?:y|ed)? (?:status|fail|report|problem|error|notif|has failed|unsuccess|incomplete|delay)|failure (?:notice|delivery)|failed (?:mail|delivery|to deliver)|failure notice|mail (?:delivery |system )?(?:fail|error|problem)|message (?:delivery )?(?:has )?(?:fail|could|not|status|delay|frozen)|(?:could|can|was) ?not (?:be )?(?:deliver|sent)|not delivered|non[- ]?deliver|non-?remis|nicht (?:zugestellt|zustellbar)|unzustellbar|zustell|fehlgeschlagen|onbestelbaar|niet (?:bezorg|afgeleverd|worden)|échec|non livr|remise|no (?:se (?:ha |puede )?)?entreg|devuelto|devolvid|rechazad|mancat[ao] (?:consegna|recapit)|mancato|non recapit|impossibile|não entreg|falha|недоставл|не доставл|невозможно|возврат|退信|投递|无法|メールエラー|配信|送信でき|エラー|error sending|bounced mail|there was an error|sorry, your message|warning: (?:message|could)|delivery warning|(?:user|recipient|address) unknown|(?:unknown|no such) (?:user|recipient|address)|verz[oö]ger|retard|vertraag|adresse .{0,20}(?:inconnue|unbekannt)|delivery$/i;

const BODY =
  /message (?:that )?you sent|(?:could|can|was|were|has|have|did) ?n[o']t (?:be |been |able to be |yet been |reach )?(?:deliver|the following|sent|reach|transmitted)|undeliver|not (?:been )?delivered|(?:delivery|deliver)[a-z ]{0,40}(?:failed|failure|aborted|has been delayed|problem|unsuccessful|error|incomplete|permanently)|unable to deliver|failed to (?:deliver|send)|(?:had|returned|encountered)[a-z ]{0,20}(?:permanent |fatal |delivery |transient )*(?:errors?|problems?)|permanent(?:ly)? (?:fatal )?(?:error|fail)|fatal errors|transcript of (?:the )?session|failed (?:addresses|recipients?)|failure reasons?|returned to sender|this is the (?:mail system|qmail|email server|deliver program|machine generated|postfix)|mail delivery (?:software|system|subsystem)|delivery status notification|non-?delivery|did not reach|did NOT receive|was not delivered|wasn.t delivered|couldn.t be delivered|undeliverable to|error description|sorry to (?:have to )?inform|Intended recipient|trouble delivering|unknown (?:user|host|recipient)s?:|invalid final delivery|user's mailbox is full|mailbox exceeds|nicht zugestellt|unzustellbar|konnte nicht|nicht erreich|kon niet|niet (?:worden )?(?:bezorg|afgeleverd)|n.a (?:pas )?pu être|pas (?:été|pu)|non (?:remis|distribu|livr|recapitat|è stato)|impossibile|no (?:se )?(?:pudo|ha podido|entreg)|não (?:foi|pôde|pode)|не (?:доставлен|может быть доставлен|удалось)|无法|退回|退信|配信できません|送信できません|届けられません|見つかりません|error:|エラー/i;

const DELAY_SUBJECT =
  /\(delay(?:ed)?\)|delayed mail|\bdelayed\b|still being retried|warning: (?:message|could not send)|delivery delay|verz[oö]gert|retard[eé]e?\b|vertraagd|retraso|ritard|temporary (?:problem|failure)/i;

const DELAY_BODY =
  /this is a warning message only|do not need to resend|no (?:further )?action is required on your part|delivery attempts will continue|(?:will|system will) (?:be )?(?:keep trying|continue (?:to try|trying)|retr(?:y|ied))|has been delayed|has not yet been delivered|not yet (?:been )?delivered|delivery (?:is )?(?:incomplete|delayed)|just a warning|advisory-only|has been postponed|still being retried|will (?:be )?(?:tried|attempted|re-?sent|retried) again|message will be retried|could not (?:be )?(?:send|deliver\w*)[^.]{0,40} for (?:the past|\d)|wird weiterhin versucht|zustellung (?:wurde )?verz[oö]gert|sera retent|nog niet (?:bezorgd|afgeleverd)|will try (?:again|to deliver)/i;

/** Signs that a mail was written by a mail server about a mail of ours, before its parts are looked at. */
export function reportSigns(headers: Headers, text: string) {
  const subject = header(headers, 'subject');
  return {
    isFromDaemon: DAEMON.test(header(headers, 'from')) || /^<>\s*$/.test(header(headers, 'return-path')),
    subjectSaysSo: SUBJECT.test(subject),
    bodySaysSo: BODY.test(text),
    /** Says by its type that it is one (RFC 6522), or names who was not reached. */
    declaresSo:
      headers.has('x-failed-recipients') ||
      /^delivery-status$/i.test(parameter(header(headers, 'content-type'), 'report-type') ?? ''),
    isDelay: DELAY_BODY.test(text) || DELAY_SUBJECT.test(subject),
  };
}

const CHALLENGE =
  /challenge[ -]response|verify (?:that )?you(?:r| are)|confirm (?:that )?you(?:r| are| sent)|spamarrest|boxbe|bluebottle|sender verification|prove (?:that )?you are (?:a )?human|requires verification|awaiting your (?:verification|confirmation)|please (?:click|reply)[^.]{0,60}(?:deliver|release) (?:your|this) (?:message|mail|e-?mail)|suspect email|whitelist (?:request|your)|captcha/i;

/** What a mail that nobody wrote by hand is, or null. Ask only when it is no report of a mail server. */
export function automaticSign(headers: Headers, text: string): 'challenge' | 'vacation' | null {
  const subject = header(headers, 'subject');
  const opening = text.slice(0, 2_000);
  if (CHALLENGE.test(subject) || (isMarkedAutomatic(headers) && CHALLENGE.test(opening))) return 'challenge';
  if (isMarkedAutomatic(headers) || AWAY_SUBJECT.test(subject)) return 'vacation';
  return null;
}

function isMarkedAutomatic(headers: Headers): boolean {
  const says = (name: string, pattern: RegExp) => pattern.test(header(headers, name));
  return (
    says('auto-submitted', /auto-/i) ||
    headers.has('x-autoreply') ||
    headers.has('x-autorespond') ||
    headers.has('x-autoresponder') ||
    headers.has('x-mail-autoreply') ||
    headers.has('x-auto-reply') ||
    headers.has('x-autogenerated') ||
    headers.has('x-vacation') ||
    headers.has('x-autoreply-from') ||
    says('x-auto-response-suppress', /^all$/i) ||
    says('x-post-messageclass', /autoresponder/i) ||
    says('delivered-to', /^autoresponder$/i) ||
    says('precedence', /auto[_-]?reply/i) ||
    says('return-path', /^<>$/) ||
    says('preference', /auto_reply/i)
  );
}
