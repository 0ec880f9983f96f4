import {
  PASSING_IN_OTHER_LANGUAGES,
  PERMISSION_IN_OTHER_LANGUAGES,
  REFUSAL_IN_OTHER_LANGUAGES,
  SENDER_IN_OTHER_LANGUAGES,
} from './languages.ts';
import { anyOf } from './phrases.ts';
import type { ReplyRule } from './reply-words.ts';

/**
 * What may stand beside "unknown" or "does not exist" when it is not about the reader. Asked only where a reply would
 * cost a reader otherwise, so that each line can do no harm: at worst one more mail goes to an address that is gone.
 * By the sorts of refusals that the rules of servers can be set to give: Exim's ACLs, Postfix's restrictions, milters,
 * Exchange's transport and its agents, MDaemon, gateways that count.
 */
export const DOUBTS: readonly ReplyRule[] = [
  {
    // Said in answer to something before the recipient was named.
    reason: 'sender-refused',
    words: anyOf(
      '(?:in reply|in response|reply|response) to (?:the )?(?:mail|ehlo|helo|initial|connect)',
      'after (?:pipelined )?(?:mail from|ehlo|helo|initial connection|connect)\\b',
    ),
  },
  {
    // About who sends.
    reason: 'sender-refused',
    words: anyOf(
      '(?<!(?:to|the|contact(?: the)?|notify(?: the)?|inform(?: the)?) )\\bsenders?\\b(?! of this message)',
      "\\b(?:the|to) sender(?:'s)?\\b[^.;]{0,40}\\b(?:unknown|invalid|not|does|is|was|cannot|could)\\b",
      '\\bsending (?:address|domain|host|server|user|mailbox|ip|account)',
      '\\breturn(?:ed|ing)?[- ](?:address|path|mailbox)|\\breply-to\\b|\\breply to (?:address|header|field)|\\bbounce (?:address|path|mailbox)',
      '\\b(?:envelope|header)[- ]from\\b|\\bmail[- ]?from\\b|\\bfrom[- ]address|\\bin (?:the )?from\\b|\\bmailfrom\\b',
      '\\bcall[- ]?(?:back|out)s?\\b|\\b(?:dsn|bounce|backscatter|null[- ]sender|ndr)s?\\b[^.;]{0,30}\\b(?:not\\b|refus|reject|accept|block)',
      '\\byour (?:own )?(?:mail |e-?mail |sending |smtp )?(?:domain|server|host|hostname|ip|network|address|account|name|relay)\\b(?! book)',
      '\\b(?:postmaster|abuse) (?:address|account|mailbox|contact)|\\b(?:postmaster|abuse)\\b[^.;]{0,30}\\b(?:does not exist|unknown|invalid|missing)|rfc-?ignorant',
      '\\b(?:permitted|allowed|authori[sz]ed|trying) to send\\b',
      '\\breverse\\b|\\bhelo\\b|\\behlo\\b|\\binvalid dns\\b|\\bresource records?\\b|\\bunknown (?:relay|client|peer)\\b',
      SENDER_IN_OTHER_LANGUAGES,
    ),
  },
  {
    // About how many were unknown.
    reason: 'reputation',
    words: anyOf(
      '\\btoo many\\b|\\bthresholds?\\b|\\bratio\\b|\\b(?:harvest\\w{0,15}|attacks?)\\b|\\bexcess(?:ive)?\\b',
      '\\b(?:number|amount|percentage|rate|count|volume) of (?:the |your )?(?:unknown|invalid|illegal|non-?exist\\w{0,15}|bad|failed|wrong|rejected|refused|undeliverable|recipients|users|errors|bounces|messages|mails|connections)\\b|\\blist of (?:allowed|permitted|accepted|authori[sz]ed|trusted|approved|blocked|banned|bad|unknown|invalid)\\b|\\brate\\b[^.;]{0,20}\\bexceed',
      '\\bblocked\\b|\\bbanned\\b|\\bblack-?listed\\b',
    ),
  },
  {
    // About what is in the mail.
    reason: 'content-refused',
    words: anyOf(
      '\\b(?:message|mail|e-?mail) (?:contains|includes|has) (?:an? )?(?:invalid|unknown|illegal|bad|unacceptable|wrong)\\b',
      '\\bin (?:the )?(?:to|cc|bcc|to:|cc:)(?: or (?:cc|to))?[: ](?:header|field|line)|\\bheaders?\\b[^.;]{0,40}\\b(?:invalid|missing|contains)',
    ),
  },
  {
    // Unknown, or something else: the server does not say which.
    reason: 'unclear',
    words:
      /\b(?:or|oder|ou|o|of|lub|или) (?:is |est |ist |es |está |è )?(?:not |non |nicht |pas |no |não |niet |nie |не )?(?:enabled|abilitat|habilit|perm[ei][ts]|toege[ls]|consenti|allowed|authori[sz]|autori|berechtigt|zugelassen|freigegeben|blocked|bloqu|denied|full)/,
  },
  {
    // Groups: gone, or closed to us.
    reason: 'unclear',
    words: anyOf('\\b(?:may|might) not exist\\b', PERMISSION_IN_OTHER_LANGUAGES),
  },
  { reason: 'policy', words: anyOf('spam', REFUSAL_IN_OTHER_LANGUAGES) },
  { reason: 'mailbox-full', words: /\bquotas?\b|\b(?:enough|no|more|out of|disk|storage) space\b/ },
  { reason: 'refused-by-reader', words: /\bvacation\b/ },
  {
    // About a server that cannot say for sure.
    reason: 'system-trouble',
    words: anyOf(
      '\\b(?:local|internal|processing|configuration|system|server|mailer|backend|database|ldap|directory) (?:server )?(?:error|failure|problem|trouble|fault)',
      '\\b(?:error|failure|problem) (?:in|while|during) (?:processing|looking|checking|verif)',
      '\\b(?:user|alias|ldap|account|directory|address|recipient|mailbox) ?(?:database|db|table|map|server|service|lookup)s?\\b[^.;]{0,20}\\b(?:not (?:found|available)|unavailable|fail(?!ed permanently)|error|down)',
      '\\bbackend\\b|\\btemporar(?:y|ily)\\b|\\bfor now\\b|\\b(?:later|tomorrow)\\b|\\bnot yet\\b|\\bunverified\\b',
      // A name that was not found is that of a file or of the server's own directory, not of the reader.
      '\\b(?:sh|bash|exec)\\b[^;]{0,80}: (?:command )?not found|no such file|\\bcommand not found|\\bpath\\b|\\bhome ?dir(?:ectory)? creation',
      '\\bresolver (?!adr (?:ex)?recip)|\\bdns check\\b|\\bstoredrv\\b|\\bexception\\b|\\bdomain (?:name )?(?:may|might|could|seems|appears)\\b',
      '\\boffline\\b|\\bstore (?:is )?unavailable|\\bmigrat\\w{1,15}|\\bnot now\\b|\\bat (?:present|the moment|this time)\\b|\\bcurrently\\b(?! available)|\\bin (?:an|a few|\\d+) (?:hours?|minutes?)\\b|\\bunreachable\\b',
      PASSING_IN_OTHER_LANGUAGES,
    ),
  },
  {
    reason: 'timeout',
    words:
      /\b(?:message|mail|delivery) (?:has )?(?:expired|timed out)\b|\btime ?out\b|\bconnection (?:refused|reset|timed|failed|dropped|lost|closed)|cannot connect|could not connect/,
  },
];
