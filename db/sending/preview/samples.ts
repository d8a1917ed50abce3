/** Samples: for each kind of reader the mail of one of them, drafted as it is when it leaves, with nothing in it but what the edition changed. */
import type { Language, RelationStatus, Role } from '../../../calendars/terms.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import type { Change } from '../../notices/news.ts';
import type { Edition } from '../../registry/editions/drafts.ts';
import { languageFor } from '../../recipients/preferences.ts';
import { addresseeOf, isPaused } from '../../recipients/pauses.ts';
import type { Message, Organisation, Recipient } from '../../schema/schema.ts';
import { and, eq, inArray } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { reviewMessage, type Draft } from '../composing.ts';
import { gatherMails } from '../gathering.ts';
import type { ToldNotice } from './told.ts';

/** A kind of reader, and the mail of one of them: null where none of those that were tried gets one after all. */
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
  changes: readonly Change[];
  told: readonly ToldNotice[];
  now: Date;
}

/** The largest kind first. Others than these are counted only: what their mail says is much the same. */
export async function draftSamples(tx: WriteDb, announced: Announced): Promise<Sample[]> {
  const { edition, now } = announced;
  const readers = await readersOf(tx, edition, announced.told);
  const kinds = [...Map.groupBy(readers, ({ kind }) => JSON.stringify(kind))].sort(
    ([one, some], [other, others]) => others.length - some.length || (one < other ? -1 : 1),
  );
  const samples: Sample[] = [];
  for (const [, some] of kinds.slice(0, MOST_KINDS)) {
    const sample = await sampleOf(tx, some.toSorted(byFitness(now)), announced);
    if (sample !== null) samples.push(sample);
  }
  return samples;
}

const MOST_KINDS = 24;
/** How many of one kind are tried. */
const MOST_TRIED = 3;

interface Reader {
  kind: ReaderKind;
  recipient: Recipient;
  organisation: Organisation;
  messageId: string;
  /** Of which deadlines it hears. */
  deadlineIds: ReadonlySet<string>;
}

async function sampleOf(tx: WriteDb, readers: readonly Reader[], announced: Announced): Promise<Sample | null> {
  for (const reader of readers.slice(0, MOST_TRIED)) {
    const drafted = await draftFor(tx, reader, announced);
    if (drafted === null) continue;
    const told = new Set(drafted.draft.changes.map(({ after }) => after.id));
    const partly = readers.filter(({ deadlineIds }) => !told.isSubsetOf(deadlineIds)).length;
    return { ...reader.kind, ...drafted, recipients: readers.length, partly };
  }
  return null;
}

/** Gathers what leaves with a reader's news and drafts it, and leaves out all that is not about the edition. */
async function draftFor(tx: WriteDb, reader: Reader, { changes, now }: Announced): Promise<Pick<Sample, 'at' | 'draft'> | null> {
  const { messages, notices } = tx.tables;
  const messageOf = async (id: string) => (await tx.select().from(messages).where(eq(messages.id, id)))[0]!;
  const [first] = await tx
    .select({ id: notices.id })
    .from(notices)
    .where(and(eq(notices.messageId, reader.messageId), inArray(notices.deadlineId, [...reader.deadlineIds])));
  const at = leavingAt(await messageOf(reader.messageId), now);
  await gatherMails(tx, [reader.recipient.id], { now: at });
  const [carried] = await tx.select({ messageId: notices.messageId }).from(notices).where(eq(notices.id, first!.id));
  const { draft } = await reviewMessage(tx, await messageOf(carried!.messageId), at);
  if (draft === null) return null;
  const changed = new Set(changes.map(({ deadlineId }) => deadlineId));
  // A day of an organisation's own is its own affair.
  const about = draft.changes.filter(({ after, owner }) => owner === null && changed.has(after.id));
  return about.length === 0 ? null : { at, draft: onlyChanges(draft, about) };
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

/** Those who hear of what the registry says, each with its mail. */
async function readersOf(db: ReadDb, { insurerSlug }: Edition, told: readonly ToldNotice[]): Promise<Reader[]> {
  const { organisations, recipients, relations } = db.tables;
  const heard = Map.groupBy(
    told.filter(({ isOwn }) => !isOwn),
    ({ recipientId }) => recipientId,
  );
  const readers: Reader[] = [];
  for (let n = 0; n < heard.size; n += AT_ONCE) {
    const some = [...heard.keys()].slice(n, n + AT_ONCE);
    const rows = await db
      .select({ recipient: recipients, organisation: organisations })
      .from(recipients)
      .innerJoin(organisations, eq(organisations.id, recipients.organisationId))
      .where(inArray(recipients.id, some));
    const ids = rows.map(({ organisation }) => organisation.id);
    const standing = await db
      .select({ id: relations.organisationId, status: relations.contractStatus })
      .from(relations)
      .where(and(inArray(relations.organisationId, ids), eq(relations.insurerSlug, insurerSlug ?? '')));
    const relationOf = new Map(standing.map(({ id, status }) => [id, status]));
    for (const { organisation, recipient } of rows) {
      const own = heard.get(recipient.id)!;
      const kind = {
        roles: organisation.roles.toSorted(),
        relation: relationOf.get(organisation.id) ?? null,
        language: languageFor(recipient, organisation),
      };
      const deadlineIds = new Set(own.map(({ deadlineId }) => deadlineId));
      readers.push({ kind, recipient, organisation, messageId: own[0]!.messageId, deadlineIds });
    }
  }
  return readers;
}

const AT_ONCE = 500;
