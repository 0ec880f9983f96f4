import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mailFaults } from '../../../src/adapters/mail-templates/check.ts';
import { exampleMails } from '../../../src/adapters/mail-templates/examples.ts';
import { imagesIn, linksIn } from '../../../src/adapters/mail-templates/html-faults.ts';
import { loadMails } from '../../../src/adapters/mail-templates/renderer.ts';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';
import type { MailData } from '../../../src/domain/mail/mails.ts';
import { MAIL_KINDS } from '../../../src/domain/mail/mails.ts';
import type { MailRenderer } from '../../../src/journey/delivery/ports/deliveries.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';

const templates = join(import.meta.dirname, '../../../templates');
const programme = testProgramme();
const example = (language: string): MailData => exampleMails(programme, testLinks, language);
const HOSTILE = '<script>alert("x")</script> & {{brand.name}} {name}';

let mails: MailRenderer;
beforeAll(async () => {
  mails = await loadMails(join(templates, 'mails'), loadTexts(join(templates, 'locales')), {
    ...programme.brand,
    publicUrl: testPublicUrl,
  });
});

describe.each(programme.languages)('in language "%s"', (language) => {
  it.each(MAIL_KINDS)('the %s mail is whole', (kind) => {
    const mail = mails.render(kind, language, example(language)[kind]);
    expect(mailFaults(mail)).toEqual([]);
    expect(mail.html).toMatch(new RegExp(`<html[^>]* lang="${language}" dir="ltr"`));
    expect(mail.html).toContain('name="color-scheme" content="light dark"');
    expect(mail.html).toContain('prefers-color-scheme: dark');
  });

  it.each(MAIL_KINDS)('the %s mail holds where <style> is dropped', (kind) => {
    const { html } = mails.render(kind, language, example(language)[kind]);
    const elements = html.match(/<(?:h[1-6]|p)\b[^>]*>/g) ?? [];
    expect(elements.length).toBeGreaterThan(1);
    for (const element of elements) {
      expect(element).toMatch(/ style="(?:[^"]*;)?\s*margin:0/);
      if (element.startsWith('<h')) expect(element).toMatch(/font-size:inherit;.*font-weight:7\d0/);
    }
    const [preheader = ''] = /<div class="unseen"[^>]*>/.exec(html) ?? [];
    expect(preheader).toMatch(/ style="[^"]*max-height:1px;overflow:hidden;font-size:1px/);
    // Where object-fit is unknown, a height beside a width of 100 % would stretch a picture.
    for (const [image] of html.matchAll(/<img\b[^>]*>/g))
      if (/[; "]width:100%/.test(image))
        expect(image).not.toMatch(/max-height|object-fit|[; "]height:\d| height="/);
  });
});

describe('the issue mail', () => {
  const render = (change: Partial<MailData['issue']> = {}) =>
    mails.render('issue', 'en', { ...example('en').issue, ...change });

  it('has every address of its data in both parts, and the pixel in the HTML only', () => {
    const data = example('en').issue;
    const { html, text } = render();
    const addresses = [
      data.main.url,
      ...[...data.others, ...data.callsToAction, ...data.footerLinks].map(({ url }) => url),
      data.webVersionUrl,
      data.preferencesUrl,
      data.unsubscribeUrl,
    ];
    expect(data.others).toHaveLength(4);
    for (const address of addresses) {
      expect(linksIn(html)).toContain(address);
      expect(text.split(/\s+/)).toContain(address);
    }
    expect(imagesIn(html)).toContain(data.pixelUrl);
    expect(text).not.toContain(data.pixelUrl);
  });

  it('is well below the size at which Gmail clips, with the pixel near its top', () => {
    const { html } = render();
    expect(Buffer.byteLength(html)).toBeLessThan(60_000);
    expect(html.indexOf('/o/')).toBeLessThan(12_000);
  });

  it('begins its subject with the title, and its body with the pre-header', () => {
    const data = example('en').issue;
    const { subject, html } = render();
    expect(subject.startsWith(data.main.title)).toBe(true);
    expect(subject).toContain('Tessel News');
    const body = html
      .slice(html.indexOf('<body'))
      .replace(/<[^>]*>/g, '')
      .trim();
    expect(body.startsWith(data.preheader)).toBe(true);
    expect(/\.unseen \{[^}]*\}/.exec(html)?.[0]).not.toContain('display');
  });

  it('says why the reader gets the article and the mail', () => {
    const { html, text } = render();
    for (const part of [html, text.replace(/\s+/g, ' ')]) {
      expect(part).toContain('Because you chose “Payroll”');
      expect(part).toContain('because you signed up at Tessel Software');
      expect(part).toContain(programme.brand.postalAddress);
    }
    // A line of its own in the text part.
    expect(text.match(/^ *Because you chose “[^”]+”$/gm)!.length).toBeGreaterThan(3);
  });

  it('makes the call-back button red, whatever the brand colour', () => {
    const { html } = render();
    const callBack = /background:(#[0-9a-f]{6})[^>]*>\s*Have us call you back/.exec(html);
    expect(callBack?.[1]).toBe('#c4161c');
  });

  it('shows as web version neither a pixel nor a link to itself', () => {
    const { html } = render({ pixelUrl: null });
    expect(html).not.toContain('/o/');
    expect(linksIn(html)).not.toContain(example('en').issue.webVersionUrl);
  });

  it('writes hostile titles as text, and never reads them as templates', () => {
    const { main } = example('en').issue;
    const { html, text, subject } = render({ main: { ...main, title: HOSTILE, summary: HOSTILE } });
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; {{brand.name}} {name}');
    expect(text).toContain(HOSTILE);
    expect(subject.startsWith(HOSTILE)).toBe(true);
  });

  it('says in its subject when it is a test, and nowhere else', () => {
    const [real, test] = [render(), render({ isTest: true })];
    expect(test.subject).toBe(`[Test] ${real.subject}`);
    expect([test.html.replaceAll('[Test] ', ''), test.text]).toEqual([real.html, real.text]);
  });

  it('keeps a subject on one line', () => {
    const { main } = example('en').issue;
    const { subject } = render({ main: { ...main, title: 'One\r\nBcc: all@x.example\ttwo' } });
    expect(subject).toMatch(/^One Bcc: all@x\.example two · /);
  });

  it('does without pictures, others, calls to action and name', () => {
    const { main } = example('en').issue;
    const mail = render({
      main: { ...main, imageUrl: null },
      others: [],
      callsToAction: [],
      footerLinks: [],
      name: null,
    });
    expect(mailFaults(mail)).toEqual([]);
    expect(mail.html).not.toContain('More for you');
    expect(mail.html).toContain('Hello, here is');
  });

  it('stops at missing data and at addresses that are none', () => {
    const without = (field: keyof MailData['issue']) => {
      const { [field]: _, ...rest } = example('en').issue;
      return () => mails.render('issue', 'en', rest as MailData['issue']);
    };
    expect(without('dateline')).toThrow(/mail "issue" in language "en".*dateline.*not defined/);
    expect(without('others')).toThrow('the data lacks what {{#if}}');
    expect(without('webVersionUrl')).toThrow('undefined is no web address');
    expect(() => render({ unsubscribeUrl: 'javascript:alert(1)' })).toThrow('is no web address');
    expect(() => mails.render('issue', 'xx', example('en').issue)).toThrow('no texts for language "xx"');
  });
});

it('the confirmation mail says how often mail comes, that data stays, and what to do if it was not you', () => {
  const { html } = mails.render('confirmation', 'nl', example('nl').confirmation);
  expect(html).toContain('elke twee weken');
  expect(html).toContain('delen het met niemand');
  expect(html).toContain('U hoeft niets te doen');
});

describe('the sales alert', () => {
  it('tells one lead from the next in its subject, and calls by one tap', () => {
    const { subject, html, text } = mails.render('sales-alert', 'en', example('en')['sales-alert']);
    expect(subject).toBe('Please call: Anna Visser, Kade Logistics (14 points)');
    expect(linksIn(html)).toContain('tel:+31205550147');
    expect(linksIn(html).filter((url) => url.includes('/answer?status='))).toHaveLength(2);
    expect(text).toContain('Fit: 88 %');
    expect(text).toContain('14 points, where 12 are needed');
    expect(text).toMatch(/\+8 Asked to be called back \(2\d Nov 2026, \d\d:\d\d \S+\)/);
  });

  it('makes do with an address alone', () => {
    const data = example('en')['sales-alert'];
    const lead = {
      ...data.lead,
      name: null,
      company: null,
      jobTitle: null,
      phone: null,
      interests: [],
      source: null,
    };
    const mail = mails.render('sales-alert', 'en', { ...data, lead, wish: null, reads: [], colleagues: [] });
    expect(mail.subject).toBe('Warm lead: anna.visser@kade-logistics.example (14 points)');
    expect(mailFaults(mail)).toEqual([]);
  });

  it('does not call the phone unknown beside the number that was left for the call', () => {
    const data = example('en')['sales-alert'];
    const lead = { ...data.lead, phone: null };
    const wish = { ...data.wish!, phone: '+31 20 555 01 99' };
    const asked = mails.render('sales-alert', 'en', { ...data, lead, wish });
    for (const part of [asked.html, asked.text]) expect(part).not.toContain('not known');
    const none = mails.render('sales-alert', 'en', { ...data, lead, wish: { ...wish, phone: null } });
    for (const part of [none.html, none.text]) expect(part).toContain('not known');
  });

  it('is followed by a reminder and an escalation that name what they are in the subject', () => {
    const data = example('nl')['sales-reminder'];
    const reminder = mails.render('sales-reminder', 'nl', { ...data, escalatedFrom: null });
    expect(reminder.subject).toBe('Wacht nog op een telefoontje: Anna Visser, Kade Logistics');
    expect(mailFaults(reminder)).toEqual([]);
    const escalation = mails.render('sales-reminder', 'de', data);
    expect(escalation.subject).toBe('Noch von niemandem angerufen: Anna Visser, Kade Logistics');
    expect(escalation.text).toContain('Er ging an sam@example.com');
  });

  it('of an account names the company and everybody warm in it', () => {
    const { subject, text } = mails.render('account-alert', 'en', example('en')['account-alert']);
    expect(subject).toBe('Warm company: Kade Logistics (2 leads)');
    expect(text).toContain('Anna Visser, Head of Finance: 17 points');
    expect(text).toContain('b.dewit@kade-logistics.example: 14 points');
  });
});
