/** All that the pages of an edition show of it. */
import { lackingIn, type Lacking } from '../../../../calendars/editions/lacking.ts';
import type { Deadline } from '../../../../calendars/deadlines/deadline.ts';
import { AppError } from '../../../../calendars/errors.ts';
import type { Insurer } from '../../../../db/schema/schema.ts';
import { allDeadlines, listRevisions } from '../../../../db/registry/deadlines.ts';
import { readEdition, type EditionReading } from '../../../../db/registry/editions/reading.ts';
import { getInsurer, type ListedDocument } from '../../../../db/registry/insurers.ts';
import type { Revision } from '../../../../db/registry/revisions.ts';
import type { Deps } from '../../../deps.ts';
import { say } from '../frame.ts';
import { editorLabels, foretell } from './saying.ts';

/** An entry with what it was written on top of, and what it would say. */
export type ReadEntry = EditionReading['entries'][number] & {
  /** The revision that was read when it was written; null where it enters a deadline. */
  base: Revision | null;
  /** Null while it is not written far enough. */
  foretold: Deadline | null;
};

export interface EditionFacts extends Omit<EditionReading, 'entries'> {
  entries: ReadEntry[];
  /** Null for the whole sector. */
  insurer: (Insurer & { documents: ListedDocument[] }) | null;
  insurerName: string | null;
  /** What stands in its year. */
  current: Revision[];
  earlier: Revision[];
  lacking: Lacking<Revision>;
  labels: ReadonlyMap<string, string>;
}

/** Null where there is none. */
export async function readFacts({ read }: Pick<Deps, 'read'>, id: string): Promise<EditionFacts | null> {
  const reading = await ifThere(readEdition(read, id));
  if (reading === null) return null;
  const { edition } = reading;
  const { careType, contractYear, insurerSlug } = edition;
  const insurer = insurerSlug === null ? null : await getInsurer(read, insurerSlug);
  const all = await allDeadlines(read, {
    insurers: insurerSlug === null ? [] : [insurerSlug],
    withSector: insurerSlug === null,
    fromContractYear: contractYear - 1,
    withdrawnToo: true,
  });
  const written = [];
  for (const one of reading.entries) written.push({ ...one, base: await baseOf(read, one) });
  const foretold = await foretell(read, { edition, entries: written, insurerKind: insurer?.kind ?? null });
  return {
    ...reading,
    entries: written.map((one, n) => ({ ...one, foretold: foretold[n]! })),
    insurer,
    insurerName: insurer?.name ?? null,
    current: all.filter((one) => one.contractYear === contractYear),
    earlier: all.filter((one) => one.contractYear === contractYear - 1),
    lacking: lackingIn(all, { careType, contractYear, entries: reading.entries.map(({ entry }) => entry) }),
    labels: await editorLabels(read),
  };
}

/** "Noord, contractjaar 2027". */
export function nameOf({ edition, insurerName }: Pick<EditionFacts, 'edition' | 'insurerName'>): string {
  return say('edition:name', { insurer: insurerName ?? say('desk:work.sector'), year: edition.contractYear });
}

/** What an entry is called: by its own title, or as far as that is known. */
export function nameIn({ entry, foretold, standing }: Pick<ReadEntry, 'entry' | 'foretold' | 'standing'>): string {
  const own = typeof entry.content.title === 'string' ? entry.content.title : '';
  const activity = entry.activity === null ? '' : say(`common:activity.${entry.activity}`);
  return foretold?.title || own || standing?.title || activity || say('edition:untitled');
}

/** What an entry was written on top of: of what was amended meanwhile the revision that was read. */
async function baseOf(db: Deps['read'], { entry, standing }: EditionReading['entries'][number]): Promise<Revision | null> {
  if (entry.act === 'enter' || standing === null) return null;
  if (entry.baseRevision === null || entry.baseRevision === standing.revision) return standing;
  return (await listRevisions(db, standing.id)).find(({ revision }) => revision === entry.baseRevision) ?? standing;
}

/** Null for what is not there. */
async function ifThere<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}
