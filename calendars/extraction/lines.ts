/** The lines of a document's text, each with its place: what begins a heading, an item of a list, a row of a table. */
import { datesIn } from './cells.ts';

/** A line without the space around it. `from` and `to` count characters of the text; a page ends at a form feed. */
export interface Line {
  text: string;
  from: number;
  to: number;
  page: number;
  /** How many characters of space stand before it. */
  indent: number;
}

/** Every line of a text, empty ones too. */
export function linesOf(text: string): Line[] {
  let [page, from] = [1, 0];
  return text.split(/(?<=[\n\f])/).map((raw) => {
    const space = raw.length - raw.trimStart().length;
    const line = { text: raw.trim(), from: from + (raw.trim() === '' ? 0 : space), to: from + raw.trimEnd().length, page, indent: space };
    if (raw.endsWith('\f')) page++;
    from += raw.length;
    return line;
  });
}

/** A heading with its number: "5.3 Informatie voor zorgaanbieders", "Bijlage 1: Begrippen". Null for any other line. */
export function headingOf(line: string): { number: string; title: string } | null {
  const { number, named, title = '' } = (HEADING.exec(line) ?? APPENDIX.exec(line))?.groups ?? {};
  if ((number ?? named) === undefined || title.length > 110 || /[.;,]$|\.\s+\p{Lu}|\.{4,}|…{2,}/u.test(title)) return null;
  // "1 april 2024 Publicatie" begins with a day.
  return number !== undefined && dateCellOf(line) !== null ? null : { number: number ?? named ?? '', title };
}

const HEADING = /^(?<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-H](?=\.)(?:\.\d{1,2}){0,2})\.?\s+(?<title>[\p{Lu}‘“"'(].{2,})$/u;
const APPENDIX = /^(?<named>(?:bijlage|hoofdstuk|artikel)\s+\d{1,2})\s*[:.–—-]?\s*(?<title>\p{L}?.*)$/iu;

/** After how many characters an item of a list begins: behind a dash, a bullet, what a scan makes of one, a letter, a number. Null for no item. */
export function itemOf(line: string): number | null {
  return ITEM.exec(line)?.[0].length ?? null;
}

const ITEM =
  /^(?:[-–—•·»*+▪◦‣●○➢➤¢](?:\s+|(?=\p{Lu}))|[eo]\s+(?=[\p{Lu}(])|\(?[a-z]\)\s+|\d{1,2}[.)]\s+(?=[\p{Lu}‘“"'])|(?:[A-H]|\d{1,2})(?:\.\d{1,2}){1,3}\.?\s+(?=\p{Lu}))/u;

/** After how many characters the first cell of a row ends, where that is a date and more follows, or nothing. Null for any other line. */
export function dateCellOf(line: string): number | null {
  const lead = LEAD.exec(line)?.[0].length ?? 0;
  const places = datesIn(line);
  const first = places.find(({ from }) => from <= lead);
  if (first === undefined) return null;
  let end = first.to;
  for (const { from, to } of places) if (from >= end && JOIN.test(line.slice(end, from))) end = to;
  const rest = line.slice(end);
  return rest === '' || CELL_END.test(rest) ? end : null;
}

const LEAD = /^[|\s]*(?:(?:uiterlijk|uiterste|vóór|voor|vanaf|per|op|tot en met|tot|t\/m|eind|begin|medio|van|tussen)\s+)*/iu;
const JOIN = /^\s*(?:tot en met|t\/m|tot|en|–|—|-)\s*$/iu;
/** What parts a cell from the next one; without a mark of it, the next one begins with a capital. */
const CELL_END = /^(?:\s*[|:\t]|\s{2,}|\s+[–—-]\s|,?\s+[\p{Lu}‘“"'(])/u;

/** Where the last cell of a row begins, where that is a date. Null for any other line, and for one in which the date ends a sentence. */
export function lastDateCellOf(line: string): number | null {
  const places = datesIn(line);
  const last = places.find(({ to }) => CELL_TAIL.test(line.slice(to)));
  if (last === undefined) return null;
  const first = places.find(({ to }) => to <= last.from && JOIN.test(line.slice(to, last.from))) ?? last;
  const from = LEAD_END.exec(line.slice(0, first.from))?.index ?? first.from;
  if (from > 0 && /[|\t:]\s*$|\s{2,}$|\s[–—-]\s+$/.test(line.slice(0, from))) return from;
  return first.from > 0 && !IN_SENTENCE.test(line.slice(0, first.from)) ? first.from : null;
}

/** What may follow in the cell: an hour. */
const CELL_TAIL = /^[|\s]*(?:,?\s*(?:om\s+)?\d{1,2}[.:]\d\d(?:\s*uur)?)?[|\s]*$/iu;
const LEAD_END =
  /(?<=\s)(?:(?:uiterlijk|uiterste|vóór|voor|vanaf|per|op|tot|en|met|t\/m|eind|begin|medio|van|tussen|in|(?:maan|dins|woens|donder|vrij|zater|zon)dag)\s+)+$/iu;
const IN_SENTENCE =
  /(?:^|\s)(?:op|per|voor|vóór|uiterlijk|tot|met|t\/m|van|vanaf|na|sinds|en|of|in|de|het|om|dan|is|eind|begin|medio|ultimo|(?:maan|dins|woens|donder|vrij|zater|zon)dag|[–—-])\s*$|[,(]\s*$/iu;

/**
 * How many characters at the beginning of a line cannot be read: what a scan makes of white letters on a dark cell, "€LV FAEEIIZZ I Publicatie".
 * 0 where the line begins with words.
 */
export function garbledIn(line: string): number {
  const tokens = [...line.matchAll(/\S+/g)];
  const strange = tokens.findLastIndex(({ 0: token }, i) => i < 8 && STRANGE.test(token) && !FAIR.test(token));
  if (strange < 0 || tokens.slice(0, strange).some(({ 0: token }) => /^\p{L}?\p{Ll}{3,}[.,:]?$/u.test(token))) return 0;
  // After a strange sign the word itself can be read: "\Voor".
  const last = tokens[strange]!;
  const word = /^[\\|]+(?=\p{Lu}\p{Ll}+$)/u.exec(last[0])?.[0].length ?? null;
  if (word !== null) return last.index + word;
  const after = tokens.findIndex(({ 0: token }, i) => i > strange && /^\p{Lu}\p{Ll}{2,}/u.test(token));
  return after < 0 ? line.length : tokens[after]!.index;
}

/** Signs that stand in no word, or a capital word without a vowel's place. */
const STRANGE = /[\\[\]{}~^<>]|[€$]\p{L}|^\(\p{Lu}+$|^\)\p{Lu}/u;
/** A web address, a source in brackets, an amount of money. */
const FAIR = /^(?:https?:|www\.|<https?|\[\d{1,3}\]|€\s?\d)|^\[\p{L}+\]|^\[\p{Ll}{4,}/u;
