/** Concerns: whether a deadline concerns an organisation itself, or those it delivers for. */
import { concernOf, type Party } from '../../calendars/agenda/concern.ts';
import { preferredAmong } from '../../calendars/agenda/leading.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import { AppError } from '../../calendars/errors.ts';
import type { Reader } from '../../calendars/terms.ts';
import { readContractTerms } from '../registry/deadlines.ts';
import { isLeading } from './agenda-input.ts';
import { and, asc, eq, inArray, or } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';

/** Whom a deadline concerns in an organisation: itself, or else those it delivers for. */
export interface Concern {
  as: Reader;
  organisations: { id: string; name: string }[];
}

/** An organisation itself, then by name those it delivers for, each with how it stands with one insurer. */
export type Parties = readonly { id: string; name: string; party: Party }[];

/** Whom a deadline concerns in an organisation, or null. `others`: who is told in another way. */
export async function concernIn(
  db: ReadDb,
  organisationId: string,
  deadline: Deadline,
  exceptIds: ReadonlySet<string> = new Set(),
): Promise<Concern | null> {
  const parties = await readParties(db, [organisationId], deadline.insurer);
  return concernAmong(parties.get(organisationId) ?? [], deadline, exceptIds);
}

/** Throws `invalid` where a deadline was withdrawn, or concerns neither the organisation nor those it delivers for: nothing would come of what is said of it. */
export async function requireConcern(db: ReadDb, organisationId: string, deadline: Deadline): Promise<void> {
  if (deadline.status === 'withdrawn') throw new AppError('invalid', 'The deadline was withdrawn: nothing is to be done for it any more.');
  if ((await concernIn(db, organisationId, deadline)) === null)
    throw new AppError('invalid', 'The deadline does not concern the organisation: it is not in its list, nor of those it delivers for.');
}

/** The same, where it is known who belongs to the organisation. */
export function concernAmong(parties: Parties, deadline: Deadline, exceptIds: ReadonlySet<string> = new Set()): Concern | null {
  const members = parties.flatMap(({ id, name, party }) => {
    const as = exceptIds.has(id) ? null : concernOf(deadline, party);
    return as === null ? [] : [{ as, id, name }];
  });
  const [first] = members;
  if (!first) return null;
  const whose = first.id === parties[0]?.id ? [first] : members;
  return { as: first.as, organisations: whose.map(({ id, name }) => ({ id, name })) };
}

/**
 * Which of these parties have no agreement with a signing deadline's insurer, and received none as far as they said: they are asked once whether they
 * were offered one, and told nothing else of it. None where it is no signing.
 */
export async function askedOnceAmong(
  db: ReadDb,
  parties: Iterable<Parties>,
  { activity, contractYear, insurer }: Pick<Deadline, 'activity' | 'contractYear' | 'insurer'>,
): Promise<ReadonlySet<string>> {
  if (activity !== 'signing' || insurer === null) return new Set();
  const ids = [...parties].flat().flatMap(({ id, party }) => (party.relations.get(insurer) === 'uncontracted' ? [id] : []));
  if (ids.length === 0) return new Set();
  const { events } = db.tables;
  const received = await db
    .select({ id: events.organisationId })
    .from(events)
    .where(
      and(
        inArray(events.organisationId, [...new Set(ids)]),
        eq(events.kind, 'contract_received'),
        eq(events.insurerSlug, insurer),
        eq(events.contractYear, contractYear),
      ),
    );
  return new Set(ids).difference(new Set(received.map(({ id }) => id)));
}

/** The parties of several organisations, by their ids, in a few queries. */
export async function readParties(db: ReadDb, organisationIds: readonly string[], insurer: string | null): Promise<Map<string, Parties>> {
  const { organisations, relations } = db.tables;
  const ids = [...organisationIds];
  const members = await db
    .select({ id: organisations.id, name: organisations.name, roles: organisations.roles, parentId: organisations.parentId })
    .from(organisations)
    .where(or(inArray(organisations.id, ids), inArray(organisations.parentId, ids)))
    .orderBy(asc(organisations.name), asc(organisations.id));
  const memberIds = members.map(({ id }) => id);
  const rows =
    insurer === null
      ? []
      : await db
          .select({ id: relations.organisationId, slug: relations.insurerSlug, contractStatus: relations.contractStatus })
          .from(relations)
          .where(and(inArray(relations.organisationId, memberIds), eq(relations.insurerSlug, insurer)));
  const relationsOf = Map.groupBy(rows, ({ id }) => id);
  const namingIds = insurer === null ? [] : [...new Set(members.flatMap(({ id, parentId }) => [id, parentId]).filter((id) => id !== null))];
  const preferredRows = await db
    .select({ id: relations.organisationId, slug: relations.insurerSlug })
    .from(relations)
    .where(and(inArray(relations.organisationId, namingIds), isLeading(relations)));
  const preferredBy = Map.groupBy(preferredRows, ({ id }) => id);
  const terms = new Map(insurer === null ? [] : [[insurer, await readContractTerms(db, insurer)]]);
  const preferredOf = (id: string | null) => (preferredBy.get(id ?? '') ?? []).map(({ slug }) => slug);
  const partyOf = new Map(
    members.map(({ id, name, roles, parentId }) => {
      const statuses = (relationsOf.get(id) ?? []).map(({ slug, contractStatus }) => [slug, contractStatus] as const);
      return [
        id,
        {
          id,
          name,
          party: { roles, relations: new Map(statuses), preferred: preferredAmong(preferredOf(id), preferredOf(parentId)), terms },
        },
      ];
    }),
  );
  const children = Map.groupBy(members, ({ parentId }) => parentId);
  return new Map(
    ids.flatMap((id) => {
      const itself = partyOf.get(id);
      return itself ? [[id, [itself, ...(children.get(id) ?? []).map((child) => partyOf.get(child.id)!)]]] : [];
    }),
  );
}
