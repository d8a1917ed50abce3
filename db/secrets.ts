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

/** What a link in a mail may do. */
export type LinkPurpose = 'confirm' | 'unsubscribe';

/** A token for a link in a mail: it needs no row of its own, since it is signed for one purpose and one recipient. */
export function signLink(secret: string, purpose: LinkPurpose, recipientId: string): string {
  return `${recipientId}.${signature(secret, purpose, recipientId)}`;
}

/** The recipient that a signed link is for, or null when the signature is not ours. */
export function readLink(secret: string, purpose: LinkPurpose, token: string): string | null {
  const dot = token.lastIndexOf('.');
  const recipientId = token.slice(0, dot);
  const given = Buffer.from(token.slice(dot + 1));
  const right = Buffer.from(signature(secret, purpose, recipientId));
  return dot > 0 && given.length === right.length && timingSafeEqual(given, right) ? recipientId : null;
}

function signature(secret: string, purpose: LinkPurpose, recipientId: string): string {
  return createHmac('sha256', secret).update(`${purpose}:${recipientId}`).digest('base64url');
}
