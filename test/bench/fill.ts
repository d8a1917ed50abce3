/** Fills a store with organisations for the benchmark: each deals with some insurers, and has a feed and a key. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { digestOf } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { addDeadline } from '../helpers/cast.ts';

/** One organisation, with the secrets that its requests need. */
export interface Member {
  id: string;
  token: string;
  key: string;
}

/** All deal with the first one: a change there concerns everybody. */
const INSURERS = ['cz', 'menzis', 'vgz', 'dsw', 'asr', 'eno', 'zilveren-kruis', 'de-friesland', 'zorg-en-zekerheid'];
const STATUSES = ['contracted', 'uncontracted', 'unknown'] as const;
/** How many different sets of insurers and contracts there are among them. */
const SETS = 100;
const AT_ONCE = 1000;

/** Adds `count` organisations without parents or dates of their own. The same count gives the same ones. */
export async function fill(store: Store, count: number, now: Date): Promise<Member[]> {
  const members = Array.from({ length: count }, (_, i) => memberOf(i));
  // With one more at the insurer of all, some feeds have just sixty events, as many as everyone is measured by.
  const one = { insurer: INSURERS[0]!, activity: 'contract_term', contractYear: 2027 } as const;
  const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
  await store.write(async (tx) => addDeadline(tx, one, { duty }, now));
  for (let from = 0; from < count; from += AT_ONCE) {
    const slice = members.slice(from, from + AT_ONCE);
    await store.write(async (tx) => {
      const { feeds, keys, organisations, relations } = tx.tables;
      const own = { language: 'nl', roles: ['ro' as const], parentId: null, version: 0, createdAt: now } as const;
      for (const part of chunks(slice, 100)) {
        const at = (i: number) => from + slice.indexOf(part[0]!) + i;
        await tx.insert(organisations).values(part.map(({ id }, i) => ({ id, name: `Regio ${at(i)}`, ...own, roles: [...own.roles] })));
        await tx
          .insert(relations)
          .values(part.flatMap(({ id }, i) => relationsOf(at(i) % SETS).map((one) => ({ organisationId: id, ...one }))));
        await tx.insert(feeds).values(
          part.map(({ id, token }) => ({
            id: uuidOf(`feed ${id}`),
            organisationId: id,
            label: 'Agenda',
            hash: digestOf(token),
            createdAt: now,
          })),
        );
        await tx.insert(keys).values(
          part.map(({ id, key }) => ({
            id: uuidOf(`key ${id}`),
            organisationId: id,
            label: 'Sleutel',
            hash: digestOf(key),
            createdAt: now,
          })),
        );
      }
    });
    await setImmediate();
  }
  return members;
}

function memberOf(i: number): Member {
  const secret = (what: string) => createHash('sha256').update(`${what} ${i}`).digest('base64url');
  return { id: uuidOf(`organisation ${i}`), token: secret('token'), key: `ik_${secret('key')}` };
}

/** Six to eight insurers, with contracts that differ from set to set. */
function relationsOf(set: number) {
  const chosen = [INSURERS[0]!, ...INSURERS.slice(1).filter((_, i) => (set >> (i % 8)) % 2 === 0 || i < 4)].slice(0, 6 + (set % 3));
  return chosen.map((insurerSlug, i) => ({
    insurerSlug,
    contractStatus: STATUSES[Math.floor(set / 3 ** (i % 5)) % 3]!,
    preferred: i === set % 4,
  }));
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
