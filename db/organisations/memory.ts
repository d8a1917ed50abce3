/** What feeds and lists rest on, held in memory as it is committed: the registry, and the organisations that were asked for lately. */
import { bounded } from '../store/lru.ts';
import { readAgendaInput, type AgendaInput } from './agenda-input.ts';
import { findBearer, type Bearer } from './keys.ts';
import { readSnapshot, type Snapshot } from '../registry/snapshot.ts';
import type { Store } from '../store/store.ts';
import { digestOf } from '../store/secrets.ts';
import { organisationsChangedAfter, readCounters, type Counters } from '../store/counters.ts';

export interface Memory {
  /** Whether nothing was committed since the last `refresh`, up to this turn of the event loop. Never on PostgreSQL, which has to be asked. */
  isFreshThisTurn(): boolean;
  /** Brings all of it up to what is committed now. Where nothing of this changed, it is one small query. */
  refresh(): Promise<Snapshot>;
  /** The registry at the last refresh. */
  registry(): Snapshot;
  /** Who carries a key, as it is committed, or null: the store is asked only about keys that were not used lately. */
  bearer(key: string): Promise<Bearer | null>;
  /** An organisation with those it delivers for, as it was at the last refresh or later; null when there is none. */
  agendaInput(organisationId: string): Promise<CachedInput | null>;
}

/** An organisation's facts in memory. */
interface CachedInput {
  readonly agendaInput: AgendaInput;
  readonly ground: Ground;
}

/** One state of an organisation's facts. What was made from it holds as long as this does; it may be kept much longer than the facts themselves. */
export interface Ground {
  holds: boolean;
}

/** Organisations' facts take the most memory of these. */
const LIMITS = { agendaInputs: 20_000, grounds: 200_000, bearers: 200_000 };

/** Opens an empty memory of a store. */
export function openMemory(store: Store, limits = LIMITS): Memory {
  const { read } = store;
  const agendaInputs = bounded<CachedInput>(limits.agendaInputs);
  const grounds = bounded<Ground>(
    limits.grounds,
    () => 1,
    (ground) => (ground.holds = false),
  );
  const bearers = bounded<{ bearer: Bearer; ground: Ground }>(limits.bearers);
  let registry: Snapshot | undefined;
  let pulse: number | null = null;

  const forget = (id: string) => {
    agendaInputs.delete(id);
    grounds.delete(id);
  };
  const groundOf = (id: string): Ground => {
    const known = grounds.get(id);
    if (known) return known;
    const ground = { holds: true };
    grounds.set(id, ground);
    return ground;
  };

  const renew = async (): Promise<Snapshot> => {
    // Asked before anything is read: a commit in between is seen the next time.
    const asked = store.pulse();
    if (registry && asked !== null && asked === pulse) return registry;
    const counters = await readCounters(read);
    if (!registry || isNewer(counters, registry.counters)) {
      const changed = registry ? await organisationsChangedAfter(read, registry.counters.organisations) : [];
      const renewed = await readSnapshot(read, counters, registry);
      changed.forEach(forget);
      // Of two that ran together, the newer one stays.
      if (!registry || isNewer(counters, registry.counters)) registry = renewed;
    }
    pulse = asked;
    return registry;
  };

  const refresh = shareNext(renew);

  return {
    isFreshThisTurn: () => pulse !== null && store.pulseThisTurn() === pulse,
    refresh,
    registry() {
      if (!registry) throw new Error('the memory was never refreshed');
      return registry;
    },
    async bearer(key) {
      await refresh();
      const digest = digestOf(key);
      const known = bearers.get(digest);
      if (known?.ground.holds) return known.bearer;
      const at = registry;
      const bearer = await findBearer(read, key);
      // With every change of its organisation it holds no longer.
      if (bearer?.kind === 'organisation' && registry === at) bearers.set(digest, { bearer, ground: groundOf(bearer.organisationId) });
      return bearer;
    },
    async agendaInput(organisationId) {
      const known = agendaInputs.get(organisationId);
      if (known?.ground.holds) return known;
      // Taken before anything is read, so that a change in the meantime is not missed.
      const ground = groundOf(organisationId);
      const agendaInput = await readAgendaInput(read, organisationId);
      if (agendaInput.members.length === 0) {
        if (ground.holds) grounds.delete(organisationId);
        return null;
      }
      const fresh = { agendaInput, ground };
      if (ground.holds) agendaInputs.set(organisationId, fresh);
      return fresh;
    },
  };
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
    const own = work().finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
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
