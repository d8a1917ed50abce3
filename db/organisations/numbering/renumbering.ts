/** Renumbering: raises the sequence numbers of calendar entries when an organisation changes as whom it reads them, or for whom it acts. */
import type { AgendaItem } from '../../../calendars/agenda/concern.ts';
import { notesOf } from '../../../calendars/agenda/item-notes.ts';
import { canonical } from '../../../calendars/canonical.ts';
import { addDays, amsterdamDay } from '../../../calendars/days.ts';
import type { Reader } from '../../../calendars/terms.ts';
import { agendaOf, insurersOf } from '../agenda.ts';
import { readAgendaInput } from '../agenda-input.ts';
import { groupNumbers, groupUid, isGrouped } from './group-numbers.ts';
import { allDeadlines } from '../../registry/deadlines.ts';
import { raiseSequenceNumbers, type SequenceNumber } from './sequence-numbers.ts';
import { eq } from '../../store/drizzle.ts';
import type { WriteDb } from '../../store/store.ts';

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
  const before = await readAllLooks(tx, ids, now);
  const result = await change();
  const after = await readAllLooks(tx, ids, now);
  for (const id of ids) {
    const [had, has] = [before.get(id)!, after.get(id)!];
    const uids = had.entries.flatMap((entries, i) => differencesIn(entries, has.entries[i]));
    await raiseSequenceNumbers(
      tx,
      id,
      [...new Set(uids)].map((uid) => `event:${uid}` as const),
      now,
    );
    const raise = raiseOfGroups(had, has);
    if (raise !== null) await raiseSequenceNumbers(tx, id, ['groups'], now, raise);
  }
  return result;
}

/** The fingerprints of entries by UID: what in them depends on the organisation and those it delivers for. */
type Fingerprints = ReadonlyMap<string, string>;

/** How an organisation's calendars look, once for each way in which its feeds choose as whom they are read. */
interface Looks {
  entries: Fingerprints[];
  /** Of groups, with their members. */
  groups: Fingerprints[];
  /** By subject, without what the organisation itself adds. */
  numbers: ReadonlyMap<string, SequenceNumber>;
}

/**
 * By how much the number of an organisation's groups must rise, and which moment it may not be before; null when nothing of them changed. An insurer
 * that leaves takes its part in a group's number along, also in one that nothing is shown of now, and that part is made up for.
 */
function raiseOfGroups(had: Looks, has: Looks): { by: number; notBefore: Date } | null {
  const differ = had.groups.some(
    (groups, i) => differencesIn(groups, has.groups[i]).length + differencesIn(has.groups[i], groups).length > 0,
  );
  const falls = [...had.numbers].map(([subject, before]) => {
    const after = has.numbers.get(subject) ?? { sequence: 0, changedAt: new Date(0) };
    return { by: before.sequence - after.sequence, isOlder: after.changedAt < before.changedAt, notBefore: before.changedAt };
  });
  if (!differ && falls.every(({ by, isOlder }) => by <= 0 && !isOlder)) return null;
  return {
    by: 1 + Math.max(0, ...falls.map(({ by }) => by)),
    notBefore: new Date(Math.max(0, ...falls.map(({ notBefore }) => notBefore.getTime()))),
  };
}

/** The UIDs of entries that read differently, or are no longer there. */
function differencesIn(had: Fingerprints = NONE, has: Fingerprints = NONE): string[] {
  return [...had].filter(([uid, fingerprint]) => has.get(uid) !== fingerprint).map(([uid]) => uid);
}

const NONE: Fingerprints = new Map();

async function readAllLooks(tx: WriteDb, ids: readonly string[], now: Date): Promise<Map<string, Looks>> {
  const looks = new Map<string, Looks>();
  for (const id of ids) looks.set(id, await readLooks(tx, id, now));
  return looks;
}

async function readLooks(tx: WriteDb, id: string, now: Date): Promise<Looks> {
  const { feeds } = tx.tables;
  const rows = await tx.select({ roles: feeds.roles }).from(feeds).where(eq(feeds.organisationId, id));
  const choices = new Map(rows.map(({ roles }): [string, Reader[] | null] => [canonical(roles), roles]));
  const agendaInput = await readAgendaInput(tx, id);
  const deadlines = await allDeadlines(tx, { insurers: insurersOf(agendaInput), withSector: true, withdrawnToo: true });
  // What nobody reads looks like nothing. Its numbers count all the same: a calendar that is made later has the identities of one that was there before.
  const agendas = [...choices.values()].map((readers) =>
    agendaOf(agendaInput, { deadlines, names: new Map() }, { withdrawnToo: true, readers }),
  );
  return {
    entries: agendas.map((agenda) => new Map(agenda.map((item) => [item.uid, canonical(lookOf(item))]))),
    groups: agendas.map((agenda) => {
      const groups = Map.groupBy(agenda.filter(isGrouped), (item) => groupUid(id, item));
      return new Map(
        [...groups].map(([uid, items]) => [uid, canonical(Object.fromEntries(items.map((item) => [item.uid, lookOf(item)])))]),
      );
    }),
    numbers: groupNumbers(deadlines, addDays(amsterdamDay(now), -1)),
  };
}

function lookOf(item: AgendaItem) {
  const { arrangedBefore, as, organisations } = item;
  return [as, organisations, arrangedBefore.map(({ id }) => id), notesOf(item, 'nl')];
}
