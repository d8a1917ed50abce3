/** Keys, tokens and signed links: how they are made, and what of them is kept. */
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret of 32 random bytes, base64url, behind a prefix that scanners can recognise. */
export function newSecret(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What is kept of a secret: its SHA-256, in hex. Looking a secret up by it leaks nothing by timing. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/**
 * What a link in a mail may do. Of `confirm` and `unsubscribe` the subject is a recipient's id; of `done` and `mute` that with a deadline's
 * behind a colon; of `deputy` and `leave` it is made by `deputySubject`, of `deputy_done` by `deputyDoneSubject`.
 */
export type LinkPurpose = 'confirm' | 'unsubscribe' | 'deputy' | 'leave' | 'done' | 'deputy_done' | 'mute';

/** A token for a link in a mail: it needs no row of its own, since it is signed for one purpose and one subject. */
export function signLink(secret: string, purpose: LinkPurpose, subject: string): string {
  return `${subject}.${signature(secret, purpose, subject)}`;
}

/** What a deputy's link is for: a recipient, and this one address as its deputy, so that no later deputy is meant. */
export function deputySubject(recipientId: string, email: string): string {
  return `${recipientId}:${markOf(email)}`;
}

/** The same for what a deputy says of one deadline. */
export function deputyDoneSubject(recipientId: string, deadlineId: string, email: string): string {
  return `${recipientId}:${deadlineId}:${markOf(email)}`;
}

const markOf = (email: string) => digestOf(email).slice(0, 16);

/** The subject that a signed link is for, or null when the signature is not ours. */
export function readLink(secret: string, purpose: LinkPurpose, token: string): string | null {
  const dot = token.lastIndexOf('.');
  const subject = token.slice(0, dot);
  const given = Buffer.from(token.slice(dot + 1));
  const right = Buffer.from(signature(secret, purpose, subject));
  return dot > 0 && given.length === right.length && timingSafeEqual(given, right) ? subject : null;
}

function signature(secret: string, purpose: LinkPurpose, subject: string): string {
  return createHmac('sha256', secret).update(`${purpose}:${subject}`).digest('base64url');
}
