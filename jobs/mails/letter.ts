/** A mail's content once, as blocks, and its two forms: plain text and HTML say the same because both are made from these. */
import { html, type SafeHtml } from '@remix-run/html-template';
import { cleanLine } from '../../calendars/clean-text.ts';
import type { Language } from '../../calendars/terms.ts';
import { wordsIn } from '../../calendars/words.ts';

export interface Letter {
  language: Language;
  subject: string;
  blocks: Block[];
}

export type Block =
  /** The sentence that says it all, and what else has to be read first. */
  | { kind: 'lead'; text: string; more?: string }
  | { kind: 'text'; text: string }
  | { kind: 'small'; text: string }
  | { kind: 'heading'; text: string }
  /** Where the mail goes on about something else. */
  | { kind: 'part'; text: string }
  | { kind: 'facts'; rows: { label: string; value: string }[] }
  /** What was, and what is now. */
  | { kind: 'changes'; rows: ChangeRow[] }
  | { kind: 'quote'; text: string; from: string }
  | { kind: 'days'; rows: { day: string; what: string }[] }
  /** What the reader is asked to do. */
  | { kind: 'button'; label: string; url: string }
  | { kind: 'link'; label: string; url: string };

/** `was` and `now` are the words before the two values. */
export interface ChangeRow {
  label: string;
  was: string;
  before: string;
  now: string;
  after: string;
}

/** What a mail tells of one kind. */
export interface Part {
  /** What it says of the first, for the subject. */
  subject: string;
  /** How many it tells of. */
  count: number;
  /** Above it, where something else stands before it. */
  heading: string;
  blocks: Block[];
  /** Why its reader gets it. */
  why: string;
}

/** That the documents are Dutch, for who reads another language. */
export function inDutch(language: Language): Block[] {
  const text = wordsIn(language)('mail:in_dutch');
  return text ? [{ kind: 'small', text }] : [];
}

/** The letter with no list longer than so many rows: how many are left out stands below it. */
export function shortened(letter: Letter, rows: number): Letter {
  const say = wordsIn(letter.language);
  const shorten = (block: Block): Block[] =>
    block.kind === 'days' && block.rows.length > rows
      ? [
          { ...block, rows: block.rows.slice(0, rows) },
          { kind: 'text', text: say('mail:left_out', { count: block.rows.length - rows }) },
        ]
      : [block];
  return { ...letter, blocks: letter.blocks.flatMap(shorten) };
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
          <title>${cleanLine(subject)}</title>
        </head>
        <body style="${STYLE.body}">
          <div style="${STYLE.column}">${blocks.map((block, i) => html`${htmlOf(block, blocks[i - 1])} `)}</div>
        </body>
      </html> `,
  );
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'facts':
      return block.rows.map(({ label, value }) => `${cleanLine(label)}: ${cleanLine(value)}`).join('\n');
    case 'days':
      return block.rows.map(({ day, what }) => `- ${cleanLine(day)}: ${cleanLine(what)}`).join('\n');
    case 'changes':
      return block.rows.map(({ label, was, before, now, after }) => cleanLine(`${label}: ${was} ${before}, ${now} ${after}`)).join('\n');
    case 'quote':
      return `"${cleanLine(block.text)}"\n${cleanLine(block.from)}`;
    case 'button':
    case 'link':
      return `${cleanLine(block.label)}:\n${block.url}`;
    case 'lead':
      return cleanLine(`${block.text} ${block.more ?? ''}`);
    case 'heading':
    case 'part':
      return `== ${cleanLine(block.text)} ==`;
    default:
      return cleanLine(block.text);
  }
}

function htmlOf(block: Block, before: Block | undefined): SafeHtml {
  switch (block.kind) {
    case 'lead': {
      // A line between deadlines: not above the first one of a part, nor inside of one.
      const style = before === undefined || before.kind === 'lead' || before.kind === 'part' ? STYLE.lead : `${STYLE.lead};${STYLE.apart}`;
      const more = block.more ? html` <p style="${STYLE.text}">${cleanLine(block.more)}</p>` : '';
      return html`<p style="${style}">${cleanLine(block.text)}</p>
        ${more}`;
    }
    case 'text':
      return html`<p style="${STYLE.text}">${cleanLine(block.text)}</p>`;
    case 'small':
      return html`<p style="${STYLE.small}">${cleanLine(block.text)}</p>`;
    case 'heading':
      return html`<h2 style="${STYLE.heading}">${cleanLine(block.text)}</h2>`;
    case 'part':
      return html`<h2 style="${STYLE.heading};${STYLE.apart}">${cleanLine(block.text)}</h2>`;
    case 'quote':
      return html`<blockquote style="${STYLE.quote}">
        "${cleanLine(block.text)}"<br /><span style="${STYLE.small}">${cleanLine(block.from)}</span>
      </blockquote>`;
    case 'facts':
      return html`<p style="${STYLE.text}">${block.rows.map(({ label, value }) => row(label, value))}</p>`;
    case 'days':
      return html`<p style="${STYLE.text}">${block.rows.map(({ day, what }) => row(day, what))}</p>`;
    case 'changes':
      return html`<p style="${STYLE.text}">${block.rows.map(changeRow)}</p>`;
    case 'button':
      return html`<p style="${STYLE.text}"><a href="${block.url}" style="${STYLE.button}">${cleanLine(block.label)}</a></p>`;
    default:
      block.kind satisfies 'link';
      return html`<p style="${STYLE.near}"><a href="${block.url}" style="${STYLE.link}">${cleanLine(block.label)}</a></p>`;
  }
}

function row(head: string, value: string): SafeHtml {
  return html`<b>${cleanLine(head)}:</b> ${cleanLine(value)}<br /> `;
}

/** Struck through and in words: not everybody sees the line, or hears it. */
function changeRow({ label, was, before, now, after }: ChangeRow): SafeHtml {
  return html`<b>${cleanLine(label)}:</b> ${was} <s>${cleanLine(before)}</s>, ${now} <b>${cleanLine(after)}</b><br /> `;
}

const STYLE = {
  body: 'margin:0;padding:0;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5',
  column: 'max-width:600px;margin:0 auto;padding:16px;overflow-wrap:anywhere',
  lead: 'font-size:18px;font-weight:bold;line-height:1.35;margin:12px 0',
  apart: 'margin-top:32px;padding-top:20px;border-top:2px solid #777',
  text: 'margin:12px 0',
  small: 'margin:8px 0;font-size:14px',
  heading: 'font-size:16px;margin:28px 0 8px',
  quote: 'margin:12px 0;padding:4px 0 4px 12px;border-left:3px solid #777;font-style:italic',
  near: 'margin:0',
  /** High enough for a thumb; in the link's own colour, whichever that is in the dark. */
  button: 'display:inline-block;padding:9px 18px;border:2px solid;border-radius:6px;font-weight:bold;text-decoration:none',
  link: 'display:inline-block;padding:10px 0',
} as const;
