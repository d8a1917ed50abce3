/** What editors decided of the sentences that documents propose: accepted into an edition, or rejected. A sentence is known by its digest, for each insurer. */
import { isProjected } from '../../../calendars/deadlines/certainty.ts';
import { amendmentOf, draftEntries, type DraftedEntry } from '../../../calendars/extraction/drafting.ts';
import type { Joined } from '../../../calendars/extraction/joining.ts';
import { AppError } from '../../../calendars/errors.ts';
import { fold } from '../../../calendars/extraction/passages.ts';
import { and, asc, eq, inArray, isNotNull, isNull, ne } from '../../store/drizzle.ts';
import { digestOf } from '../../store/secrets.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { allDeadlines, getDeadline } from '../deadlines.ts';
import { addEntry, openDraft, type EditionEntry, type EntryInput } from '../editions/drafts.ts';
import type { RegistryDocument } from '../insurers.ts';
import type { EditionStatus } from '../../schema/registry/editions.ts';
import type { DocumentScope } from './keeping.ts';
import { noteQuotePlaces } from './quotes.ts';

interface Change {
  by: string;
  now: Date;
}

export interface Rejection {
  reason: string;
  rejectedAt: Date;
  rejectedBy: string;
}

/** Where a sentence was accepted: the entry of an edition, which may be a draft still. */
export interface Acceptance extends DocumentScope {
  editionId: string;
  entryId: string;
  status: EditionStatus;
  editedBy: string;
}

/** A sentence as it is known again in another version, whatever its white space. */
export function proposalDigest(quote: string): string {
  return digestOf(fold(quote));
}

/** Rejects sentences of an insurer (null: of the whole sector), with a reason. What was rejected before keeps its first reason. */
export async function rejectProposals(
  tx: WriteDb,
  insurer: string | null,
  { quotes, reason }: { quotes: readonly string[]; reason: string },
  { by, now }: Change,
): Promise<void> {
  const rows = quotes.map((quote) => ({
    insurerSlug: insurer ?? '',
    proposal: proposalDigest(quote),
    reason,
    rejectedAt: now,
    rejectedBy: by,
  }));
  if (rows.length > 0) await tx.insert(tx.tables.rejections).values(rows).onConflictDoNothing();
}

/** Takes rejections back: what was not rejected stays as it is. */
export async function takeBackRejections(tx: WriteDb, insurer: string | null, quotes: readonly string[]): Promise<void> {
  const { rejections } = tx.tables;
  const digests = quotes.map(proposalDigest);
  if (digests.length > 0)
    await tx.delete(rejections).where(and(eq(rejections.insurerSlug, insurer ?? ''), inArray(rejections.proposal, digests)));
}

/** What was rejected of an insurer, by the digest of the sentence. */
export async function rejectionsOf(db: ReadDb, insurer: string | null): Promise<Map<string, Rejection>> {
  const { rejections } = db.tables;
  const rows = await db
    .select()
    .from(rejections)
    .where(eq(rejections.insurerSlug, insurer ?? ''));
  return new Map(rows.map(({ insurerSlug: _, proposal, ...rejection }) => [proposal, rejection]));
}

/** What was accepted of an insurer, by the digest of the sentence, the newest edition of a place alone; what was discarded or taken back is not. */
export async function acceptancesOf(db: ReadDb, insurer: string | null): Promise<Map<string, Acceptance[]>> {
  const { editionEntries, editions } = db.tables;
  const rows = await db
    .select({
      proposal: editionEntries.proposal,
      contractYear: editions.contractYear,
      careType: editions.careType,
      editionId: editions.id,
      entryId: editionEntries.id,
      status: editions.status,
      editedBy: editionEntries.editedBy,
    })
    .from(editionEntries)
    .innerJoin(editions, eq(editions.id, editionEntries.editionId))
    .where(
      and(
        insurer === null ? isNull(editions.insurerSlug) : eq(editions.insurerSlug, insurer),
        isNotNull(editionEntries.proposal),
        ne(editions.status, 'discarded'),
        ne(editions.status, 'taken_back'),
      ),
    )
    .orderBy(asc(editions.createdAt), asc(editionEntries.position));
  const newest = new Map(rows.map((row) => [`${row.proposal} ${row.contractYear} ${row.careType}`, row]));
  const bySentence = Map.groupBy(newest.values(), ({ proposal }) => proposal!);
  return new Map([...bySentence].map(([proposal, some]) => [proposal, some.map(({ proposal: _, ...acceptance }) => acceptance)]));
}

/** What is accepted: proposals that belong together, of a document that speaks of an insurer (null: of the sector). */
interface Accepted {
  joined: Joined;
  insurer: string | null;
  document: Pick<RegistryDocument, 'key' | 'title' | 'url'>;
  /** The text that it was read in. */
  text: string;
  scope: DocumentScope;
}

/** The draft says something else of the deadline that a proposal is about: an editor has to choose. */
export class ProposalInTheWay extends AppError {
  /** The entry that stands there. */
  readonly entry: EditionEntry;
  /** As it is called. */
  readonly title: string;

  constructor(entry: EditionEntry, title: string) {
    super('conflict', 'The draft has another entry about this deadline.');
    this.name = 'ProposalInTheWay';
    this.entry = entry;
    this.title = title;
  }
}

/**
 * Puts what proposals say into the draft of its insurer, kind of care and year, with what stood around its quotes. Accepted twice it is there once, and
 * a rejection of it is over. Gives the edition and its entry. Throws `ProposalInTheWay` where another entry of the draft is about the same deadline.
 */
export async function acceptProposals(
  tx: WriteDb,
  { document, insurer, joined, scope, text }: Accepted,
  { by, now }: Change,
): Promise<{ editionId: string; entryId: string; isNew: boolean }> {
  const quotes = joined.map(({ quote }) => quote);
  const draft = await openDraft(tx, { insurer, ...scope, by }, now);
  const entries = draftEntries(joined, { document: document.title, url: document.url });
  const digest = proposalDigest(quotes[0]!);
  const added = [];
  for (const [i, entry] of entries.entries()) {
    // The first stands for all of them.
    const proposal = i === 0 ? digest : digestOf(`${digest}/${i}`);
    const said = await entryFor(tx, { insurer, scope, entry });
    const one = await addEntry(tx, draft.id, { ...said, documentKey: document.key, proposal, by }, now);
    if (one.entry.proposal !== proposal) throw new ProposalInTheWay(one.entry, await titleOf(tx, one.entry));
    added.push(one);
  }
  await noteQuotePlaces(tx, document.key, text, joined);
  await takeBackRejections(tx, insurer, quotes);
  return { editionId: draft.id, entryId: added[0]!.entry.id, isNew: added.some(({ isNew }) => isNew) };
}

async function titleOf(db: ReadDb, { content, deadlineId }: EditionEntry): Promise<string> {
  return content.title ?? (deadlineId === null ? '' : (await getDeadline(db, deadlineId)).title);
}

/** What it is to the edition: a new entry, or a change of the one that is there. Over what is only projected one enters. */
async function entryFor(
  db: ReadDb,
  { entry, insurer, scope }: Pick<Accepted, 'insurer' | 'scope'> & { entry: DraftedEntry },
): Promise<EntryInput> {
  const { activity, content, requirementKey, slot } = entry;
  const all = await allDeadlines(db, {
    insurers: insurer === null ? [] : [insurer],
    withSector: insurer === null,
    fromContractYear: scope.contractYear,
    withdrawnToo: false,
  });
  const standing = all.find(
    (one) =>
      one.contractYear === scope.contractYear &&
      one.careType === scope.careType &&
      one.activity === activity &&
      one.slot === slot &&
      one.key === requirementKey &&
      !isProjected(one) &&
      one.certainty !== 'sector_rule',
  );
  if (standing === undefined) return { act: 'enter', activity, slot, requirementKey, content };
  return { act: 'amend', deadlineId: standing.id, baseRevision: standing.revision, content: amendmentOf(content, standing) };
}
