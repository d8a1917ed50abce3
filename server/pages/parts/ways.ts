/** Links by which somebody is reached: a mailbox, a number, a page. */
import { mailTo } from '../../../calendars/channel-text.ts';
import { cleanUrl } from '../../../calendars/clean-text.ts';
import { html, type SafeHtml } from '../html.ts';

/** A mailbox that can be written to. */
export function mailLink(address: string, subject: string | null = null): SafeHtml {
  return html`<a href="${mailTo(address, subject)}">${address}</a>`;
}

/** A number as it is written, to be called. */
export function telephone(number: string): SafeHtml {
  return html`<a href="tel:${number.replaceAll(/[^\d+]/g, '')}">${number}</a>`;
}

/** A web address, with or without its beginning, as a link with these words; where it leads nowhere the words alone. */
export function webLink(address: string, words: string | SafeHtml = address): string | SafeHtml {
  const isHost = /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(address);
  const url = cleanUrl(isHost ? `https://${address}` : address);
  return url === null ? words : html`<a href="${url}">${words}</a>`;
}
