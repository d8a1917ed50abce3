/** The tables of the store itself: its settings, and which organisations changed. */
import type { Kit } from '../store/kit.ts';

export function storeTables(kit: Kit) {
  return { organisationChanges: organisationChangesTable(kit), settings: settingsTable(kit) };
}

/** Which organisations changed last, themselves or by their feeds, in the order of the commits: what is held in memory of them holds no longer. */
function organisationChangesTable(kit: Kit) {
  const columns = { organisationId: kit.text().primaryKey(), number: kit.int().notNull() };
  return kit.table('organisation_changes', columns, (t) => [kit.index('organisation_changes_number').on(t.number)]);
}

/** Small facts about the service itself: the registry's version counter, the renderer's version, whether the demo was made. */
function settingsTable(kit: Kit) {
  return kit.table('settings', { name: kit.text().primaryKey(), value: kit.text().notNull() });
}
