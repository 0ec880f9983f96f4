import { describe, expect, it } from 'vitest';
import { blocksOfHtml, plain, titleOfHtml } from '../../../../src/adapters/rss/html/clean-text.ts';

const textOf = (html: string) =>
  blocksOfHtml(html, 'text')
    .filter(({ isHeading }) => !isHeading)
    .map(({ text }) => text)
    .join(' ');

describe('a title', () => {
  it.each([
    ['A free guide to <head> elements', 'A free guide to <head> elements'],
    ['<audio> or <video>: what to embed', '<audio> or <video>: what to embed'],
    ['The <head>-Element explained', 'The <head>-Element explained'],
    ['The difference between <b> and <strong>', 'The difference between <b> and <strong>'],
    ['Why <br> is bad', 'Why <br> is bad'],
    ['What is <!DOCTYPE html>?', 'What is ?'],
    ['Never forget </body>', 'Never forget </body>'],
    ['Using <slot></slot> in <my-card>', 'Using <slot></slot> in <my-card>'],
    ['List<String> against List<Object>', 'List<String> against List<Object>'],
    ['Styling <select multiple> at last', 'Styling <select multiple> at last'],
    ['<p> or <div>?', '<p> or <div>?'],
    ['<BUTTON> beats <A>', '<BUTTON> beats <A>'],
    ['The &lt;head&gt; element', 'The <head> element'],
    ['The <code>&lt;head&gt;</code> element', 'The <head> element'],
    ['What <script async> really does', 'What script really does'],
    ['Profit <10% of sales, costs >5%', 'Profit <10% of sales, costs >5%'],
    ['If a<b and c>d', 'If a<b and c>d'],
  ])('may name elements: %s', (html, title) => {
    expect(titleOfHtml(html)).toBe(title);
  });

  it.each([
    ['<b>Bold</b> news', 'Bold news'],
    ['<em>Das</em> ist <i>neu</i>', 'Das ist neu'],
    ['<p>Title</p>', 'Title'],
    ['<p>Title', 'Title'],
    ['<h2>Title', 'Title'],
    ['Line one<br>line two', 'Line one line two'],
    ['Line one <br/> line two', 'Line one line two'],
    ['One <br> two <br> three', 'One two three'],
    ['<span class="x">Title</span>', 'Title'],
    ['Title <img src="https://e.example/i.png"> here', 'Title here'],
    ['<a href="https://e.example">Title</a>', 'Title'],
    ['One<script>alert(1)</script>', 'One'],
    ['<script>alert(1)</script>', ''],
    ['An <abbr title="x">IBAN</abbr> check', 'An IBAN check'],
    ['<font color=red>Sale</font>', 'Sale'],
    ['H<sub>2</sub>O', 'H2O'],
    ['Read <!-- not this --> me', 'Read me'],
    ['It&#226;&#128;&#153;s here', 'It’s here'],
    ['It&#xe2;&#x80;&#x99;s here', 'It’s here'],
    ['Caf&#195;&#169; society', 'Café society'],
    ['Caf&#233; &#169; 2026', 'Café © 2026'],
  ])('may be markup: %s', (html, title) => {
    expect(titleOfHtml(html)).toBe(title);
  });
});

describe('a text', () => {
  it.each([
    [
      'Use <select> for short lists and <textarea> for long ones.',
      'Use <select> for short lists and <textarea> for long ones.',
    ],
    ['<p>Use <code><select></code> for lists.</p>', 'Use for lists.'],
    [
      '<p>Use <code>&lt;select&gt;</code> and <code>&lt;a href="x"&gt;y&lt;/a&gt;</code>.</p>',
      'Use <select> and <a href="x">y</a>.',
    ],
    ['<p>Wrap it in &lt;p&gt; and &lt;/p&gt; tags.</p>', 'Wrap it in <p> and </p> tags.'],
    ['First.<p>Second.<p>Third.', 'First. Second. Third.'],
    ['One.<BR><BR>Two.', 'One. Two.'],
    ['A text <b>that was cut', 'A text that was cut'],
    ['<html><body>Words.', 'Words.'],
    ['Words. <script>var a = 1;', 'Words.'],
    ['<p>Hello</p> &lt;div class="md"&gt;&lt;p&gt;World&lt;/p&gt;&lt;/div&gt;', 'Hello World'],
    ['<div>&lt;p&gt;Hello &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;</div>', 'Hello you'],
    ['<b>News</b>: &lt;a href="https://a.example"&gt;read&lt;/a&gt; it', 'News: read it'],
    ['Run All Programs &amp;gt; Studio', 'Run All Programs > Studio'],
    ['<p>Text.<sup>1</sup></p>', 'Text.1'],
  ])('keeps what is meant to be read: %s', (html, text) => {
    expect(textOf(html)).toBe(text);
  });

  it.each([
    '<figure><img src="a.jpg"><figcaption>A caption.</figcaption></figure><p>Words.</p>',
    '<div class="wp-caption alignleft"><img src="a.jpg"><p class="wp-caption-text">A caption.</p></div><p>Words.</p>',
    '<h2>A heading</h2><p>Words.</p>',
    '<p><strong>A heading in bold</strong></p><p>Words.</p>',
    '<div id="toc_container"><p>Contents</p><ul><li>One</li></ul></div><p>Words.</p>',
    '<div class="ez-toc-container counter-hierarchy">Table of contents</div><p>Words.</p>',
    '<p class="article__byline">By Ann</p><p>Words.</p>',
    '<span class="field field--name-title">The title</span><span class="field field--name-uid">admin</span><div class="field field--name-body">Words.</div>',
    '<p>Words.</p><div class="sharedaddy">Share this</div>',
    '<p>Words. <a class="more-link" href="x">The whole story</a></p>',
    '<p>Words. <a href="x">Read more</a></p>',
    '<p>Words. <a href="x">Lees verder &raquo;</a></p>',
    '<div style="display:none">Preheader</div><p>Words.</p>',
    '<p>Words.<span class="screen-reader-text">Skip to content</span></p>',
    '<p>Words.</p><pre>const a = 1;</pre>',
  ])('is without what stands beside it: %s', (html) => {
    expect(textOf(html)).toBe('Words.');
  });

  it('keeps links and bold words that are part of a sentence', () => {
    expect(textOf('<p>You can <a href="x">learn more</a> from our guide.</p>')).toBe(
      'You can learn more from our guide.',
    );
    expect(textOf('<p><strong>This sentence is a lead.</strong></p><p>Words.</p>')).toBe(
      'This sentence is a lead. Words.',
    );
    expect(textOf('<p><strong>Amsterdam</strong> is far.</p>')).toBe('Amsterdam is far.');
  });
});

describe('text that was read in the wrong charset before it came here', () => {
  it.each([
    ['Itâ€™s here', 'It’s here'],
    ['cafÃ© crÃ¨me', 'café crème'],
    ['CafÃ© Ã  la carte', 'Café à la carte'],
    ['Ð¿Ñ€Ð¸Ð²ÐµÑ‚', 'привет'],
    ['ZarzÄ…dzanie', 'Zarządzanie'],
    ['Right “quotes” and itâ€™s wrong', 'Right “quotes” and it’s wrong'],
    ['Â© 2026', '© 2026'],
    ['Price: Â£10', 'Price: £10'],
  ])('is mended: %s', (text, meant) => {
    expect(plain(text)).toBe(meant);
  });

  it.each([
    'NÃO É ASSIM',
    'IRMÃ MARIA',
    'La letra «Ñ»',
    'ESPAÑ…',
    '»TÜ« und »Ö«',
    'SPÄ…',
    'Âge d’or – « Â »',
    'Øresund – Ålborg',
    'Ñandú © 2026',
    'À Paris, été',
    'Đà Nẵng',
  ])('and what is right is left alone: %s', (text) => {
    expect(plain(text)).toBe(text);
  });
});
