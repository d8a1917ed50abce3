/** Checks DKIM signatures as a receiver does, written from RFC 6376 and from nothing of the signer's: rsa-sha256, relaxed for both parts. */
import { createHash, createPublicKey, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SigningKey } from '../../jobs/transport/signature.ts';

/** A key pair, with what stands of it in the DNS. */
export function dkimPair(selector = 'kalender1', domain = 'inkoop.example'): SigningKey & { record: string; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { domain, selector, key: privateKey, record: `v=DKIM1; k=rsa; p=${p}`, pem };
}

interface Verdict {
  /** Null: the signature holds. */
  fault: string | null;
  domain: string;
  selector: string;
  /** The headers that it covers, in small letters. */
  headers: string[];
}

/** What a receiver makes of the first signature of a mail, with the record from the DNS. */
export function checkDkim(raw: Buffer, record: string): Verdict {
  const mail = raw.toString('latin1');
  const end = mail.indexOf('\r\n\r\n');
  // A line that begins with white space goes on with the header before it (RFC 5322, 2.2.3).
  const fields = mail.slice(0, end).split(/\r\n(?![ \t])/);
  const own = fields.find((field) => /^dkim-signature[ \t]*:/i.test(field));
  if (own === undefined) return { fault: 'there is no signature', domain: '', selector: '', headers: [] };
  const tags = tagsIn(own.slice(own.indexOf(':') + 1));
  const headers = (tags.get('h') ?? '').toLowerCase().split(':');
  const verdict = (fault: string | null): Verdict => ({ fault, domain: tags.get('d') ?? '', selector: tags.get('s') ?? '', headers });
  if (tags.get('v') !== '1' || tags.get('a') !== 'rsa-sha256' || tags.get('c') !== 'relaxed/relaxed') return verdict('of another kind');
  if (!headers.includes('from')) return verdict('it does not cover From');

  const bodyHash = createHash('sha256')
    .update(relaxedBody(mail.slice(end + 4)), 'latin1')
    .digest('base64');
  if (bodyHash !== tags.get('bh')) return verdict('the body is another one');

  // From the last of a name upwards, each once (5.4.2); a name without a header stands for nothing.
  const left = [...fields].reverse();
  const signed = headers.flatMap((name) => {
    const n = left.findIndex((field) => nameOf(field) === name);
    return n < 0 ? [] : left.splice(n, 1).map(relaxedHeader);
  });
  // Its own value counts as if `b=` were empty, and without a line's end (3.7).
  const unsigned = relaxedHeader(own.replace(/([:;\s]b=)[^;]*/, '$1'));
  const verifier = createVerify('sha256').update([...signed, unsigned].join('\r\n'), 'latin1');
  return verdict(verifier.verify(keyIn(record), tags.get('b') ?? '', 'base64') ? null : 'the signature does not hold');
}

const nameOf = (field: string) => field.slice(0, field.indexOf(':')).trim().toLowerCase();

/** 3.2: white space has no meaning in these values. */
function tagsIn(list: string): Map<string, string> {
  const parts = list.split(';').filter((part) => part.trim() !== '');
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).replaceAll(/\s/g, '')]));
}

/** 3.4.2. */
function relaxedHeader(field: string): string {
  const value = field
    .slice(field.indexOf(':') + 1)
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ');
  return `${nameOf(field)}:${value.trim()}`;
}

/** 3.4.4. */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, ''));
  const text = lines.join('\r\n').replace(/(\r\n)+$/, '');
  return text === '' ? '' : `${text}\r\n`;
}

function keyIn(record: string): KeyObject {
  return createPublicKey({ key: Buffer.from(tagsIn(record).get('p') ?? '', 'base64'), format: 'der', type: 'spki' });
}
