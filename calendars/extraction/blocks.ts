/** The blocks of a document's text: paragraphs, items of lists, rows of tables, headings, each below the headings that it stands under. */
import { unreadableIn } from '../dutch-dates/unreadable.ts';
import { brokenCellOf, cellsOf, isRow, namesColumns } from './cells.ts';
import { dateCellOf, garbledIn, headingOf, itemOf, lastDateCellOf, linesOf, type Line } from './lines.ts';

export interface Block {
  form: 'heading' | 'paragraph' | 'item' | 'row';
  /** The characters of the text, without the sign of an item. */
  from: number;
  to: number;
  page: number;
  /** "5.3", or "5.1, Certificering"; null before the first heading. */
  section: string | null;
  /** The titles above it, the outermost first. */
  titles: readonly string[];
  /** Of a row, or what stands in a table: the line above the first row. */
  head: { from: number; to: number } | null;
  /** The characters at its beginning that cannot be read. */
  garbled: { from: number; to: number } | null;
}

type Draft = Pick<Block, 'form' | 'from' | 'to' | 'page' | 'garbled'> & { lines: Line[]; isOpen: boolean };

/** All blocks of a text, in order. Lines that stand on page after page are none. */
export function blocksOf(text: string): Block[] {
  const lines = linesOf(text);
  const running = runningLines(lines);
  const drafts = draftBlocks(lines.filter(({ text: line }) => !running.has(line) && !isAddress(line) && !isRule(line)));
  return placeInSections(joinTorn(drafts.map(atRest)));
}

/** A line that is nothing but a web address or the number of a page. */
const isAddress = (line: string) => /^(?:https?:\/\/\S+|(?:pagina\s+)?\d{1,3}(?:\s+(?:van|\/)\s+\d{1,3})?)$/iu.test(line);

/** A line that is drawn between the rows of a table. */
const isRule = (line: string) => /^[|\s:+=_-]{3,}$/.test(line) && /[-=_]{3}/.test(line);

/** Short lines that come back: the head and the foot of each page, the heads of a table's columns. */
function runningLines(lines: readonly Line[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { text } of lines) if (text !== '' && text.length < 60) counts.set(text, (counts.get(text) ?? 0) + 1);
  return new Set([...counts].filter(([line, count]) => count > 2 && !/[.:;]$/.test(line) && itemOf(line) === null).map(([line]) => line));
}

function draftBlocks(lines: readonly Line[]): Draft[] {
  const drafts: Draft[] = [];
  for (const [i, line] of lines.entries()) {
    const open = drafts.at(-1)?.isOpen === true ? drafts.at(-1)! : null;
    if (line.text === '') {
      // A date alone waits for what is to be done by it.
      if (open !== null && !isDateAlone(open)) open.isOpen = false;
      continue;
    }
    const next = lines[i + 1]?.text ?? '';
    const form = formOf(line, open, next);
    if (form === null && open !== null && !beginsRow(line.text, next, drafts) && !beginsParagraph(line, open)) extend(open, line);
    else drafts.push(draftOf(line, form ?? 'paragraph'));
    const draft = drafts.at(-1)!;
    if (draft.form === 'heading') draft.isOpen = false;
    if (draft.form === 'paragraph' && lastDateCellOf(line.text) !== null && (next === '' || /^[\p{Lu}|]/u.test(next))) endRow(draft);
  }
  return drafts;
}

/** Whether a line with its date at the end is a row of its own, and goes on with none: below the names of the columns, or between such rows. */
function beginsRow(text: string, next: string, drafts: readonly Draft[]): boolean {
  if (lastDateCellOf(text) === null) return false;
  const [before, { lines }] = [drafts.at(-2), drafts.at(-1)!];
  const above = lines.at(-1)!.text;
  if (namesColumns(above) && lines.every(({ text: line }) => isShort(line))) return true;
  const isAmongRows = before?.form === 'row' || (/^\p{Lu}/u.test(next) && lastDateCellOf(next) !== null);
  return isAmongRows && lines.length === 1 && isShort(above) && /^\p{Lu}/u.test(text) && !TORN_PHRASE.test(above);
}

/** Whether a line behind an item that has ended, or below a row in which signs part the cells, belongs to neither. */
function beginsParagraph({ indent, text }: Line, { form, lines }: Draft): boolean {
  const above = lines.at(-1)!.text;
  if (!/^\p{Lu}/u.test(text)) return false;
  if (form === 'item') return indent === 0 && /[.;]$/.test(above);
  return form === 'row' && indent === 0 && cellsOf(above).length > 1 && cellsOf(text).length === 1;
}

/** A line that is no sentence, nor a part of one. */
const isShort = (line: string) => line.length < 80 && /^[\p{Lu}|]/u.test(line) && !/[.;:,]$/.test(line) && !VERB.test(line);
const TORN_PHRASE = /(?:^|\s)(?:op|per|voor|vóór|uiterlijk|tot|met|van|vanaf|na|en|of|in|de|het|een|aan|bij|uw|door)$|[,(-]$/iu;

function endRow(draft: Draft): void {
  draft.form = 'row';
  draft.isOpen = false;
}

/** What a line begins; null where it goes on with the line before it. */
function formOf({ text }: Line, open: Draft | null, next: string): Block['form'] | null {
  const before = open?.lines.at(-1)?.text ?? '';
  if (isRow(text) || (cellsOf(text).length > 1 && open?.form === 'row' && cellsOf(before).length > 1)) return 'row';
  // A numbered sentence goes on below.
  if (headingOf(text) !== null) return /^\p{Ll}/u.test(next) ? 'item' : 'heading';
  if (itemOf(text) !== null) return 'item';
  if (garbledIn(text) > 0 || brokenCellOf(text) !== null) return 'row';
  return (dateCellOf(text) !== null || unreadableIn(text)[0]?.from === 0) && !GOES_ON.test(before) ? 'row' : null;
}

/** A line after which a date goes on with the sentence. */
const GOES_ON = /(?:^|\s)(?:op|per|voor|vóór|uiterlijk|tot|met|t\/m|van|vanaf|na|sinds|en|of|in|de|is|[–—-])$|,$/iu;

function draftOf(line: Line, form: Block['form']): Draft {
  const sign = form === 'item' ? (itemOf(line.text) ?? 0) : form === 'row' ? /^[|\s]*/.exec(line.text)![0].length : 0;
  const unread = garbledIn(line.text);
  const cell = unread > 0 ? { from: 0, to: unread } : form === 'row' ? brokenCellOf(line.text) : null;
  const garbled = cell === null ? null : { from: line.from + cell.from, to: line.from + cell.to };
  // What stands before the first cell or behind the last one is left out, and so is a cell that cannot be read.
  const from =
    line.from + (cell !== null && cell.from <= sign ? (/^[|\s]*/.exec(line.text.slice(cell.to))?.[0].length ?? 0) + cell.to : sign);
  const isLast = cell !== null && cell.from > sign && /^[|\s]*$/.test(line.text.slice(cell.to));
  const end = isLast ? line.text.slice(0, cell.from) : line.text;
  const to = form === 'row' ? line.from + end.replace(/[|\s]+$/, '').length : line.to;
  return { form, from, to: Math.max(from, to), page: line.page, garbled, lines: [line], isOpen: !line.text.endsWith('|') };
}

function extend(draft: Draft, line: Line): void {
  draft.to = line.to;
  draft.lines.push(line);
}

const isDateAlone = ({ form, lines }: Draft) =>
  form === 'row' && lines.length === 1 && dateCellOf(lines[0]!.text) === lines[0]!.text.length;

/** A cell that cannot be read makes a row only among rows with dates. */
function atRest(draft: Draft, i: number, all: readonly Draft[]): Draft {
  const isAmongDates = all.slice(Math.max(0, i - 3), i + 4).some(({ form, garbled }) => form === 'row' && garbled === null);
  return draft.garbled !== null && !isAmongDates ? { ...draft, form: 'paragraph' } : draft;
}

/** What a page break or a cell tore apart: a block that does not end, and one that begins with a small letter. */
function joinTorn(drafts: readonly Draft[]): Draft[] {
  const joined: Draft[] = [];
  for (const draft of drafts) {
    const before = joined.at(-1);
    const goesOn = draft.form === 'paragraph' && /^\p{Ll}/u.test(draft.lines[0]!.text);
    if (before !== undefined && goesOn && before.form !== 'heading' && !/[.!?:;]$/.test(before.lines.at(-1)!.text)) {
      before.to = draft.to;
      before.lines.push(...draft.lines);
    } else joined.push({ ...draft, lines: [...draft.lines] });
  }
  return joined;
}

/** Gives each block its headings, and each row of a table the head of its columns. */
function placeInSections(drafts: readonly Draft[]): Block[] {
  let [chain, sub]: [{ number: string; title: string }[], string | null] = [[], null];
  let head: Block['head'] = null;
  return drafts.map((draft, i) => {
    const { form, from, garbled, page, to } = draft;
    const numbered = form === 'heading' ? headingOf(draft.lines[0]!.text) : null;
    if (numbered !== null && follows(chain, numbered.number)) {
      [chain, sub, head] = [[...above(chain, numbered.number), numbered], null, null];
      return { form, from, to, page, garbled, ...placeOf(chain, sub), head: null };
    }
    const title = titleOf(draft, drafts[i + 1]);
    if (title !== null) sub = title;
    const inTable = form === 'row' || (head !== null && drafts[i - 1]?.form === 'row');
    if (form === 'row' && drafts[i - 1]?.form !== 'row') head = headAbove(drafts[i - 1]) ?? head;
    const isTitle = title !== null && form !== 'row';
    return {
      form: isTitle || numbered !== null ? 'heading' : form,
      from,
      to,
      page,
      garbled,
      ...placeOf(chain, sub),
      head: inTable ? head : null,
    };
  });
}

/** The line just above the first row, where it names columns. */
function headAbove(draft: Draft | undefined): Block['head'] {
  const line = draft?.lines.at(-1);
  return line !== undefined && namesColumns(line.text) ? { from: line.from, to: line.to } : null;
}

function placeOf(chain: readonly { number: string; title: string }[], sub: string | null): Pick<Block, 'section' | 'titles'> {
  const number = chain.at(-1)?.number ?? null;
  return {
    section: number === null ? sub : [number, ...(sub === null ? [] : [sub])].join(', '),
    titles: [...chain.map(({ title }) => title), ...(sub === null ? [] : [sub])],
  };
}

const above = (chain: readonly { number: string; title: string }[], number: string) =>
  chain.filter((heading) => number.startsWith(`${heading.number}.`));

/** Whether a number can come next: a part of the chapter, or another chapter. A footnote's cannot. */
function follows(chain: readonly { number: string }[], number: string): boolean {
  if (!/^\d+$/.test(number)) return true;
  const chapter = Number(chain[0]?.number.split('.')[0] ?? 0);
  return Number(number) === 1 || Number(number) === chapter + 1 || chain.length === 0;
}

/** A line of its own that is no sentence, above others. */
function titleOf({ form, garbled, lines }: Draft, next: Draft | undefined): string | null {
  const text = lines[0]!.text;
  if (form !== 'paragraph' || garbled !== null || lines.length > 1 || next === undefined || text.length > 80) return null;
  if (!/^\p{Lu}/u.test(text) || /[.;,!|]$|https?:|www\./.test(text) || VERB.test(text)) return null;
  // What leads to a list, or names the columns of a table, is no title.
  if ((text.endsWith(':') && (next.form === 'item' || text.length > 40)) || (next.form === 'row' && namesColumns(text))) return null;
  return isTorn(text) ? null : text.replace(/:$/, '');
}

const VERB = /(?:^|\s)(?:is|zijn|wordt|worden|heeft|hebben|moet|moeten|kan|kunnen|dient|dienen|krijgt|uiterlijk|minimaal|gaat)(?:\s|$)/iu;

/** Whether a line was cut in a bracket or a word. */
const isTorn = (text: string) => text.endsWith('-') || text.split('(').length !== text.split(')').length;
