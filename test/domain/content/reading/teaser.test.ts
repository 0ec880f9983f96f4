import { describe, expect, it } from 'vitest';
import { headingOf, type TextBlock, teaserOf } from '../../../../src/domain/content/reading/teaser.ts';

const block = (text: string, more: Partial<TextBlock> = {}): TextBlock => ({
  text,
  isHeading: false,
  isAfterImage: false,
  ...more,
});
const TITLE = 'Five rules for a payroll that never fails';
const teaser = (blocks: (string | TextBlock)[], title = TITLE) =>
  teaserOf(
    blocks.map((one) => (typeof one === 'string' ? block(one) : one)),
    title,
    'en',
  );

describe('a teaser is without the tail that WordPress sites add, in', () => {
  it.each([
    ['English', `The post ${TITLE} appeared first on The Blog.`],
    ['Dutch', `Het bericht ${TITLE} verscheen eerst op De Blog.`],
    ['German', `Der Beitrag ${TITLE} erschien zuerst auf Das Blog.`],
    ['French', `L’article ${TITLE} est apparu en premier sur Le Blog.`],
    ['French', `L'article ${TITLE} est apparu en premier sur Le Blog.`],
    ['Spanish', `La entrada ${TITLE} se publicó primero en El Blog.`],
    ['Spanish', `La entrada ${TITLE} aparece primero en El Blog.`],
    ['Italian', `L'articolo ${TITLE} proviene da Il Blog.`],
    ['Portuguese', `O post ${TITLE} apareceu primeiro em O Blog.`],
    ['Polish', `Artykuł ${TITLE} pochodzi z serwisu Blog.`],
    ['Danish', `Indlægget ${TITLE} blev først udgivet på Bloggen.`],
    ['Swedish', `Inlägget ${TITLE} dök först upp på Bloggen.`],
    ['Norwegian', `Innlegget ${TITLE} dukket først opp på Bloggen.`],
    ['Finnish', `Artikkeli ${TITLE} julkaistiin ensimmäisen kerran Blogi.`],
    ['Czech', `Článek ${TITLE} se nejdříve objevil na Blog.`],
    ['Russian', `Сообщение ${TITLE} появились сначала на Блог.`],
    ['Turkish', `${TITLE} yazısı ilk önce Blog üzerinde ortaya çıktı.`],
    ['Japanese', `投稿 ${TITLE} は ブログ に最初に表示されました。`],
    ['Chinese', `〈${TITLE}〉這篇文章最早發佈於《部落格》。`],
    ['Hungarian', `A ${TITLE} bejegyzés először Blog-én jelent meg.`],
    ['Romanian', `Articolul ${TITLE} apare prima dată în Blog.`],
    ['Greek', `Το άρθρο ${TITLE} εμφανίστηκε πρώτα στο Blog.`],
    ['Hebrew', `הפוסט ${TITLE} הופיע לראשונה ב-בלוג.`],
    ['Persian', `نوشته ${TITLE} اولین بار در بلاگ. پدیدار شد.`],
    ['Catalan', `L'entrada ${TITLE} ha aparegut primer a El Blog.`],
    [
      'Medium’s English',
      `${TITLE} was originally published in The Blog on Medium, where people are continuing the conversation.`,
    ],
  ])('%s: %s', (_language, tail) => {
    expect(teaser(['Real words stand here.', tail])).toBe('Real words stand here.');
    expect(teaser([`Real words stand here. ${tail}`])).toBe('Real words stand here.');
    expect(teaser([`Real words stand here. […] ${tail}`])).toBe('Real words stand here.');
    expect(teaser([tail])).toBe('');
  });

  it('a language that nobody listed', () => {
    expect(teaser(['Real words stand here.', `Ymddangosodd y post ${TITLE} gyntaf ar Y Blog.`])).toBe(
      'Real words stand here.',
    );
  });

  it('a title with the end of a sentence, or the beginning of the tail, in it', () => {
    const title = 'What now? A Vitamin A guide by Dr. Who';
    expect(teaser([`Words. The post ${title} appeared first on The Blog.`], title)).toBe('Words.');
    expect(teaser([`Words. A ${title} bejegyzés először Blog-én jelent meg.`], title)).toBe('Words.');
    expect(teaser([`Words. ${title} yazısı ilk önce Blog üzerinde ortaya çıktı.`], title)).toBe('Words.');
  });
});

describe('a teaser is without', () => {
  it.each([
    ['Real text here. Read more »', 'Real text here.'],
    ['Real text here. Read more', 'Real text here.'],
    ['Real text here. Read the full article', 'Real text here.'],
    [`Real text here. Continue reading ${TITLE} →`, 'Real text here.'],
    [`Real text here… Weiterlesen ${TITLE}`, 'Real text here…'],
    ['Real text here. Read more about payroll', 'Real text here.'],
    ['Real text here. Lees verder', 'Real text here.'],
    ['Real text here. Jetzt weiterlesen!', 'Real text here.'],
    ['Real text here. Lire la suite »', 'Real text here.'],
    ['Real text here. Seguir leyendo', 'Real text here.'],
    ['Real text here. Leggi tutto', 'Real text here.'],
    ['Real text here. Leia mais', 'Real text here.'],
    ['Real text here. Czytaj dalej', 'Real text here.'],
    ['Real text here. Läs mer', 'Real text here.'],
    ['Real text here. Читать далее', 'Real text here.'],
    ['Real text here. Devamını oku', 'Real text here.'],
    ['本文。続きを読む', '本文。'],
    ['Real text here. [+1234 chars]', 'Real text here.'],
    ['Real text here. Hosted on Acast. See acast.com/privacy for more information.', 'Real text here.'],
    ['Real text here. Learn more about your ad choices. Visit megaphone.fm/adchoices', 'Real text here.'],
  ])('calls to read and notices: %s', (text, left) => {
    expect(teaser([text])).toBe(left);
  });

  it.each([
    'We asked 300 planners. They read more than we thought and buy less than they say',
    'Why managers read on paper, and what that means for your dashboards',
    'Seven ways to make your team read more of your monthly reports',
    'New year, new plans. Read more books than ever, says our editor.',
    'Drei Bücher zum Weiterlesen empfehlen wir.',
    'The post office appeared first on the list of those who cut costs.',
    'Der Beitrag der Firmen steigt. Er erschien zuerst auf der Liste.',
    'We read your comments',
    'Photo: the one thing our shop was missing. Now we have it.',
    'More people work from home than ever.',
    'See more of what matters. More often, and for less.',
  ])('nothing of its own words: %s', (text) => {
    expect(teaser([text])).toBe(text);
  });

  it.each([
    ['Image: Plex', {}],
    ['Foto: ANP / Jan Jansen', {}],
    ['Bild: dpa', {}],
    ['© Reuters', {}],
    ['Photo by Ann Lee on Unsplash', {}],
    ['(Photo: Ann Lee)', {}],
    ['Beeld: Shutterstock', {}],
  ])('the credit of a picture: %s', (credit) => {
    expect(teaser([block(credit, { isAfterImage: true }), 'Words.'])).toBe('Words.');
    expect(teaser([block(`${credit} Words.`, { small: [credit] })])).toBe('Words.');
  });

  it('headings, reading times, bare addresses, and the title once more', () => {
    expect(teaser([block('A heading', { isHeading: true }), 'Words.'])).toBe('Words.');
    expect(teaser(['Reading time: 3 minutes', 'Words.'])).toBe('Words.');
    expect(teaser(['Leestijd: 3 minuten', 'Words.'])).toBe('Words.');
    expect(teaser(['https://youtu.be/x', 'Words.'])).toBe('Words.');
    expect(teaser([TITLE, 'Words.'])).toBe('Words.');
    expect(teaser([`${TITLE}: Words that go on.`])).toBe('Words that go on.');
    expect(teaser([`${TITLE} is the title of our book.`])).toBe(`${TITLE} is the title of our book.`);
    expect(teaser([`${TITLE} The Daily News`])).toBe('');
  });
});

describe('a teaser that the feed has cut', () => {
  const first = 'The law on payroll changes in January, and so do the forms that every employer has to send.';
  it('ends at the end of a sentence, or says that it goes on', () => {
    expect(teaser([`${first} Some employers will […]`])).toBe(first);
    expect(teaser([`${first} Some employers will...`])).toBe(first);
    expect(teaser(['Some employers will have to […]'])).toBe('Some employers will have to…');
    expect(teaser(['Some employers will have to, […]'])).toBe('Some employers will have to…');
    expect(teaser(['They did. […]'])).toBe('They did.');
  });
});

it('a heading stands in for a missing title', () => {
  expect(headingOf([block('Words.'), block('A heading', { isHeading: true })])).toBe('A heading');
  expect(headingOf([block('Words.')])).toBeUndefined();
});
