import Handlebars from 'handlebars';
import type { CardAddresses, CardWords, WrittenIssueMail } from '../../domain/delivery/issue-mail.ts';
import type { ArticleCard, IssueMail } from '../../domain/delivery/mails.ts';
import { CAPTURE, webAddress } from './helpers.ts';
import { addressMark, blockMark, cut, type Encode, type Escaping, type Piece, valueMark } from './pieces.ts';

/** Renders a part of the issue's mail; the renderer's own. */
export type RenderPart = (language: string, data: IssueMail, subject: string) => string;

export interface IssuePartInput extends WrittenIssueMail {
  language: string;
  /** The reader's own: dates and names of interests are in it, also where the programme lacks it. */
  readerLanguage: string;
  subject: string;
  token: string;
  /** The same mail with the mark in place of the token in every address. */
  marked: () => IssueMail;
  /** The addresses behind a card of the marked mail. */
  markedAddresses: (linkNumber: number) => CardAddresses;
}

interface Block {
  kind: 'main' | 'others';
  /** The how-manieth of its kind. */
  number: number;
  block: Handlebars.HelperOptions;
}

interface Skeleton {
  pieces: Piece[];
  blocks: Block[];
}

/** More shapes than an issue ever has; what a template makes of outside content must not fill the memory. */
const MOST_SKELETONS = 100;

/**
 * A part of an issue's mails, HTML or text, in encoded pieces that are to be put one after the other. A mail is the
 * template once rendered with marks for all that differs ("skeleton", one per language and shape), the cards of its
 * articles, rendered and encoded once each, and what is this reader's own. Throws when the template does something
 * with its values that cannot be seen through; then the mail has to be rendered whole.
 */
export function issuePart(render: RenderPart, encode: Encode) {
  const skeletons = new Map<string, Skeleton>();
  const cards = new Map<string, Map<CardWords, Piece[][]>>();
  const words = new Map<string, Buffer>();
  let made = 0;

  const skeletonFor = (input: IssuePartInput, shape: string): Skeleton => {
    const found = skeletons.get(shape);
    if (found) return found;
    if (skeletons.size >= MOST_SKELETONS) skeletons.clear();
    const skeleton = makeSkeleton(render, input, encode);
    skeletons.set(shape, skeleton);
    made += 1;
    return skeleton;
  };

  const cardPieces = (
    input: IssuePartInput,
    { kind, number, block }: Block,
    position: number,
    count: number,
  ): Piece[] => {
    const card = kind === 'main' ? input.main : input.others[position]!;
    const place = `${input.language} ${input.readerLanguage} ${input.mail.name !== null} ${kind} ${number}`;
    let ofPlace = cards.get(place);
    if (!ofPlace) {
      ofPlace = new Map();
      cards.set(place, ofPlace);
    }
    let known = ofPlace.get(card);
    if (!known) {
      known = [];
      ofPlace.set(card, known);
    }
    const slot = known[ANYWHERE] ? ANYWHERE : position === 0 ? 1 : position + 2 + count * 20;
    const found = known[slot];
    if (found) return found;
    const { articleId: _, linkNumber, ...rest } = card;
    const data: ArticleCard = { ...rest, ...input.markedAddresses(linkNumber) };
    const frame = positionFrame(block.data, position, count);
    const pieces = cut(block.fn(data, { data: frame.data, blockParams: [data, position] }), encode);
    known[frame.wasAsked() ? slot : ANYWHERE] = pieces;
    made += 1;
    return pieces;
  };

  /** Values that come again and again are encoded once; a reader's name is not kept. */
  const valueBytes = (input: IssuePartInput, field: string, escaping: Escaping): Buffer => {
    const value = fieldOf(input, field);
    if (field === 'name') return encode(escaped(value, escaping));
    const key = `${escaping} ${value}`;
    const found = words.get(key);
    if (found) return found;
    const bytes = encode(escaped(value, escaping));
    if (words.size >= 5_000) words.clear();
    words.set(key, bytes);
    return bytes;
  };

  return {
    /** How many skeletons and cards were rendered so far: a mail that needed a new one is worth checking. */
    made: () => made,

    /** Adds the pieces of a mail to `into`; returns how many bytes they are. */
    write(input: IssuePartInput, into: Uint8Array[]): number {
      const { mail } = input;
      const shape = `${input.language} ${input.readerLanguage} ${mail.name !== null} ${mail.others.length} ${mail.main.imageUrl !== null} ${mail.main.summary !== ''} ${mail.main.because}`;
      const skeleton = skeletonFor(input, shape);
      const token = encode(input.token);
      let length = 0;
      const add = (pieces: Piece[]) => {
        for (const piece of pieces) {
          if (piece.kind === 'block') {
            const block = skeleton.blocks[piece.number]!;
            const count = block.kind === 'main' ? 1 : mail.others.length;
            for (let position = 0; position < count; position += 1)
              add(cardPieces(input, block, position, count));
            continue;
          }
          const bytes =
            piece.kind === 'bytes'
              ? piece.bytes
              : piece.kind === 'token'
                ? token
                : valueBytes(input, piece.field, piece.escaping);
          into.push(bytes);
          length += bytes.length;
        }
      };
      add(skeleton.pieces);
      return length;
    },
  };
}

/** The place of cards whose template does not ask where they stand. */
const ANYWHERE = 0;

function makeSkeleton(render: RenderPart, input: IssuePartInput, encode: Encode): Skeleton {
  const { mail } = input;
  const blocks: Block[] = [];
  const capture = (kind: Block['kind']) => {
    let number = 0;
    return (block: Handlebars.HelperOptions) => {
      blocks.push({ kind, number: number++, block });
      return blockMark(blocks.length - 1);
    };
  };
  const card = (place: string, { imageUrl, summary, because }: ArticleCard): ArticleCard => ({
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
  const others = mail.others.map((other, at) => card(`others.${at}`, other));
  const data: IssueMail = {
    ...input.marked(),
    name: mail.name === null ? null : valueMark('name'),
    dateline: valueMark('dateline'),
    preheader: valueMark('preheader'),
    main: Object.assign(card('main', mail.main), { [CAPTURE]: capture('main') }),
    others: others.length > 0 ? Object.assign(others, { [CAPTURE]: capture('others') }) : others,
  };
  return { pieces: cut(render(input.language, data, valueMark('subject')), encode), blocks };
}

/** What {{#each}} tells a block about its place, and whether the block asked. */
function positionFrame(data: unknown, index: number, count: number) {
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

function fieldOf({ mail, subject }: IssuePartInput, field: string): string {
  const [first, second, third] = field.split('.') as [string, string?, string?];
  if (first === 'subject') return subject;
  let value: unknown;
  if (first === 'main') value = mail.main[second as keyof ArticleCard];
  else if (first === 'others') value = mail.others[Number(second)]?.[third as keyof ArticleCard];
  else value = mail[first as keyof IssueMail];
  if (typeof value !== 'string') throw new Error(`the mail has no ${field}`);
  return value;
}

function escaped(value: string, escaping: Escaping): string {
  if (escaping === 'raw') return value;
  return escaping === 'text' ? Handlebars.escapeExpression(value) : webAddress(value);
}
