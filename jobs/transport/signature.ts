/** Signs the bytes of a mail (DKIM, RFC 6376), with nodemailer's own signer: receivers see that the domain stands for it. */
import type { KeyObject } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { loadSigner } from './nodemailer.ts';

/** Who signs: receivers find the public key in the DNS at `SELECTOR._domainkey.DOMAIN`. */
export interface SigningKey {
  domain: string;
  selector: string;
  /** A private RSA key. */
  key: KeyObject;
}

/**
 * The bytes with a signature before them. The same bytes and the same key always give the same. Throws where none could be made: then the mail
 * must not leave.
 */
export async function signMail(raw: Buffer, { domain, selector, key }: SigningKey): Promise<Buffer> {
  const Signer = loadSigner();
  const signer = new Signer({ domainName: domain, keySelector: selector, privateKey: key, headerFieldNames: SIGNED });
  const signed = await buffer(signer.sign(raw));
  // Where the key does not fit nodemailer gives back the mail as it was, without a word.
  if (signed.length <= raw.length || !signed.subarray(signed.length - raw.length).equals(raw))
    throw new Error('the mail could not be signed');
  return signed;
}

/** What a mail of ours may have among its headers and what is shown or acted upon. RFC 8058 wants both headers of the button to leave. */
const SIGNED = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Content-Language',
  'Auto-Submitted',
  'List-ID',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
].join(':');
