/** The frame around editors' pages: the ways between them, and forms that come from them alone. */
import { wordsIn, type Say } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { pageAddress } from '../parts/page-link.ts';
import type { EditorAsk } from '../session/guards.ts';
import { sessionField } from '../session/session.ts';

/** Where editors begin. */
export const DESK = '/redactie';

/** The pages in their order, by the last part of their path. */
const PAGES = ['', 'verzekeraars', 'documenten', 'edities', 'meldingen'] as const;
type DeskPage = (typeof PAGES)[number];

/** Editors read Dutch: what they write is. */
export const say: Say = wordsIn('nl');

/** The path of an editors' page, or of something on it, in the site map. */
export function deskPath(...parts: readonly string[]): string {
  return [DESK, ...parts].filter((part) => part !== '').join('/');
}

interface DeskText {
  /** Below which of the pages it stands. */
  page: DeskPage;
  title: string;
  lead: string;
  content: SafeHtml;
}

/** An editors' page: the ways to the others stand before it. */
export function deskText(ask: EditorAsk, { content, lead, page, title }: DeskText): PageText {
  const whole = html`<nav class="room unprinted" aria-label="${say('desk:name')}">
      <p>${say('desk:name')}</p>
      <ul>
        ${PAGES.map(
          (one) =>
            html`<li>
              <a href="${pageAddress(ask, deskPath(one))}" ${one === page ? html`aria-current="page"` : ''}
                >${say(`desk:menu.${one === '' ? 'next' : one}`)}</a
              >
            </li>`,
        )}
      </ul>
    </nav>
    <h1>${title}</h1>
    <p class="lead">${lead}</p>
    ${content}`;
  return { title: `${title} – ${say('desk:name')}`, content: whole };
}

/** A form of an editors' page, which sends to a page of theirs; one that may have a file in it. */
export function deskForm(ask: EditorAsk, path: string, content: SafeHtml, withFile?: 'with a file'): SafeHtml {
  const coding = withFile === undefined ? '' : html`enctype="multipart/form-data"`;
  return html`<form method="post" action="${pageAddress(ask, path)}" ${coding} novalidate>${sessionField(ask)} ${content}</form>`;
}

/** Who an editor is in the audit: a person by an id. */
export function personOf({ signedIn }: Pick<EditorAsk, 'signedIn'>): string {
  return `person:${signedIn.session.person.id}`;
}
