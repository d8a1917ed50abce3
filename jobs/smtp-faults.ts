/** What a mail server's answers mean: whose fault it was that a mail was not taken, and when to try again. */
import { cleanLine } from '../calendars/clean-text.ts';
import type { Fault } from '../db/refusals.ts';

/** The fields that nodemailer adds to the errors that it gives. */
interface SmtpError {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** No such address (RFC 3463, 3.2: bad mailbox, bad system, bad syntax, moved, null MX), or a mailbox that is closed (3.3). */
const NO_SUCH_ADDRESS = /^\d{3}[ -]5\.(1\.(1|2|3|6|10)|2\.1)\b/;
/** The same where a server gives no such code, or in its text only, as qmail does; after the lists by which large senders judge returned mail. */
const SAYS_NO_SUCH_ADDRESS = [
  /\(#5\.1\.[123]\)/,
  /\bno such (user|address|recipient|mailbox|account|person)\b/i,
  /\b(unknown|invalid) (user|recipient|mailbox)\b/i,
  /\b(user|recipient|mailbox|account)( name)?( is)? (unknown|not found|invalid)\b/i,
  /\b(user|recipient|mailbox|account|address)\b.{0,60}\b(does not|doesn't|doesn’t) exist\b/i,
  /\bno mailbox here\b/i,
  /\bunroute?able address\b/i,
];
/** Words of a server that will not have us, or our sender, whoever is meant to get the mail. */
const ABOUT_US = /\b(sender|from address|relay\w*|spam|block(ed|list)|blacklist\w*|policy|denied|verif\w+|authenticat\w+)\b/i;
const HAS_STATUS = /^\d{3}[ -]\d\.\d{1,3}\.\d{1,3}\b/;

/** Before a mail is offered: what goes wrong here has nothing to do with it. */
const BEFORE_MAIL = /^(CONN|EHLO|LHLO|HELO|STARTTLS|AUTH|API)/;

/** Judges an error of a try. `left`: whether the body had begun to leave; then only a full answer to it settles that it was not taken. */
export function faultOf(error: unknown, left: boolean): Fault {
  const { code, command = '', response, responseCode } = error as SmtpError;
  const said = { code: responseCode ?? null, response: oneLine(response ?? textOf(error)) };
  const answeredBody = code === 'EMESSAGE' && responseCode !== undefined;
  if (left && !answeredBody) return { kind: 'uncertain', ...said };
  if (responseCode === undefined || responseCode === 421 || BEFORE_MAIL.test(command)) return { kind: 'transport', ...said };
  if (responseCode < 500) return { kind: 'deferred', ...said, waitMs: waitIn(said.response) };
  return { kind: command === 'RCPT TO' && isGone(said.response) ? 'undeliverable' : 'rejected', ...said };
}

/** Whether a server says for good that there is no such address: by its code where there is one, else in words. */
function isGone(response: string): boolean {
  if (HAS_STATUS.test(response)) return NO_SUCH_ADDRESS.test(response);
  return SAYS_NO_SUCH_ADDRESS.some((words) => words.test(response)) && !ABOUT_US.test(response);
}

/** How long a server asks to wait, as in "try again in 300 seconds", up to a day; null when it does not say. */
function waitIn(response: string): number | null {
  const asked =
    /(?:again|retry|wait|come back|available|greylist\w*)\D{0,40}?(\d{1,6})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)\b/i.exec(
      response,
    );
  if (!asked) return null;
  const unit = { s: 1000, m: 60_000, h: 3_600_000 }[asked[2]![0]!.toLowerCase() as 's' | 'm' | 'h'];
  return Math.min(Number(asked[1]) * unit, DAY_MS);
}

const DAY_MS = 86_400_000;

/** A server's words, or an error's, fit to be kept: clean and not too long. */
const oneLine = (text: string) => cleanLine(text.slice(0, 500));
export const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500);
