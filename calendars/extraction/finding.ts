/** Whether a quote still stands in a text: word for word, or by what stood before and after it where the words between have changed. */
import { fold } from './passages.ts';

/** What stood around a quote when it was read. */
export interface QuotePlace {
  before: string;
  after: string;
}

/** `literal`: all its words stand there. `around`: what stood before and after it does, with other words in between. Null: neither. */
export type QuoteFinding = 'literal' | 'around' | null;

/** A text, to look for quotes in: white space counts for nothing. */
export function openText(text: string): (quote: string, place: QuotePlace | null) => QuoteFinding {
  const folded = fold(text);
  return (quote, place) => {
    const parts = fold(quote)
      .split(/\s*\(…\)\s*/)
      .filter((part) => part !== '');
    if (parts.length > 0 && parts.every((part) => folded.includes(part))) return 'literal';
    return place !== null && standsBetween(folded, quote, place) ? 'around' : null;
  };
}

/** Whether a quote has a sentence in it, or is a part of it that is long enough to be that one. */
export function isQuoteOf(quote: string, sentence: string): boolean {
  const [whole, within] = [fold(quote), fold(sentence)];
  return standsIn(whole, within) || standsIn(within, whole);
}

/** Whether each part of a quote, as it is divided by elisions, stands in a text. */
function standsIn(text: string, quote: string): boolean {
  const parts = quote.split(/\s*\(…\)\s*/).filter((part) => part.length >= SHORTEST);
  return parts.length > 0 && parts.every((part) => text.includes(part));
}

/** What is shorter stands in any text. */
const SHORTEST = 20;

function standsBetween(text: string, quote: string, place: QuotePlace): boolean {
  const [before, after] = [fold(place.before), fold(place.after)];
  if (before.length < SHORTEST || after.length < SHORTEST) return false;
  for (let at = text.indexOf(before); at >= 0; at = text.indexOf(before, at + 1)) {
    const end = text.indexOf(after, at + before.length);
    if (end >= 0 && end - at - before.length <= 3 * quote.length + SHORTEST) return true;
  }
  return false;
}
