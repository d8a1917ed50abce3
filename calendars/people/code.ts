/** The code by which somebody signs in: six characters that nobody takes for one another, however they are typed. */

/** Letters and digits without those that look alike: no 0 and O, no 1, I and L, no 5 and S, no 2 and Z, no 8 and B, no U beside V. */
const ALPHABET = '34679ACDEFGHJKMNPQRTVWXY';
export const CODE_LENGTH = 6;

/** A code from random bytes, of which more are given than it has characters: those that would make some characters likelier are passed over. */
export function codeFrom(bytes: Uint8Array): string {
  const fair = 256 - (256 % ALPHABET.length);
  const characters = [...bytes].filter((byte) => byte < fair).map((byte) => ALPHABET[byte % ALPHABET.length]!);
  if (characters.length < CODE_LENGTH) throw new Error('too few random bytes for a code');
  return characters.slice(0, CODE_LENGTH).join('');
}

/** A code as it is typed: in small letters, with spaces or hyphens, and with whatever cannot be seen. */
export function readCode(typed: string): string {
  return typed.replaceAll(/[\s\p{Cf}\p{Pd}]/gu, '').toUpperCase();
}

/** A code as it is shown, in two groups of three. */
export function writeCode(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}
