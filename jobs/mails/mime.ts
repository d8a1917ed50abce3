/** Writes a mail as nodemailer does, with nodemailer's own parts, but at once: by its streams it takes three times as long. */
import type MailComposer from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { loadComposer, loadQuotedPrintable } from '../transport/nodemailer.ts';

export type MailOptions = NonNullable<ConstructorParameters<typeof MailComposer>[0]>;

/** The bytes of a mail of texts, without attachments; lines end by CRLF. */
export function writeMail(options: MailOptions): Buffer {
  return Buffer.from(write(new (loadComposer())(options).compile()).replaceAll(/\r?\n/g, '\r\n'));
}

/** Whether texts take no more than so many bytes in a mail, encoded. They are counted exactly only where that matters. */
export function fitIn(bytes: number, texts: readonly string[]): boolean {
  const plain = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (plain > bytes || plain * LONGEST <= bytes) return plain <= bytes;
  return texts.reduce((sum, text) => sum + encode(text).length, 0) <= bytes;
}

/** Bytes that one byte takes at most: itself as `=E9`, and its part of the line ends. */
const LONGEST = 3.2;

function write(node: MimeNode): string {
  const head = `${node.buildHeaders()}\r\n\r\n`;
  if (node.multipart) {
    const parts = node.childNodes.map((child) => `--${String(node.boundary)}\r\n${write(child)}`);
    return `${head}${parts.join('\r\n')}\r\n--${String(node.boundary)}--\r\n`;
  }
  const { content } = node;
  if (typeof content !== 'string') throw new Error('a mail is made of texts');
  const encoding = node.getTransferEncoding();
  if (encoding === 'base64') throw new Error('a text is never written in base64');
  return head + (encoding === 'quoted-printable' ? encode(content) : content);
}

/** A text as quoted-printable, in lines no longer than it allows. */
function encode(text: string): string {
  const quotedPrintable = loadQuotedPrintable();
  return quotedPrintable.wrap(quotedPrintable.encode(text));
}
