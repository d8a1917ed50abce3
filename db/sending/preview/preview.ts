/** What publishing a draft edition would do, found by doing it: published, made public, announced, gathered and drafted in a transaction that is rolled back. */
import { AppError, type Fault } from '../../../calendars/errors.ts';
import type { Change } from '../../notices/news.ts';
import { makeEditionsPublicIn } from '../../registry/editions/becoming-public.ts';
import { getEdition, holdDraft, type Edition } from '../../registry/editions/drafts.ts';
import { holdGraces } from '../../registry/editions/held.ts';
import { publishEdition, waitForRegistry } from '../../registry/editions/publish.ts';
import { readEdition } from '../../registry/editions/reading.ts';
import { readSnapshot, type Snapshot } from '../../registry/snapshot.ts';
import { readCounters } from '../../store/counters.ts';
import { asc, eq } from '../../store/drizzle.ts';
import { isDeadlock, type ReadDb, type Store, type WriteDb } from '../../store/store.ts';
import { undone } from '../../store/transactions/undone.ts';
import { readDoubts, type Doubts } from './doubts.ts';
import { changedEvents, type ChangedEvent } from './events.ts';
import { readHearing, type Hearing } from './hearing.ts';
import { readReaders } from './readers.ts';
import { draftSamples, type Sample, type Undrafted } from './samples.ts';

/** Who looks, as `publishEdition` is told of who publishes, and where calendars say that the service is. */
export interface Looking {
  by: string;
  label: string;
  publicUrl: string;
}

/** Why a draft cannot be published, or else what comes of it. */
export type Foreseen = { faults: Fault[] } | (Outcome & { faults: null });

interface Outcome {
  hearing: Hearing;
  /** One mail for each kind of reader, as far as it is about this edition. */
  samples: Sample[];
  undrafted: Undrafted;
  /** What becomes of events in calendars. */
  events: ChangedEvent[];
  doubts: Doubts;
}

/** The same with the mails as they are written, without names, addresses and what is signed. */
export type Preview = { faults: Fault[] } | (Omit<Outcome, 'samples'> & { faults: null; mails: SampleMail[] });
export type SampleMail = Omit<Sample, 'draft'> & { subject: string; text: string; html: string };

/**
 * What would come of publishing a draft at this moment, once its ten minutes are over; nothing of it stays. Nobody is asked why nobody else looked at it.
 * Null where it is no draft. Throws `not_found`.
 */
export async function foreseeEdition(store: Store, id: string, looking: Looking, now: Date): Promise<Foreseen | null> {
  if ((await getEdition(store.read, id)).status !== 'draft') return null;
  for (let tries = 1; ; tries += 1) {
    try {
      return await undone(store, (_, tx) => publishInside(tx, { id, looking, now }));
    } catch (error) {
      // It holds much at once. Whoever else does, on PostgreSQL, may have gone first.
      if (!isDeadlock(error) || tries === MOST_TRIES) throw error;
    }
  }
}

const MOST_TRIES = 3;

interface Trial {
  id: string;
  looking: Looking;
  now: Date;
}

async function publishInside(tx: WriteDb, { id, looking, now }: Trial): Promise<Foreseen | null> {
  const before = await holdAll(tx, id);
  if (before === null) return null;
  const edition = await tryPublishing(tx, { id, looking, now });
  if ('faults' in edition) return edition;
  const later = edition.publicAt!;
  const changes = await changesOf(tx, id);
  await makeEditionsPublicIn(tx, later);
  const after = await readSnapshot(tx, await readCounters(tx));
  const place = { slug: edition.insurerSlug ?? '', publicUrl: looking.publicUrl, now: later };
  const readers = await readReaders(tx, { edition, changes, now: later });
  return {
    faults: null,
    events: changedEvents(before, after, place),
    doubts: await readDoubts(tx, { edition, changedIds: changes.map(({ deadlineId }) => deadlineId), snapshot: after, now }),
    hearing: await readHearing(tx, readers, later),
    ...(await draftSamples(tx, { edition, changes, hearers: readers.hearers, now: later })),
  };
}

/** Holds all that is changed, in the order in which others do: editions before the registry. Gives the registry as it stands; null for no draft. */
async function holdAll(tx: WriteDb, id: string): Promise<Snapshot | null> {
  await holdGraces(tx);
  const draft = await holdDraft(tx, id).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'conflict') return null;
    throw error;
  });
  if (draft === null) return null;
  await waitForRegistry(tx, draft);
  return readSnapshot(tx, await readCounters(tx));
}

async function tryPublishing(tx: WriteDb, { id, looking: { by, label }, now }: Trial): Promise<Edition | { faults: Fault[] }> {
  const { mark } = await readEdition(tx, id);
  try {
    return await publishEdition(tx, id, { mark, by, label, aloneReason: 'a preview' }, now);
  } catch (error) {
    if (!(error instanceof AppError) || error.faults.length === 0) throw error;
    return { faults: [...error.faults] };
  }
}

/** What an edition changed that may be told of, with what moved along. */
async function changesOf(db: ReadDb, editionId: string): Promise<Change[]> {
  const { changes } = db.tables;
  return db.select().from(changes).where(eq(changes.editionId, editionId)).orderBy(asc(changes.recordedAt), asc(changes.id));
}
