/** Sees to it that events become newer when an organisation's own doing changes as whom it reads them, or for whom it acts. */
import type { Reader } from '../../calendars/terms.ts';
import { readAgenda } from './agenda.ts';
import { eq } from '../store/drizzle.ts';
import { raiseSequenceNumbers } from './sequence-numbers.ts';
import { canonical } from '../registry/revisions.ts';
import type { WriteDb } from '../store/store.ts';

/**
 * Does what changes organisations, and makes every event newer that looks different after it in the calendars of these. What leaves a calendar
 * becomes newer too: it may look different when it comes back. What an event says of its deadline has numbers of its own.
 */
export async function changingLooks<T>(
  tx: WriteDb,
  organisationIds: readonly (string | null)[],
  now: Date,
  change: () => Promise<T>,
): Promise<T> {
  const ids = [...new Set(organisationIds)].filter((id) => id !== null);
  const before = await readAllLooks(tx, ids);
  const result = await change();
  const after = await readAllLooks(tx, ids);
  for (const id of ids) {
    const [had, has] = [before.get(id) ?? [], after.get(id) ?? []];
    const changed = had.flatMap((looks, i) => [...looks].filter(([uid, look]) => has[i]?.get(uid) !== look).map(([uid]) => uid));
    await raiseSequenceNumbers(
      tx,
      id,
      [...new Set(changed)].map((uid) => `event:${uid}` as const),
      now,
    );
  }
  return result;
}

/** By UID, what of an event hangs on the organisation and those it delivers for. */
type Looks = ReadonlyMap<string, string>;

async function readAllLooks(tx: WriteDb, ids: readonly string[]): Promise<Map<string, Looks[]>> {
  const looks = new Map<string, Looks[]>();
  for (const id of ids) looks.set(id, await readLooks(tx, id));
  return looks;
}

/** Once for each way in which the organisation's feeds choose as whom they are read. */
async function readLooks(tx: WriteDb, id: string): Promise<Looks[]> {
  const { feeds } = tx.tables;
  const rows = await tx.select({ roles: feeds.roles }).from(feeds).where(eq(feeds.organisationId, id));
  const choices = new Map(rows.map(({ roles }): [string, Reader[] | null] => [canonical(roles), roles]));
  const looks: Looks[] = [];
  for (const readers of choices.values()) {
    const agenda = await readAgenda(tx, id, { withdrawnToo: true, readers });
    looks.push(new Map(agenda.map(({ uid, as, organisations }) => [uid, canonical([as, organisations])])));
  }
  return looks;
}
