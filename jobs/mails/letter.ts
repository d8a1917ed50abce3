/** A mail's content once, as blocks, and its two forms: plain text and HTML say the same because both are made from these. */
import { html, type SafeHtml } from '@remix-run/html-template';
import { cleanLine } from '../../calendars/clean-text.ts';
import type { Language } from '../../calendars/terms.ts';
import type { AddressLink } from '../../calendars/channel-text.ts';
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
  /** `apart`: the rest of the mail is about the mail itself. */
  | { kind: 'small'; text: string; apart?: boolean }
  | { kind: 'heading'; text: string }
  /** Where the mail goes on about something else. */
  | { kind: 'part'; text: string }
  /** Above a deadline, or above several that are told of together; `below` another one. */
  | { kind: 'title'; text: string; below?: boolean }
  | { kind: 'facts'; heading?: string; rows: FactRow[] }
  /** What was, and what is now. */
  | { kind: 'changes'; rows: ChangeRow[] }
  /** `small`: beside the one that is enough. */
  | { kind: 'quote'; text: string; from: string; small?: boolean }
  | { kind: 'days'; rows: ListRow[] }
  /** What the reader is asked to do. */
  | { kind: 'button'; label: string; url: string }
  | { kind: 'link'; label: string; url: string };

/** A line of a list; without a day, what is said of those that are not listed. */
export interface ListRow {
  day: string;
  what: string;
}

/** What is said, with its name before it where it has one. `link`: the end of what is said, and where it leads. */
export interface FactRow {
  label: string;
  value: string;
  link?: AddressLink | null;
}

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
  /** What it says of the first, for the subject: in full, then ever shorter. */
  headlines: (shortOf: (text: string) => string) => string[];
  /** How many it tells of. */
  count: number;
  /** Whether it asks nothing of its reader: beside what leads the mail, no subject counts it. */
  isAside?: true;
  /** Above it, where something else stands before it. */
  heading: string;
  blocks: Block[];
  /** Why its reader gets it. */
  why: string;
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

/** The plain text, lines ended by LF, addresses on lines of their own. What belongs together stands without an empty line between. */
export function writeText({ blocks }: Letter): string {
  return `${blocks.map((block, i) => `${separatorOf(blocks[i - 1], block)}${textOf(block)}`).join('')}\n`;
}

function separatorOf(before: Block | undefined, block: Block): string {
  if (before === undefined) return '';
  const belongs =
    isHeading(before) ||
    (before.kind === 'facts' && block.kind === 'facts') ||
    (isLink(block) && before.kind !== 'quote' && before.kind !== 'lead');
  return belongs ? '\n' : '\n\n';
}

const isHeading = ({ kind }: Block) => kind === 'heading' || kind === 'part' || kind === 'title';
const isLink = ({ kind }: Block) => kind === 'button' || kind === 'link';

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
      return [...(block.heading ? [`${cleanLine(block.heading)}:`] : []), ...block.rows.map(factText)].join('\n');
    case 'days':
      return block.rows.map(({ day, what }) => `- ${cleanLine(day ? `${day}: ${what}` : what)}`).join('\n');
    case 'changes':
      return block.rows.map(({ label, was, before, now, after }) => cleanLine(`${label}: ${was} ${before}, ${now} ${after}`)).join('\n');
    case 'quote':
      return `"${cleanLine(block.text)}"\n${cleanLine(block.from)}`;
    case 'button':
    case 'link':
      return linkText(cleanLine(block.label), block.url);
    case 'lead':
      return cleanLine(`${block.text} ${block.more ?? ''}`);
    case 'heading':
    case 'part':
      return `== ${cleanLine(block.text)} ==`;
    case 'title':
      return block.below ? `-- ${cleanLine(block.text)} --` : `== ${cleanLine(block.text)} ==`;
    default:
      return cleanLine(block.text);
  }
}

/** On one line where a narrow mail program shows it on one. */
function linkText(label: string, url: string): string {
  const line = `${label}: ${url}`;
  return line.length <= COLUMNS ? line : `${label}:\n${url}`;
}

/** RFC 3676, section 4.2: lines of plain text are no longer than this. */
const COLUMNS = 78;

function factText({ label, value }: FactRow): string {
  return cleanLine(label ? `${label}: ${value}` : value);
}

function htmlOf(block: Block, before: Block | undefined): SafeHtml {
  switch (block.kind) {
    case 'lead': {
      // A line between deadlines: not above the first one of a part, nor inside of one.
      const isApart = before !== undefined && before.kind !== 'lead' && !isHeading(before);
      const style = isApart ? `${STYLE.lead};${STYLE.apart}` : STYLE.lead;
      const more = block.more ? html` <p style="${STYLE.text}">${cleanLine(block.more)}</p>` : '';
      return html`<p style="${style}">${cleanLine(block.text)}</p>
        ${more}`;
    }
    case 'text':
      return html`<p style="${STYLE.text}">${cleanLine(block.text)}</p>`;
    case 'small':
      return html`<p style="${block.apart ? `${STYLE.small};${STYLE.apart}` : STYLE.small}">${cleanLine(block.text)}</p>`;
    case 'heading':
      return html`<h2 style="${STYLE.heading}">${cleanLine(block.text)}</h2>`;
    case 'part':
      return html`<h2 style="${STYLE.heading};${STYLE.apart}">${cleanLine(block.text)}</h2>`;
    case 'title': {
      if (block.below) return html`<h3 style="${STYLE.title}">${cleanLine(block.text)}</h3>`;
      const isApart = before !== undefined && !isHeading(before);
      return html`<h2 style="${isApart ? `${STYLE.title};${STYLE.apart}` : STYLE.title}">${cleanLine(block.text)}</h2>`;
    }
    case 'quote':
      return html`<blockquote style="${block.small ? `${STYLE.quote};${STYLE.smaller}` : STYLE.quote}">
        "${cleanLine(block.text)}"<br /><span style="${STYLE.small}">${cleanLine(block.from)}</span>
      </blockquote>`;
    case 'facts':
      return html`<p style="${STYLE.text}">
        ${block.heading ? html`<b>${cleanLine(block.heading)}:</b><br />` : ''}${block.rows.map(factRow)}
      </p>`;
    case 'days':
      return html`<p style="${STYLE.text}">${block.rows.map(({ day, what }) => factRow({ label: day, value: what }))}</p>`;
    case 'changes':
      return html`<p style="${STYLE.text}">${block.rows.map(changeRow)}</p>`;
    case 'button':
      return html`<p style="${STYLE.text}"><a href="${block.url}" style="${STYLE.button}">${cleanLine(block.label)}</a></p>`;
    default:
      block.kind satisfies 'link';
      return html`<p style="${STYLE.near}"><a href="${block.url}" style="${STYLE.link}">${cleanLine(block.label)}</a></p>`;
  }
}

function factRow({ label, value, link }: FactRow): SafeHtml {
  const name = label ? html`<b>${cleanLine(label)}:</b> ` : '';
  if (!link) return html`${name}${cleanLine(value)}<br /> `;
  const words = cleanLine(value.slice(0, value.length - link.text.length));
  return html`${name}${words} <a href="${link.url}" style="${STYLE.link}">${cleanLine(link.text)}</a><br /> `;
}

/** Struck through and in words: not everybody sees the line, or hears it. */
function changeRow({ label, was, before, now, after }: ChangeRow): SafeHtml {
  return html`<b>${cleanLine(label)}:</b> ${was} <s>${cleanLine(before)}</s>, ${now} <b>${cleanLine(after)}</b><br /> `;
}

const STYLE = {
  body: 'margin:0;padding:0;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5',
  column: 'max-width:600px;margin:0 auto;padding:16px;overflow-wrap:anywhere',
  lead: 'font-size:17px;font-weight:bold;line-height:1.35;margin:12px 0',
  apart: 'margin-top:32px;padding-top:20px;border-top:2px solid #777',
  title: 'font-size:20px;line-height:1.3;margin:20px 0 8px',
  text: 'margin:12px 0',
  small: 'margin:8px 0;font-size:14px',
  heading: 'font-size:16px;margin:28px 0 8px',
  quote: 'margin:12px 0;padding:4px 0 4px 12px;border-left:3px solid #777;font-style:italic',
  smaller: 'font-size:14px',
  near: 'margin:0',
  /** High enough for a thumb; in the link's own colour, whichever that is in the dark. */
  button: 'display:inline-block;padding:9px 18px;border:2px solid;border-radius:6px;font-weight:bold;text-decoration:none',
  link: 'display:inline-block;padding:10px 0',
} as const;
