/** Mail addresses: which ones are taken, the one form in which they are kept, and the form in which they are counted. */
import { domainToASCII } from 'node:url';

/** What a text proved to be: an address that can be written into an envelope, or why it is none. */
export type AddressReading = { address: string; fault: null } | { address: null; fault: string };

/**
 * Reads one mail address as people type and paste it: what surrounds it and cannot be seen goes, an international domain becomes its `xn--`
 * form. The part before the @ keeps its letters' case. `localHost` takes a host without a dot too, as `kalender@localhost`, which only
 * whoever runs the service can mean. `fault` is worded to follow a field's name.
 */
export function parseAddress(text: string, { localHost = false } = {}): AddressReading {
  if (text.length > MOST_TYPED) return refuse(TOO_LONG);
  const typed = text.replaceAll(SURROUNDING, '');
  if (typed.startsWith('"')) return refuse('must not have quotation marks before the @: mail to such an address is not sent');
  const [local = '', domain, ...more] = typed.split('@');
  if (local === '' || !domain || more.length > 0 || /[\s<>,;:()"\\]/.test(typed)) return refuse(NOT_ONE_ADDRESS);
  const fault = faultOfLocal(local) ?? faultOfDomain(domain, localHost);
  if (fault !== null) return refuse(fault);
  const address = `${local}@${domainToASCII(domain)}`;
  return address.length > MOST_CHARACTERS ? refuse(TOO_LONG) : { address, fault: null };
}

/**
 * An address in the form in which it is kept and compared: as `parseAddress` gives it, in small letters. A text that is no address, such as
 * one that was kept before the rule was this strict, is only trimmed and put in small letters.
 */
export function foldAddress(text: string): string {
  return (parseAddress(text, { localHost: true }).address ?? text.trim()).toLowerCase();
}

/** The form in which an address is counted, whatever its spelling: folded, and without the `+tag` that most mail servers disregard. */
export function canonicalAddress(text: string): string {
  const folded = foldAddress(text);
  const at = folded.lastIndexOf('@');
  const plus = folded.indexOf('+');
  return plus > 0 && plus < at ? folded.slice(0, plus) + folded.slice(at) : folded;
}

/**
 * A text without the addresses in it, whatever stands for their @, and without the parts of one that it may be about: of a mail server's words,
 * where nobody's address may stay.
 */
export function withoutAddresses(text: string, about = ''): string {
  const parts = about.split('@').filter((part) => part !== '');
  const masked = text.replaceAll(/[\p{L}\p{N}.!#$&'*?^_`{|}~-]+(?:@|[=%+]40)[\p{L}\p{N}.-]+/giu, '…');
  return parts.reduce((rest, part) => rest.replaceAll(new RegExp(RegExp.escape(part), 'gi'), '…'), masked);
}

/** A text without these addresses, however their letters are cased. */
export function withoutThese(text: string, addresses: readonly string[]): string {
  const folded = [...new Set(addresses.map(foldAddress))].filter((address) => address !== '');
  if (folded.length === 0) return text;
  return text.replaceAll(new RegExp(folded.map((address) => RegExp.escape(address)).join('|'), 'gi'), '…');
}

const refuse = (fault: string): AddressReading => ({ address: null, fault });

/** RFC 5321, 4.5.3.1: the path of 256 characters has its angle brackets; and the part before the @. */
const [MOST_CHARACTERS, MOST_LOCAL] = [254, 64];
/** Enough for any address before its domain is written in ASCII; what is longer is not looked at. */
const MOST_TYPED = 1000;

const TOO_LONG = `must have at most ${MOST_CHARACTERS} characters`;
const NOT_ONE_ADDRESS = 'must be one mail address, as name@example.org, without a name or brackets around it';

/** Spaces and characters without a shape, such as the marks of writing direction that address books copy along. */
const SURROUNDING = /^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu;
/** RFC 5322, 3.2.3: atext, and the dots between. */
const ATOM_CHARACTERS = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;

function faultOfLocal(local: string): string | null {
  if (local.length > MOST_LOCAL) return `must have at most ${MOST_LOCAL} characters before the @`;
  if (!ATOM_CHARACTERS.test(local)) return "must have only the letters a to z, digits and .!#$%&'*+-/=?^_`{|}~ before the @";
  return /^\.|\.\.|\.$/.test(local) ? 'must not begin or end with a dot before the @, or have two in a row there' : null;
}

/** One part of a host name (RFC 1123, 2.1). */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 3696, 2: the last part is not all digits, or it would be the address of a machine. */
const TOP_LABEL = /^(?=.*[a-z])..+$/;

function faultOfDomain(domain: string, localHost: boolean): string | null {
  // Of ASCII only what stands in host names: the conversion would decode a %41, and stop at a slash.
  const host = /[^a-z0-9.\u0080-\u{10ffff}-]/iu.test(domain) ? '' : domainToASCII(domain);
  const labels = host.split('.');
  if (host.length > 253 || !labels.every((label) => LABEL.test(label)) || !TOP_LABEL.test(labels.at(-1)!))
    return 'must have a domain after the @ that can exist, as example.org';
  return labels.length > 1 || localHost ? null : 'must have a whole domain after the @, as name@example.org';
}
