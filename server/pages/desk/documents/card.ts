/** What readers see of a document, to be changed: its title, version, day and address. */
import { AppError } from '../../../../calendars/errors.ts';
import { findDeskDocument, type DeskDocument } from '../../../../db/registry/documents/documents.ts';
import { documentMark, editDocument } from '../../../../db/registry/documents/keeping.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button } from '../../parts/button.ts';
import { errorSummary } from '../../parts/field.ts';
import { rowList } from '../../parts/rows.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { onwardSaying } from '../../session/said.ts';
import { deskForm, deskPath, deskText, personOf, say } from '../frame.ts';
import { cardFields, facesOf } from './fields.ts';
import { cardFaults, cardOf, typedCardIn, type Faults, type TypedCard } from './typed.ts';

const PATH = deskPath('documenten', ':documentKey', 'gegevens');

export function documentCardPage(app: App, deps: Deps): void {
  const find = async ({ request }: EditorAsk) => findDeskDocument(deps.read, (request.params as { documentKey: string }).documentKey);
  serveEditorPage(app, deps, PATH, async (ask) => {
    const document = await find(ask);
    return document && cardText(ask, document, { typed: typedBy(document), faults: {}, seen: documentMark(document) });
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const document = await find(ask);
    if (document === null) return null;
    const typed = typedCardIn(ask.fields);
    const faults = cardFaults(typed);
    const seen = ask.fields.get('seen') ?? '';
    if (Object.keys(faults).length > 0) {
      ask.reply.code(400);
      return cardText(ask, document, { typed, faults, seen });
    }
    try {
      await deps.change((tx) => editDocument(tx, document.key, cardOf(typed), { by: personOf(ask), now: deps.clock(), seen }));
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'stale') throw error;
      ask.reply.code(409);
      const stored = (await find(ask)) ?? document;
      return cardText(ask, stored, { typed, faults, seen: documentMark(stored), isStale: true });
    }
    return onwardSaying(ask, deskPath('documenten', document.key), 'saved');
  });
}

interface Shown {
  typed: TypedCard;
  faults: Faults;
  /** The mark of what the editor saw. */
  seen: string;
  isStale?: boolean;
}

function typedBy({ publishedOn, title, url, version }: DeskDocument): TypedCard {
  return { title, version: version ?? '', publishedOn: publishedOn ?? '', url: url ?? '' };
}

function cardText(ask: EditorAsk, document: DeskDocument, { faults, isStale = false, seen, typed }: Shown): PageText {
  const path = deskPath('documenten', document.key, 'gegevens');
  const form = html`<input type="hidden" name="seen" value="${seen}" /> ${cardFields(typed, faults)}
    ${button(say('papers:insurer.button'), 'primary')}`;
  const content = html`${errorSummary(facesOf(faults), 'nl')} ${isStale ? nowView(typedBy(document), typed) : ''}
  ${deskForm(ask, path, form)}`;
  const title = say('papers:document.card', { title: document.title });
  return deskText(ask, { page: 'documenten', title, lead: say('papers:document.card_lead'), content });
}

/** What stands there now, where that is not what was typed. */
function nowView(now: TypedCard, typed: TypedCard): SafeHtml {
  const rows = (['title', 'version', 'publishedOn', 'url'] as const)
    .filter((name) => now[name] !== typed[name])
    .map((name) => ({ label: say(`papers:document.field.${name}`), value: now[name] || say('papers:insurer.empty') }));
  return html`<section class="notice caution" role="alert" aria-labelledby="now">
    <p>${say('papers:insurer.stale')}</p>
    <h2 id="now">${say('papers:insurer.now')}</h2>
    ${rowList(rows)}
  </section>`;
}
