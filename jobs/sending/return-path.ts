/** The address that mail servers return a mail to: signed, so that a returned mail tells which message it was and nobody can make one up. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MailSettings } from '../mails/compose.ts';

/** Enough to make guessing hopeless, short enough for the 64 characters that RFC 5321 (4.5.3.1.1) gives the part before the @. */
const SIGNATURE_LENGTH = 16;
const TOKEN = /\+([0-9a-f]{32})-([0-9a-f]{16})@/gi;

/** The envelope's sender for a message: the address for bounces with the message's id in it, or the sender's own where there is none. */
export function envelopeSender({ from, bounceAddress, secret }: MailSettings, messageId: string): string {
  if (!bounceAddress) return from;
  const at = bounceAddress.lastIndexOf('@');
  const id = messageId.replaceAll('-', '');
  return `${bounceAddress.slice(0, at)}+${id}-${signatureOf(secret, id)}${bounceAddress.slice(at)}`;
}

/** The ids of the messages of which a text holds a return address that we signed. */
export function messagesNamedIn(text: string, secret: string): string[] {
  const ids = new Set<string>();
  for (const [, id = '', signature = ''] of text.matchAll(TOKEN)) {
    const right = Buffer.from(signatureOf(secret, id.toLowerCase()));
    if (timingSafeEqual(right, Buffer.from(signature.toLowerCase()))) ids.add(uuidOf(id.toLowerCase()));
  }
  return [...ids];
}

const signatureOf = (secret: string, id: string) =>
  createHmac('sha256', secret).update(`bounce:${id}`).digest('hex').slice(0, SIGNATURE_LENGTH);

const uuidOf = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
