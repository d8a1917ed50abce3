/** Personal mails: to a person and of no organisation, with address and content settled when they are queued. What they hold goes once they are settled. */
import { randomUUID } from 'node:crypto';
import type { SQL } from 'drizzle-orm';
import type { BrowserKind } from '../../calendars/people/browser.ts';
import { INVITED_MS, SIGN_IN_MS } from '../../calendars/people/sign-in.ts';
import type { Language } from '../../calendars/terms.ts';
import { and, eq, gt, inArray, isNull, lt, lte, ne, or, sql } from '../store/drizzle.ts';
import { OPERATOR, PERSONAL_KINDS, type MemberRole, type Message, type PersonalKind } from '../schema/schema.ts';
import type { AuditHead } from '../registry/audit.ts';
import type { WorkList } from '../registry/upkeep/work-list.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteFormerMails } from './erasure.ts';
import { cancelMessage } from './messages.ts';

/** What each kind holds, beside its reader's language. */
interface PersonalContents {
  sign_in: { code: string; token: string; browser: BrowserKind };
  no_account: { browser: BrowserKind };
  enrolment: { token: string };
  member_invitation: { token: string; organisation: string; role: MemberRole };
  /** Somebody wants to become a member of an organisation that has the name that it would enrol. */
  access_request: { organisation: string; email: string };
  /** `isNew`: the mail goes to the new address. */
  address_change: { token: string; email: string; isNew: boolean };
  /** To the former address: which one the person has now. */
  new_address: { email: string };
  /** To an editor: what waits in the registry. */
  work_list: { work: WorkList; audit: AuditHead };
}

/** A mail to a person, as it is queued. */
export type PersonalLetter = { [K in PersonalKind]: { kind: K; to: string; language: Language } & PersonalContents[K] }[PersonalKind];

/** The same with when it was queued, as it is drafted. */
export type PersonalDraft = PersonalLetter & { askedAt: Date };

/** The kinds that answer who asks to sign in: nothing of them is shown to anybody, and none leaves once that is over. */
const SIGN_IN_KINDS = ['sign_in', 'no_account'] as const satisfies readonly PersonalKind[];

/** Whether a message, or a draft, is a person's. */
export function isPersonal<T extends Pick<Message, 'kind'>>(one: T): one is T & { kind: PersonalKind } {
  return PERSONAL_KINDS.some((kind) => kind === one.kind);
}

/** Whom a mail goes to: an organisation's people, a person for itself, or who runs the service. */
export const AUDIENCES = ['organisation', 'person', 'operator'] as const;
export type Audience = (typeof AUDIENCES)[number];

export function audienceOf(message: Pick<Message, 'kind'>): Audience {
  if (message.kind === OPERATOR) return 'operator';
  return isPersonal(message) ? 'person' : 'organisation';
}

/** Whether a mail answers who asks to sign in. */
export function isOfSignIn({ kind }: Pick<Message, 'kind'>): boolean {
  return SIGN_IN_KINDS.some((one) => one === kind);
}

/** Queues a personal mail, to be sent at once. */
export async function queuePersonalMail(tx: WriteDb, { kind, to, ...content }: PersonalLetter, now: Date): Promise<void> {
  const { messages } = tx.tables;
  const id = randomUUID();
  const blank = { organisationId: null, recipientId: null, state: 'pending', claim: 0, attempts: 0 } as const;
  await tx
    .insert(messages)
    .values({ id, key: `${kind}/${id}`, kind, dueAt: now, createdAt: now, ...blank, sentTo: to, content: JSON.stringify(content) });
}

/** To whom mails of a kind were queued within a day, and when, whatever became of them. */
export async function mailsOfDay(db: ReadDb, kind: PersonalKind, now: Date): Promise<{ to: string; at: Date }[]> {
  const { messages } = db.tables;
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const rows = await db
    .select({ to: messages.sentTo, at: messages.createdAt })
    .from(messages)
    .where(and(isNull(messages.organisationId), eq(messages.kind, kind), gt(messages.createdAt, dayAgo)));
  return rows.map(({ at, to }) => ({ at, to: to ?? '' }));
}

/** What a message's letter was queued as; null once it was settled. */
export function readLetter({ content, createdAt, kind, sentTo }: Message): PersonalDraft | null {
  // Written above, by nobody else.
  return content === null || sentTo === null ? null : ({ kind, to: sentTo, askedAt: createdAt, ...JSON.parse(content) } as PersonalDraft);
}

/** Who asked to sign in at this moment or before has no use for a mail any more. */
export const signInsOverBefore = (now: Date) => new Date(now.getTime() - SIGN_IN_MS);

/** Whether an address was told within a day, by an earlier mail than this one, that nobody has it. */
export async function wasToldOfNoAccount(db: ReadDb, { id, createdAt, sentTo }: Message): Promise<boolean> {
  const { messages } = db.tables;
  const since = new Date(createdAt.getTime() - DAY_MS);
  const itself = and(eq(messages.createdAt, createdAt), lt(messages.id, id));
  const earlier = and(gt(messages.createdAt, since), or(lt(messages.createdAt, createdAt), itself));
  const told = and(eq(messages.kind, 'no_account'), eq(messages.sentTo, sentTo ?? ''), inArray(messages.state, [...TELLING]));
  return (await db.$count(messages, and(isNull(messages.organisationId), told, earlier))) > 0;
}

/** Cancels mails that would lead to a sign-in that is over: while mail is held no sender comes by. Gives how many. */
export async function cancelLateSignIns(tx: WriteDb, now: Date): Promise<number> {
  const late = await lateSignIns(tx, now);
  for (const { id } of late) await cancelMessage(tx, id, 'passed');
  return late.length;
}

/** Those that are to be cancelled. */
export async function lateSignIns(db: ReadDb, now: Date): Promise<{ id: string }[]> {
  const { messages } = db.tables;
  const over = signInsOverBefore(now);
  const isOne = inArray(messages.kind, [...SIGN_IN_KINDS]);
  const waiting = and(eq(messages.state, 'pending'), isOne, lte(messages.dueAt, over));
  // What a sender left behind, so long ago that nothing is heard of it any more.
  const abandoned = and(eq(messages.state, 'sending'), isOne, lte(messages.markedAt, over));
  const ids = (some: SQL | undefined) => db.select({ id: messages.id }).from(messages).where(some);
  return [...(await ids(waiting)), ...(await ids(abandoned))];
}

/**
 * Mails that wait and go before all others, in the very words by which SQLite knows its index of those: somebody waits at a page for the code. That
 * nobody has an address goes in its turn: it is queued for whatever address anybody types.
 */
export function isWaitingFirst(db: ReadDb): SQL {
  const { messages } = db.tables;
  return sql`${messages.state} || '' = 'pending' and ${messages.kind} = 'sign_in'`;
}

/** Removes personal mails that were settled: those about a sign-in after a day, the others once what they lead to has ended. Gives how many. */
export async function forgetPersonalMails(tx: WriteDb, now: Date): Promise<number> {
  const { messages } = tx.tables;
  const before = (ms: number) => lt(messages.createdAt, new Date(now.getTime() - ms));
  const isOne = inArray(messages.kind, [...SIGN_IN_KINDS]);
  const isOver = or(and(isOne, before(DAY_MS)), and(ne(messages.kind, OPERATOR), before(INVITED_MS)));
  const rows = await tx
    .delete(messages)
    .where(and(isNull(messages.organisationId), inArray(messages.state, ['sent', 'cancelled']), isOver))
    .returning({ id: messages.id });
  const ids = rows.map(({ id }) => id);
  await noteFormerMails(tx, ids, now);
  return ids.length;
}

const TELLING = ['pending', 'sending', 'sent'] as const;
const DAY_MS = 86_400_000;
