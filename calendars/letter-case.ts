/** Capitals at the beginning of what is put into a sentence, or begins one. */

/** "Jaarplan" becomes "jaarplan"; "VECOZO" and "XIS-keurmerk" stay. */
export function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
