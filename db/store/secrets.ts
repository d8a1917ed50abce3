/** Keys, tokens, signed links, and the digests that are kept in their place. */
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalAddress, foldAddress } from '../../calendars/mail-address.ts';
import type { Language } from '../../calendars/terms.ts';

/** A new secret of 32 random bytes, base64url, behind a prefix that scanners can recognise. */
export function newSecret(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** The SHA-256 of a secret, in hex, kept in its place. Looking a secret up by it leaks nothing by timing. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** The keyed digests (HMAC) of an address, kept in its place. Who has the database alone cannot find the address by guessing. */
export interface AddressDigests {
  /** The same for every spelling, whatever its `+tag`. */
  mailbox: string;
  /** Another for each `+tag`: some mail servers know one and not the other. */
  address: string;
}

/** The digests of an address, keyed with the service's secret. */
export function digestsOf(secret: string, email: string): AddressDigests {
  return { mailbox: signature(secret, 'mailbox', canonicalAddress(email)), address: signature(secret, 'address', foldAddress(email)) };
}

/**
 * What stands for where a request comes from, while that has to be counted. Of an IPv6 address its network alone: each house has one, with more
 * addresses in it than can be counted.
 */
export function callerDigest(secret: string, address: string): string {
  return signature(secret, 'caller', networkOf(address));
}

/** What is kept of a sign-in's code, which is too short for a digest that anybody can make: another one for each sign-in. */
export function codeDigest(secret: string, signInId: string, code: string): string {
  return signature(secret, 'code', `${signInId}:${code}`);
}

/** What each form of a session brings along: only our own pages of that session have it. */
export function formToken(secret: string, sessionId: string): string {
  return signature(secret, 'form', sessionId);
}

/** What each form of a session also brings along: whose it is, in every session of theirs, and without the id. */
export function personToken(secret: string, personId: string): string {
  return signature(secret, 'person', personId);
}

/** What stands for an id where it may be read by who has not the secret: another one for each secret. */
export function withdrawalDigest(secret: string, id: string): string {
  return signature(secret, 'withdrawal', id);
}

/**
 * What a link in a mail may do. Of `confirm` and `unsubscribe` the subject is a recipient's id, in either length; of `done`, `undo` and `mute` that with what
 * names deadlines behind a colon (db/registry/named-deadlines.ts; in mails of before 0.3.0 one deadline's id); of `step`, and of `undo` of an own date, that with its id;
 * of `deputy` and `leave` it is made by `deputySubject`, of `deputy_done` and `deputy_step`, and of `undo` to a deputy, by `deputyDoneSubject`, of `decline` by `declineSubject`.
 */
export type LinkPurpose =
  | 'confirm'
  | 'unsubscribe'
  | 'deputy'
  | 'leave'
  | 'done'
  | 'deputy_done'
  | 'step'
  | 'deputy_step'
  | 'undo'
  | 'mute'
  | 'decline';

/** A token for a link in a mail: it needs no row of its own, since it is signed for one purpose and one subject. */
export function signLink(secret: string, purpose: LinkPurpose, subject: string): string {
  return `${subject}.${signature(secret, purpose, subject)}`;
}

/** The same, short enough for one line of a mail: 96 bits of the signature, which can be tried at the service alone (RFC 2104, section 5, asks for 80). */
export function signShortLink(secret: string, purpose: LinkPurpose, subject: string): string {
  return `${subject}.${signature(secret, purpose, subject).slice(0, SHORT_SIGNATURE)}`;
}

/** In characters of six bits. */
const SHORT_SIGNATURE = 16;

/** An id (UUID) in 22 characters instead of 36. */
export function shortId(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The id in a link, whichever way it is written. What is none stays as it is. */
export function longId(text: string): string {
  if (!/^[\w-]{22}$/.test(text)) return text;
  return Buffer.from(text, 'base64url')
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** What a deputy's link is for: a recipient, and this one address as its deputy, so that no later deputy is meant. */
export function deputySubject(recipientId: string, email: string): string {
  return `${recipientId}:${shortDigest(email)}`;
}

/** The same for what a deputy says of deadlines. */
export function deputyDoneSubject(recipientId: string, named: string, email: string): string {
  return `${recipientId}:${named}:${shortDigest(email)}`;
}

/** For a mailbox that wants no questions of an organisation: it holds good when the recipient is gone, as after a deletion. */
export function declineSubject(organisationId: string, { mailbox }: AddressDigests, language: Language): string {
  return `${organisationId}:${mailbox}:${language}`;
}

/** What a link takes back: what was said of this at that moment, and nothing later. In mails of before 0.3.0 no moment stood there. */
export function undoSubject(subject: string, at: Date): string {
  return `${subject}:t${at.getTime().toString(36)}`;
}

/** Such a subject, and the moment that stands in it; null where none does. */
export function readUndoSubject(text: string): { subject: string; at: Date | null } {
  const { at, subject = text } = /^(?<subject>.+):t(?<at>[\da-z]{1,11})$/.exec(text)?.groups ?? {};
  return { subject, at: at === undefined ? null : new Date(Number.parseInt(at, 36)) };
}

const shortDigest = (email: string) => digestOf(email).slice(0, 16);

/** The subject that a signed link is for, or null when the signature is not ours. */
export function readLink(secret: string, purpose: LinkPurpose, token: string): string | null {
  const dot = token.lastIndexOf('.');
  const subject = token.slice(0, dot);
  const actual = Buffer.from(token.slice(dot + 1));
  const whole = signature(secret, purpose, subject);
  const expected = Buffer.from(actual.length === SHORT_SIGNATURE ? whole.slice(0, SHORT_SIGNATURE) : whole);
  return dot > 0 && actual.length === expected.length && timingSafeEqual(actual, expected) ? subject : null;
}

/** What a service is known by to others, whichever of its instances they ask: made from its secret, of which it gives nothing away. */
export function serviceOf(secret: string): string {
  return createHmac('sha256', secret).update('name of the service').digest('hex').slice(0, 16);
}

/** The first half of an IPv6 address; of IPv4, also where it is written as IPv6, the whole of it. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address.replace(/^.*:/, '');
  const [head = '', tail] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean));
  const zeros = tail === undefined ? [] : Array<string>(8 - before!.length - after!.length).fill('0');
  return [...before!, ...zeros, ...after!]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

function signature(
  secret: string,
  purpose: LinkPurpose | keyof AddressDigests | 'withdrawal' | 'code' | 'caller' | 'form' | 'person',
  subject: string,
): string {
  return createHmac('sha256', secret).update(`${purpose}:${subject}`).digest('base64url');
}
