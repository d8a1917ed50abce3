import { expect, it } from 'vitest';
import { openKeyUses } from '../../db/organisations/key-uses.ts';
import { addKey, forgetEndedKeys, listKeys } from '../../db/organisations/keys.ts';
import { openReadCache } from '../../db/organisations/read-cache.ts';
import { openStore } from '../../db/store/store.ts';
import { appFor, EDITOR_KEY, type Call } from '../helpers/app.ts';
import { castIn, NOW } from '../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../helpers/stores.ts';

const NOBODYS = '123e4567-e89b-42d3-a456-426614174000';
const DAY = 24 * 3_600_000;

/** The last of a list is the newest. */
const keysOf = async (call: Call, path: string, key: string) => (await call('GET', path, { key })).body.items;

onBothDialects('keys of an organisation', (fresh) => {
  it('are listed without themselves, made, and end with the next request, also the one that asks', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    const path = `organisations/${ro.id}/keys`;
    const made = (await call('POST', path, { key: ro.key, body: { label: 'Koppeling' } })).body;
    expect(made).toEqual({
      id: made.id,
      label: 'Koppeling',
      createdAt: NOW.toISOString(),
      lastUsedAt: null,
      endsAt: null,
      key: expect.stringMatching(/^ik_[\w-]{43}$/),
    });
    const listed = await keysOf(call, path, made.key);
    expect(listed.map(({ label }: { label: string }) => label).sort()).toEqual(['Eerste sleutel', 'Koppeling']);
    expect(JSON.stringify(listed)).not.toContain(made.key);
    expect((await call('DELETE', `${path}/${made.id}`, { key: made.key })).status).toBe(204);
    expect((await call('GET', path, { key: made.key })).status).toBe(401);
    expect((await call('GET', path, { key: ro.key })).status).toBe(200);
    expect((await call('DELETE', `${path}/${made.id}`, { key: ro.key })).body.detail).toBe('No such key.');
  });

  it('leave one that stays, and one that is replaced does not stay', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    const path = `organisations/${ro.id}/keys`;
    const [first] = await keysOf(call, path, ro.key);
    expect(await call('DELETE', `${path}/${first.id}`, { key: ro.key })).toMatchObject({
      status: 409,
      body: { detail: 'No other key would stay, and nobody could make one. Make another first, or replace this one with overlapDays 0.' },
    });
    const next = (await call('POST', `${path}/${first.id}/rotation`, { key: ro.key })).body;
    expect((await call('DELETE', `${path}/${next.id}`, { key: ro.key })).status).toBe(409);
    expect((await call('DELETE', `${path}/${first.id}`, { key: ro.key })).status).toBe(204);
    expect((await call('GET', path, { key: ro.key })).status).toBe(401);
    expect((await call('GET', path, { key: next.key })).status).toBe(200);
  });

  it('are replaced with an overlap, to the second, or at once', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    let now = NOW;
    const { call } = await appFor(store, { clock: () => now });
    const path = `organisations/${ro.id}/keys`;
    const [first] = await keysOf(call, path, ro.key);
    const second = (await call('POST', `${path}/${first.id}/rotation`, { key: ro.key, body: { overlapDays: 2 } })).body;
    const endsAt = new Date(NOW.getTime() + 2 * DAY).toISOString();
    expect(second).toMatchObject({ label: 'Eerste sleutel', endsAt: null, formerKeyEndsAt: endsAt });
    expect((await keysOf(call, path, second.key)).find(({ id }: { id: string }) => id === first.id).endsAt).toBe(endsAt);
    expect(await call('POST', `${path}/${first.id}/rotation`, { key: second.key })).toMatchObject({
      status: 409,
      body: { detail: `This key was replaced already, and ends at ${endsAt}.` },
    });
    now = new Date(NOW.getTime() + 2 * DAY - 1);
    expect((await call('GET', path, { key: ro.key })).status).toBe(200);
    now = new Date(NOW.getTime() + 2 * DAY);
    expect((await call('GET', path, { key: ro.key })).status).toBe(401);
    const third = (await call('POST', `${path}/${second.id}/rotation`, { key: second.key, body: { overlapDays: 0 } })).body;
    expect((await call('GET', path, { key: second.key })).status).toBe(401);
    expect((await keysOf(call, path, third.key)).map(({ id }: { id: string }) => id)).toEqual([third.id]);
    await store.write((tx) => forgetEndedKeys(tx, now));
    expect(await store.read.$count(store.read.tables.keys)).toBe(3);
    for (const overlapDays of [-1, 91, 1.5, '7'])
      expect((await call('POST', `${path}/${third.id}/rotation`, { key: third.key, body: { overlapDays } })).status).toBe(400);
  });

  it('are at most 50, of which one can still be replaced at once', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    const path = `organisations/${ro.id}/keys`;
    await store.write(async (tx) => {
      for (let i = 1; i < 50; i += 1) await addKey(tx, ro.id, `Sleutel ${i}`, NOW);
    });
    const full = { status: 409, body: { detail: 'There are 50 keys that work, and may be no more. Revoke one first.' } };
    expect(await call('POST', path, { key: ro.key, body: { label: 'Nog een' } })).toMatchObject(full);
    const { id } = (await listKeys(store.read, ro.id, NOW))[0]!;
    const rotation = `${path}/${id}/rotation`;
    expect(await call('POST', rotation, { key: ro.key })).toMatchObject(full);
    const last = (await listKeys(store.read, ro.id, NOW)).find(({ label }) => label === 'Sleutel 49')!;
    expect((await call('POST', `${path}/${last.id}/rotation`, { key: ro.key, body: { overlapDays: 0 } })).status).toBe(201);
  });

  it('show the hour in which they were used last', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    let now = new Date('2024-04-02T10:59:59Z');
    const keyUses = openKeyUses();
    const { call } = await appFor(store, { clock: () => now, keyUses });
    const path = `organisations/${ro.id}/keys`;
    const used = async () => (await keysOf(call, path, ro.key)).map(({ lastUsedAt }: { lastUsedAt: string | null }) => lastUsedAt);
    expect(await used()).toEqual([null]);
    expect(await keyUses.record(store, now)).toBe(1);
    now = new Date('2024-04-02T11:00:00Z');
    expect(await used()).toEqual(['2024-04-02T10:00:00.000Z']);
    now = new Date('2024-04-02T11:20:00Z');
    expect(await keyUses.record(store, now)).toBe(1);
    expect(await used()).toEqual(['2024-04-02T11:00:00.000Z']);
    expect((await listKeys(store.read, outsider.id, now)).map(({ lastUsedAt }) => lastUsedAt)).toEqual([null]);
  });

  it('need a label', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    for (const body of [{}, { label: '' }, { label: ' ' }, { label: 1 }, { label: 'x', x: 1 }, { label: 'x'.repeat(201) }])
      expect((await call('POST', `organisations/${ro.id}/keys`, { key: ro.key, body })).status).toBe(400);
  });

  it('are its own: nobody else sees, makes, replaces or ends one', async () => {
    const store = await fresh();
    const { ro, wsv, outsider } = await castIn(store);
    const editor = await store.write((tx) => addKey(tx, null, 'Redactie', NOW));
    const { call } = await appFor(store);
    const [its] = await listKeys(store.read, ro.id, NOW);
    const [theirs] = await listKeys(store.read, outsider.id, NOW);
    const [editors] = await listKeys(store.read, null, NOW);
    for (const key of [wsv.key, outsider.key, editor, EDITOR_KEY]) {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', ''],
        ['POST', `/${its!.id}/rotation`],
        ['DELETE', `/${its!.id}`],
      ] as const)
        expect((await call(method, `organisations/${ro.id}/keys${path}`, { key })).body.detail).toBe('No such organisation.');
    }
    // Behind its own path stands nobody else's.
    for (const id of [theirs!.id, editors!.id, NOBODYS]) {
      expect((await call('DELETE', `organisations/${ro.id}/keys/${id}`, { key: ro.key })).body.detail).toBe('No such key.');
      expect((await call('POST', `organisations/${ro.id}/keys/${id}/rotation`, { key: ro.key })).body.detail).toBe('No such key.');
      expect((await call('DELETE', `editors/keys/${its!.id}`, { key: editor })).body.detail).toBe('No such key.');
    }
    expect(await store.read.$count(store.read.tables.keys)).toBe(4);
  });
});

onBothDialects('keys of editors', (fresh) => {
  it('are those of all editors, with the one of the environment, which ends there', async () => {
    const store = await fresh();
    await castIn(store);
    const keyUses = openKeyUses();
    const { call } = await appFor(store, { keyUses });
    const made = (await call('POST', 'editors/keys', { key: EDITOR_KEY, body: { label: 'Anna' } })).body;
    expect((await keysOf(call, 'editors/keys', made.key)).map(({ label }: { label: string }) => label)).toEqual(['EDITOR_KEY', 'Anna']);
    await keyUses.record(store, NOW);
    expect(await keysOf(call, 'editors/keys', EDITOR_KEY)).toEqual([
      { id: 'environment', label: 'EDITOR_KEY', createdAt: null, lastUsedAt: NOW.toISOString(), endsAt: null },
      { id: made.id, label: 'Anna', createdAt: NOW.toISOString(), lastUsedAt: NOW.toISOString(), endsAt: null },
    ]);
    for (const [method, path] of [
      ['DELETE', 'editors/keys/environment'],
      ['POST', 'editors/keys/environment/rotation'],
    ] as const)
      expect(await call(method, path, { key: made.key })).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('EDITOR_KEY, in the environment') },
      });
    const next = (await call('POST', `editors/keys/${made.id}/rotation`, { key: made.key, body: { overlapDays: 0 } })).body;
    expect((await call('GET', 'editors/keys', { key: made.key })).status).toBe(401);
    // The one in the environment stays.
    expect((await call('DELETE', `editors/keys/${next.id}`, { key: next.key })).status).toBe(204);
    expect((await call('GET', 'editors/keys', { key: next.key })).status).toBe(401);
  });

  it('leave one that stays where the environment has none', async () => {
    const store = await fresh();
    const { call } = await appFor(store, { editorKey: null });
    const key = await store.write((tx) => addKey(tx, null, 'Redactie', NOW));
    const [only, ...others] = await keysOf(call, 'editors/keys', key);
    expect(others).toEqual([]);
    expect((await call('DELETE', `editors/keys/${only.id}`, { key })).status).toBe(409);
  });
});

onBothDialects('a key that ends on one instance', (_, urlOf) => {
  it('is refused by the next request on every other one, though that held it in memory', async () => {
    const url = await urlOf();
    const [one, other] = [await openStore(url), await openStore(url)];
    const { ro } = await castIn(one);
    const editor = await one.write((tx) => addKey(tx, null, 'Redactie', NOW));
    const [{ call: here }, { call: there }] = [await appFor(one), await appFor(other)];
    const path = `organisations/${ro.id}/keys`;
    const spare = (await here('POST', path, { key: ro.key, body: { label: 'Reserve' } })).body;
    const asked = async (key: string) => (await there('GET', path, { key })).status;
    for (const time of ['read', 'from memory']) expect([time, await asked(ro.key), await asked(spare.key)]).toEqual([time, 200, 200]);
    const first = (await keysOf(here, path, ro.key)).find(({ id }: { id: string }) => id !== spare.id);
    expect((await here('DELETE', `${path}/${first.id}`, { key: spare.key })).status).toBe(204);
    expect([await asked(ro.key), await asked(spare.key)]).toEqual([401, 200]);
    // Replaced at once is the same, and so are the editors'.
    expect((await here('POST', `${path}/${spare.id}/rotation`, { key: spare.key, body: { overlapDays: 0 } })).status).toBe(201);
    expect(await asked(spare.key)).toBe(401);
    expect((await there('GET', 'editors/keys', { key: editor })).status).toBe(200);
    const [, { id }] = await keysOf(here, 'editors/keys', EDITOR_KEY);
    expect((await here('DELETE', `editors/keys/${id}`, { key: EDITOR_KEY })).status).toBe(204);
    expect((await there('GET', 'editors/keys', { key: editor })).status).toBe(401);
    await Promise.all([one.close(), other.close()]);
  });

  it('leaves one that stays, also when the last two are revoked at one moment', async () => {
    const url = await urlOf();
    const [one, other] = [await openStore(url), await openStore(url)];
    const { ro } = await castIn(one);
    const second = await one.write((tx) => addKey(tx, ro.id, 'Tweede', NOW));
    const [{ call: here }, { call: there }] = [await appFor(one), await appFor(other)];
    const path = `organisations/${ro.id}/keys`;
    const keys: { id: string; label: string }[] = await keysOf(here, path, ro.key);
    const idOf = (label: string) => keys.find((one) => one.label === label)!.id;
    const ends = await Promise.all([
      here('DELETE', `${path}/${idOf('Tweede')}`, { key: ro.key }),
      there('DELETE', `${path}/${idOf('Eerste sleutel')}`, { key: second }),
    ]);
    // Who is late is refused as the last one, or was ended already when it asked.
    expect(ends.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await listKeys(one.read, ro.id, NOW)).toHaveLength(1);
    await Promise.all([one.close(), other.close()]);
  });
});

onSqlite('the cache of keys', (fresh) => {
  it('asks the store once for a key that stays as it is, and not at all for another use within the hour', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const cache = openReadCache(store);
    const holder = await cache.holder(ro.key, NOW);
    expect(await cache.holder(ro.key, NOW)).toBe(holder);
    const keyUses = openKeyUses();
    keyUses.note(holder!.keyId, NOW);
    await keyUses.record(store, NOW);
    const commits = store.pulse();
    keyUses.note(holder!.keyId, new Date(NOW.getTime() + 3_599_999));
    expect(await keyUses.record(store, new Date(NOW.getTime() + 3_599_999))).toBe(0);
    expect(store.pulse()).toBe(commits);
    // That a use was written down is no change of the organisation.
    expect(await cache.holder(ro.key, NOW)).toBe(holder);
  });
});
