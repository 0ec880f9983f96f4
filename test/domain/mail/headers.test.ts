import { describe, expect, it } from 'vitest';
import { issueHeaders, mailDomain, messageId, oneOffHeaders } from '../../../src/domain/mail/headers.ts';
import { readUnsubscribeAddress } from '../../../src/domain/mail/unsubscribe-address.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

const programme = testProgramme();
const digest = programme.digests[0]!;
const input = { programme, digest, links: testLinks, issueId: 17, deliveryId: 4711, language: 'nl' };

describe('the fields of an issue mail', () => {
  it('has one-click unsubscribe, a stable list id, and says that a program wrote it', () => {
    expect(issueHeaders(input)).toEqual({
      'Reply-To': 'hello@tessel.example',
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': `<${testLinks.unsubscribeFrom(17, 4711)}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-Id': '"Tessel News" <news.tessel.example>',
      'List-Post': 'NO',
      'Feedback-ID': 'issue-17:news:nl:tesselexample',
    });
  });

  it('can be ended by mail too where returned mails are read: in the same one field, behind the page', () => {
    const page = testLinks.unsubscribeFrom(17, 4711);
    const token = page.slice(page.lastIndexOf('/') + 1);
    const header = issueHeaders({ ...input, returnPathDomain: 'bounces.tessel.example' })[
      'List-Unsubscribe'
    ]!;
    expect(header).toBe(
      `<${page}>, <mailto:unsubscribe+${token}@bounces.tessel.example?subject=unsubscribe>`,
    );
    const address = /mailto:([^?>]+)/.exec(header)![1]!;
    expect(address.indexOf('@')).toBeLessThanOrEqual(64);
    expect(readUnsubscribeAddress(address)).toBe(token);
  });

  it('has no part in Feedback-ID that is unique per mail', () => {
    const other = issueHeaders({ ...input, deliveryId: 4712 });
    expect(other['Feedback-ID']).toBe(issueHeaders(input)['Feedback-ID']);
    expect(other['List-Unsubscribe']).not.toBe(issueHeaders(input)['List-Unsubscribe']);
  });

  it('keeps a SenderId of 5 to 15 characters for any domain', () => {
    for (const address of ['a@x.y', 'a@a-rather-long-name.of-a-domain.example']) {
      const brand = { ...programme.brand, from: { name: 'X', address } };
      const senderId = issueHeaders({ ...input, programme: { ...programme, brand } })['Feedback-ID']!.split(
        ':',
      )[3]!;
      expect(senderId).toMatch(/^[a-z0-9]{5,15}$/);
    }
  });

  it.each([
    ['Say "hi" \\ there', '"Say \\"hi\\" \\\\ there" <news.tessel.example>'],
    ['Neues aus Zürich', '=?utf-8?B?TmV1ZXMgYXVzIFrDvHJpY2g=?= <news.tessel.example>'],
    ['A\r\nBcc: x', '"A Bcc: x" <news.tessel.example>'],
  ])('writes the list name %j so that it stays a name', (name, expected) => {
    const named = { ...digest, name: { en: name } };
    expect(issueHeaders({ ...input, digest: named })['List-Id']).toBe(expected);
  });

  it('splits a long name into encoded words of at most 75 characters', () => {
    const named = { ...digest, name: { en: 'Überraschend lange Überschriften für Überzeugte '.repeat(4) } };
    const words = issueHeaders({ ...input, digest: named })
      ['List-Id']!.split(' ')
      .slice(0, -1);
    expect(words.length).toBeGreaterThan(2);
    for (const word of words) expect(word.length).toBeLessThanOrEqual(75);
    const text = words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString()).join('');
    expect(text).toBe(named.name.en.trim());
  });
});

it('a one-off mail belongs to no list', () => {
  expect(oneOffHeaders(programme, 'confirmation', 'de')).toEqual({
    'Reply-To': 'hello@tessel.example',
    'Auto-Submitted': 'auto-generated',
    'Feedback-ID': 'one-off:confirmation:de:tesselexample',
  });
});

describe('Message-ID', () => {
  const id = messageId('issue', 42, 'tessel.example', ['one', 'two']);
  it('is the same for the same row and secret, and no other', () => {
    expect(id).toMatch(/^<issue\.42\.[0-9a-f]{24}@tessel\.example>$/);
    expect(messageId('issue', 42, 'tessel.example', ['one'])).toBe(id);
    expect(messageId('issue', 43, 'tessel.example', ['one'])).not.toBe(id);
    expect(messageId('other', 42, 'tessel.example', ['one'])).not.toBe(id);
    expect(messageId('issue', 42, 'tessel.example', ['two', 'one'])).not.toBe(id);
  });
  it('needs a secret', () => {
    expect(() => messageId('issue', 1, 'x.example', [])).toThrow(/no secret/);
  });
});

it('a domain is what comes after the last @, in lower case', () => {
  expect(mailDomain('"a@b"@News.Example')).toBe('news.example');
});

it('an issue that goes to one person alone says that it is a test', () => {
  expect(oneOffHeaders(programme, 'issue', 'en')).toMatchObject({ 'X-Simmer-Test': 'yes' });
  expect(oneOffHeaders(programme, 'notice', 'en')).not.toHaveProperty('X-Simmer-Test');
});
