/** Free text made harmless before it is written into a format that has its own line ends and separators. */

/**
 * Text that keeps its line breaks, as "\n", and loses what no reader can see or no format may hold: control characters, lone surrogates
 * (they become U+FFFD), byte order marks and the Unicode line and paragraph separators (they become line breaks).
 */
export function cleanText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
      .replaceAll('\t', ' ')
      // oxlint-disable-next-line no-control-regex -- control characters are what this removes
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufeff]/g, '')
  );
}

/** Clean text on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** A name that reads the same in apps that unescape it and in those that do not: a clean line without `,`, `;` and backslash. */
export function cleanName(text: string): string {
  return cleanLine(cleanText(text).replace(/[,;\\]/g, ' '));
}

/** A web address of which every character is harmless, in any format; null when it is none. */
export function cleanUrl(text: string): string | null {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  return url.href.replace(/[^\w\-.~:/?#[\]@!$&'()*+=%]/g, (character) => encodeURIComponent(character));
}
