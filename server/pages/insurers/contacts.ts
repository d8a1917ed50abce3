/** How an insurer is reached, and which documents speak of it. */
import { writeDay } from '../../../calendars/days.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageAsk } from '../page.ts';
import { dutch } from '../parts/dutch.ts';
import { mailLink, telephone, webLink } from '../parts/ways.ts';
import type { Insurer, InsurerYear } from './insurer-year.ts';
import type { Section } from './section.ts';
import { withoutSource } from './requirements.ts';

/** Mailboxes, telephone with its hours, and the website. */
export function contactsSection({ language }: PageAsk, { insurer }: InsurerYear): Section {
  const say = wordsIn(language);
  const site = insurer.website === null ? [] : [html`<p>${say('page:insurer.website')} ${webLink(insurer.website)}</p>`];
  return {
    id: 'contacts',
    title: say('page:insurer.contacts'),
    intro: insurer.contacts.length > 0 ? '' : html`<p>${say('page:insurer.no_contacts')}</p>`,
    shelves: [{ items: [...insurer.contacts.map((contact) => contactItem(contact, say('page:insurer.phone'))), ...site], look: 'lines' }],
  };
}

function contactItem({ email, hours, phone, purpose, url }: Insurer['contacts'][number], label: string): SafeHtml {
  const ways = [
    email === null ? [] : html`<p>${mailLink(email)}</p>`,
    phone === null ? [] : html`<p>${label} ${telephone(phone)}${hours === null ? '' : html`, ${dutch(hours)}`}</p>`,
    url === null ? [] : html`<p>${webLink(url)}</p>`,
  ].flat();
  return html`<p class="small" lang="nl">${purpose}</p>
    ${ways.map((way) => html`${way} `)}`;
}

/** Documents with their address and day, and what stands in the registry by their word. */
export function documentsSection({ language }: PageAsk, { all, insurer }: InsurerYear): Section {
  const say = wordsIn(language);
  return {
    id: 'documents',
    title: say('page:insurer.documents'),
    intro: insurer.documents.length > 0 ? '' : html`<p>${say('page:insurer.no_documents')}</p>`,
    shelves: [
      {
        items: insurer.documents.map(({ hash, publishedOn, remarks, title, url, version }) => {
          const dated =
            publishedOn === null ? (version === null ? '' : say('page:insurer.version', { version })) : writeDay(publishedOn, language);
          return html`<p class="what" lang="nl">${url === null ? title : webLink(url, title)}</p>
            <p class="small">
              ${[dated, url === null ? say('page:insurer.no_address') : '', provenBy(title, all, language)].filter((text) => text !== '').join(' ')}
            </p>
            ${hash === null ? '' : html`<p class="small unprinted">${say('page:insurer.hash', { hash })}</p>`}
            ${remarkList(remarks, say('page:insurer.remarks', { count: remarks.length }))}`;
        }),
        look: 'lines',
      },
    ],
  };
}

/** How many remarks a click opens: on paper they do not stand. */
export function foldedRemarks({ documents, remarks }: Insurer): number {
  return [...documents.map((document) => document.remarks), remarks].reduce(
    (count, some) => count + (some.length > FEW ? some.length : 0),
    0,
  );
}

const FEW = 2;

/** Remarks of the registry. A few stand there; of many a click opens them. */
export function remarkList(remarks: readonly string[], label: string): SafeHtml | '' {
  if (remarks.length === 0) return '';
  const list = html`<ul lang="nl">
    ${remarks.map((remark) => html`<li>${remark}</li>`)}
  </ul>`;
  if (remarks.length > FEW)
    return html`<details class="unprinted">
      <summary>${label}</summary>
      ${list}
    </details>`;
  return html`${remarks.map((remark) => html`<p class="small" lang="nl">${withoutSource(remark)}</p>`)}`;
}

/** "Bewijst 9 datums en 31 eisen voor contractjaar 2025." A source names its document with more behind it, as its version. */
function provenBy(title: string, all: readonly Deadline[], language: PageAsk['language']): string {
  const say = wordsIn(language);
  const proven = all.filter(({ sources }) => sources.some(({ document }) => document === title || document.startsWith(`${title} (`)));
  if (proven.length === 0) return say('page:insurer.proves_nothing');
  const counts = [
    ['dates', proven.filter((one) => isCounted(one) && one.dueOn !== null)],
    ['undated', proven.filter((one) => isCounted(one) && one.dueOn === null)],
    ['requirements', proven.filter(({ kind }) => kind === 'requirement')],
    ['others', proven.filter((one) => !isCounted(one) && one.kind !== 'requirement')],
  ] as const;
  const parts = counts.flatMap(([name, some]) => (some.length === 0 ? [] : say(`page:insurer.proves.${name}`, { count: some.length })));
  const years = [...new Set(proven.map(({ contractYear }) => String(contractYear)))].sort();
  return say('page:insurer.proves_what', { what: writeList(parts, language), years: writeList(years, language) });
}
