import { describe, expect, it } from 'vitest';
import { classifyReply } from '../../../../src/domain/delivery/returned-mail/classify-reply.ts';

const REPLIES: [string, string][] = [
  ['550 5.1.1 <x@example.com>: Recipient address rejected: User unknown in virtual mailbox table', 'hard'],
  ['550-5.1.1 The email account that you tried to reach does not exist.', 'hard'],
  ['550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup', 'hard'],
  ['553 5.1.2 bad destination system', 'hard'],
  ['501 5.1.3 Bad recipient address syntax', 'hard'],
  ['551 5.1.6 Recipient has moved', 'hard'],
  ['550 #5.1.0x unknown user', 'hard'],
  ['550 No such user here', 'hard'],
  ['550 User unknown', 'hard'],
  ['550 Unknown user', 'hard'],
  ['550 Mailbox not found', 'hard'],
  ['550 Requested action not taken: mailbox unavailable: user does not exist', 'hard'],
  ['553 invalid recipient', 'hard'],
  ['550 Requested action not taken: mailbox unavailable', 'hard'],
  ['554 No such user', 'hard'],
  ['550 5.0.0 no such user', 'hard'],
  ['550 5.7.1 Service unavailable; client host blocked', 'sender-fault'],
  [
    '550 5.7.515 Access denied, sending domain does not meet the required authentication level',
    'sender-fault',
  ],
  ['550 5.1.8 Sender address rejected: user unknown', 'sender-fault'],
  ['553 5.1.7 bad sender address', 'sender-fault'],
  ['552 5.2.2 mailbox full', 'soft'],
  ['550 5.2.1 mailbox disabled', 'soft'],
  ['554 5.3.0 no', 'soft'],
  ['550 5.4.1 Recipient address rejected: Access denied', 'sender-fault'],
  ['550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [AM5EUR02FT020.eop]', 'hard'],
  ['550 relaying denied, user unknown', 'sender-fault'],
  ['550 Sender verify failed: unknown user', 'sender-fault'],
  ['550 message looks like spam', 'sender-fault'],
  ['552 Mailbox quota exceeded for this user', 'soft'],
  ['450 4.1.1 user unknown', 'soft'],
  [
    '550 5.1.1 <anna@example.org>: blocked using zen.spamhaus.org; see http://www.spamhaus.org/query/bl?ip=192.0.2.1',
    'sender-fault',
  ],
  ['550 5.1.1 user mailbox is full', 'soft'],
  ['554 5.7.1 <x@y.example>: Recipient address rejected: user unknown', 'sender-fault'],
  ['452-4.2.2 The email account that you tried to reach is over quota', 'soft'],
  [
    '450 4.2.0 <x@y.example>: Recipient address rejected: Greylisted, see http://postgrey.example/help',
    'soft',
  ],
  ['451 4.7.1 Greylisting in action, please come back later', 'soft'],
  [
    '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints - 4.16.55.1',
    'sender-fault',
  ],
  [
    "554 delivery error: dd This user doesn't have a yahoo.example account (x@yahoo.example) [0] - mta1.example",
    'hard',
  ],
  [
    '554 delivery error: dd Sorry your message to x@yahoo.example cannot be delivered. This account has been disabled or discontinued [#102]. - mta',
    'soft',
  ],
  ['550 Mailbox unavailable or access denied', 'sender-fault'],
  [
    'host mx1.example.net[192.0.2.9] said: 550 5.1.1 <bob@example.net> User unknown (in reply to RCPT TO command)',
    'hard',
  ],
  [
    'SMTP error from remote mail server after RCPT TO:<a@b.example>: host mx.b.example [192.0.2.1]: 550 sorry, no mailbox here by that name',
    'hard',
  ],
  [
    'Host or domain name not found. Name service error for name=gone.example type=AAAA: Host not found',
    'hard',
  ],
  [
    'Host or domain name not found. Name service error for name=gone.example type=MX: Host not found, try again',
    'soft',
  ],
  ["Sorry, I couldn't find any host named gone.example. (#5.1.2)", 'hard'],
  [
    "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1) I'm not going to try again; this message has been in the queue too long.",
    'soft',
  ],
  ['Unrouteable address', 'hard'],
  ['all relevant MX records point to non-existent hosts', 'hard'],
  ['an MX or SRV record indicated no SMTP service', 'hard'],
  ['retry timeout exceeded', 'soft'],
  ['mailbox is full (MTA-imposed quota exceeded while writing to file /var/mail/x)', 'soft'],
  ['User anna.berg (anna.berg@firm.example) not listed in Domino Directory', 'hard'],
  ['The recipient name is not recognized MSEXCH:IMS:A:B:C 0 (000C05A6) Unknown Recipient', 'hard'],
  ['550 5.1.0 Address rejected anna@example.net', 'hard'],
  [
    "5.1.0 - Unknown address error 550-'5.1.1 <x@y.example>: Recipient address rejected' (delivery attempts: 0)",
    'hard',
  ],
  ["5.1.0 - Unknown address error 554-'5.7.1 Rejected by policy' (delivery attempts: 0)", 'sender-fault'],
  [
    '550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.',
    'soft',
  ],
  ['550 5.4.5 Daily user sending quota exceeded.', 'sender-fault'],
  ['552 5.3.4 Message size exceeds fixed limit', 'soft'],
  ['554 5.4.6 Hop count exceeded - possible mail loop', 'soft'],
  ['550 Administrative prohibition', 'sender-fault'],
  ['550 Rejected because 192.0.2.4 is in a black list at bl.example', 'sender-fault'],
  ['550 Adresse d au moins un destinataire invalide. Invalid recipient. LPN007_416', 'hard'],
  ['552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417', 'soft'],
  ['550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]', 'soft'],
  ['550 Le compte du destinataire est bloque. The recipient account is blocked. LPN007_426', 'soft'],
  ['550 Mail content denied. http://service.mail.example', 'soft'],
  ['550 Benutzer unbekannt', 'hard'],
  ['550 5.1.1 Adressat unbekannt oder Mailbox deaktiviert', 'soft'],
  ['550 Empfänger existiert nicht', 'hard'],
  ['550 Postfach voll', 'soft'],
  ['550 gebruiker onbekend', 'hard'],
  ['550 destinataire inconnu', 'hard'],
  ['550 utente sconosciuto', 'hard'],
  ['550 El usuario no existe', 'hard'],
  ['550 пользователь не найден', 'hard'],
  ['550 用户不存在', 'hard'],
  ['550 Mailbox unavailable due to a temporary problem, try again later', 'soft'],
  ['550 5.1.1 RESOLVER.ADR.RecipNotFound; not found', 'hard'],
  ['550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient', 'soft'],
  ['550 4.4.7 QUEUE.Expired; message expired', 'soft'],
  ['550 5.7.1 RESOLVER.RST.AuthRequired; authentication required', 'sender-fault'],
  ['554 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain', 'hard'],
  ['550 5.1.1 Message rejected due to policy', 'sender-fault'],
  ["553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'sender-fault'],
  ['550 No such person at this address', 'hard'],
  ['550 5.1.1 unknown or illegal alias: x@y.example', 'hard'],
  ['550 There is no one at this address', 'hard'],
  ['550 Invalid recipient (#5.1.1)', 'hard'],
  ['554 5.2.2 mailbox full', 'soft'],
  ["422 4.2.2 The recipient's mailbox is over its storage limit", 'soft'],
  ['550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).', 'hard'],
  [
    "550 SC-001 (BAY004-MC1F2) Unfortunately, messages from 192.0.2.1 weren't sent. Please contact your Internet service provider since part of their network is on our block list.",
    'sender-fault',
  ],
  ['550-5.7.26 This mail has been blocked because the sender is unauthenticated.', 'sender-fault'],
  ['550 5.7.350 Remote server returned message detected as spam -> 554 5.2.0 rejected', 'sender-fault'],
  [
    '554 Transaction failed Reject due to policy restrictions. For explanation visit https://postmaster.gmx.example/error',
    'sender-fault',
  ],
  ['550 Blocked - see https://ipcheck.proofpoint.example/?ip=192.0.2.1', 'sender-fault'],
  ['550 5.7.1 [C12] RBL Restriction: See <https://x.example>', 'sender-fault'],
  ['550 permanent failure for one or more recipients (x@y.example:blocked)', 'sender-fault'],
  ['550 Recipient address rejected. (in reply to RCPT TO command)', 'hard'],
  ['550 <x@y.example>: Recipient address rejected', 'hard'],
  ['550 Recipient address rejected: blocked by local rules', 'sender-fault'],
  ['550 mailbox is unavailable', 'hard'],
  ['450 mailbox is unavailable', 'soft'],
  ['550 Recipient address rejected: userunknown', 'hard'],
  ['553 this recipient is in my badrecipientto list', 'hard'],
  ['550 Nessun utente simile in questo indirizzo', 'hard'],
  ['550 no matching entries in Name & Address Book', 'hard'],
  ['550 non existent user', 'hard'],
  ["554 mx.example.net : You've reached your daily relay quota - 192.0.2.1", 'sender-fault'],
  [
    '554 Message rejected: Email address is not verified. The following identities failed the check in region EU: a@b.example',
    'sender-fault',
  ],
  ['550 BATV validation failure', 'sender-fault'],
  ['550 Recipient not accepted. (BATV: no tag)', 'sender-fault'],
  ['550 Sender email address rejected', 'sender-fault'],
  ['550 Message bounced due to organizational settings.', 'sender-fault'],
  ['550 please use the smtp server of your ISP', 'sender-fault'],
  ['550 MX records for example.org violate section 3.3.9', 'sender-fault'],
  ['550 reject bulk.advertising', 'sender-fault'],
  ['550 This message was rejected by recurrent pattern detection system', 'sender-fault'],
];

describe('a reply', () => {
  it.each(REPLIES)('%s is %s', (reply, kind) => expect(classifyReply(reply).kind).toBe(kind));
});

describe('the Status field of a report', () => {
  it('counts where the text has nothing to say', () => {
    expect(classifyReply('', '5.1.1')).toMatchObject({ kind: 'hard', reason: 'no-such-user' });
    expect(classifyReply('', '5.2.2')).toMatchObject({ kind: 'soft', reason: 'mailbox-full' });
    expect(classifyReply('', '5.7.1')).toMatchObject({ kind: 'sender-fault', reason: 'policy' });
    expect(classifyReply('', '4.1.1')).toMatchObject({ kind: 'soft', reason: 'unclear' });
    expect(classifyReply('', '5.0.0')).toMatchObject({ kind: 'soft', reason: 'unclear' });
  });

  it('gives way to the text', () => {
    expect(classifyReply('550 mailbox is full', '5.1.1').reason).toBe('mailbox-full');
    expect(classifyReply('550 no such user', '5.0.0').reason).toBe('no-such-user');
    expect(classifyReply('550 blocked using spamhaus', '5.1.1').reason).toBe('blocklist');
  });
});

it('words in addresses and host names say nothing', () => {
  for (const reply of [
    '550 5.1.1 <spam@blocked.policy.example> user unknown',
    '550 5.1.1 user unknown (host mx.spam-filter.quota.example[192.0.2.1] said so)',
    '550 5.1.1 no such user, see https://www.example.com/blocked/spam/policy',
  ])
    expect(classifyReply(reply).kind).toBe('hard');
});
