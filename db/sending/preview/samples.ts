/** Samples: for each kind of reader the mail of one of them, drafted as it is when it leaves, with nothing in it but what the edition changed. */
import { setImmediate } from 'node:timers/promises';
import type { Language, RelationStatus, Role } from '../../../calendars/terms.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import { announceTo, type Change } from '../../notices/news.ts';
import { isUnsettled } from '../../notices/notices.ts';
import type { Edition } from '../../registry/editions/drafts.ts';
import { languageFor } from '../../recipients/preferences.ts';
import { addresseeOf, isPaused } from '../../recipients/pauses.ts';
import type { Message } from '../../schema/schema.ts';
import { and, asc, desc, eq, inArray, isNull } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { reviewMessage, type Draft } from '../composing.ts';
import { gatherMails } from '../gathering.ts';
import type { Hearer } from './readers.ts';

/** A kind of reader, and the mail of one of them. */
export interface Sample extends ReaderKind {
  recipients: number;
  /** How many of them are not told of all that this mail tells. */
  partly: number;
  /** When it leaves. */
  at: Date;
  draft: Draft;
}

interface ReaderKind {
  roles: readonly Role[];
  /** How they stand with the insurer; null where no insurer asks, or they only deliver for others. */
  relation: RelationStatus | null;
  language: Language;
}

interface Announced {
  edition: Edition;
  /** What the edition changed. */
  changes: readonly Change[];
  hearers: readonly Hearer[];
  /** When it is announced. */
  now: Date;
}

/** Kinds of readers that hear of an edition and of whom no mail was drafted. */
export interface Undrafted {
  kinds: number;
  recipients: number;
}

/** Announces the changes to one of each kind, and drafts its mail. The largest kind comes first; of more kinds than these no mail is drafted. */
export async function draftSamples(tx: WriteDb, announced: Announced): Promise<{ samples: Sample[]; undrafted: Undrafted }> {
  const { edition, hearers, now } = announced;
  const relations = await relationsWith(tx, edition);
  // Who only hears of a day of its own has no mail that others may see.
  const readers = hearers.filter(({ deadlineIds }) => deadlineIds.size > 0).map((one) => ({ ...one, kind: kindOf(one, relations) }));
  const all = [...Map.groupBy(readers, ({ kind }) => JSON.stringify(kind))];
  const kinds = all
    .toSorted(([one, some], [other, others]) => others.length - some.length || (one < other ? -1 : 1))
    .slice(0, MOST_KINDS)
    .map(([, some]) => some.toSorted(byFitness(now)));
  const tell = await openTelling(tx, announced);
  await tell(kinds.map((some) => some[0]!.organisation.id));
  const samples: Sample[] = [];
  for (const some of kinds) {
    // Others get their turn.
    await setImmediate();
    const sample = await sampleOf(tx, some, { ...announced, tell });
    if (sample !== null) samples.push(sample);
  }
  const drafted = samples.reduce((sum, { recipients }) => sum + recipients, 0);
  return { samples, undrafted: { kinds: all.length - samples.length, recipients: readers.length - drafted } };
}

const MOST_KINDS = 24;
/** How many of one kind are tried. */
const MOST_TRIED = 3;

type Reader = Hearer & { kind: ReaderKind };

/** Tells organisations of all that is on record of the changed deadlines, each organisation once: an earlier change that is not told yet goes along. */
async function openTelling(tx: WriteDb, { changes, now }: Announced): Promise<(organisationIds: readonly string[]) => Promise<void>> {
  const { changes: records } = tx.tables;
  const ids = changes.map(({ deadlineId }) => deadlineId);
  const all = await tx.select().from(records).where(inArray(records.deadlineId, ids)).orderBy(asc(records.recordedAt), asc(records.id));
  const known = new Set<string>();
  return async (organisationIds) => {
    const some = [...new Set(organisationIds)].filter((id) => !known.has(id));
    for (const id of some) known.add(id);
    if (some.length === 0) return;
    for (const change of all) {
      await setImmediate();
      await announceTo(tx, some, change, now);
    }
  };
}

type Telling = Announced & { tell: Awaited<ReturnType<typeof openTelling>> };

async function sampleOf(tx: WriteDb, readers: readonly Reader[], telling: Telling): Promise<Sample | null> {
  for (const reader of readers.slice(0, MOST_TRIED)) {
    const drafted = await draftFor(tx, reader, telling);
    if (drafted === null) continue;
    const told = new Set(drafted.draft.changes.map(({ after }) => after.id));
    const partly = readers.filter(({ deadlineIds }) => !told.isSubsetOf(deadlineIds)).length;
    return { ...reader.kind, ...drafted, recipients: readers.length, partly };
  }
  return null;
}

/** Gathers what leaves with a reader's news and drafts it, and leaves out all that is not about the edition. */
async function draftFor(tx: WriteDb, reader: Reader, { changes, now, tell }: Telling): Promise<Pick<Sample, 'at' | 'draft'> | null> {
  await tell([reader.organisation.id]);
  const message = await newsMailOf(tx, reader);
  if (message === null) return null;
  const at = leavingAt(message, now);
  await gatherMails(tx, [reader.recipient.id], { now: at });
  const { draft } = await reviewMessage(tx, (await newsMailOf(tx, reader)) ?? message, at);
  if (draft === null) return null;
  const changed = new Set(changes.map(({ deadlineId }) => deadlineId));
  // A day of an organisation's own is its own affair.
  const about = draft.changes.filter(({ after, owner }) => owner === null && changed.has(after.id));
  return about.length === 0 ? null : { at, draft: onlyChanges(draft, about) };
}

/** The newest mail that is to tell a reader of it. */
async function newsMailOf(db: ReadDb, { deadlineIds, recipient }: Reader): Promise<Message | null> {
  const { messages, notices } = db.tables;
  const isNews = and(eq(notices.kind, 'change'), isNull(notices.reason), inArray(notices.deadlineId, [...deadlineIds]));
  const [row] = await db
    .select({ message: messages })
    .from(messages)
    .innerJoin(notices, eq(notices.messageId, messages.id))
    .where(and(eq(messages.recipientId, recipient.id), isUnsettled(db), isNews))
    .orderBy(desc(messages.createdAt), desc(messages.id))
    .limit(1);
  return row?.message ?? null;
}

function leavingAt({ dueAt, nextAt }: Message, now: Date): Date {
  return new Date(Math.max(now.getTime(), dueAt.getTime(), nextAt?.getTime() ?? 0));
}

/** The mail of who is told of these changes and of nothing else, reads for itself, and has done nothing of it yet. */
function onlyChanges(draft: Draft, changes: Draft['changes']): Draft {
  return {
    ...draft,
    kind: 'change',
    to: draft.recipient.email,
    isForDeputy: false,
    changes: changes.map((one) => ({ ...one, done: false })),
    otherNames: [],
    due: [],
    steps: [],
    next: [],
    others: 0,
    undone: [],
    acts: [],
    requirements: [],
    requestNotes: [],
    withoutPolicy: [],
    takenAway: [],
  };
}

/** Who reads for itself and without a pause before the others, and of them who hears of most. */
function byFitness(now: Date): (a: Reader, b: Reader) => number {
  const today = amsterdamDay(now);
  const hindrance = ({ recipient }: Reader) =>
    Number(isPaused(recipient, today)) + Number(addresseeOf(recipient, today) !== recipient.email);
  return (a, b) => hindrance(a) - hindrance(b) || b.deadlineIds.size - a.deadlineIds.size || (a.recipient.id < b.recipient.id ? -1 : 1);
}

function kindOf({ organisation, recipient }: Hearer, relations: ReadonlyMap<string, RelationStatus>): ReaderKind {
  const language = languageFor(recipient, organisation);
  return { roles: organisation.roles.toSorted(), relation: relations.get(organisation.id) ?? null, language };
}

/** How organisations stand with the edition's insurer. */
async function relationsWith(db: ReadDb, { insurerSlug }: Edition): Promise<Map<string, RelationStatus>> {
  const { relations } = db.tables;
  const { contractStatus: status, organisationId: id } = relations;
  const rows = await db
    .select({ id, status })
    .from(relations)
    .where(eq(relations.insurerSlug, insurerSlug ?? ''));
  return new Map(rows.map((row) => [row.id, row.status]));
}
