/** The editors' work list: what each insurer lacks and is to be checked for, what readers and purchasers say, and which editions wait. */
import { compareNames } from '../../../calendars/collation.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import type { Day } from '../../../calendars/terms.ts';
import { workOf, type ShelfWork } from '../../../calendars/upkeep/work.ts';
import type { ReadDb } from '../../store/store.ts';
import { listDeskDocuments, type DeskDocument } from '../documents/documents.ts';
import { findQuotesAgain } from '../documents/quotes.ts';
import { listDrafts } from '../editions/drafts.ts';
import { unseenEditions } from '../editions/looking.ts';
import { countAnswers } from '../purchasers/answers.ts';
import { countReports } from '../reports.ts';
import type { Revision } from '../revisions.ts';
import type { Snapshot } from '../snapshot.ts';
import { newestDocuments } from './newest-documents.ts';

/** All that the registry keeps of an insurer, and when its newest document came out. */
export interface Shelf {
  /** Null, and so is the name: for what holds for all insurers. */
  slug: string | null;
  name: string | null;
  deadlines: readonly Revision[];
  newestDocumentOn: Day | null;
}

/** What there is to do for one insurer. */
export interface InsurerWork extends ShelfWork, Pick<Shelf, 'name' | 'slug'> {
  /** How many quotes its newest document no longer has; null where there are none. */
  lost: { key: string; count: number } | null;
}

export interface WorkList {
  insurers: InsurerWork[];
  /** What purchasers say is wrong, and what is right. */
  wrong: number;
  right: number;
  /** What readers say is wrong, drafts, and editions at which nobody but their writer has looked. */
  reports: number;
  drafts: number;
  unseen: number;
}

/** Whether nothing waits for anybody. */
export function amountsToNothing({ drafts, insurers, reports, right, unseen, wrong }: WorkList): boolean {
  return drafts + reports + right + unseen + wrong === 0 && insurers.every(isDone);
}

/** Whether there is nothing to do for an insurer. */
export function isDone({ lost, policyOf, ...counts }: InsurerWork): boolean {
  const { assumed, check, conflict, outdated, unreadable } = counts;
  return lost === null && policyOf === null && assumed + check + conflict + outdated + unreadable === 0;
}

type Registry = Pick<Snapshot, 'names' | 'parts'>;

/** Insurers by name; what holds for all comes last. */
export async function readShelves(db: ReadDb, { names, parts }: Registry): Promise<Shelf[]> {
  const documents = await newestDocuments(db);
  const shelf = (slug: string | null, name: string | null): Shelf => ({
    slug,
    name,
    deadlines: parts.get(slug ?? '')?.deadlines ?? [],
    newestDocumentOn: documents.get(slug ?? '') ?? null,
  });
  const insurers = [...names].toSorted(([, one], [, other]) => compareNames(one, other, 'nl')).map(([slug, name]) => shelf(slug, name));
  return [...insurers, shelf(null, null)];
}

/** All that there is to do, also of insurers for which there is nothing. */
export async function readWorkList(db: ReadDb, registry: Registry, now: Date): Promise<WorkList> {
  const shelves = await readShelves(db, registry);
  const lost = await countLost(db, registry);
  const today = amsterdamDay(now);
  return {
    insurers: shelves.map(({ deadlines, name, newestDocumentOn, slug }) => ({
      slug,
      name,
      ...workOf({ deadlines, newestDocumentOn, isSector: slug === null }, today),
      lost: lost.get(slug ?? '') ?? null,
    })),
    ...(await countAnswers(db)),
    reports: (await countReports(db, now)).open,
    drafts: (await listDrafts(db)).length,
    unseen: (await unseenEditions(db)).length,
  };
}

/** How many quotes the newest text of each insurer no longer has, by slug, with its document; only where there is one. */
async function countLost(db: ReadDb, { parts }: Registry): Promise<Map<string, { key: string; count: number }>> {
  const lost = new Map<string, { key: string; count: number }>();
  const newest = new Map<string, DeskDocument>();
  for (const document of await listDeskDocuments(db)) {
    const [slug] = document.insurers;
    if (slug !== undefined && document.file !== null && !newest.has(slug)) newest.set(slug, document);
  }
  for (const [slug, document] of newest) {
    const quotes = await findQuotesAgain(db, document, parts.get(slug)?.deadlines ?? []);
    const count = quotes.filter(({ finding }) => finding === null).length;
    if (count > 0) lost.set(slug, { key: document.key, count });
  }
  return lost;
}
