/** The cache of what feeds and lists are made from, as it is committed: the registry, and the organisations that were asked for lately. */
import { bounded, type Bounded } from '../store/lru.ts';
import { readAgendaInput, type AgendaInput } from './agenda-input.ts';
import { findHolder, hasEnded, type Holder } from './keys.ts';
import { readSnapshot, type Snapshot } from '../registry/snapshot.ts';
import type { Store } from '../store/store.ts';
import { digestOf } from '../store/secrets.ts';
import { organisationsChangedAfter, readCounters, type Counters } from '../store/counters.ts';

export interface ReadCache {
  /** Whether nothing was committed since the last `refresh`, up to this turn of the event loop. Never on PostgreSQL, which has to be asked. */
  isFreshThisTurn(): boolean;
  /** Brings all of it up to what is committed now. Where nothing of this changed, it is one small query. */
  refresh(): Promise<Snapshot>;
  /** The registry at the last refresh. */
  registry(): Snapshot;
  /** Who carries a key, as it is committed, or null: the store is asked only about keys that were not used lately. */
  holder(key: string, now: Date): Promise<Holder | null>;
  /** An organisation with those it delivers for, as it was at the last refresh or later; null when there is none. */
  agendaInput(organisationId: string): Promise<CachedInput | null>;
}

/** An organisation's input in the cache. */
interface CachedInput {
  readonly agendaInput: AgendaInput;
  readonly validity: Validity;
}

/** Whether one state of an organisation's input still holds, for whatever was made from it; kept much longer than the input itself. */
export interface Validity {
  holds: boolean;
}

/** The inputs take the most memory of these. */
const LIMITS = { agendaInputs: 20_000, validities: 200_000, holders: 200_000 };

/** Opens an empty cache of a store. */
export function openReadCache(store: Store, limits = LIMITS): ReadCache {
  const cache: Cache = {
    store,
    agendaInputs: bounded(limits.agendaInputs),
    validities: bounded(
      limits.validities,
      () => 1,
      (validity) => (validity.holds = false),
    ),
    holders: bounded(limits.holders),
    registry: undefined,
    pulse: null,
  };
  const refresh = shareNext(async () => renew(cache));
  return {
    isFreshThisTurn: () => cache.pulse !== null && store.pulseThisTurn() === cache.pulse,
    refresh,
    registry() {
      if (!cache.registry) throw new Error('the cache was never refreshed');
      return cache.registry;
    },
    async holder(key, now) {
      await refresh();
      return holderOf(cache, key, now);
    },
    agendaInput: async (organisationId) => inputOf(cache, organisationId),
  };
}

interface Cache {
  readonly store: Store;
  /** By organisation. */
  readonly agendaInputs: Bounded<CachedInput>;
  /** By organisation. What is let go holds no longer: nobody would hear of a change. */
  readonly validities: Bounded<Validity>;
  /** By a key's digest. */
  readonly holders: Bounded<{ holder: Holder; validity: Validity }>;
  registry: Snapshot | undefined;
  /** The store's pulse at the last refresh. */
  pulse: number | null;
}

async function renew(cache: Cache): Promise<Snapshot> {
  const { read } = cache.store;
  // Asked before anything is read: a commit in between is seen the next time.
  const pulse = cache.store.pulse();
  if (cache.registry && pulse !== null && pulse === cache.pulse) return cache.registry;
  const counters = await readCounters(read);
  if (!cache.registry || isNewer(counters, cache.registry.counters)) {
    const changedIds = cache.registry ? await organisationsChangedAfter(read, cache.registry.counters.organisations) : [];
    const registry = await readSnapshot(read, counters, cache.registry);
    for (const id of changedIds) forget(cache, id);
    // Of two that ran together, the newer one stays.
    if (!cache.registry || isNewer(counters, cache.registry.counters)) cache.registry = registry;
  }
  cache.pulse = pulse;
  return cache.registry;
}

function forget({ agendaInputs, validities }: Cache, organisationId: string) {
  agendaInputs.delete(organisationId);
  validities.delete(organisationId);
}

async function holderOf(cache: Cache, key: string, now: Date): Promise<Holder | null> {
  const digest = digestOf(key);
  const cached = cache.holders.get(digest);
  if (cached?.validity.holds) return hasEnded(cached.holder, now) ? null : cached.holder;
  const { registry } = cache;
  const holder = await findHolder(cache.store.read, key, now);
  // With every change of its organisation it holds no longer.
  if (holder?.bearer.kind === 'organisation' && cache.registry === registry)
    cache.holders.set(digest, { holder, validity: validityOf(cache, holder.bearer.organisationId) });
  return holder;
}

async function inputOf(cache: Cache, organisationId: string): Promise<CachedInput | null> {
  const { agendaInputs, validities } = cache;
  const cached = agendaInputs.get(organisationId);
  if (cached?.validity.holds) return cached;
  // Taken before anything is read, so that a change in the meantime is not missed.
  const validity = validityOf(cache, organisationId);
  const agendaInput = await readAgendaInput(cache.store.read, organisationId);
  if (agendaInput.members.length === 0) {
    if (validity.holds) validities.delete(organisationId);
    return null;
  }
  const input = { agendaInput, validity };
  if (validity.holds) agendaInputs.set(organisationId, input);
  return input;
}

function validityOf({ validities }: Cache, organisationId: string): Validity {
  const cached = validities.get(organisationId);
  if (cached) return cached;
  const validity = { holds: true };
  validities.set(organisationId, validity);
  return validity;
}

/** Whether something was committed between two readings. Counters only rise. */
function isNewer(now: Counters, before: Counters): boolean {
  return now.registry > before.registry || now.organisations > before.organisations || now.goneUntil > before.goneUntil;
}

/** Lets all who ask while the work runs share the next run: this one may have begun before what they ask about. */
function shareNext<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const run = () => {
    const current = work().finally(() => {
      if (running === current) running = undefined;
    });
    running = current;
    return current;
  };
  return async () => {
    if (!running) return run();
    next ??= running
      .catch(() => {})
      .then(async () => {
        next = undefined;
        return run();
      });
    return next;
  };
}
