/** A mail's content once, as blocks, and its two forms: plain text and HTML say the same because both are made from these. */
import { html, type SafeHtml } from '@remix-run/html-template';
import type { Language } from '../../calendars/terms.ts';
import { wordsIn } from '../../calendars/words.ts';

export interface Letter {
  language: Language;
  subject: string;
  blocks: Block[];
}

export type Block =
  /** The sentence that says it all. */
  | { kind: 'lead'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'small'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'facts'; rows: { label: string; value: string }[] }
  /** What was, and what is now. */
  | { kind: 'changes'; rows: ChangeRow[] }
  | { kind: 'quote'; text: string; from: string }
  | { kind: 'days'; rows: { day: string; what: string }[] }
  | { kind: 'link'; label: string; url: string };

/** `was` and `now` are the words before the two values. */
export interface ChangeRow {
  label: string;
  was: string;
  before: string;
  now: string;
  after: string;
}

/** That the documents are Dutch, for who reads another language. */
export function inDutch(language: Language): Block[] {
  const text = wordsIn(language)('mail:in_dutch');
  return text ? [{ kind: 'small', text }] : [];
}

/** The plain text, lines ended by LF, addresses on lines of their own. */
export function writeText({ blocks }: Letter): string {
  return `${blocks.map(textOf).join('\n\n')}\n`;
}

/** The HTML page: one column, real text, no images, styles inline because mail programs drop stylesheets. Without colours of its own it follows dark mode. */
export function writeHtml({ language, subject, blocks }: Letter): string {
  return String(
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="supported-color-schemes" content="light dark" />
          <title>${oneLine(subject)}</title>
        </head>
        <body style="${STYLE.body}">
          <div style="${STYLE.column}">${blocks.map((block) => html`${htmlOf(block)} `)}</div>
        </body>
      </html> `,
  );
}

/** A text as one line without control characters, so that it can stand in a header, and cannot turn the direction of what follows. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\s]+/gu, ' ').trim();
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'facts':
      return block.rows.map(({ label, value }) => `${oneLine(label)}: ${oneLine(value)}`).join('\n');
    case 'days':
      return block.rows.map(({ day, what }) => `- ${oneLine(day)}: ${oneLine(what)}`).join('\n');
    case 'changes':
      return block.rows.map(({ label, was, before, now, after }) => oneLine(`${label}: ${was} ${before}, ${now} ${after}`)).join('\n');
    case 'quote':
      return `"${oneLine(block.text)}"\n${oneLine(block.from)}`;
    case 'link':
      return `${oneLine(block.label)}:\n${block.url}`;
    case 'heading':
      return `== ${oneLine(block.text)} ==`;
    default:
      return oneLine(block.text);
  }
}

function htmlOf(block: Block): SafeHtml {
  switch (block.kind) {
    case 'lead':
      return html`<p style="${STYLE.lead}">${oneLine(block.text)}</p>`;
    case 'text':
      return html`<p style="${STYLE.text}">${oneLine(block.text)}</p>`;
    case 'small':
      return html`<p style="${STYLE.small}">${oneLine(block.text)}</p>`;
    case 'heading':
      return html`<h2 style="${STYLE.heading}">${oneLine(block.text)}</h2>`;
    case 'quote':
      return html`<blockquote style="${STYLE.quote}">
        "${oneLine(block.text)}"<br /><span style="${STYLE.small}">${oneLine(block.from)}</span>
      </blockquote>`;
    case 'facts':
      return html`<p style="${STYLE.text}">${block.rows.map(({ label, value }) => row(label, value))}</p>`;
    case 'days':
      return html`<p style="${STYLE.text}">${block.rows.map(({ day, what }) => row(day, what))}</p>`;
    case 'changes':
      return html`<p style="${STYLE.text}">${block.rows.map(changeRow)}</p>`;
    default:
      block.kind satisfies 'link';
      return html`<p style="${STYLE.text}"><a href="${block.url}" style="${STYLE.link}">${oneLine(block.label)}</a></p>`;
  }
}

function row(head: string, value: string): SafeHtml {
  return html`<b>${oneLine(head)}:</b> ${oneLine(value)}<br /> `;
}

/** Struck through and in words: not everybody sees the line, or hears it. */
function changeRow({ label, was, before, now, after }: ChangeRow): SafeHtml {
  return html`<b>${oneLine(label)}:</b> ${was} <s>${oneLine(before)}</s>, ${now} <b>${oneLine(after)}</b><br /> `;
}

const STYLE = {
  body: 'margin:0;padding:0;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5',
  column: 'max-width:600px;margin:0 auto;padding:16px;overflow-wrap:anywhere',
  lead: 'font-size:18px;font-weight:bold;margin:24px 0 12px;padding-top:16px;border-top:2px solid #777',
  text: 'margin:12px 0',
  small: 'margin:8px 0;font-size:14px',
  heading: 'font-size:16px;margin:28px 0 8px',
  quote: 'margin:12px 0;padding:4px 0 4px 12px;border-left:3px solid #777;font-style:italic',
  link: 'display:inline-block;padding:12px 0',
} as const;
