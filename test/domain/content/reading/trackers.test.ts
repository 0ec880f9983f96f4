import { describe, expect, it } from 'vitest';
import { isNoPicture } from '../../../../src/domain/content/reading/trackers.ts';

describe('isNoPicture', () => {
  it.each([
    'http://feeds.feedburner.com/~r/blog/~4/abc',
    'https://pixel.wp.com/b.gif?host=x',
    'https://ad.doubleclick.net/x',
    'https://www.facebook.com/tr?id=1',
    'https://b.scorecardresearch.com/p?c1=2',
    'https://vg08.met.vgwort.de/na/abc',
    'https://x.example/images/spacer.gif',
    'https://x.example/pixel?id=7',
    'https://secure.gravatar.com/avatar/abc',
    'https://s.w.org/images/core/emoji/13.0/72x72/1f600.png',
  ])('knows %s', (url) => expect(isNoPicture(url)).toBe(true));

  it.each([
    'https://blog.example/wp-content/uploads/2026/11/pixel-art.jpg',
    'https://cdn.example/account/counter-strike.jpg',
    'https://i0.wp.com/blog.example/a.jpg',
    'https://cdn.example/dotted/line.png',
  ])('lets %s be', (url) => expect(isNoPicture(url)).toBe(false));
});
