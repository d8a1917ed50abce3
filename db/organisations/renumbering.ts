/** Renumbering: raises the sequence numbers of calendar entries when an organisation changes as whom it reads them, or for whom it acts. */
import { notesOf } from '../../calendars/agenda/item-notes.ts';
import type { Reader } from '../../calendars/terms.ts';
import { readAgenda } from './agenda.ts';
import { eq } from '../store/drizzle.ts';
import { raiseSequenceNumbers } from './sequence-numbers.ts';
import { canonical } from '../../calendars/canonical.ts';
import type { WriteDb } from '../store/store.ts';

/**
 * Carries out a change of organisations, and raises the number of every entry that then reads differently in the calendars of these. An entry that
 * leaves a calendar is raised too: it may read differently when it comes back. What an entry says of its deadline has numbers of its own.
 */
export async function withRenumbering<T>(
  tx: WriteDb,
  organisationIds: readonly (string | null)[],
  now: Date,
  change: () => Promise<T>,
): Promise<T> {
  const ids = [...new Set(organisationIds)].filter((id) => id !== null);
  const before = await readAllFingerprints(tx, ids);
  const result = await change();
  const after = await readAllFingerprints(tx, ids);
  for (const id of ids) {
    const [had, has] = [before.get(id) ?? [], after.get(id) ?? []];
    const uids = had.flatMap((entries, i) =>
      [...entries].filter(([uid, fingerprint]) => has[i]?.get(uid) !== fingerprint).map(([uid]) => uid),
    );
    await raiseSequenceNumbers(
      tx,
      id,
      [...new Set(uids)].map((uid) => `event:${uid}` as const),
      now,
    );
  }
  return result;
}

/** The fingerprints of entries by UID: what in them depends on the organisation and those it delivers for. */
type Fingerprints = ReadonlyMap<string, string>;

async function readAllFingerprints(tx: WriteDb, ids: readonly string[]): Promise<Map<string, Fingerprints[]>> {
  const fingerprints = new Map<string, Fingerprints[]>();
  for (const id of ids) fingerprints.set(id, await readFingerprints(tx, id));
  return fingerprints;
}

/** Once for each way in which the organisation's feeds choose as whom they are read. */
async function readFingerprints(tx: WriteDb, id: string): Promise<Fingerprints[]> {
  const { feeds } = tx.tables;
  const rows = await tx.select({ roles: feeds.roles }).from(feeds).where(eq(feeds.organisationId, id));
  const choices = new Map(rows.map(({ roles }): [string, Reader[] | null] => [canonical(roles), roles]));
  const fingerprints: Fingerprints[] = [];
  for (const readers of choices.values()) {
    const agenda = await readAgenda(tx, id, { withdrawnToo: true, readers });
    fingerprints.push(new Map(agenda.map((item) => [item.uid, canonical([item.as, item.organisations, notesOf(item, 'nl')])])));
  }
  return fingerprints;
}
