/** Drafts what is due and claims it: a batch is read together, and a part of it drafted a few in a turn and claimed in one transaction. */
import { setImmediate } from 'node:timers/promises';
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { agendaFrom, readAgendaInputs } from '../../db/organisations/agendas.ts';
import { readDraftFacts, stampFrom } from '../../db/sending/composing-facts.ts';
import { reviewMessage, type Shared } from '../../db/sending/composing.ts';
import type { AgendaInput } from '../../db/organisations/agenda-input.ts';
import { gatherMails, severalDue } from '../../db/sending/gathering.ts';
import type { Claim } from '../../db/sending/attempts.ts';
import { claimMessages, dueMessages, isOfOneRow, type Prepared } from '../../db/sending/claims.ts';
import { readHold } from '../../db/messages/hold.ts';
import { readSnapshot, type Snapshot } from '../../db/registry/snapshot.ts';
import { isOwn } from '../../db/messages/messages.ts';
import { isPersonal } from '../../db/messages/personal-mails.ts';
import { reviewPersonalMail } from '../../db/people/outgoing.ts';
import type { Message } from '../../db/schema/schema.ts';
import type { ReadDb, Store } from '../../db/store/store.ts';
import { reviewSummary } from '../../db/sending/summaries.ts';
import { isUnavailable } from '../../db/store/unavailable.ts';
import { readCounters } from '../../db/store/counters.ts';
import { composeMail, type MailSettings } from '../mails/compose.ts';
import { signMail } from '../transport/signature.ts';

/** Messages that are due, and what their drafts rest on. */
export interface Batch {
  /** Those that are not claimed yet. */
  messages: Message[];
  /** Those that could not be put together with what else is due for their recipient. */
  faulty: Faulty[];
  shared: Shared;
  registry: Snapshot;
}

interface Claiming {
  store: Store;
  settings: MailSettings;
  /** Who claims. */
  holder?: string;
}

/** How many are drafted in one turn, before others get theirs. */
const A_TURN = 5;

/**
 * Reads what is due, up to a limit, with what is due for one recipient together in one mail; null when nothing is. The registry is kept from the
 * batch before for as long as it holds.
 */
export async function readBatch(store: Store, limit: number, now: Date, before?: Batch): Promise<Batch | null> {
  const { read } = store;
  const hold = await readHold(read);
  const due = await dueMessages(read, now, limit, hold);
  if (due.length === 0) return null;
  const { merged, failed } = await gatherDue(store, due, now);
  const gathered = merged === 0 ? due : await dueMessages(read, now, limit, hold);
  const faulty = due.flatMap((message) => {
    const error = failed.get(message.recipientId);
    return error === undefined ? [] : [{ message, error }];
  });
  const messages = gathered.filter(({ recipientId }) => !failed.has(recipientId));
  const facts = await shareFacts(read, [...messages], before?.registry);
  await setImmediate();
  return { messages, faulty, ...facts };
}

interface Faulty {
  message: Message;
  error: unknown;
}

/** Puts together what is due for each recipient, some recipients in one transaction. Where that fails for one of them, the others must not wait. */
async function gatherDue(
  store: Store,
  due: readonly Message[],
  now: Date,
): Promise<{ merged: number; failed: Map<string | null, unknown> }> {
  const recipients = await severalDue(store.read, [...new Set(due.flatMap(({ recipientId }) => recipientId ?? []))], { now });
  const failed = new Map<string | null, unknown>();
  let merged = 0;
  const gather = (some: readonly string[]) => store.write((tx) => gatherMails(tx, some, { now }));
  for (let n = 0; n < recipients.length; n += TOGETHER) {
    const some = recipients.slice(n, n + TOGETHER);
    try {
      merged += await gather(some);
    } catch (error) {
      if (!isOfOneRow(error)) throw error;
      for (const one of some) {
        try {
          merged += await gather([one]);
        } catch (error) {
          failed.set(one, error);
        }
      }
    }
    await setImmediate();
  }
  return { merged, failed };
}

/** For how many recipients mails are put together in one transaction. */
const TOGETHER = 25;

/** Prepares some messages a few in a turn, and claims them in one transaction. */
export async function claimPart(
  { store, settings, holder = 'this process' }: Claiming,
  due: readonly Message[],
  shared: Shared,
  now: Date,
): Promise<{ claims: Claim[]; faulty: Faulty[] }> {
  const prepared: Prepared[] = [];
  const faulty: Faulty[] = [];
  for (const [n, message] of due.entries()) {
    if (n % A_TURN === A_TURN - 1) await setImmediate();
    try {
      prepared.push(await prepare(store.read, message, { settings, shared, now }));
    } catch (error) {
      // It is no fault of the message when the store does not answer.
      if (isUnavailable(error)) throw error;
      faulty.push({ message, error });
    }
  }
  const claim = (some: readonly Prepared[]) => store.write((tx) => claimMessages(tx, some, { holder, secret: settings.secret, now }));
  const claims = await claim(prepared).catch(async (error: unknown) => {
    if (!isOfOneRow(error)) throw error;
    // One of them fails: the others must not.
    const single: Claim[] = [];
    for (const one of prepared) {
      try {
        single.push(...(await claim([one])));
      } catch (error) {
        faulty.push({ message: one.message, error });
      }
    }
    return single;
  });
  return { claims, faulty };
}

/** Reviews and composes outside of any transaction; the claim checks that nothing changed since. */
async function prepare(
  db: ReadDb,
  message: Message,
  { settings, shared, now }: { settings: MailSettings; shared: Shared; now: Date },
): Promise<Prepared> {
  const review = await reviewAny(db, message, { settings, shared, now });
  if (review.draft === null || message.raw !== null) return { message, review, mail: null };
  const mail = composeMail(message, review.draft, settings, now);
  // Signed before they are frozen: every copy has the very same signature, whatever becomes of the key.
  const raw = settings.signingKey ? await signMail(mail.raw, settings.signingKey) : mail.raw;
  return { message, review, mail: { ...mail, raw } };
}

/** What a message should say now, whoever it is for. */
async function reviewAny(
  db: ReadDb,
  message: Message,
  { settings, shared, now }: { settings: MailSettings; shared: Shared; now: Date },
): Promise<Prepared['review']> {
  if (isOwn(message)) return reviewMessage(db, message, now, shared);
  const stamp = stampFrom(shared.facts, message, now);
  if (isPersonal(message)) return { stamp, dropped: [], ...(await reviewPersonalMail(db, message, { now, secret: settings.secret })) };
  return reviewSummary(message, settings.operator, stamp);
}

/** What the drafts of a batch rest on, with the registry as it is now. */
async function shareFacts(db: ReadDb, due: readonly Message[], before?: Snapshot): Promise<{ shared: Shared; registry: Snapshot }> {
  const facts = await readDraftFacts(db, due);
  // Read after the facts: what changes in between is newer than the stamp, and then the claim fails.
  const registry = await readSnapshot(db, await readCounters(db), before);
  let agendaInputs: Promise<ReadonlyMap<string, AgendaInput>> | undefined;
  const agendas = new Map<string, AgendaItem[]>();
  const shared: Shared = {
    facts,
    async agenda(id) {
      agendaInputs ??= readAgendaInputs(db, agendaReaders(due, facts));
      const agendaInput = (await agendaInputs).get(id);
      const items = agendas.get(id) ?? (agendaInput ? agendaFrom(registry, agendaInput) : []);
      agendas.set(id, items);
      return items;
    },
  };
  return { shared, registry };
}

/** Whose agendas drafts of these messages are made from: those that they are for, and those that left something undone. */
function agendaReaders(due: readonly Message[], { notices }: Shared['facts']): string[] {
  const undone = [...notices.values()].flat().filter(({ kind }) => kind === 'escalation');
  return [...new Set([...due, ...undone].flatMap(({ organisationId }) => organisationId ?? []))];
}
