/** Who hears of an edition: how many, as what they are, and who is concerned and cannot be reached. */
import { amsterdamDay } from '../../../calendars/days.ts';
import type { Role } from '../../../calendars/terms.ts';
import { isPaused } from '../../recipients/pauses.ts';
import type { Recipient } from '../../schema/schema.ts';
import { asc, inArray } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';
import type { Hearer, Readers } from './readers.ts';

export interface Hearing {
  told: ToldKind[];
  unreached: Unreached[];
  /** How many organisations it does not concern. */
  untouched: number;
  /** How many of those that deal with its insurer were not looked at. */
  uncounted: number;
}

/** Those of some roles who hear of it. */
export interface ToldKind {
  roles: readonly Role[];
  organisations: number;
  recipients: number;
  /** How many of the recipients only hear of it once their pause is over. */
  paused: number;
}

type UnreachedWhy = 'pending' | 'unsubscribed' | 'undeliverable' | 'not_wanted' | 'muted';

/** An organisation that it concerns, of which some do not hear of it. */
export interface Unreached {
  name: string;
  /** How many of its recipients do. */
  told: number;
  why: Partial<Record<UnreachedWhy, number>>;
}

/** `now`: when it is announced. */
export async function readHearing(db: ReadDb, { concerned, hearers, organisations, uncounted }: Readers, now: Date): Promise<Hearing> {
  const people = Map.groupBy(await recipientsOf(db, [...concerned]), ({ organisationId }) => organisationId);
  const toldIds = new Set(hearers.map(({ recipient }) => recipient.id));
  return {
    told: toldKinds(hearers, now),
    unreached: organisations
      .filter(({ id }) => concerned.has(id))
      .flatMap(({ id, name }) => unreachedIn(name, people.get(id) ?? [], toldIds) ?? []),
    untouched: organisations.length - concerned.size - uncounted,
    uncounted,
  };
}

function toldKinds(hearers: readonly Hearer[], now: Date): ToldKind[] {
  const today = amsterdamDay(now);
  const byRoles = Map.groupBy(hearers, ({ organisation }) => organisation.roles.toSorted().join());
  return [...byRoles.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, some]) => ({
      roles: some[0]!.organisation.roles.toSorted(),
      organisations: new Set(some.map(({ organisation }) => organisation.id)).size,
      recipients: some.length,
      paused: some.filter(({ recipient }) => isPaused(recipient, today)).length,
    }));
}

/** Null where all of its people hear of it. */
function unreachedIn(name: string, people: readonly Recipient[], toldIds: ReadonlySet<string>): Unreached | null {
  const others = people.filter(({ id }) => !toldIds.has(id));
  if (people.length > 0 && others.length === 0) return null;
  const why: Unreached['why'] = {};
  for (const one of others) why[whyOf(one)] = (why[whyOf(one)] ?? 0) + 1;
  return { name, told: people.length - others.length, why };
}

/** Who has confirmed, wants news and is concerned may only have waved away these very deadlines. */
function whyOf({ declined, status }: Recipient): UnreachedWhy {
  if (status !== 'confirmed') return status;
  return declined.includes('change') ? 'not_wanted' : 'muted';
}

/** How many organisations are looked at in one go. */
const PAGE = 500;

async function recipientsOf(db: ReadDb, organisationIds: readonly string[]): Promise<Recipient[]> {
  const { recipients } = db.tables;
  const rows: Recipient[] = [];
  for (let n = 0; n < organisationIds.length; n += PAGE)
    rows.push(
      ...(await db
        .select()
        .from(recipients)
        .where(inArray(recipients.organisationId, organisationIds.slice(n, n + PAGE)))
        .orderBy(asc(recipients.organisationId), asc(recipients.id))),
    );
  return rows;
}
