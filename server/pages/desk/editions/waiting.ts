/** The drafts that wait, each with who wrote in it last. */
import { compareNames } from '../../../../calendars/collation.ts';
import { entriesOf, type ListedDraft } from '../../../../db/registry/editions/drafts.ts';
import type { ReadDb } from '../../../../db/store/store.ts';
import { html, type SafeHtml } from '../../html.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { writeMoment } from '../../people/moment.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { deskPath, say } from '../frame.ts';
import { nameOf } from './facts.ts';
import { labelIn } from './saying.ts';

/** A draft with who wrote last, as the audit knows them. */
export interface WaitingDraft extends ListedDraft {
  editedBy: string;
}

/** With who wrote in each last: of what has no entry, who began it. */
export async function withWriters(db: ReadDb, drafts: readonly ListedDraft[]): Promise<WaitingDraft[]> {
  const all: WaitingDraft[] = [];
  for (const draft of drafts) {
    const entries = await entriesOf(db, draft.edition.id);
    const last = entries.toSorted((a, b) => a.editedAt.getTime() - b.editedAt.getTime()).at(-1);
    all.push({ ...draft, editedBy: last?.editedBy ?? draft.edition.createdBy });
  }
  return all;
}

interface Names {
  labels: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
}

/** By insurer, the whole sector last, and by year. */
export function draftList(ask: EditorAsk, drafts: readonly WaitingDraft[], { labels, names }: Names): SafeHtml {
  const nameIn = ({ edition }: ListedDraft) => (edition.insurerSlug === null ? '\u{10ffff}' : (names.get(edition.insurerSlug) ?? ''));
  const sorted = drafts.toSorted((a, b) => compareNames(nameIn(a), nameIn(b), 'nl') || a.edition.contractYear - b.edition.contractYear);
  return html`<ul class="lines">
    ${sorted.map(({ editedAt, editedBy, edition, entries }) => {
      const { careType, createdAt, id, insurerSlug } = edition;
      const insurerName = insurerSlug === null ? null : (names.get(insurerSlug) ?? insurerSlug);
      const written = { who: labelIn(labels, editedBy), moment: writeMoment(editedAt ?? createdAt, 'nl') };
      return html`<li>
        <p class="what"><a href="${pageAddress(ask, deskPath('edities', id))}">${nameOf({ edition, insurerName })}</a></p>
        <p>${say(`common:care_type.${careType}`)} · ${say('edition:list.entries', { count: entries })}</p>
        <p class="small">${say('edition:edited', written)}</p>
      </li>`;
    })}
  </ul>`;
}
