/** What a returned mail says: the delivery status notification in it (RFC 3464, RFC 6533), read by postal-mime and bounded. */
import PostalMime from 'postal-mime';
import { cleanLine } from '../../calendars/clean-text.ts';
import { foldAddress } from '../../calendars/mail-address.ts';

/** Somebody whom a mail did not reach, for good. */
export interface Failure {
  /** The address that was not reached, in each way in which it may be meant, folded; empty when none is named. */
  addresses: string[];
  /** The enhanced status code; null when there is none. */
  status: string | null;
  /** The mail server's words, on one line. */
  text: string;
}

export interface DeliveryReport {
  /** The values of the mail's own header, where the address stands that it was returned to. */
  header: string;
  /** At least one. */
  failures: Failure[];
}

/** What is read of a mail: a report stands before the mail that it returns. Lines count too, since each costs as much as a long one. */
const [MOST_BYTES, MOST_LINES] = [1024 * 1024, 10_000];
const LIMITS = { maxNestingDepth: 20, maxHeadersSize: 256 * 1024 };

/** The report in a mail when it tells of a failure for good; null when there is none. What is attached as a mail of its own is not looked into. Rejects what nests too deep. */
export async function readDeliveryReport(mail: Buffer): Promise<DeliveryReport | null> {
  const { attachments, headers } = await PostalMime.parse(headOf(mail), {
    ...LIMITS,
    forceRfc822Attachments: true,
    attachmentEncoding: 'utf8',
  });
  const failures = attachments
    .filter(({ mimeType }) => /^message\/(global-)?delivery-status$/.test(mimeType))
    // The encoding that was asked for makes it a string.
    .flatMap(({ content }) => groupsIn(typeof content === 'string' ? content : ''))
    .filter((group) => /^failed\b/i.test(group.get('action') ?? ''))
    .map(readFailure);
  return failures.length > 0 ? { header: headers.map(({ value }) => value).join('\n'), failures } : null;
}

function headOf(mail: Buffer): Buffer {
  const head = mail.subarray(0, MOST_BYTES);
  let end = 0;
  for (let lines = 0; lines < MOST_LINES && end >= 0; lines += 1) end = head.indexOf(0x0a, end) + 1 || -1;
  return end < 0 ? head : head.subarray(0, end);
}

type Fields = ReadonlyMap<string, string>;

/** The groups of fields, one about the mail and one for each recipient, with empty lines between; names in small letters, of two the first. */
function groupsIn(text: string): Fields[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*\n/)
    .map((group) => {
      const fields = new Map<string, string>();
      for (const line of group.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
        const colon = line.indexOf(':');
        const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
        if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
      }
      return fields;
    });
}

/** Longer than any server's words. */
const MOST_WORDS = 5000;

function readFailure(fields: Fields): Failure {
  const diagnostic = (fields.get('diagnostic-code') ?? '').slice(0, MOST_WORDS);
  return {
    addresses: addressesIn(fields.get('final-recipient') ?? fields.get('original-recipient') ?? ''),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0] ?? null,
    text: cleanLine(diagnostic.replace(/^\s*[\w-]+\s*;/, '')),
  };
}

/**
 * What a field such as `rfc822; "jan"@Example.org` names: plain, and as it is meant where a server encoded it (RFC 3461, 4: xtext; RFC 6533, 3:
 * `\x{20AC}`). Nothing where it is no mail address.
 */
function addressesIn(field: string): string[] {
  const [, type = 'rfc822', value = ''] = /^(?:\s*([\w-]+)\s*;)?(.{0,1000})/.exec(field) ?? [];
  if (!/^(rfc822|utf-8|utf8)$/i.test(type)) return [];
  const bare = value
    .trim()
    .replace(/\s*\([^()]*\)$/, '')
    .replace(/^<(.*)>$/, '$1');
  if (!bare.includes('@')) return [];
  const spellings = [
    bare,
    bare.replaceAll(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    bare.replaceAll(/\\x\{([0-9A-F]{2,5}|10[0-9A-F]{4})\}/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16))),
  ];
  return [...new Set(spellings.map((spelling) => foldAddress(unquoted(spelling))))];
}

/** `"a\.b"@example.org` is the same address as `a.b@example.org`. */
function unquoted(address: string): string {
  const [, local, domain] = /^"((?:[^"\\]|\\.)*)"(@.*)$/.exec(address) ?? [];
  return local === undefined || domain === undefined ? address : local.replaceAll(/\\(.)/g, '$1') + domain;
}
