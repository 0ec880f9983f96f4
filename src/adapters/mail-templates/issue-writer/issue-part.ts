import Handlebars from 'handlebars';
import type { ArticleCardTexts, CardAddresses } from '../../../domain/mail/article-cards.ts';
import type { WrittenIssueMail } from '../../../domain/mail/issue-mail.ts';
import type { ArticleCard, IssueMail } from '../../../domain/mail/mails.ts';
import { webAddress } from '../helpers.ts';
import type { Form, Step } from './part-forms.ts';
import { cut, TOKEN_MARK, type Value } from './segments.ts';
import { positionFrame, type RenderedBlock, type RenderPart, renderSkeleton } from './skeleton.ts';
import { encodeWithSlots, type TemplateWithSlots, withoutSlots } from './slots.ts';

export interface IssuePartInput {
  mail: WrittenIssueMail;
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

/** Encoded pieces, for each length a token can have. */
type Encodings = TemplateWithSlots[];

interface Fixed {
  kind: 'fixed';
  text: string;
  encodings: Encodings;
}

type PartStep = Fixed | Exclude<Step, { kind: 'fixed' }>;

interface Block extends Omit<RenderedBlock, 'number'> {
  /** By words and place: the cards that were rendered. Blocks at the same place of other skeletons share them. */
  cards: Map<ArticleCardTexts, PartStep[][]>;
}

interface Skeleton {
  steps: PartStep[];
  blocks: Block[];
}

/** More shapes than an issue ever has; what a template makes of outside content must not fill the memory. */
const MOST_SKELETONS = 100;
const MOST_WORDS = 5_000;

/**
 * A part of an issue's mails, HTML or text, in encoded pieces that are to be put one after the other. A mail is the
 * template once rendered with marks for all that differs ("skeleton", one per language and shape), the cards of its
 * articles, rendered and encoded once each, and what is this reader's own. Throws when the template does something
 * with its values that cannot be seen through; then the mail has to be rendered whole.
 */
export function issuePart(render: RenderPart, form: Form) {
  const skeletons = new Map<string, Skeleton>();
  const cards = new Map<string, Block['cards']>();
  const words = new Map<string, TemplateWithSlots>();
  let made = 0;

  const stepsOf = (written: string): PartStep[] =>
    form.steps(cut(written)).map((step) => (step.kind === 'fixed' ? { ...step, encodings: [] } : step));

  const encoded = (step: Fixed, tokenLength: number): TemplateWithSlots => {
    let found = step.encodings[tokenLength];
    if (!found) {
      found = encodeWithSlots(step.text, tokenLength, form.encode);
      step.encodings[tokenLength] = found;
    }
    return found;
  };

  const skeletonFor = (input: IssuePartInput): Skeleton => {
    const { name, others, main } = input.mail.words;
    const reader = `${input.language} ${input.readerLanguage} ${name !== null}`;
    const shape = `${reader} ${others.length} ${main.imageUrl !== null} ${main.summary !== ''} ${main.because}`;
    let found = skeletons.get(shape);
    if (!found) {
      if (skeletons.size >= MOST_SKELETONS) skeletons.clear();
      const { language, marked, mail } = input;
      const { written, blocks } = renderSkeleton(render, { words: mail.words, language, marked: marked() });
      found = {
        steps: stepsOf(written),
        blocks: blocks.map(({ kind, number, block }) => {
          const place = `${reader} ${kind} ${number}`;
          const ofPlace: Block['cards'] = cards.get(place) ?? new Map();
          cards.set(place, ofPlace);
          return { kind, block, cards: ofPlace };
        }),
      };
      skeletons.set(shape, found);
      made += 1;
    }
    return found;
  };

  const cardSteps = (input: IssuePartInput, block: Block, position: number, count: number): PartStep[] => {
    const { main, others } = input.mail.words;
    const card = block.kind === 'main' ? main : others[position]!;
    let known = block.cards.get(card);
    if (!known) {
      known = [];
      block.cards.set(card, known);
    }
    const slot = known[ANYWHERE] ? ANYWHERE : position === 0 ? 1 : position + 2 + count * 20;
    const found = known[slot];
    if (found) return found;
    const { articleId: _, linkNumber, ...rest } = card;
    const data: ArticleCard = { ...rest, ...input.markedAddresses(linkNumber) };
    const frame = positionFrame(block.block.data, position, count);
    const steps = stepsOf(block.block.fn(data, { data: frame.data, blockParams: [data, position] }));
    known[frame.wasAsked() ? slot : ANYWHERE] = steps;
    made += 1;
    return steps;
  };

  /** What comes again and again is encoded once; what is one reader's own is not kept. */
  const madeFor = (input: IssuePartInput, parts: readonly (string | Value)[]): TemplateWithSlots => {
    let text = '';
    let isOwn = false;
    for (const part of parts) {
      if (typeof part === 'string') text += part;
      else {
        text += escaped(fieldOf(input, part.field), part);
        isOwn ||= OWN_FIELDS.has(part.field);
      }
    }
    if (text.includes(TOKEN_MARK)) text = text.replaceAll(TOKEN_MARK, () => input.token);
    else if (!isOwn) {
      let found = words.get(text);
      if (!found) {
        found = withoutSlots(form.encode(text));
        if (words.size >= MOST_WORDS) words.clear();
        words.set(text, found);
      }
      return found;
    }
    return withoutSlots(form.encode(text));
  };

  const addPieces = (
    input: IssuePartInput,
    blocks: readonly Block[],
    steps: readonly PartStep[],
    into: TemplateWithSlots[],
  ): void => {
    for (const step of steps) {
      if (step.kind === 'fixed') into.push(encoded(step, input.token.length));
      else if (step.kind === 'made') into.push(madeFor(input, step.parts));
      else {
        const block = blocks[step.number]!;
        const count = block.kind === 'main' ? 1 : input.mail.words.others.length;
        for (let position = 0; position < count; position += 1)
          addPieces(input, blocks, cardSteps(input, block, position, count), into);
      }
    }
  };

  return {
    /** How many skeletons and cards were rendered so far: a mail that needed a new one is worth checking. */
    made: () => made,

    /** The pieces of a mail, in order. */
    pieces(input: IssuePartInput): TemplateWithSlots[] {
      const { steps, blocks } = skeletonFor(input);
      const pieces: TemplateWithSlots[] = [];
      addPieces(input, blocks, steps, pieces);
      return pieces;
    },
  };
}

/** Of readers and of what was chosen for them: to keep what is made of these would fill the memory for nothing. */
const OWN_FIELDS = new Set(['name', 'preheader', 'subject']);

/** The place of cards whose template does not ask where they stand. */
const ANYWHERE = 0;

function fieldOf({ mail, subject }: IssuePartInput, field: string): string {
  if (field === 'subject') return subject;
  const { words } = mail;
  const own = words[field as keyof typeof words];
  if (typeof own === 'string') return own;
  const [place, ...inner] = field.split('.') as [string, ...string[]];
  const whole = mail.mail();
  const card = place === 'main' ? whole.main : whole.others[Number(inner.shift())];
  const value = card?.[inner[0] as keyof ArticleCard];
  if (typeof value !== 'string') throw new Error(`the mail has no ${field}`);
  return value;
}

function escaped(value: string, { escaping }: Value): string {
  if (escaping === 'raw') return value;
  return escaping === 'text' ? Handlebars.escapeExpression(value) : webAddress(value);
}
