/** A date that a document only names, made a date after all: an entry in the draft, with its sentence as the quote. */
import type { Mention } from '../../../../calendars/extraction/proposal.ts';
import { proposalDigest } from '../../../../db/registry/documents/decisions.ts';
import type { DeskDocument } from '../../../../db/registry/documents/documents.ts';
import type { DocumentScope } from '../../../../db/registry/documents/keeping.ts';
import { noteQuotePlaces } from '../../../../db/registry/documents/quotes.ts';
import { addEntry, openDraft } from '../../../../db/registry/editions/drafts.ts';
import type { Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { Onward } from '../../page.ts';
import { button, labelAbout } from '../../parts/button.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { deskForm, deskPath, personOf, say } from '../frame.ts';
import { scopeWords } from './cards.ts';

/** A button for each year and kind of care that the document is for. `at`: which of the mentions. */
export function mentionForms(ask: EditorAsk, { key, scopes }: DeskDocument, { at, printed }: { at: number; printed: string }): SafeHtml[] {
  return scopes.map((scope) => {
    const label = scopes.length > 1 ? say('papers:reading.mention_for', { scope: scopeWords(scope) }) : say('papers:reading.mention');
    return deskForm(
      ask,
      deskPath('documenten', key),
      html`<input type="hidden" name="mention" value="${at}" />
        <input type="hidden" name="scope" value="${scope.contractYear}/${scope.careType}" />
        ${button(labelAbout(label, printed), 'plain')}`,
    );
  });
}

interface Place {
  document: DeskDocument;
  insurer: string | null;
  scope: DocumentScope;
  text: string;
}

/** Puts the sentence in the draft, once, and leads on to the form in which the rest is written. */
export async function draftMention(
  ask: EditorAsk,
  deps: Deps,
  mention: Mention,
  { document, insurer, scope, text }: Place,
): Promise<Onward> {
  const { printed, quote, section } = mention;
  const [by, now] = [personOf(ask), deps.clock()];
  const path = await deps.change(async (tx) => {
    const { id } = await openDraft(tx, { insurer, ...scope, by }, now);
    const content = { sources: [{ document: document.title, url: document.url, section, quote }] };
    // A sentence may name several days.
    const proposal = proposalDigest(`${quote} ${printed}`);
    const { entry } = await addEntry(tx, id, { act: 'enter', content, documentKey: document.key, proposal, by }, now);
    await noteQuotePlaces(tx, document.key, text, [mention]);
    return deskPath('edities', id, entry.id);
  });
  return { onward: path };
}
