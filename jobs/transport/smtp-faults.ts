/** What a mail server's answers mean: whose fault it was that a mail was not taken, and when to try again. */
import { cleanLine } from '../../calendars/clean-text.ts';
import type { DeliveryFailure } from '../../db/sending/refusals.ts';
import { isAddressGone } from './address-status.ts';

/** The fields that nodemailer adds to the errors that it gives. */
interface SmtpError {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** Before a mail is offered: what goes wrong here has nothing to do with it. */
const BEFORE_MAIL = /^(CONN|EHLO|LHLO|HELO|STARTTLS|AUTH|API)/;

/** Judges an error of a try. `hasLeft`: whether the body had begun to leave; then only a full answer to it settles that it was not taken. */
export function faultOf(error: unknown, hasLeft: boolean): DeliveryFailure {
  const { code, command = '', response, responseCode } = error as SmtpError;
  const answer = { code: responseCode ?? null, response: oneLine(response ?? textOf(error)) };
  const answeredBody = code === 'EMESSAGE' && responseCode !== undefined;
  if (hasLeft && !answeredBody) return { kind: 'uncertain', ...answer };
  if (responseCode === undefined || responseCode === 421 || BEFORE_MAIL.test(command)) return { kind: 'transport', ...answer };
  if (responseCode < 500) return { kind: 'deferred', ...answer, waitMs: waitIn(answer.response) };
  return { kind: command === 'RCPT TO' && isAddressGone({ text: answer.response }) ? 'undeliverable' : 'rejected', ...answer };
}

/** How long a server asks to wait, as in "try again in 300 seconds", up to a day; null when it does not say. */
function waitIn(response: string): number | null {
  const wait =
    /(?:again|retry|wait|come back|available|greylist\w*)\D{0,40}?(\d{1,6})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)\b/i.exec(
      response,
    );
  if (!wait) return null;
  const unit = { s: 1000, m: 60_000, h: 3_600_000 }[wait[2]![0]!.toLowerCase() as 's' | 'm' | 'h'];
  return Math.min(Number(wait[1]) * unit, DAY_MS);
}

const DAY_MS = 86_400_000;

/** A server's words, or an error's, fit to be kept: clean and not too long. */
export const oneLine = (text: string) => cleanLine(text.slice(0, 500));
export const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500);
