/** Free text made harmless before it is written into a format that has its own line ends and separators. */

/**
 * Text that keeps its line breaks, as "\n", and loses what no reader can see or no format may hold: control characters, what has no shape
 * of its own, whatever turns the direction of the text around it, lone surrogates (they become U+FFFD) and the Unicode line and paragraph
 * separators (they become line breaks).
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(UNSEEN, '');
}

/**
 * Control characters but the line feed, and what Unicode calls default ignorable: direction marks, overrides and isolates (UAX #9), spaces
 * without width, fillers, tags. Joiners and variation selectors stay: other scripts and pictures are written with them, and they turn nothing.
 */
const UNSEEN = /[[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\n\p{Join_Control}\p{Variation_Selector}]]/gv;

/** The pattern of one character that a reader sees: joiners and variation selectors are nothing by themselves. */
export const SEEN = String.raw`[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]`;
const SEEN_ONE = new RegExp(SEEN, 'u');

/** Whether there is anything in a text that a reader sees. */
export function isSeen(text: string): boolean {
  return SEEN_ONE.test(text);
}

/** Clean text on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** A name that reads the same in apps that unescape it and in those that do not: a clean line without `,`, `;` and backslash. */
export function cleanName(text: string): string {
  return cleanLine(cleanText(text).replace(/[,;\\]/g, ' '));
}

/** A web address as people write it: one that begins with www. is on https. */
export function withScheme(text: string): string {
  return /^www\./i.test(text) ? `https://${text}` : text;
}

/** A web address of which every character is harmless, in any format; null when it is none. */
export function cleanUrl(text: string): string | null {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  return url.href.replace(/[^\w\-.~:/?#[\]@!$&'()*+=%]/g, (character) => encodeURIComponent(character));
}
