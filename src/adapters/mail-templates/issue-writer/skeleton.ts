import Handlebars from 'handlebars';
import type { ArticleCardTexts } from '../../../domain/mail/article-cards.ts';
import type { IssueWords } from '../../../domain/mail/issue-mail.ts';
import type { ArticleCard, IssueMail } from '../../../domain/mail/mails.ts';
import { CAPTURE } from '../helpers.ts';
import { addressMark, blockMark, valueMark } from './segments.ts';

/** Renders a part of the issue's mail; the renderer's own. */
export type RenderPart = (language: string, data: IssueMail, subject: string) => string;

/** What a template does for each article. */
export interface RenderedBlock {
  kind: 'main' | 'others';
  /** The how-manieth of its kind. */
  number: number;
  block: Handlebars.HelperOptions;
}

interface Skeleton {
  written: string;
  blocks: RenderedBlock[];
}

/** A mail like this one with marks for all that differs. `marked`: the token's mark is in its addresses. */
export function renderSkeleton(
  render: RenderPart,
  { words, language, marked }: { words: IssueWords; language: string; marked: IssueMail },
): Skeleton {
  const blocks: RenderedBlock[] = [];
  const capture = (kind: RenderedBlock['kind']) => {
    let number = 0;
    return (block: Handlebars.HelperOptions) => {
      blocks.push({ kind, number: number++, block });
      return blockMark(blocks.length - 1);
    };
  };
  const card = (place: string, { imageUrl, summary, because }: ArticleCardTexts): ArticleCard => ({
    title: valueMark(`${place}.title`),
    summary: summary === '' ? '' : valueMark(`${place}.summary`),
    imageUrl: imageUrl === null ? null : addressMark(`${place}.imageUrl`),
    url: addressMark(`${place}.url`),
    moreUrl: addressMark(`${place}.moreUrl`),
    lessUrl: addressMark(`${place}.lessUrl`),
    because,
    interestLabel: valueMark(`${place}.interestLabel`),
    published: valueMark(`${place}.published`),
  });
  const others = words.others.map((other, at) => card(`others.${at}`, other));
  const data: IssueMail = {
    ...marked,
    name: words.name === null ? null : valueMark('name'),
    dateline: valueMark('dateline'),
    preheader: valueMark('preheader'),
    main: Object.assign(card('main', words.main), { [CAPTURE]: capture('main') }),
    others: others.length > 0 ? Object.assign(others, { [CAPTURE]: capture('others') }) : others,
  };
  return { written: render(language, data, valueMark('subject')), blocks };
}

/** What {{#each}} tells a block about its place, and whether the block asked. */
export function positionFrame(data: unknown, index: number, count: number) {
  let asked = false;
  const frame = Handlebars.createFrame(data as object) as object;
  const tell = (name: string, value: unknown) =>
    Object.defineProperty(frame, name, {
      enumerable: true,
      get() {
        asked = true;
        return value;
      },
    });
  tell('index', index);
  tell('key', index);
  tell('first', index === 0);
  tell('last', index === count - 1);
  return { data: frame, wasAsked: () => asked };
}
