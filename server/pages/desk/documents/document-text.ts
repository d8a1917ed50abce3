/** The page of a document: what it is, what it proposes, and its text. */
import type { Extraction } from '../../../../calendars/extraction/proposal.ts';
import type { Acceptance } from '../../../../db/registry/documents/decisions.ts';
import type { DeskDocument } from '../../../../db/registry/documents/documents.ts';
import type { QuotedEntry } from '../../../../db/registry/documents/quotes.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { buttonLink } from '../../parts/button.ts';
import { errorSummary } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { webLink } from '../../parts/ways.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { saidOf } from '../../session/said.ts';
import { deskPath, deskText, say } from '../frame.ts';
import { isOpen, litPlaces, type Card } from './card-state.ts';
import { cardView, placeWords, scopeWords } from './cards.ts';
import { factsOf } from './list.ts';
import { litText } from './lit-text.ts';
import { lostQuotes } from './lost-quotes.ts';
import { mentionForms } from './mention.ts';

export interface Reading {
  document: DeskDocument;
  /** Null where there is only an address. */
  words: { text: string; extraction: Extraction } | null;
  cards: readonly Card[];
  quotes: readonly QuotedEntry[];
  labels: ReadonlyMap<string, string>;
}

/** What is wrong with the reason that was given for a card. */
interface Fault {
  id: string;
  error: string;
  typed: string;
}

/** What stands in the way of a card, and where. */
interface InTheWay {
  id: string;
  title: string;
  path: string | null;
}

const DONES = ['added', 'same', 'saved', 'accepted', 'there', 'rejected', 'back'] as const;

/** `told`: why what was decided of a card was not done. */
export function documentText(ask: EditorAsk, reading: Reading, told: Fault | InTheWay | null): PageText {
  const { cards, document, quotes, words } = reading;
  const said = saidOf(ask, DONES);
  const [fault, inTheWay] = told === null ? [null, null] : 'error' in told ? [told, null] : [null, told];
  const errors = fault === null ? [] : [{ name: `reason-${fault.id}`, label: '', error: fault.error }];
  const content = html`${errorSummary(errors, 'nl')} ${said === null ? '' : notice(say(`papers:reading.done.${said}`), 'status')}
  ${inTheWay === null ? '' : notice(inTheWayText(ask, inTheWay), 'caution')} ${waysOf(ask, document)} ${lostQuotes(ask, quotes)}
  ${
    words === null
      ? html`<p>${say('papers:reading.no_text')}</p>`
      : html`<div class="reading">
          <div class="proposals">${proposalsView(ask, reading, fault)} ${elsewhereView(ask, reading, words.extraction)}</div>
          <section class="source" aria-labelledby="tekst" tabindex="0">
            <h2 id="tekst">${say('papers:reading.text')}</h2>
            ${litText(words.text, litPlaces(cards, words.extraction))}
          </section>
        </div>`
  }`;
  return deskText(ask, { page: 'documenten', title: document.title, lead: factsOf(document).join(' '), content });
}

/** Both are an editor's to look at: the entry that stands there, and the card that was not accepted. */
function inTheWayText(ask: EditorAsk, { id, path, title }: InTheWay): SafeHtml {
  return html`${say('papers:reading.in_the_way.text', { title })}
    ${path === null ? '' : html`<a href="${pageAddress(ask, path)}">${say('papers:reading.in_the_way.entry')}</a>`}
    <a href="#kaart-${id}">${say('papers:reading.in_the_way.card')}</a>`;
}

function waysOf(ask: EditorAsk, { file, insurers, key, url }: DeskDocument): SafeHtml {
  const [slug] = insurers;
  const way = (path: string, words: string) => html`<li><a href="${pageAddress(ask, path)}">${words}</a></li>`;
  return html`<ul class="links">
    ${way(deskPath('documenten', key, 'gegevens'), say('papers:reading.card'))}
    ${slug === undefined ? '' : way(deskPath('verzekeraars', slug, 'documenten'), say('papers:reading.others'))}
    ${file === null ? '' : way(deskPath('documenten', key, 'bestand'), say('papers:reading.file'))}
    ${url === null ? '' : html`<li>${webLink(url)}</li>`}
  </ul>`;
}

function proposalsView(ask: EditorAsk, { cards, document, labels }: Reading, fault: Fault | null): SafeHtml {
  const { key: documentKey, scopes } = document;
  const view = (card: Card) => cardView(ask, card, { documentKey, scopes, labels, fault });
  const [open, decided] = [cards.filter(isOpen), cards.filter((card) => !isOpen(card))];
  return html`<section aria-labelledby="voorstellen">
      <h2 id="voorstellen">${say('papers:reading.proposals', { count: open.length })}</h2>
      ${cards.length === 0 ? html`<p>${say('papers:reading.none')}</p>` : ''} ${open.length === 0 ? draftLinks(ask, cards) : ''}
      <ul class="cards">
        ${open.map(view)}
      </ul>
    </section>
    ${
      decided.length === 0
        ? ''
        : html`<section aria-labelledby="besloten">
            <h2 id="besloten">${say('papers:reading.decided', { count: decided.length })}</h2>
            <ul class="cards">
              ${decided.map(view)}
            </ul>
          </section>`
    }`;
}

/** The ways on to the drafts in which something of it was accepted. */
function draftLinks(ask: EditorAsk, cards: readonly Card[]): SafeHtml | '' {
  const accepted = cards.flatMap(({ acceptances }) => acceptances).filter(({ status }) => status === 'draft');
  const drafts = [...new Map(accepted.map((one) => [one.editionId, one])).values()];
  if (drafts.length === 0) return '';
  const label = (one: Acceptance) =>
    drafts.length === 1 ? say('papers:reading.to_draft') : say('papers:reading.to_draft_for', { scope: scopeWords(one) });
  return html`<p class="buttons">
    ${drafts.map((one) => buttonLink(pageAddress(ask, deskPath('edities', one.editionId)), label(one), drafts.length === 1 ? 'primary' : 'plain'))}
  </p>`;
}

/** What cannot be read, and what is only named. */
function elsewhereView(ask: EditorAsk, { document }: Reading, { mentions, unreadable }: Extraction): SafeHtml {
  return html`${
    unreadable.length === 0
      ? ''
      : html`<section aria-labelledby="onleesbaar">
          <h2 id="onleesbaar">${say('papers:reading.unreadable', { count: unreadable.length })}</h2>
          <p class="small">${say('papers:reading.unreadable_hint')}</p>
          <ul class="lines">
            ${unreadable.map(
              ({ quote, text, ...place }, i) =>
                html`<li>
                  <p lang="nl"><strong>${text === '' ? say('papers:reading.blank') : text}</strong> ${quote}</p>
                  <p class="small">
                    <a href="#plek-${i + 1}">${placeWords(place)}<span class="unseen">: ${text}</span></a>
                  </p>
                </li>`,
            )}
          </ul>
        </section>`
  }
  ${
    mentions.length === 0
      ? ''
      : html`<details>
          <summary>${say('papers:reading.mentions', { count: mentions.length })}</summary>
          <ul class="lines">
            ${mentions.map(
              ({ printed, quote, ...place }, i) =>
                html`<li>
                  <p><strong>${printed}</strong></p>
                  <p class="small" lang="nl">${quote} (${placeWords(place)})</p>
                  ${mentionForms(ask, document, { at: i, printed })}
                </li>`,
            )}
          </ul>
        </details>`
  }`;
}
