/** PostgreSQL's connections break at any moment: what is asked on them fails, and nothing else does. */
import { afterEach, describe, expect, inject, it } from 'vitest';
import { sql } from '../../../db/store/drizzle.ts';
import { openStore, type ReadDb, type Store, type WriteDb } from '../../../db/store/store.ts';
import { isUnavailable } from '../../../db/store/unavailable.ts';
import { saveSetting } from '../../../db/store/settings.ts';
import { onBothDialects } from '../../helpers/stores.ts';
import { startTcpProxy, type TcpProxy } from '../../helpers/tcp-proxy.ts';

/** More than there are connections in a pool. */
const MANY = 12;

describe.skipIf('missing' in inject('postgres'))('a connection to PostgreSQL', () => {
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  /** A store behind a network that can be cut. What the URL adds shortens its time limits. */
  const openBehind = async (limits = ''): Promise<{ proxy: TcpProxy; store: Store }> => {
    const { url } = inject('postgres') as { url: string };
    const { port, pathname, username, password } = new URL(url);
    const proxy = await startTcpProxy(Number(port));
    opened.push(proxy.close);
    const store = await openStore(`postgres://${username}:${password}@127.0.0.1:${proxy.port}${pathname}?${limits}`);
    opened.push(async () => store.close());
    return { proxy, store };
  };
  const ask = (db: ReadDb, what: ReturnType<typeof sql>) => db.select({ answer: what }).from(sql`(values (1)) as one`);
  const failure = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error);
  const save = (store: Store) => store.write((tx) => saveSetting(tx, 'kept', 'yes'));

  it('that is ended between two questions of a change costs that change alone', async () => {
    const { proxy, store } = await openBehind();
    const error = await failure(
      store.write(async (tx) => {
        await saveSetting(tx, 'kept', 'no');
        proxy.cut();
        proxy.mend();
        // Whoever looks hears of it before the next question.
        while (proxy.open() > 0) await new Promise(setImmediate);
        await ask(tx, sql`1`);
      }),
    );
    expect(isUnavailable(error)).toBe(true);
    await save(store);
  });

  it('that the server does not let in is none, whether it is the name, the password or the database', async () => {
    const { url } = inject('postgres') as { url: string };
    const [role, database] = [new URL(url), new URL(url)];
    role.username = 'nobody_of_this_name';
    database.pathname = '/none_of_this_name';
    for (const wrong of [role, database]) expect(isUnavailable(await failure(openStore(wrong.href)))).toBe(true);
  });

  it('that the server ends costs the change or the question at hand alone', async () => {
    const { store } = await openBehind();
    const own = sql`pg_backend_pid()`;
    for (const end of [(tx: WriteDb) => ask(tx, sql`pg_terminate_backend(${own})`), idleTooLong]) {
      const error = await failure(store.write(async (tx) => void (await end(tx))));
      expect(isUnavailable(error)).toBe(true);
    }
    expect(isUnavailable(await failure(ask(store.read, sql`pg_terminate_backend(${own})`).execute()))).toBe(true);
    await save(store);
    expect(await ask(store.read, sql`2`)).toEqual([{ answer: 2 }]);
  });

  /** The server ends a transaction in which nothing is asked for long. */
  const idleTooLong = async (tx: WriteDb) => {
    await ask(tx, sql`set_config('idle_in_transaction_session_timeout', '50', true)`);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await ask(tx, sql`1`);
    }
  };

  it.each(['begin', 'settings', 'commit'])('that breaks at “%s” again and again uses up no pool', async (statement) => {
    const { proxy, store } = await openBehind();
    proxy.cutAt(statement);
    for (let n = 0; n < MANY; n += 1) expect(isUnavailable(await failure(save(store)))).toBe(true);
    proxy.cutAt(null);
    await save(store);
  });

  it('that breaks when a change is taken back uses up no pool, and hides not why', async () => {
    const { proxy, store } = await openBehind();
    const why = new Error('why');
    proxy.cutAt('rollback');
    for (let n = 0; n < MANY; n += 1) expect(await failure(store.write(() => Promise.reject(why)))).toBe(why);
    proxy.cutAt(null);
    await save(store);
  });

  it('over which nothing comes any more is given up in time, by all who wait for it, and by nobody after them', async () => {
    const { proxy, store } = await openBehind('query_timeout=300');
    await Promise.all(Array.from({ length: MANY }, () => save(store)));
    proxy.swallow();
    const errors = await Promise.all(Array.from({ length: MANY }, () => failure(save(store))));
    expect(errors.map(isUnavailable)).toEqual(errors.map(() => true));
    const reading = await Promise.all(Array.from({ length: MANY }, () => failure(ask(store.read, sql`1`).execute())));
    expect(reading.map(isUnavailable)).toEqual(reading.map(() => true));
    proxy.mend();
    await save(store);
    expect(await ask(store.read, sql`2`)).toEqual([{ answer: 2 }]);
  });
});

onBothDialects('a change', (fresh) => {
  it('that goes on after one of its statements failed is not answered as done where nothing was kept', async () => {
    const store = await fresh();
    const work = store.write(async (tx) => {
      await saveSetting(tx, 'first', 'yes');
      await tx
        .insert(tx.tables.settings)
        .values({ name: 'first', value: 'again' })
        .catch(() => {});
    });
    const error = await work.then(() => null).catch((e: unknown) => e);
    const kept = await store.read.$count(store.read.tables.settings);
    expect(error === null).toBe(kept === 1);
  });
});
