/** The agendas of many organisations, for mails: their inputs read together, the registry from a snapshot. */
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { agendaOf, insurersOf } from './agenda.ts';
import { and, inArray, or } from '../store/drizzle.ts';
import { isLeading, recordedIn, type AgendaInput } from './agenda-input.ts';
import { deadlinesFor, type Snapshot } from '../registry/snapshot.ts';
import { stepOf } from './steps/step-row.ts';
import type { ReadDb } from '../store/store.ts';

/** An organisation's agenda as `readAgenda` gives it, with what was withdrawn; without calendar numbers, which no mail tells of. */
export function agendaFrom(registry: Snapshot, agendaInput: AgendaInput): AgendaItem[] {
  return agendaOf(
    agendaInput,
    { deadlines: deadlinesFor(registry, insurersOf(agendaInput)), names: registry.names },
    { withdrawnToo: true },
  );
}

/** The inputs of agendas by the organisation's id, in a few queries. `alone`: without those that they deliver for. */
export async function readAgendaInputs(
  db: ReadDb,
  organisationIds: readonly string[],
  { alone = false }: { alone?: boolean } = {},
): Promise<Map<string, AgendaInput>> {
  const { completions, events, organisations, ownTerms, relations, steps } = db.tables;
  const requestedIds = new Set(organisationIds);
  const ids = [...requestedIds];
  const rows = await db
    .select()
    .from(organisations)
    .where(alone ? inArray(organisations.id, ids) : or(inArray(organisations.id, ids), inArray(organisations.parentId, ids)))
    .orderBy(organisations.name, organisations.id);
  const memberIds = rows.map(({ id }) => id);
  const relationsOf = byOrganisation(
    await db.select().from(relations).where(inArray(relations.organisationId, memberIds)).orderBy(relations.insurerSlug),
  );
  const eventsOf = byOrganisation(await db.select().from(events).where(inArray(events.organisationId, memberIds)));
  const termsOf = byOrganisation(await db.select().from(ownTerms).where(inArray(ownTerms.organisationId, memberIds)));
  const doneBy = byOrganisation(await db.select().from(completions).where(inArray(completions.organisationId, memberIds)));
  const stepsOf = byOrganisation(await db.select().from(steps).where(inArray(steps.organisationId, ids)).orderBy(steps.dueOn, steps.id));
  const parentIds = rows.flatMap(({ id, parentId }) => (requestedIds.has(id) && parentId !== null ? parentId : []));
  const preferredBy = byOrganisation(
    parentIds.length === 0
      ? []
      : await db
          .select({ organisationId: relations.organisationId, slug: relations.insurerSlug })
          .from(relations)
          .where(and(inArray(relations.organisationId, parentIds), isLeading(relations)))
          .orderBy(relations.insurerSlug),
  );
  const children = Map.groupBy(alone ? [] : rows, (row) => row.parentId);
  const agendaInputs = new Map<string, AgendaInput>();
  for (const organisation of rows) {
    const { id } = organisation;
    if (!requestedIds.has(id)) continue;
    const members = [organisation, ...(children.get(id) ?? [])].map((row) => ({ ...row, relations: relationsOf.get(row.id) ?? [] }));
    const of = <T>(all: ReadonlyMap<string, T[]>) => members.flatMap((member) => all.get(member.id) ?? []);
    agendaInputs.set(id, {
      members,
      parentPreferred: (preferredBy.get(organisation.parentId ?? '') ?? []).map(({ slug }) => slug),
      ownEvents: of(eventsOf),
      ownTerms: of(termsOf),
      sequenceNumbers: new Map(),
      completions: new Map(of(doneBy).map(recordedIn)),
      steps: (stepsOf.get(id) ?? []).map(stepOf),
    });
  }
  return agendaInputs;
}

function byOrganisation<T extends { organisationId: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, (row) => row.organisationId);
}
