/** Where something stands, and when somebody last compared it: in one line, in sight. */
import { isProjected } from '../../../calendars/deadlines/certainty.ts';
import { isColumnInferred } from '../../../calendars/deadlines/knowledge.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { withDutch } from '../parts/dutch.ts';
import { writeChecked } from '../parts/quote.ts';
import { webLink } from '../parts/ways.ts';

/** What several entries share, so that it is said once: their document, and the day on which they were compared with it. */
export interface SharedSource {
  document: string;
  checkedOn: string | null;
}

/** The source of all that was stated; null where there are several, or none. */
export function sharedSource(deadlines: readonly Sourced[]): SharedSource | null {
  const sources = deadlines.flatMap((one) => {
    const source = sourceOf(one);
    return source === null ? [] : [{ document: source.document, checkedOn: one.checkedOn }];
  });
  const [first] = sources;
  return first !== undefined && sources.every((one) => isSame(one, first)) ? first : null;
}

/** "Bron: Zorginkoopbeleid 2025; gecontroleerd op 30 november 2026." Nothing where there is no one source. */
export function sharedLine(shared: SharedSource | null, language: Language): string | SafeHtml {
  if (shared === null) return '';
  const checked = writeChecked(shared.checkedOn, language);
  return withDutch(wordsIn(language)('page:insurer.source_line', { document: shared.document, checked }), [shared.document], language);
}

/** The strongest source with its place; of what is shared only the place. Of what nobody stated there is none. */
export function sourceLine(deadline: Sourced, shared: SharedSource | null, language: Language): SafeHtml | '' {
  const source = sourceOf(deadline);
  if (source === null) return '';
  const isShared = shared !== null && isSame(shared, { document: source.document, checkedOn: deadline.checkedOn });
  const section = source.section === null ? null : writeSection(source.section);
  const place = isShared ? section : [source.document, section].filter((part) => part !== null).join(', ');
  const words = place === null ? null : withDutch(place, [source.document, source.section], language);
  const linked = words === null || isShared || source.url === null ? words : webLink(source.url, words);
  const notes = [linked, inferredColumn(deadline, language), isShared ? '' : writeChecked(deadline.checkedOn, language)];
  const shown = notes.filter((note) => note !== null && note !== '');
  return shown.length === 0 ? '' : html`<span class="source">${shown.map((note, at) => html`${at === 0 ? '' : ' · '}${note}`)}</span>`;
}

/** "§ 6.3"; what has a name of its own stays as it is. */
export function writeSection(section: string): string {
  return /^\d/.test(section) ? `§\u00a0${section}` : section;
}

/** "kolom afgeleid", where the memo does not say whose line it is; else nothing. */
export function inferredColumn(deadline: Pick<Deadline, 'basis'>, language: Language): string {
  return isColumnInferred(deadline) ? wordsIn(language)('page:insurer.column') : '';
}

/** What "kolom afgeleid" means, where it stands at one of these entries. */
export function columnNote(shown: readonly Pick<Deadline, 'basis'>[], language: Language): SafeHtml | '' {
  if (!shown.some(isColumnInferred)) return '';
  return html`<p class="small unprinted">${wordsIn(language)('page:insurer.column_text')}</p>`;
}

type Sourced = Pick<Deadline, 'basis' | 'certainty' | 'checkedOn' | 'sources'>;

const sourceOf = (deadline: Sourced) => (isProjected(deadline) ? null : (deadline.sources[0] ?? null));
const isSame = (a: SharedSource, b: SharedSource) => a.document === b.document && a.checkedOn === b.checkedOn;
