/** Tickets of forms whose answer is shown once: the same form sent again, as when a browser loads its answer anew, does nothing more. */
import { sessionEnd } from '../../calendars/people/sign-in.ts';
import { and, like, lt } from '../store/drizzle.ts';
import type { WriteDb } from '../store/store.ts';

/**
 * Takes a ticket, in the transaction of what its form asks for: false where it was taken before, or is none. Taken ones are kept for as long as a
 * session can last: after that the same form is not taken from anybody.
 */
export async function takeTicket(tx: WriteDb, ticket: string | null, now: Date): Promise<boolean> {
  const { settings } = tx.tables;
  if (ticket === null || !UUID.test(ticket)) return false;
  const [row] = await tx
    .insert(settings)
    .values({ name: `${PREFIX}${ticket}`, value: now.toISOString() })
    .onConflictDoNothing()
    .returning();
  const longest = sessionEnd(now, false).getTime() - now.getTime();
  const since = new Date(now.getTime() - longest).toISOString();
  await tx.delete(settings).where(and(like(settings.name, `${PREFIX}%`), lt(settings.value, since)));
  return row !== undefined;
}

const PREFIX = 'form_ticket/';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
