/** How to hand in or to ask, in words, and as an address that a program opens. */
import type { Channel } from './deadlines/deadline.ts';
import type { Language } from './terms.ts';
import { wordsIn } from './words.ts';

/** An address as it reads, and where a program finds it. */
export interface AddressLink {
  text: string;
  url: string;
}

/** "per e-mail aan inkoop@noord.example". */
export function writeChannel({ address, kind }: Channel, language: Language): string {
  const say = wordsIn(language);
  return address === null ? say(`common:channel.${kind}`) : say(`common:channel.${kind}_at`, { address });
}

/**
 * The address at the end of that, to be opened: a mailbox with the exact subject filled in, or a page. Null where no program can open it.
 */
export function addressLink({ address, kind, subject }: Channel): AddressLink | null {
  if (address === null) return null;
  if (kind === 'email') {
    if (!/^[^\s@,]+@[^\s@,]+$/.test(address)) return null;
    return { text: address, url: mailTo(address, subject) };
  }
  if (/^https?:\/\/\S+$/.test(address)) return { text: address, url: address };
  return /^www\.\S+$/.test(address) ? { text: address, url: `https://${address}` } : null;
}

/** The address of a mail with its subject filled in (RFC 6068, section 2: encoded, so that neither adds a field). */
export function mailTo(address: string, subject: string | null): string {
  const mailbox = encodeURIComponent(address).replaceAll('%40', '@');
  return subject === null ? `mailto:${mailbox}` : `mailto:${mailbox}?subject=${encodeURIComponent(subject)}`;
}
