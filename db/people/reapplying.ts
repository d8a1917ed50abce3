/** Applies again what was withdrawn after a backup, on the database that was restored from it. */
import { eraseRecipient } from '../recipients/erasure.ts';
import { declineQuestions } from '../recipients/declines.ts';
import { endDeputy } from '../recipients/deputies.ts';
import { chooseKind, muteDeadline } from '../recipients/preferences.ts';
import { unsubscribeRecipient } from '../recipients/recipients.ts';
import { DECLINABLE_KINDS, type DeclinableKind, type Recipient } from '../schema/schema.ts';
import type { WithdrawalKind } from '../schema/store.ts';
import { and, eq } from '../store/drizzle.ts';
import { digestsOf, withdrawalDigest } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { BY_SERVICE } from '../registry/audit.ts';
import { revokePurchaserLink } from '../registry/purchasers/links.ts';
import { markUndeliverable } from '../recipients/undeliverable.ts';
import { noteDead } from '../messages/unaskable.ts';
import { eraseOrganisationAndMembers, erasePerson, removeEditor, removeMember } from './erasure.ts';
import { changeRole, roleOf } from './members.ts';
import { revokeSession } from './sessions.ts';

/** A withdrawal that nobody can read who has not the secret: in its subject stand digests instead of ids. */
export interface SealedWithdrawal {
  id: string;
  kind: WithdrawalKind;
  subject: string[];
  isOver: boolean;
}

/** Seals a withdrawal: ids become digests; addresses are such already, and words of ours tell nothing. */
export function sealWithdrawal({ id, isOver, kind, subject }: SealedWithdrawal, secret: string): SealedWithdrawal {
  return { id, kind, isOver, subject: subject.map((part) => (isId(part) ? withdrawalDigest(secret, part) : part)) };
}

const isId = (part: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part);

/**
 * Applies withdrawals, given in their order, that the database knows nothing of: of each subject the last one counts. What it is about need not be
 * there. Gives how many of each kind changed something.
 */
export async function reapply(
  tx: WriteDb,
  sealed: readonly SealedWithdrawal[],
  secret: string,
  now: Date,
): Promise<Partial<Record<WithdrawalKind, number>>> {
  const { withdrawals } = tx.tables;
  const noted = new Set((await tx.select({ id: withdrawals.id }).from(withdrawals)).map(({ id }) => id));
  const last = new Map<string, SealedWithdrawal>();
  for (const one of sealed) if (!noted.has(one.id)) last.set(`${one.kind} ${one.subject.join(' ')}`, one);
  const ids = await idsByDigest(tx, secret);
  const counts: Partial<Record<WithdrawalKind, number>> = {};
  for (const { isOver, kind, subject } of last.values()) {
    const parts = subject.map((part) => ids.get(part) ?? part);
    if (isOver || !(await APPLY[kind](tx, parts, secret, now))) continue;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

async function idsByDigest(db: ReadDb, secret: string): Promise<Map<string, string>> {
  const { deadlines, organisations, people, purchaserLinks, recipients, sessions } = db.tables;
  const rows = [
    ...(await db.select({ id: organisations.id }).from(organisations)),
    ...(await db.select({ id: recipients.id }).from(recipients)),
    ...(await db.select({ id: deadlines.id }).from(deadlines)),
    ...(await db.select({ id: people.id }).from(people)),
    ...(await db.select({ id: sessions.id }).from(sessions)),
    ...(await db.select({ id: purchaserLinks.id }).from(purchaserLinks)),
  ];
  return new Map(rows.map(({ id }) => [withdrawalDigest(secret, id), id]));
}

type Apply = (tx: WriteDb, subject: readonly string[], secret: string, now: Date) => Promise<boolean>;

/** How each kind is applied. False where there is nothing that it could change. */
const APPLY: Record<WithdrawalKind, Apply> = {
  async organisation(tx, [id = ''], secret, now) {
    if (!(await hasOrganisation(tx, id))) return false;
    await eraseOrganisationAndMembers(tx, id, secret, now);
    return true;
  },
  async recipient(tx, [id = ''], secret, now) {
    const { recipients } = tx.tables;
    const [recipient] = await tx.select().from(recipients).where(eq(recipients.id, id));
    if (!recipient) return false;
    await eraseRecipient(tx, recipient, secret, now);
    return true;
  },
  unsubscribe: withRecipient(async (tx, { id, status }, _, now) => {
    if (status === 'unsubscribed') return false;
    await unsubscribeRecipient(tx, id, now);
    return true;
  }),
  mute: withRecipient(async (tx, { id }, [deadlineId = ''], now) => {
    const { deadlines } = tx.tables;
    if ((await tx.$count(deadlines, eq(deadlines.id, deadlineId))) === 0) return false;
    await muteDeadline(tx, id, deadlineId, now);
    return true;
  }),
  decline: withRecipient(async (tx, { declined, id }, [word], now) => {
    const kind = DECLINABLE_KINDS.find((one): one is DeclinableKind => one === word);
    if (kind === undefined || declined.includes(kind)) return false;
    await chooseKind(tx, id, kind, false, now);
    return true;
  }),
  deputy: withRecipient(async (tx, { deputyEmail, id }, _, now) => {
    if (deputyEmail === null) return false;
    await endDeputy(tx, id, deputyEmail, now);
    return true;
  }),
  async question(tx, [organisationId = '', mailbox = ''], secret, now) {
    if (!(await hasOrganisation(tx, organisationId))) return false;
    await declineQuestions(tx, { organisationId, mailbox }, secret, now);
    return true;
  },
  async dead_address(tx, [address = ''], secret, now) {
    const { recipients } = tx.tables;
    const rows = await tx.select({ email: recipients.email, deputyEmail: recipients.deputyEmail }).from(recipients);
    const emails = new Set(rows.flatMap(({ deputyEmail, email }) => (deputyEmail === null ? [email] : [email, deputyEmail])));
    for (const email of emails) if (digestsOf(secret, email).address === address) await markUndeliverable(tx, email, FAULT, now);
    await noteDead(tx, { address }, FAULT, now);
    return true;
  },
  async member(tx, [personId = '', organisationId = '', word], secret, now) {
    const role = await roleOf(tx, personId, organisationId);
    if (role === null || word === role) return false;
    if (word === 'reader') await changeRole(tx, organisationId, { personId, role: word }, { keepsManager: false }, now);
    else await removeMember(tx, { organisationId, personId, keepsManager: false }, secret, now);
    return true;
  },
  async editor(tx, [id = ''], secret, now) {
    const { editors } = tx.tables;
    if ((await tx.$count(editors, eq(editors.personId, id))) === 0) return false;
    await removeEditor(tx, id, secret, now);
    return true;
  },
  async work_mail(tx, [id = '']) {
    const { editors } = tx.tables;
    const isOne = and(eq(editors.personId, id), eq(editors.isMailedWork, true));
    return (await tx.update(editors).set({ isMailedWork: false }).where(isOne).returning()).length > 0;
  },
  async person(tx, [id = ''], secret, now) {
    const { people } = tx.tables;
    if ((await tx.$count(people, eq(people.id, id))) === 0) return false;
    await erasePerson(tx, id, secret, now);
    return true;
  },
  async session(tx, [id = ''], _, now) {
    const { sessions } = tx.tables;
    if ((await tx.$count(sessions, eq(sessions.id, id))) === 0) return false;
    await revokeSession(tx, id, now);
    return true;
  },
  purchaser_link: (tx, [id = ''], _, now) => revokePurchaserLink(tx, id, { by: BY_SERVICE, now }),
};

/** What stands where the mail server's own words are lost. */
const FAULT = 'there is no such address, as was known before the restore';

/** For what a recipient withdrew: nothing where it is not there. */
function withRecipient(apply: (tx: WriteDb, recipient: Recipient, rest: readonly string[], now: Date) => Promise<boolean>): Apply {
  return async (tx, [id = '', ...rest], _, now) => {
    const { recipients } = tx.tables;
    const [recipient] = await tx.select().from(recipients).where(eq(recipients.id, id));
    return recipient !== undefined && apply(tx, recipient, rest, now);
  };
}

async function hasOrganisation(db: ReadDb, id: string): Promise<boolean> {
  const { organisations } = db.tables;
  return (await db.$count(organisations, eq(organisations.id, id))) > 0;
}
