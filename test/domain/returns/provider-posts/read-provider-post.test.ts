import { describe, expect, it } from 'vitest';
import {
  type Provider,
  readProviderPost,
} from '../../../../src/domain/returns/provider-posts/read-provider-post.ts';
import { realFile } from '../../../support/real-use.ts';

/** What is read of one post: kind and reason of each event, "nothing" for none. */
function said(provider: Provider, post: unknown): string {
  const events = readProviderPost(provider, JSON.stringify(post));
  return events.map(({ finding }) => `${finding.kind} ${finding.reason}`).join(', ') || 'nothing';
}

describe('Postmark: a change of its list', () => {
  const change = (fields: object) => ({
    RecordType: 'SubscriptionChange',
    Recipient: 'anna@reader.example',
    Origin: 'Recipient',
    SuppressSending: true,
    ...fields,
  });

  it('after a hard bounce is an address fault, and no word about what the reader wants', () => {
    const [event] = readProviderPost(
      'postmark',
      realFile('09-postmark-hard-bounce-change/post.json').toString(),
    );
    expect(event?.finding).toMatchObject({ kind: 'hard-bounce', recipient: 'postmark@reader.example' });
  });

  it.each([
    [{ SuppressionReason: 'HardBounce' }, 'hard-bounce no-such-user'],
    [{ SuppressionReason: 'SpamComplaint' }, 'complaint abuse'],
    [{ SuppressionReason: 'ManualSuppression' }, 'unsubscribe opt-out'],
    [{ SuppressionReason: 'ManualSuppression', Origin: 'Customer' }, 'nothing'],
    [{ SuppressionReason: 'ManualSuppression', Origin: 'Admin' }, 'nothing'],
    [{ SuppressionReason: 'HardBounce', Origin: 'Customer' }, 'nothing'],
    [{ SuppressionReason: 'HardBounce', SuppressSending: false }, 'nothing'],
    [{ SuppressionReason: 'ManualSuppression', SuppressSending: false }, 'nothing'],
    [{ SuppressionReason: null, SuppressSending: false }, 'nothing'],
    [{ SuppressionReason: 'SomethingNew' }, 'nothing'],
    [{ SuppressionReason: null }, 'nothing'],
    [{}, 'nothing'],
  ])('%j: %s', (fields, want) => expect(said('postmark', change(fields))).toBe(want));
});

describe('Postmark: a bounce', () => {
  it.each([
    ['HardBounce', 'smtp;550 5.1.1 user unknown', 'hard-bounce no-such-user'],
    ['HardBounce', '', 'hard-bounce no-such-user'],
    ['HardBounce', 'smtp;554 5.7.1 blocked using spamhaus', 'sender-fault blocklist'],
    ['SoftBounce', 'smtp;552 5.2.2 mailbox full', 'soft-bounce mailbox-full'],
    ['SoftBounce', 'smtp;550 5.1.1 user unknown', 'soft-bounce unclear'],
    ['Transient', 'smtp;451 try later', 'delayed unclear'],
    ['Transient', '', 'delayed unclear'],
    ['DnsError', '', 'soft-bounce unclear'],
    ['Unsubscribe', '', 'unsubscribe opt-out'],
    ['Subscribe', '', 'nothing'],
    ['AutoResponder', 'I am out of office', 'auto-reply vacation'],
    ['ChallengeVerification', '', 'auto-reply challenge'],
    ['SpamComplaint', '', 'complaint abuse'],
    ['ManuallyDeactivated', '', 'nothing'],
    ['SMTPApiError', '', 'nothing'],
    ['Blocked', '', 'sender-fault blocklist'],
    ['SpamNotification', '', 'sender-fault spam'],
  ])('%s %s: %s', (Type, Details, want) =>
    expect(said('postmark', { RecordType: 'Bounce', Type, Details, Email: 'anna@reader.example' })).toBe(
      want,
    ),
  );
});

describe('SES: a bounce', () => {
  const bounce = (bounceType: string, bounceSubType: string, recipient: object = {}) => ({
    notificationType: 'Bounce',
    bounce: {
      bounceType,
      bounceSubType,
      bouncedRecipients: [{ emailAddress: 'anna@reader.example', ...recipient }],
    },
    mail: { source: 'news@tessel.example', headers: [] },
  });

  it('of somebody who is out of office is an automatic answer', () => {
    const post = JSON.parse(realFile('19-ses-out-of-office/post.json').toString());
    expect(said('ses', post)).toBe('auto-reply vacation');
  });

  it.each([
    ['Transient', 'General', {}, 'auto-reply vacation'],
    ['Undetermined', 'Undetermined', {}, 'auto-reply vacation'],
    ['Transient', 'General', { action: 'failed', status: '4.4.7' }, 'soft-bounce timeout'],
    ['Transient', 'General', { diagnosticCode: 'smtp; 450 4.2.0 Greylisted' }, 'soft-bounce greylisted'],
    ['Transient', 'General', { action: 'failed', status: '5.1.1' }, 'soft-bounce unclear'],
    [
      'Undetermined',
      'Undetermined',
      { diagnosticCode: 'smtp; 554 blocked using spamhaus' },
      'sender-fault blocklist',
    ],
    [
      'Undetermined',
      'Undetermined',
      { diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
      'soft-bounce unclear',
    ],
    ['Transient', 'MailboxFull', {}, 'soft-bounce mailbox-full'],
    ['Transient', 'MessageTooLarge', {}, 'soft-bounce too-large'],
    ['Transient', 'ContentRejected', {}, 'soft-bounce content-refused'],
    ['Transient', 'AttachmentRejected', {}, 'soft-bounce content-refused'],
    ['Transient', 'CustomTimeoutExceeded', {}, 'soft-bounce timeout'],
    ['Permanent', 'NoEmail', {}, 'hard-bounce no-such-user'],
    [
      'Permanent',
      'General',
      { status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
      'hard-bounce no-such-user',
    ],
    ['Permanent', 'General', {}, 'soft-bounce unclear'],
    [
      'Permanent',
      'Suppressed',
      {
        status: '5.1.1',
        diagnosticCode:
          'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
      },
      'soft-bounce unclear',
    ],
    [
      'Permanent',
      'OnAccountSuppressionList',
      {
        status: '5.1.1',
        diagnosticCode:
          'Amazon SES did not send the message to this address because it is on the suppression list for your account.',
      },
      'soft-bounce unclear',
    ],
    ['Permanent', 'UnsubscribedRecipient', {}, 'soft-bounce refused-by-reader'],
  ])('%s %s %j: %s', (type, subType, recipient, want) => {
    expect(said('ses', bounce(type, subType, recipient))).toBe(want);
    const { notificationType: eventType, ...rest } = bounce(type, subType, recipient);
    expect(said('ses', { eventType, ...rest })).toBe(want);
  });

  it.each([
    [{ complaintFeedbackType: 'abuse' }, 'complaint abuse'],
    [{}, 'complaint abuse'],
    [{ complaintFeedbackType: 'not-spam' }, 'not-a-bounce other'],
    [{ complaintFeedbackType: 'auth-failure' }, 'not-a-bounce other'],
    [{ complaintSubType: 'OnAccountSuppressionList' }, 'soft-bounce refused-by-reader'],
  ])('a complaint %j: %s', (fields, want) =>
    expect(
      said('ses', {
        notificationType: 'Complaint',
        complaint: { complainedRecipients: [{ emailAddress: 'anna@reader.example' }], ...fields },
        mail: {},
      }),
    ).toBe(want),
  );

  it.each([
    [{ unsubscribeAll: true }, 'unsubscribe opt-out'],
    [{ unsubscribeAll: false, topicSubscriptionStatus: [{ subscriptionStatus: 'OptOut' }] }, 'nothing'],
    [{}, 'nothing'],
  ])('a change of its list %j: %s', (newTopicPreferences, want) =>
    expect(
      said('ses', {
        eventType: 'Subscription',
        mail: { destination: ['anna@reader.example'], headers: [] },
        subscription: { source: 'UnsubscribeHeader', newTopicPreferences },
      }),
    ).toBe(want),
  );

  it.each(['Delivery', 'Send', 'Open', 'Click', 'Reject', 'Rendering Failure'])(
    '%s is no return',
    (eventType) => expect(said('ses', { eventType, mail: {}, delivery: {} })).toBe('nothing'),
  );
});

describe('SendGrid', () => {
  it.each([
    [
      { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 user unknown' },
      'hard-bounce no-such-user',
    ],
    [
      {
        event: 'bounce',
        type: 'bounce',
        status: '5.1.1',
        reason: '550 5.1.1 user unknown',
        bounce_classification: 'Reputation',
      },
      'soft-bounce unclear',
    ],
    [{ event: 'bounce', type: 'blocked', reason: '550 user unknown' }, 'soft-bounce unclear'],
    [{ event: 'bounce', bounce_classification: 'Invalid Address' }, 'hard-bounce no-such-user'],
    [{ event: 'bounce', bounce_classification: 'Mailbox Unavailable' }, 'soft-bounce mailbox-disabled'],
    [{ event: 'deferred', response: '450 4.2.0 greylisted' }, 'delayed greylisted'],
    [{ event: 'dropped', reason: 'Bounced Address' }, 'soft-bounce unclear'],
    [{ event: 'dropped', reason: 'Invalid' }, 'soft-bounce unclear'],
    [{ event: 'dropped', reason: 'Unsubscribed Address' }, 'soft-bounce refused-by-reader'],
    [{ event: 'dropped', reason: 'Spam Reporting Address' }, 'soft-bounce refused-by-reader'],
    [{ event: 'dropped', reason: 'Spam Content (if spam checker app enabled)' }, 'sender-fault spam'],
    [{ event: 'dropped', reason: 'Recipient List over Package Quota' }, 'sender-fault policy'],
    [{ event: 'dropped', reason: 'Invalid SMTPAPI header' }, 'sender-fault policy'],
    [{ event: 'dropped' }, 'soft-bounce unclear'],
    [{ event: 'spamreport' }, 'complaint abuse'],
    [{ event: 'unsubscribe' }, 'unsubscribe opt-out'],
    [{ event: 'group_unsubscribe', asm_group_id: 1 }, 'unsubscribe opt-out'],
    [{ event: 'group_resubscribe', asm_group_id: 1 }, 'nothing'],
    [{ event: 'processed' }, 'nothing'],
    [{ event: 'delivered' }, 'nothing'],
    [{ event: 'open' }, 'nothing'],
  ])('%j: %s', (event, want) =>
    expect(said('sendgrid', { email: 'anna@reader.example', ...event })).toBe(want),
  );
});

describe('Mailgun', () => {
  const failed = (severity: string, reason: string, status: object) => ({
    'event-data': {
      event: 'failed',
      recipient: 'anna@reader.example',
      severity,
      reason,
      'delivery-status': status,
    },
  });
  it.each([
    [failed('permanent', 'bounce', { code: 550, message: '5.1.1 user unknown' }), 'hard-bounce no-such-user'],
    [failed('temporary', 'generic', { code: 550, message: '5.1.1 user unknown' }), 'delayed unclear'],
    [
      failed('permanent', 'suppress-bounce', {
        code: 605,
        message: '',
        description: 'Not delivering to previously bounced address',
      }),
      'soft-bounce unclear',
    ],
    [
      failed('permanent', 'suppress-unsubscribe', {
        code: 606,
        message: '',
        description: 'Not delivering to unsubscribed address',
      }),
      'soft-bounce refused-by-reader',
    ],
    [
      failed('permanent', 'suppress-complaint', {
        code: 607,
        message: '',
        description: 'Not delivering to a user who marked your messages as spam',
      }),
      'soft-bounce refused-by-reader',
    ],
    [failed('permanent', 'old', { code: 602, message: 'Too old' }), 'soft-bounce timeout'],
    [{ 'event-data': { event: 'complained', recipient: 'anna@reader.example' } }, 'complaint abuse'],
    [{ 'event-data': { event: 'unsubscribed', recipient: 'anna@reader.example' } }, 'unsubscribe opt-out'],
    [{ 'event-data': { event: 'delivered', recipient: 'anna@reader.example' } }, 'nothing'],
    [{ 'event-data': { event: 'rejected', recipient: 'anna@reader.example' } }, 'nothing'],
    [{}, 'nothing'],
  ])('%j: %s', (post, want) => expect(said('mailgun', post)).toBe(want));
});

describe('whatever is posted', () => {
  it.each(['ses', 'postmark', 'sendgrid', 'mailgun'] as const)('is read without a fault: %s', (provider) => {
    for (const raw of [
      '',
      'null',
      '[]',
      '"x"',
      '{}',
      '{"RecordType":[]}',
      '{"mail":1,"bounce":[],"notificationType":"Bounce"}',
      '{"event-data":[]}',
      '{"event":"dropped","reason":{}}',
    ])
      expect(() => readProviderPost(provider, raw)).not.toThrow();
  });
});
