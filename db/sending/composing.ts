/** Drafts of queued messages: everything is read anew just before sending, so that nothing outdated leaves. */
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import { compareInMail } from '../../calendars/agenda/groups.ts';
import { nextBeside, nextIn, type Foretold, type NextReader } from '../../calendars/agenda/next.ts';
import { dutyOwner, itemOf, mayRemind, whyDropped, type OpenItem } from '../../calendars/agenda/open-duties.ts';
import { requirementsFor, type Requirements } from '../../calendars/agenda/requirements.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { agendaReader } from '../organisations/agenda.ts';
import { partlyReached } from './bounces.ts';
import { reviewActs, type ToldAct } from '../notices/act-facts.ts';
import { reviewChanges, type ChangeNotice } from './news-composing.ts';
import { graceEnd } from './waiting/grace.ts';
import { readDraftFacts, stampFrom, withPolicies, type DraftFacts, type Relation } from './composing-facts.ts';
import { and, eq, isNotNull } from '../store/drizzle.ts';
import { isOwn, type CancelReason } from '../messages/messages.ts';
import { listRecipients } from '../recipients/recipients.ts';
import type { Message, MessageKind, Organisation, OwnMessage, Recipient } from '../schema/schema.ts';
import { isSaidIn, untoldOf, type Untold } from '../reminders/taken-away.ts';
import { reviewSteps, type DueStep } from '../reminders/step-review.ts';
import type { ReadDb } from '../store/store.ts';
import { placeOf, reviewUndone, saidOnce, type Undone } from './escalation-composing.ts';
import { isRepeated } from '../recipients/repeated-questions.ts';
import { isReminded } from '../recipients/waiting/reminders.ts';
import { addresseeOf } from '../recipients/pauses.ts';
import { languageFor, preferencesOf } from '../recipients/preferences.ts';

/** An own date that is due, with the deadline that it is before, as far as that concerns its organisation. */
export type OwnDate = DueStep & { before: AgendaItem | null };

export interface Draft {
  kind: MessageKind;
  organisation: Organisation;
  recipient: Recipient;
  language: Language;
  /** How the organisation stands with its insurers. */
  relations: readonly Relation[];
  /** Whether it deals with every insurer that there is. */
  isWithAll: boolean;
  /** The address it goes to: the recipient's, or its deputy's. */
  to: string;
  isForDeputy: boolean;
  today: Day;
  /** What it reminds of, in the order of mails. */
  due: { item: OpenItem; leadDays: number }[];
  /** Of which of the organisation's own dates it reminds, by day. */
  steps: OwnDate[];
  /** What comes after that: all of the first groups. */
  next: OpenItem[];
  /** How many groups come after those. */
  others: number;
  /** The day of the first reminder that can be foreseen, for whom is new; null when there is none. */
  firstOn: Day | null;
  /** What that one is of. */
  firstOf: Foretold['firstOf'];
  /** Of `next`, the deadlines of which every moment to be reminded is over, for whom is new. */
  silentIds: string[];
  /** The other organisations of which its reader gets mails too, by name. */
  otherNames: readonly string[];
  /** What changed, where it tells of that. */
  changes: ChangeNotice[];
  /** What is not done yet, where it tells others of that. */
  undone: Undone[];
  /** What others did, where it tells of that. */
  acts: ToldAct[];
  /** How many requirements the insurers have of whom it tells. */
  requirements: Requirements[];
  /** The contract years in `next` for which none of its insurers has a policy in the registry. */
  withoutPolicy: number[];
  /** Of what it is reminded no more by the rules of a new release, where that is to be said. */
  takenAway: Untold[];
  /** What is said of requests for a contract of which the day is over. */
  requestNotes: string[];
  /** The other organisation that it is about. */
  about: Organisation | null;
  /** Whether it asks what was asked before. */
  isRepeated: boolean;
  /** The organisation's addresses that mail does not reach. */
  unreached: Recipient[];
  /** The organisation's addresses behind which one is not reached, such as a member of a shared mailbox. */
  partly: string[];
}

/** A message as it stands: with its draft, or with the reason why there is nothing to send. `waitsUntil`: before that it is neither sent nor settled. */
export type Review<T = Draft> = { stamp: string; dropped: { id: string; reason: CancelReason }[]; waitsUntil?: Date | null } & (
  | { draft: T }
  | { draft: null; reason: CancelReason }
);

/** What drafts of many messages share, so that it is read once for all of them. */
export interface Shared {
  facts: DraftFacts;
  /** An organisation's agenda, with what was withdrawn, as it is when the facts were read or later. */
  agenda: (organisationId: string) => Promise<readonly AgendaItem[]>;
}

/** Asks anew what a message to an organisation's people should say on the day of `now`, in Amsterdam. */
export async function reviewMessage(db: ReadDb, message: Message, now: Date, shared?: Shared): Promise<Review> {
  if (!isOwn(message)) throw new Error('what the operator is told is not asked anew');
  const facts = shared?.facts ?? (await readDraftFacts(db, [message]));
  const agenda = shared?.agenda ?? agendaReader(db);
  const stamp = stampFrom(facts, message, now);
  const today = amsterdamDay(now);
  const recipient = facts.recipients.get(message.recipientId ?? '');
  const refused = refusal(message, recipient, today);
  if (!recipient || refused) return { stamp, dropped: [], draft: null, reason: refused ?? 'recipient_removed' };

  const organisation = facts.organisations.get(message.organisationId)!;
  const blank = {
    due: [],
    steps: [],
    next: [],
    others: 0,
    firstOn: null,
    firstOf: 'duty' as const,
    silentIds: [],
    changes: [],
    undone: [],
    acts: [],
    requirements: [],
    withoutPolicy: [],
    requestNotes: [],
    takenAway: [],
    about: null,
    isRepeated: false,
    unreached: [],
    partly: [],
  };
  const language = languageFor(recipient, organisation);
  const { dropped = [], ...content } = await contentFor(db, message, { recipient, language, today }, { facts, agenda });
  const waitsUntil = graceEnd(facts.held, toldIn(facts, message), 'reason' in content ? null : content, now);
  if ('reason' in content) return { stamp, dropped, draft: null, reason: content.reason, waitsUntil };
  // Frozen bytes are for whom they were made.
  const to = (message.raw === null ? null : message.sentTo) ?? addresseeFor(message, recipient, today);
  const who = { organisation, recipient, language, today, to, isForDeputy: to !== recipient.email };
  const relations = facts.relations.get(organisation.id) ?? [];
  const around = { relations, isWithAll: relations.length === facts.insurerCount, otherNames: facts.otherNames.get(recipient.id) ?? [] };
  return { stamp, dropped, waitsUntil, draft: { kind: message.kind, ...who, ...around, ...blank, ...content } };
}

/** The deadlines that a message was queued to tell of, whatever holds of them now. */
function toldIn({ acts, notices, ownDates, pending }: DraftFacts, { id }: OwnMessage): { deadlineId: string | null }[] {
  const steps = (ownDates.pending.get(id) ?? []).flatMap(({ stepId }) => ownDates.steps.get(stepId) ?? []);
  const done = (acts.get(id) ?? []).map(({ deadline }) => ({ deadlineId: deadline?.id ?? null }));
  return [...(pending.get(id) ?? []), ...(notices.get(id) ?? []), ...steps, ...done];
}

type DraftContent = { dropped?: Review['dropped'] } & (
  | Partial<
      Pick<
        Draft,
        | 'kind'
        | 'due'
        | 'steps'
        | 'next'
        | 'others'
        | 'firstOn'
        | 'firstOf'
        | 'silentIds'
        | 'changes'
        | 'undone'
        | 'acts'
        | 'requirements'
        | 'withoutPolicy'
        | 'requestNotes'
        | 'takenAway'
        | 'about'
        | 'isRepeated'
        | 'unreached'
        | 'partly'
      >
    >
  | { reason: CancelReason }
);

/** For whom a draft is, and on which day. */
type DraftReader = NextReader & { recipient: Recipient };

/** What a message of its kind says, or why it says nothing. */
async function contentFor(db: ReadDb, message: OwnMessage, reader: DraftReader, shared: Shared): Promise<DraftContent> {
  const { today } = reader;
  switch (message.kind) {
    case 'confirmation':
      return { isRepeated: isRepeated(message) };
    case 'deputy_confirmation':
      return {};
    case 'reminder':
    case 'change':
    case 'escalation':
    case 'acts':
      return reviewParts(db, message, reader, shared);
    case 'unreminded': {
      const about = await unremindedOf(db, message);
      return about ? { about } : { reason: 'not_concerned' };
    }
    case 'undeliverable': {
      const unreached = (await listRecipients(db, message.organisationId)).filter(({ status }) => status === 'undeliverable');
      return unreached.length > 0 ? { unreached } : { reason: 'not_concerned' };
    }
    case 'partly_undeliverable': {
      const partly = await partlyReached(db, message.organisationId, amsterdamMoment(today, '00:00'));
      return partly.length > 0 ? { partly } : { reason: 'not_concerned' };
    }
    default:
      message.kind satisfies 'welcome' | 'deputy_undeliverable' | 'trial';
      return nextIn(message.kind, await shared.agenda(message.organisationId), {
        ...reader,
        muted: new Set(shared.facts.muted.get(reader.recipient.id)),
        isReminded: await isReminded(db, reader.recipient.id, today),
      });
  }
}

/** Reminders, escalations, changes and acts: each unless its reader wants no mail of that kind. */
async function reviewParts(db: ReadDb, message: OwnMessage, reader: DraftReader, shared: Shared): Promise<DraftContent> {
  const { id, organisationId } = message;
  const { recipient, today } = reader;
  const { facts } = shared;
  const kinds = new Set(facts.notices.get(id)?.map(({ kind }) => kind));
  const nothing = { content: [], dropped: [] };
  const reminded = facts.pending.has(id) ? await reviewDuties(db, message, reader, shared) : nothing;
  const escalated = kinds.has('escalation') ? await reviewUndone(db, message, reader, shared) : nothing;
  const { content: changes, dropped: untold } = kinds.has('change') ? await reviewChanges(db, message, recipient, today) : nothing;
  const own = reviewSteps(id, facts.ownDates, recipient, today);
  const done = reviewActs(facts.acts.get(id) ?? [], { recipient, muted: facts.muted.get(recipient.id) ?? [], today });
  const acts = done.content;
  const dropped = [...reminded.dropped, ...own.dropped, ...escalated.dropped, ...untold, ...done.dropped];
  // What is due for its reader, and undone by it or by others, the reminder says.
  const { due, undone } = saidOnce(reminded.content, escalated.content, organisationId);
  const places = new Set(due.map(({ item }) => placeOf(item.deadline.id, dutyOwner(item, organisationId))));
  for (const { item, organisation } of undone) places.add(placeOf(item.deadline.id, organisation.id));
  for (const { after, owner } of changes) places.add(placeOf(after.id, owner ?? organisationId));
  const noted = facts.takenAway.get(recipient.id);
  const toldIds = [...due, ...undone].map(({ item }) => item.deadline.id).concat(changes.map(({ after }) => after.id));
  const takenAway = isSaidIn(noted, id) ? await untoldOf(db, noted, { agenda: await shared.agenda(organisationId), toldIds }) : [];
  if (due.length + own.content.length > 0) {
    const items = await shared.agenda(organisationId);
    const steps = own.content.map((one) => ({ ...one, before: items.find(({ deadline }) => deadline.id === one.step.deadlineId) ?? null }));
    const rest = items.filter((item) => !places.has(placeOf(item.deadline.id, dutyOwner(item, organisationId))));
    const requirements = requirementsFor(
      due.map(({ item }) => item),
      items,
    );
    return { kind: 'reminder', dropped, due, steps, undone, changes, acts, requirements, takenAway, ...nextBeside(rest, reader) };
  }
  if (changes.length + undone.length + acts.length === 0) return { dropped, reason: dropped[0]?.reason ?? 'empty' };
  const kind = changes.length > 0 ? 'change' : undone.length > 0 ? 'escalation' : 'acts';
  return { kind, dropped, undone, changes, acts, takenAway };
}

async function reviewDuties(
  db: ReadDb,
  { id, organisationId }: OwnMessage,
  { language, recipient, today }: DraftReader,
  { agenda, facts }: Shared,
): Promise<{ content: Draft['due']; dropped: Review['dropped'] }> {
  const items = await agenda(organisationId);
  const preferences = preferencesOf(recipient, facts.muted.get(recipient.id) ?? [], today);
  const duties: Draft['due'] = [];
  const dropped: Review['dropped'] = [];
  for (const reminder of facts.pending.get(id) ?? []) {
    const item = itemOf(reminder, items, organisationId);
    const reason = whyDropped(reminder, item, preferences, today);
    if (reason) dropped.push({ id: reminder.id, reason });
    else if (item && mayRemind(item, today)) duties.push({ item, leadDays: reminder.leadDays });
  }
  const content = duties.sort((a, b) => compareInMail(a.item, b.item, language));
  return { content: await withPolicies(db, content), dropped };
}

/** The organisation that nobody is reminded for, if that is still so. */
async function unremindedOf(db: ReadDb, { aboutId }: Message): Promise<Organisation | undefined> {
  const { organisations } = db.tables;
  const [row] = await db
    .select()
    .from(organisations)
    .where(and(eq(organisations.id, aboutId ?? ''), isNotNull(organisations.unremindedSince)));
  return row;
}

/** Who is asked to confirm, is welcomed or lost its deputy is meant in person; all else goes to the deputy while there is one. */
function addresseeFor({ kind }: OwnMessage, recipient: Recipient, today: Day): string {
  if (kind === 'confirmation' || kind === 'welcome' || kind === 'deputy_undeliverable') return recipient.email;
  return kind === 'deputy_confirmation' ? recipient.deputyEmail! : addresseeOf(recipient, today);
}

/** A question may have waited until it is none any more. */
function refusalOfDeputy({ deputyConfirmedAt, deputyEmail, deputyFault, deputyUntil }: Recipient, today: Day): CancelReason | null {
  if (deputyEmail === null || deputyUntil === null) return 'replaced';
  if (deputyFault !== null) return 'undeliverable';
  if (deputyConfirmedAt !== null) return 'confirmed_already';
  return deputyUntil < today ? 'passed' : null;
}

function refusal({ kind }: OwnMessage, recipient: Recipient | undefined, today: Day): CancelReason | null {
  if (!recipient) return 'recipient_removed';
  if (recipient.status === 'unsubscribed' || recipient.status === 'undeliverable') return recipient.status;
  if (kind === 'confirmation') return recipient.status === 'confirmed' ? 'confirmed_already' : null;
  if (kind === 'deputy_confirmation') return refusalOfDeputy(recipient, today);
  if (recipient.status !== 'confirmed') return 'not_confirmed';
  if (kind === 'deputy_undeliverable') return recipient.deputyFault === null ? 'replaced' : null;
  // What the others hold, each part says for itself whether it is wanted.
  return null;
}
