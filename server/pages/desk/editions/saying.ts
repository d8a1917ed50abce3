/** What an entry of an edition says, in a sentence, and who wrote in it. */
import { amsterdamDay } from '../../../../calendars/days.ts';
import { wholeOfEntry } from '../../../../calendars/editions/entry-content.ts';
import type { Content, Deadline, Days, Identity } from '../../../../calendars/deadlines/deadline.ts';
import { upperFirst } from '../../../../calendars/letter-case.ts';
import type { InsurerKind } from '../../../../calendars/terms.ts';
import { certaintyOf } from '../../../../calendars/words.ts';
import { listEditors } from '../../../../db/people/editors.ts';
import type { Edition, EditionEntry } from '../../../../db/registry/editions/drafts.ts';
import { resolveIn, type Planned } from '../../../../db/registry/resolving.ts';
import type { ReadDb } from '../../../../db/store/store.ts';
import { entrySentence } from '../../dates/sentence.ts';
import { say } from '../frame.ts';
import { whenWords } from '../rule-words.ts';

/** Which deadline an entry is, or would be. */
export type Place = Omit<Identity, 'id'>;

export function placeOf(
  edition: Edition,
  entry: Pick<EditionEntry, 'activity' | 'requirementKey' | 'slot'>,
  standing: Deadline | null,
): Place | null {
  const activity = standing?.activity ?? entry.activity;
  if (activity === null) return null;
  return {
    insurer: edition.insurerSlug,
    contractYear: edition.contractYear,
    careType: standing !== null && entry.activity === null ? standing.careType : edition.careType,
    activity,
    slot: entry.slot,
    key: entry.requirementKey,
  };
}

/** An entry with what it was written on top of. */
interface Written {
  base: Deadline | null;
  entry: EditionEntry;
}

/**
 * The entries of an edition as the deadlines that they would become, each counted from what the edition itself says; null while something of its shape is
 * missing.
 */
export async function foretell(
  db: ReadDb,
  { edition, entries, insurerKind }: { edition: Edition; entries: readonly Written[]; insurerKind: InsurerKind | null },
): Promise<(Deadline | null)[]> {
  const parts = entries.map(({ base, entry }) => ({ entry, whole: wholeOfEntry(entry, base), place: placeOf(edition, entry, base) }));
  const tell = async ({ place, whole }: (typeof parts)[number], planned: readonly Planned[]) =>
    whole === null || place === null ? null : asDeadline(place, whole, await resolveIn(db, place, whole, planned), insurerKind);
  const planned: Planned[] = [];
  // What counts from another comes after what it may count from.
  for (const part of parts) {
    const foretold = part.whole?.rule.kind === 'offset' ? null : await tell(part, []);
    if (foretold !== null) planned.push(plannedOf(part.entry, foretold));
  }
  return Promise.all(parts.map((part) => tell(part, planned)));
}

/** What entries plan, from which others count. */
export function plannedIn(entries: readonly { entry: EditionEntry; foretold: Deadline | null }[]): Planned[] {
  return entries.flatMap(({ entry, foretold }) => (foretold === null ? [] : [plannedOf(entry, foretold)]));
}

function plannedOf({ act, deadlineId }: EditionEntry, { activity, careType, certainty, dueOn }: Deadline): Planned {
  return { id: deadlineId, careType, activity, certainty, dueOn: act === 'withdraw' ? undefined : dueOn };
}

function asDeadline(place: Place, content: Content, days: Days, insurerKind: InsurerKind | null): Deadline {
  const unwritten = {
    id: '',
    revision: 0,
    revisedAt: new Date(0),
    status: 'published',
    checkedOn: null,
    checkedBy: null,
    precedent: null,
  } as const;
  return { ...unwritten, ...place, ...content, ...days, insurerKind };
}

/** "uiterlijk maandag 30 september 2024 …", a whole sentence. */
export function sentenceOf(deadline: Deadline, insurerName: string | null, now: Date): string {
  return entrySentence(deadline, insurerName, amsterdamDay(now), 'nl');
}

/** When an entry is with how sure that is, in a few words: "30 september 2024, volgens de bron". */
export function dayWords(deadline: Deadline): string {
  const sure = certaintyOf(deadline, 'nl');
  return upperFirst(isUndated(deadline) ? sure : `${whenWords(deadline)}, ${sure}`);
}

/** Of what is not known when, that is all there is to say. */
const isUndated = ({ certainty, rule }: Deadline) => certainty === 'unknown' && rule.kind === 'none';

/** The names of editors by what stands for them in the audit. */
export async function editorLabels(db: ReadDb): Promise<ReadonlyMap<string, string>> {
  return new Map((await listEditors(db)).map(({ label, personId }) => [`person:${personId}`, label]));
}

/** Who did something; of who is no editor any more, or is a program, that. */
export function labelIn(labels: ReadonlyMap<string, string>, by: string): string {
  return labels.get(by) ?? say(by.startsWith('person:') ? 'edition:somebody' : 'edition:program');
}
