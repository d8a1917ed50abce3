/** An edition with all that an editor has to see beside it: each entry with the deadline as it stands, how it was last year, and what it lacks. */
import { createHash } from 'node:crypto';
import type { Fault } from '../../../calendars/errors.ts';
import { faultsByEntry } from '../../../calendars/editions/draft-faults.ts';
import { retiresProjected } from '../../../calendars/deadlines/certainty.ts';
import type { ReadDb } from '../../store/store.ts';
import { allDeadlines } from '../deadlines.ts';
import type { Revision } from '../revisions.ts';
import { writersOf } from './writers.ts';
import { entriesOf, getEdition, type Edition, type EditionEntry } from './drafts.ts';

/** An entry beside what it is compared with. */
interface EntryReading {
  entry: EditionEntry;
  /** The deadline that it changes, as it stands; of what is entered the one that has its place and would become it. Null where there is none. */
  standing: Revision | null;
  /** The same one contract year earlier; null where nothing was known. */
  lastYear: Revision | null;
  /** What keeps it from being published; empty once it is published. */
  faults: Fault[];
}

export interface EditionReading {
  edition: Edition;
  entries: EntryReading[];
  /** Everybody who wrote any of it, also what no longer stands there. */
  writers: string[];
  /** Another one after every save of it or of an entry: what was seen is published only as long as it is the same. */
  mark: string;
}

/** Reads an edition, whatever became of it. Throws `not_found`. */
export async function readEdition(db: ReadDb, id: string): Promise<EditionReading> {
  const edition = await getEdition(db, id);
  const entries = await entriesOf(db, id);
  const { contractYear, insurerSlug } = edition;
  const all = await allDeadlines(db, {
    insurers: insurerSlug === null ? [] : [insurerSlug],
    withSector: insurerSlug === null,
    fromContractYear: contractYear - 1,
    withdrawnToo: true,
  });
  const known = {
    current: all.filter((one) => one.contractYear === contractYear),
    earlier: all.filter((one) => one.contractYear < contractYear),
  };
  const compared = entries.map((entry) => {
    const standing = standingOf(entry, edition, known.current);
    const like = { ...entry, careType: standing?.careType ?? edition.careType };
    return { entry, standing, lastYear: known.earlier.filter((one) => isAlike(one, like)).sort(bySameCare(like.careType))[0] ?? null };
  });
  const faults = edition.status === 'draft' ? faultsByEntry(compared, edition.reason) : new Map<string, Fault[]>();
  return {
    edition,
    entries: compared.map((one) => ({ ...one, faults: faults.get(one.entry.id) ?? [] })),
    writers: await writersOf(db, id),
    mark: markOf(edition, entries),
  };
}

/** By which it is known whether an edition is still what somebody saw. */
function markOf({ id, version }: Edition, entries: readonly EditionEntry[]): string {
  const versions = entries.map((one) => `${one.id} ${one.version}`).join('\n');
  return createHash('sha256').update(`${id} ${version}\n${versions}`).digest('base64url').slice(0, 22);
}

/** What an entry is about, as it stands. What is entered has the place of its own kind of care, else of what is only projected for any. */
function standingOf(entry: EditionEntry, { careType, insurerSlug }: Edition, all: readonly Revision[]): Revision | null {
  if (entry.act !== 'enter') return all.find(({ id }) => id === entry.deadlineId) ?? null;
  const alike = all.filter((one) => isAlike(one, entry));
  const assumed = alike.find(
    ({ certainty, status }) => status === 'published' && (certainty === 'template' || certainty === 'sector_rule'),
  );
  return alike.find((one) => one.careType === careType) ?? (canRetire(entry, insurerSlug) ? (assumed ?? null) : null);
}

/** As `findRetirement` has it. */
const canRetire = ({ activity, content: { certainty }, slot }: EditionEntry, insurer: string | null) =>
  insurer !== null && slot === null && activity !== 'contract_requirement' && certainty !== undefined && retiresProjected({ certainty });

const isAlike = ({ activity, key, slot }: Revision, entry: Pick<EditionEntry, 'activity' | 'requirementKey' | 'slot'>) =>
  activity === entry.activity && key === entry.requirementKey && slot === entry.slot;

const bySameCare = (careType: Edition['careType']) => (a: Revision, b: Revision) =>
  Number(b.careType === careType) - Number(a.careType === careType) || Number(b.status === 'published') - Number(a.status === 'published');
