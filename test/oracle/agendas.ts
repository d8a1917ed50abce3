/** What concerned somebody at a moment of a life, and what was open of it. */
import { concernOf, type Concern } from './concern.ts';
import { leadsOf, type Lead } from './leads.ts';
import type { Life, Reader } from './life.ts';
import { countingDay, isCounted, type Organisation, type Registry, type Row } from './registry.ts';
import type { Day } from './working-days.ts';

/** An entry that concerns a reader, with its reminders. */
export interface Item {
  row: Row;
  concern: Concern;
  leads: Lead[];
}

export interface Agendas {
  registryAt: (moment: Date) => Registry;
  concernAt: (row: Row, organisation: Organisation, registry: Registry, moment: Date) => Concern | null;
  /** All that is counted down and concerns the reader. */
  itemsAt: (reader: Reader, moment: Date) => ReadonlyMap<string, Item>;
  isDone: (organisation: Organisation, row: Row, moment: Date) => boolean;
  isMuted: (reader: Reader, row: Row, moment: Date) => boolean;
}

export function openAgendas(life: Life): Agendas {
  const cache = new Map<string, ReadonlyMap<string, Item>>();
  const registryAt = (moment: Date) => life.registries.findLast(({ at }) => at <= moment) ?? life.registries[0]!;
  const concernAt: Agendas['concernAt'] = (row, organisation, registry, moment) =>
    concernOf(row, organisation, registry, (who, insurer, year) =>
      life.received.some((one) => one.at <= moment && one.organisation === who && one.insurer === insurer && one.contractYear === year),
    );
  /** Whether what was said of an entry still holds: of a day that nobody stated it says nothing of the stated one, unless it is the very day that was expected. */
  const holds = (id: string, saidAt: Date, now: Row) => {
    const then = registryAt(saidAt).rows.get(id);
    if (!then || then.certainty === 'stated' || now.certainty !== 'stated') return true;
    return then.certainty === 'expected' && countingDay(then) === countingDay(now);
  };
  return {
    registryAt,
    concernAt,
    itemsAt(reader, moment) {
      const registry = registryAt(moment);
      const key = `${reader.email} ${registry.at.getTime()} ${life.received.filter(({ at }) => at <= moment).length}`;
      const items = cache.get(key) ?? itemsOf(life, reader, registry, moment, concernAt);
      cache.set(key, items);
      return items;
    },
    isDone: (organisation, row, moment) =>
      life.done.some((one) => one.organisation === organisation && one.id === row.id && one.at <= moment && holds(row.id, one.at, row)),
    isMuted: ({ mutes }, row, moment) => mutes.some((one) => one.id === row.id && one.at <= moment && holds(row.id, one.at, row)),
  };
}

function itemsOf(life: Life, reader: Reader, registry: Registry, moment: Date, concernAt: Agendas['concernAt']): ReadonlyMap<string, Item> {
  const { organisation } = reader;
  const rows = [...registry.rows.values()];
  const items: Item[] = rows.filter(isCounted).flatMap((row) => {
    const concern = concernAt(row, organisation, registry, moment);
    return concern ? [{ row, concern, leads: leadsOf(row, concern, reader, requestDay(row, rows)) }] : [];
  });
  for (const { organisation: holder, at, terms } of life.received) {
    // That an RO hears of its members' own terms is not said.
    const isSure = holder === organisation;
    if (at > moment || !(isSure || organisation.members.includes(holder))) continue;
    for (const row of terms) {
      const concern: Concern = { as: 'acts', holders: [holder], isOnce: false, isSure };
      items.push({ row, concern, leads: leadsOf(row, concern, reader, null) });
    }
  }
  return new Map(items.map((item) => [item.row.id, item]));
}

/** The last day on which the contract that an entry is about could be asked for. */
function requestDay({ insurer, contractYear }: Row, rows: readonly Row[]): Day | null {
  const days = rows
    .filter((row) => row.activity === 'contract_request' && row.insurer === insurer && row.contractYear === contractYear)
    .flatMap((row) => countingDay(row) ?? []);
  return days.sort()[0] ?? null;
}
