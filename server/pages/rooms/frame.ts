/** The frame around an organisation's pages: whose they are, the way between them, and forms that come from them alone. */
import { randomUUID } from 'node:crypto';
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { buttonLink } from '../parts/button.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import type { MemberAsk } from '../session/guards.ts';
import { sessionField } from '../session/session.ts';

/** The pages of an organisation in their order, by the last part of their path. One that is not registered is left out. */
const PAGES = [
  '',
  'gebeurtenissen',
  'eigen-datums',
  'verzekeraars',
  'ontvangers',
  'agenda',
  'leden',
  'berichten',
  'sleutels',
  'gegevens',
] as const;
type RoomPage = (typeof PAGES)[number];

/** The path of one of an organisation's pages, or of something on it, in the site map. */
export function roomPath({ organisation }: Pick<MemberAsk, 'organisation'>, page: RoomPage | 'datums', ...more: readonly string[]): string {
  return [`/o/${organisation.id}`, page, ...more].filter((part) => part !== '').join('/');
}

/** The same as an address in the reader's language. */
export function roomAddress(ask: MemberAsk, page: RoomPage | 'datums', ...more: readonly string[]): string {
  return pageAddress(ask, roomPath(ask, page, ...more));
}

interface RoomText {
  /** Below which of the pages it stands. */
  page: RoomPage;
  title: string;
  lead?: string | SafeHtml;
  content: SafeHtml;
}

/** A page of an organisation: the ways to the others stand before it, and who may only look reads so. */
export function roomText(ask: MemberAsk, { content, lead, page, title }: RoomText): PageText {
  const { language, organisation, role } = ask;
  const today = writeDay(amsterdamDay(ask.signedIn.askedAt), language);
  const whole = html`${roomMenu(ask, page)}
    <p class="printed" aria-hidden="true">${organisation.name}. ${wordsIn(language)('room:printed', { day: today })}</p>
    <h1>${title}</h1>
    ${lead === undefined ? '' : html`<p class="lead">${lead}</p>`} ${content}
    ${role === 'manager' ? '' : notice(wordsIn(language)('room:reader'))}`;
  return { title: `${title} – ${organisation.name}`, content: whole };
}

/** The page that says that a form asked for what its page does not do, with the way back to that. */
export function unknownActText(ask: MemberAsk, page: RoomPage | 'datums', ...more: readonly string[]): PageText {
  const say = wordsIn(ask.language);
  ask.reply.code(400);
  const content = html`<p>${say('room:unknown_act.text')}</p>
    <p>${buttonLink(roomAddress(ask, page, ...more), say('room:open_again'))}</p>`;
  return roomText(ask, { page: page === 'datums' ? '' : page, title: say('room:unknown_act.title'), content });
}

/** The page that says that what a form asked for was shown already, as when a browser loads it anew; nothing was changed. */
export function shownBeforeText(ask: MemberAsk, what: 'feed' | 'key', page: RoomPage, ...more: readonly string[]): PageText {
  const say = wordsIn(ask.language);
  ask.reply.code(409);
  const content = html`<p>${say(`room:${what}.shown_before.text`)}</p>
    <p>${buttonLink(roomAddress(ask, page, ...more), say('room:open_again'))}</p>`;
  return roomText(ask, { page, title: say(`room:${what}.shown_before.title`), content });
}

/** The ticket of a form whose answer is shown once. */
export function ticketField(): SafeHtml {
  return html`<input type="hidden" name="${TICKET}" value="${randomUUID()}" />`;
}

/** The ticket that a form brought along. */
export function ticketOf({ fields }: FormAsk): string | null {
  return fields.get(TICKET);
}

const TICKET = 'ticket';

/** A form of an organisation's page, which sends to the page itself or to one below it. */
export function roomForm(ask: MemberAsk, address: string, content: SafeHtml, className = ''): SafeHtml {
  return html`<form method="post" action="${address}" novalidate ${className === '' ? '' : html`class="${className}"`}>
    ${sessionField(ask)} ${content}
  </form>`;
}

/** The ways between the pages of an organisation. */
export function roomMenu(ask: MemberAsk, current: RoomPage): SafeHtml {
  const { language, organisation, reply } = ask;
  const say = wordsIn(language);
  const pages = PAGES.filter((page) => reply.server.paths.has(page === '' ? '/o/:id' : `/o/:id/${page}`));
  return html`<nav class="room unprinted" aria-label="${organisation.name}">
    <p>${organisation.name}</p>
    <ul>
      ${pages.map(
        (page) =>
          html`<li>
            <a href="${roomAddress(ask, page)}" ${page === current ? html`aria-current="page"` : ''}
              >${say(`room:menu.${page === '' ? 'next' : page}`)}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}
