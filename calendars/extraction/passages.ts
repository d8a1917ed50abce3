/** From a document's text to the sentences, items and rows that can be quoted from it, each with its place. */
import { blocksOf, type Block } from './blocks.ts';

/** A piece of a text that is quoted as one: a sentence, or a row of a table with all that it says. */
export interface Passage {
  form: Block['form'];
  /** The page, from 1; null where the text does not say where pages end (a form feed). */
  page: number | null;
  section: string | null;
  titles: readonly string[];
  /** The characters of the text that it is. */
  from: number;
  to: number;
  /** Literal, with white space folded. */
  quote: string;
  /** The whole paragraph, item or row. */
  block: { from: number; to: number; text: string };
  /** The sentence before a list of which this is an item; null elsewhere. */
  lead: string | null;
  /** The line above the rows of its table; null elsewhere. */
  head: { from: number; to: number; text: string } | null;
  /** The characters before it that cannot be read. */
  garbled: { from: number; to: number } | null;
}

/** White space of any kind and length as one space: what makes a quote of a text. */
export function fold(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Every passage of a text, in order. */
export function passagesOf(text: string): Passage[] {
  const hasPages = text.includes('\f');
  let lead: string | null = null;
  return blocksOf(text).flatMap((block) => {
    const whole = fold(text.slice(block.from, block.to));
    const above = lead;
    if (whole.endsWith(':')) lead = sentencesIn(text, block).at(-1)!.quote;
    else if (block.form !== 'item') lead = null;
    const shared = {
      form: block.form,
      section: block.section,
      titles: block.titles,
      block: { from: block.from, to: block.to, text: whole },
      lead: block.form === 'item' ? above : null,
      head: block.head === null ? null : { ...block.head, text: fold(text.slice(block.head.from, block.head.to)) },
      garbled: block.garbled,
    };
    const pieces = block.form === 'row' ? [pieceOf(text, block.from, block.to)] : sentencesIn(text, block);
    return pieces
      .filter(({ quote }) => quote !== '')
      .map((piece) => ({ ...shared, ...piece, page: hasPages ? pageOf(text, block, piece.from) : null }));
  });
}

function pageOf(text: string, block: Block, from: number): number {
  return block.page + text.slice(block.from, from).split('\f').length - 1;
}

const SEGMENTER = new Intl.Segmenter('nl', { granularity: 'sentence' });

function sentencesIn(text: string, { from, to }: Block): Pick<Passage, 'from' | 'to' | 'quote'>[] {
  // A line's end ends no sentence; one character stays one, so that places stay.
  const flat = text.slice(from, to).replaceAll(/\s/g, ' ');
  const ends: number[] = [];
  for (const { index, segment } of SEGMENTER.segment(flat)) {
    if (SHORT.test(flat.slice(Math.max(0, index - 12), index))) ends.pop();
    ends.push(index + segment.length);
  }
  return ends.map((end, i) => pieceOf(text, from + (ends[i - 1] ?? 0), from + end));
}

/** What ends with a full stop and ends no sentence. */
const SHORT =
  /(?:^|[\s(])(?:jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec|art|nr|blz|evt|max|min|incl|excl|bijv|resp|ca|vd|pref|verz|indiv|o\.a|d\.m\.v|i\.v\.m|t\.a\.v|t\.o\.v|n\.a\.v|t\.b\.v|m\.b\.t|i\.p\.v|e\.v)\.\s*$/iu;

function pieceOf(text: string, from: number, to: number): Pick<Passage, 'from' | 'to' | 'quote'> {
  const raw = text.slice(from, to);
  const start = from + raw.length - raw.trimStart().length;
  return { from: start, to: from + raw.trimEnd().length, quote: fold(raw) };
}
