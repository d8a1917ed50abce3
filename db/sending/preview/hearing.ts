/** Who hears of an edition: how many, as what they are, and who is concerned and cannot be reached. */
import type { Role } from '../../../calendars/terms.ts';
import { concernedBy, type Change } from '../../notices/news.ts';
import { dealingAmong } from '../../notices/readers.ts';
import type { Edition } from '../../registry/editions/drafts.ts';
import type { Recipient } from '../../schema/schema.ts';
import { asc, inArray } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';
import { isPaused } from '../../recipients/pauses.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import type { ToldNotice } from './told.ts';

export interface Hearing {
  told: ToldKind[];
  unreached: Unreached[];
  /** How many organisations it does not concern. */
  untouched: number;
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

interface Announced {
  edition: Edition;
  changes: readonly Change[];
  told: readonly ToldNotice[];
}

export async function readHearing(db: ReadDb, { changes, edition, told }: Announced): Promise<Hearing> {
  const { organisations } = db.tables;
  const { id, name, roles } = organisations;
  const all = await db.select({ id, name, roles }).from(organisations).orderBy(asc(name), asc(id));
  const concerned = await concernedAmong(
    db,
    all.map((one) => one.id),
    edition,
    changes,
  );
  for (const { organisationId } of told) concerned.add(organisationId);
  const people = Map.groupBy(await recipientsOf(db, [...concerned]), ({ organisationId }) => organisationId);
  const toldIds = new Set(told.map(({ recipientId }) => recipientId));
  const touched = all.filter((one) => concerned.has(one.id)).map((one) => ({ ...one, people: people.get(one.id) ?? [] }));
  return {
    told: toldKinds(touched, toldIds, edition.publicAt!),
    unreached: touched.flatMap(({ name, people }) => unreachedIn(name, people, toldIds) ?? []),
    untouched: all.length - touched.length,
  };
}

interface Touched {
  roles: readonly Role[];
  people: readonly Recipient[];
}

function toldKinds(touched: readonly Touched[], toldIds: ReadonlySet<string>, now: Date): ToldKind[] {
  const today = amsterdamDay(now);
  const heard = touched
    .map(({ people, roles }) => ({ roles: roles.toSorted(), people: people.filter(({ id }) => toldIds.has(id)) }))
    .filter(({ people }) => people.length > 0);
  return [...Map.groupBy(heard, ({ roles }) => roles.join()).values()].map((some) => {
    const people = some.flatMap((one) => one.people);
    const paused = people.filter((one) => isPaused(one, today)).length;
    return { roles: some[0]!.roles, organisations: some.length, recipients: people.length, paused };
  });
}

/** Null where all of its people hear of it. */
function unreachedIn(name: string, people: readonly Recipient[], toldIds: ReadonlySet<string>): Unreached | null {
  const others = people.filter(({ id }) => !toldIds.has(id));
  if (people.length > 0 && others.length === 0) return null;
  const why: Unreached['why'] = {};
  for (const one of others) why[whyOf(one)] = (why[whyOf(one)] ?? 0) + 1;
  return { name, told: people.length - others.length, why };
}

/** What has confirmed, wants news and is concerned may only have waved away these very deadlines. */
function whyOf({ declined, status }: Recipient): UnreachedWhy {
  if (status !== 'confirmed') return status;
  return declined.includes('change') ? 'not_wanted' : 'muted';
}

/** How many organisations are looked at in one go. */
const PAGE = 200;

async function concernedAmong(
  db: ReadDb,
  ids: readonly string[],
  { insurerSlug }: Edition,
  changes: readonly Change[],
): Promise<Set<string>> {
  const concerned = new Set<string>();
  for (let n = 0; n < ids.length; n += PAGE) {
    const dealing = await dealingAmong(db, ids.slice(n, n + PAGE), insurerSlug);
    if (dealing.length === 0) continue;
    for (const change of changes) for (const id of await concernedBy(db, dealing, change)) concerned.add(id);
  }
  return concerned;
}

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
