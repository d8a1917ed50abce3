/** Settings of the service itself, by name. */
import { eq } from './drizzle.ts';
import type { ReadDb, WriteDb } from './store.ts';

/** Where a hold of all mail stands. */
export const MAIL_HOLD = 'mail_hold';

/** Where it stands which reminders were taken from a recipient. */
export const takenAwayName = (recipientId: string) => `taken_away/${recipientId}`;

/** The value of a setting, or undefined where it was never saved. */
export async function readSetting(db: ReadDb, name: string): Promise<string | undefined> {
  const { settings } = db.tables;
  const [row] = await db.select().from(settings).where(eq(settings.name, name));
  return row?.value;
}

/** Saves a setting over what was there. */
export async function saveSetting(tx: WriteDb, name: string, value: string): Promise<void> {
  const { settings } = tx.tables;
  await tx.insert(settings).values({ name, value }).onConflictDoUpdate({ target: settings.name, set: { value } });
}

/** Removes a setting; nothing happens where there is none. */
export async function removeSetting(tx: WriteDb, name: string): Promise<void> {
  const { settings } = tx.tables;
  await tx.delete(settings).where(eq(settings.name, name));
}
