/** The editors' weekly mail: what waits for them in the registry, and the head of its audit, which they so keep elsewhere. */
import { foldAddress } from '../../calendars/mail-address.ts';
import { amountsToNothing, type WorkList } from '../registry/upkeep/work-list.ts';
import type { AuditHead } from '../registry/audit.ts';
import { asc, eq } from '../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';
import { queuePersonalMail } from '../messages/personal-mails.ts';

/** Queues it for every editor who did not decline it; for none where nothing waits. Gives for how many. */
export async function queueWorkMails(tx: WriteDb, work: WorkList, audit: AuditHead, now: Date): Promise<number> {
  if (amountsToNothing(work)) return 0;
  const { editors, people } = tx.tables;
  const readers = await tx
    .select({ to: people.email, language: people.language })
    .from(editors)
    .innerJoin(people, eq(people.id, editors.personId))
    .where(eq(editors.isMailedWork, true))
    .orderBy(asc(people.email));
  for (const reader of readers) await queuePersonalMail(tx, { kind: 'work_list', ...reader, work, audit }, now);
  return readers.length;
}

/** Whether whoever has an address is an editor who gets it. */
export async function isMailedWork(db: ReadDb, email: string): Promise<boolean> {
  const { editors, people } = db.tables;
  const [row] = await db
    .select({ isMailedWork: editors.isMailedWork })
    .from(editors)
    .innerJoin(people, eq(people.id, editors.personId))
    .where(eq(people.email, foldAddress(email)));
  return row?.isMailedWork ?? false;
}

/** Lets an editor have it, or not. */
export async function chooseWorkMail(tx: WriteDb, personId: string, isMailed: boolean, now: Date): Promise<void> {
  const { editors } = tx.tables;
  await noteWithdrawal(tx, 'work_mail', [personId], now, { isOver: isMailed });
  await tx.update(editors).set({ isMailedWork: isMailed }).where(eq(editors.personId, personId));
}
