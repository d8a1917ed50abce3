/** Change notices: everybody whom a revision concerns gets a mail queued about it, a slice of organisations at a time. */
import { setImmediate } from 'node:timers/promises';
import { concernOf, type Party } from '../calendars/concern.ts';
import { amsterdamDay } from '../calendars/days.ts';
import type { Deadline } from '../calendars/deadline.ts';
import type { Day, Reader } from '../calendars/terms.ts';
import { listRevisions } from './deadlines.ts';
import { and, asc, eq, gt, inArray, isNull, lte, or } from './drizzle.ts';
import { addNotice, gatheringMail, knownRevision } from './notices.ts';
import type { Revision } from './revisions.ts';
import type { Recipient, Tables } from './schema.ts';
import type { ReadDb, Store, WriteDb } from './store.ts';
import { pauseEnd, readWishes } from './wishes.ts';

/** How long a change waits for others, so that an editor's work of some minutes makes one mail. */
const GATHER_MS = 10 * 60_000;
/** How many organisations are seen to in one transaction. */
const SLICE = 25;

type Change = Tables['changes']['$inferSelect'];

/** Whom a deadline concerns in an organisation: itself, or else those it delivers for. */
export interface Concern {
  as: Reader;
  organisations: { id: string; name: string }[];
}

/** Queues what is to be told of every change on record, the oldest first. Gives how many mails that touched; a second run does nothing. */
export async function announceChanges(store: Store, now: Date): Promise<number> {
  let queued = 0;
  for (let change = await nextChange(store.read); change; change = await nextChange(store.read)) {
    const held = change;
    queued += await store.write((tx) => announceSlice(tx, held, now));
    // Whoever waits for an answer goes first.
    await setImmediate();
  }
  return queued;
}

/** Whom a deadline concerns in an organisation, or null. */
export async function concernIn(db: ReadDb, organisationId: string, deadline: Deadline): Promise<Concern | null> {
  const found = (await partiesOf(db, organisationId, deadline.insurer)).flatMap(({ id, name, party }) => {
    const as = concernOf(deadline, party);
    return as === null ? [] : [{ as, id, name }];
  });
  const [first] = found;
  if (!first) return null;
  const whose = first.id === organisationId ? [first] : found;
  return { as: first.as, organisations: whose.map(({ id, name }) => ({ id, name })) };
}

async function nextChange(db: ReadDb): Promise<Change | undefined> {
  const { changes } = db.tables;
  const [change] = await db.select().from(changes).orderBy(asc(changes.recordedAt), asc(changes.id)).limit(1);
  return change;
}

/** Sees to the next organisations; after the last ones the change is no longer on record. */
async function announceSlice(tx: WriteDb, change: Change, now: Date): Promise<number> {
  const { changes } = tx.tables;
  const revisions = await listRevisions(tx, change.deadlineId);
  const before = revisions.find(({ revision }) => revision === change.fromRevision);
  const after = revisions.at(-1);
  const readers = before && after ? await readersAfter(tx, after, change) : [];
  const last = readers.at(-1);
  const same = and(eq(changes.id, change.id), change.seenTo === null ? isNull(changes.seenTo) : eq(changes.seenTo, change.seenTo));
  const [held] = last
    ? await tx.update(changes).set({ seenTo: last }).where(same).returning()
    : await tx.delete(changes).where(same).returning();
  // On PostgreSQL another process may see to the same ones.
  if (!held || !before || !after) return 0;
  let queued = 0;
  for (const id of readers) {
    const concern = (await concernIn(tx, id, after)) ?? (await concernIn(tx, id, before));
    if (concern) queued += await tellOrganisation(tx, id, { change, after, holder: concern.organisations[0]!.id }, now);
  }
  return queued;
}

/** The organisations, by id, that somebody reads for who had confirmed by then, and that deal with the insurer or deliver for one that does. */
async function readersAfter(db: ReadDb, { insurer }: Revision, { recordedAt, seenTo }: Change): Promise<string[]> {
  const { organisations, recipients, relations } = db.tables;
  const confirmed = db
    .select({ id: recipients.organisationId })
    .from(recipients)
    .where(and(eq(recipients.status, 'confirmed'), lte(recipients.confirmedAt, recordedAt)));
  const dealing = db
    .select({ id: relations.organisationId })
    .from(relations)
    .where(eq(relations.insurerSlug, insurer ?? ''));
  const delivering = db.select({ id: organisations.parentId }).from(organisations).where(inArray(organisations.id, dealing));
  const rows = await db
    .select({ id: organisations.id })
    .from(organisations)
    .where(
      and(
        inArray(organisations.id, confirmed),
        insurer === null ? undefined : or(inArray(organisations.id, dealing), inArray(organisations.id, delivering)),
        seenTo === null ? undefined : gt(organisations.id, seenTo),
      ),
    )
    .orderBy(asc(organisations.id))
    .limit(SLICE);
  return rows.map(({ id }) => id);
}

interface Told {
  change: Change;
  after: Revision;
  holder: string;
}

async function tellOrganisation(tx: WriteDb, organisationId: string, told: Told, now: Date): Promise<number> {
  const { recipients } = tx.tables;
  const confirmed = await tx
    .select()
    .from(recipients)
    .where(
      and(
        eq(recipients.organisationId, organisationId),
        eq(recipients.status, 'confirmed'),
        lte(recipients.confirmedAt, told.change.recordedAt),
      ),
    )
    .orderBy(asc(recipients.id));
  let queued = 0;
  for (const recipient of confirmed) if (await tellRecipient(tx, recipient, told, now)) queued++;
  return queued;
}

async function tellRecipient(tx: WriteDb, recipient: Recipient, { change, after, holder }: Told, now: Date): Promise<boolean> {
  const { id: deadlineId } = after;
  const { muted, silence } = await readWishes(tx, recipient, amsterdamDay(now), 'change');
  // A pause only puts it off.
  if (silence === 'not_wanted' || muted.has(deadlineId)) return false;
  const fromRevision = await knownRevision(tx, recipient.id, deadlineId, change.fromRevision);
  const mail = { kind: 'change' as const, key: `${recipient.id}/change/${change.id}`, dueAt: dueAt(recipient, after, change, now) };
  const message = await gatheringMail(tx, recipient, mail, now);
  const key = `${message.id}/${deadlineId}`;
  await addNotice(tx, { key, messageId: message.id, deadlineId, organisationId: holder, fromRevision, lastSafeOn: null });
  return true;
}

/** Ten minutes after the change, at once when the new last safe day is that very day, and not before a pause ends. */
function dueAt(recipient: Recipient, { lastSafeOn }: Revision, { recordedAt }: Change, now: Date): Date {
  const isToday = lastSafeOn === (amsterdamDay(recordedAt) satisfies Day);
  const gathered = isToday ? recordedAt : new Date(recordedAt.getTime() + GATHER_MS);
  return pauseEnd(recipient, now) ?? gathered;
}

/** The organisation itself, then those it delivers for, each with how it stands with one insurer. */
async function partiesOf(
  db: ReadDb,
  organisationId: string,
  insurer: string | null,
): Promise<{ id: string; name: string; party: Party }[]> {
  const { organisations, relations } = db.tables;
  const members = await db
    .select()
    .from(organisations)
    .where(or(eq(organisations.id, organisationId), eq(organisations.parentId, organisationId)))
    .orderBy(asc(organisations.name), asc(organisations.id));
  const ids = members.map(({ id }) => id);
  const rows = await db
    .select()
    .from(relations)
    .where(and(inArray(relations.organisationId, ids), eq(relations.insurerSlug, insurer ?? '')));
  return members
    .sort((a, b) => Number(b.id === organisationId) - Number(a.id === organisationId))
    .map(({ id, name, roles }) => ({
      id,
      name,
      party: {
        roles,
        relations: new Map(
          rows.filter((row) => row.organisationId === id).map(({ insurerSlug, contractStatus }) => [insurerSlug, contractStatus]),
        ),
      },
    }));
}
