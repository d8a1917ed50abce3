/** What a mail server's words say of the address that a mail was for: whether it is no more. One rule for refusals and for returned mails. */

/** What was said of one recipient. */
export interface Said {
  /** The enhanced status code by itself, as a returned mail gives it; null where there is none. */
  status?: string | null;
  /** The server's own words, with whatever codes stand in them. */
  text: string;
}

/**
 * Whether it was said for good that there is no such address, or that it is closed. Codes decide, and an exact one in the text decides over a
 * vague one beside it. Where exact codes differ, all of them have to say so. Words decide only beside a vague code, or where there is none.
 * A reply of the class 4 says "not now", whoever gave up for good after it.
 */
export function isAddressGone({ status = null, text }: Said): boolean {
  if (NOT_NOW.test(text)) return false;
  const codes = [...(status === null ? [] : [status]), ...codesIn(text)];
  const exact = codes.filter((code) => !code.endsWith('.0'));
  if (exact.length > 0) return exact.every((code) => GONE.has(code)) && !isRateLimit(exact, text);
  return codes.every((code) => VAGUE.has(code)) && saysSo(text);
}

/**
 * The codes that say so (RFC 3463, RFC 7505, and the registry that RFC 5248 opened). What is not here never ends an address:
 *
 * | codes | say | why the address stays |
 * |---|---|---|
 * | 4.x.x | not now | it may work tomorrow |
 * | 5.1.4, 5.1.5 | several fit, or it is right | it exists |
 * | 5.1.7, 5.1.8, 5.1.9 | the sender's address, or its domain | that is ours |
 * | 5.2.2, 5.2.3, 5.2.4 | full, mail too large, a list that does not expand | it exists |
 * | 5.3.x | the mail system: full, down, mail too large, set up wrongly | it is not about one address |
 * | 5.4.x | network, routing, loops, time | a server or its name was not reached, now or from here |
 * | 5.5.1 and on | the talk between servers | theirs and ours |
 * | 5.6.x | the content | ours |
 * | 5.7.x | leave, policy, spam, signatures | whoever asks again or otherwise may be let in |
 */
const GONE: ReadonlySet<string> = new Set([
  // Bad destination mailbox address: what stands before the @ does not exist.
  '5.1.1',
  // Bad destination system address: what stands after the @ does not exist, or takes no mail. Of use for failures for good only.
  '5.1.2',
  // Bad destination mailbox address syntax.
  '5.1.3',
  // Destination mailbox has moved, and nothing is forwarded.
  '5.1.6',
  // Null MX: the domain says that it takes no mail. Exchange Online says it of recipients that it does not find.
  '5.1.10',
  // Mailbox disabled, not accepting messages.
  '5.2.1',
]);

/** Codes of which only the class or the subject is known, and whose subject may be the address: the words beside them count. */
const VAGUE: ReadonlySet<string> = new Set(['5.0.0', '5.1.0', '5.2.0', '5.5.0']);

/**
 * Where servers put codes: after the reply's number, after a #, as qmail and Exchange do, behind a word, or between brackets. Elsewhere it may
 * be a version or an address.
 */
const CODE = /(?:\b[245]\d\d[ -]|#|\b(?:status|dsn|code)[=:]|[([])\s?([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)/gi;

/** A reply's number, where a reply begins. */
const NOT_NOW = /(?:^|[:;]\s?)4\d\d[ -]/;

const codesIn = (text: string) => Array.from(text.matchAll(CODE), ([, code]) => code!);

/** Gmail's 5.2.1 is also for who gets more mail at once than it may. */
const isRateLimit = (codes: readonly string[], text: string) => codes.includes('5.2.1') && /\bat a rate\b/i.test(text);

/** After the lists by which large senders judge returned mail. */
const NO_SUCH_ADDRESS = [
  /\bno such (user|address|recipient|mailbox|account|person)\b/i,
  /\b(unknown|invalid) (user|recipient|mailbox)\b/i,
  /\b(user|recipient|mailbox|account)( name)?( is)? (unknown|not found|invalid)\b/i,
  /\b(user|recipient|mailbox|account|address)\b.{0,60}\b(does not|doesn't|doesn’t) exist\b/i,
  /\bno mailbox here\b/i,
  /\bunroute?able address\b/i,
];
/** Words of a server that will not have us, or our sender, whoever is meant to get the mail. */
const ABOUT_US = /\b(sender|from address|mail from|relay\w*|spam|block(ed|list)|blacklist\w*|policy|denied|verif\w+|authenticat\w+)\b/i;

function saysSo(text: string): boolean {
  // An address is no word: it may be that of a postmaster, or be called "unknown".
  const words = text.replaceAll(/[^\s<>]+@[^\s<>]+/g, ' ');
  return NO_SUCH_ADDRESS.some((pattern) => pattern.test(words)) && !ABOUT_US.test(words);
}
