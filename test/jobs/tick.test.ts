import { hostname } from 'node:os';
import { expect, it, vi } from 'vitest';
import { eq } from '../../db/store/drizzle.ts';
import { openFeedCache } from '../../db/feeds/cache.ts';
import { openKeyUses } from '../../db/organisations/key-uses.ts';
import { recallMessages } from '../../db/store/recall.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import { renewSender } from '../../db/sending/senders.ts';
import type { Store } from '../../db/store/store.ts';
import { readCounters } from '../../db/store/counters.ts';
import { readSetting, saveSetting } from '../../db/store/settings.ts';
import { MailError, type Mailer } from '../../jobs/transport/mailer.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { isRunning, openSendersPlace } from '../../jobs/sending/senders-place.ts';
import { createTick } from '../../jobs/tick.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { at, MONDAY, reminderMailsIn, remindersIn } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

async function prepared(store: Store) {
  const { ro } = await castIn(store);
  await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  await addConfirmed(store, ro.id, at('09-02T12:00'));
}

const AWAY = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

function tickOver(store: Store, mailer: Mailer = keepingMailer()) {
  const logged: string[] = [];
  const log = {
    info: (_: object, message: string) => void logged.push(message),
    error: (_: object, message: string) => void logged.push(message),
  };
  const tick = createTick({
    store,
    mailer,
    feeds: openFeedCache(store),
    settings: SETTINGS,
    keyUses: openKeyUses(),
    clock: () => MONDAY,
    log,
  });
  return { tick, logged };
}

onBothDialects('a round of work', (fresh) => {
  it('projects, plans and sends what is due, and has nothing to do a second time', async () => {
    const store = await fresh();
    await prepared(store);
    const mailer = keepingMailer();
    const { tick, logged } = tickOver(store, mailer);
    expect(tick.lastSeenAt()).toBeNull();
    await tick.run();
    expect(tick.lastSeenAt()).toEqual(MONDAY);
    await tick.run();
    expect(mailer.taken).toHaveLength(1);
    expect(logged).toEqual(['projected timelines', 'planned reminders', 'mail sent']);
    await tick.stop();
  });

  it('takes it for no error that what a mail says changed before it left', async () => {
    const store = await fresh();
    await prepared(store);
    const errors: string[] = [];
    const infos: string[] = [];
    const log = {
      info: (_: object, message: string) => void infos.push(message),
      error: (_: object, message: string) => void errors.push(message),
    };
    const kept = keepingMailer();
    let offers = 0;
    // Something of the organisation's own changes while the server is asked.
    const mailer: Mailer = {
      ...kept,
      async send(envelope, raw, { leaving } = {}) {
        offers += 1;
        if (offers === 1) await store.write((tx) => recallMessages(tx));
        try {
          await leaving?.();
        } catch (error) {
          throw new MailError({ kind: 'lost', code: null, response: String(error) }, { cause: error });
        }
        return kept.send(envelope, raw);
      },
    };
    const tick = createTick({
      store,
      mailer,
      feeds: openFeedCache(store),
      settings: SETTINGS,
      keyUses: openKeyUses(),
      clock: () => MONDAY,
      log,
    });
    await tick.run();
    expect([errors, infos.slice(-2), kept.taken.length]).toEqual([[], ['mail recalled before it left', 'mail sent'], 1]);
    await tick.stop();
  });

  it('does nothing by a clock that has just jumped, so that one that is set right has cost no reminder', async () => {
    const store = await fresh();
    await prepared(store);
    const mailer = keepingMailer();
    const time = { wall: at('09-13T12:00'), steady: 0 };
    const deps = {
      store,
      mailer,
      feeds: openFeedCache(store),
      settings: SETTINGS,
      keyUses: openKeyUses(),
      log: { info: () => {}, error: () => {} },
    };
    const tick = createTick({ ...deps, clock: () => time.wall, monotonic: () => time.steady });
    await tick.run();
    // A month ahead the deadline has passed, and with it all reminders of it.
    time.wall = at('10-14T12:00');
    await tick.run();
    expect(await remindersIn(store)).toEqual([]);
    Object.assign(time, { wall: MONDAY, steady: 10 * 60_000 });
    await tick.run();
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'sent', null]]);
    expect(mailer.taken).toHaveLength(1);
    await tick.stop();
  });

  it('never runs beside itself, and runs again when it was rung meanwhile', async () => {
    const store = await fresh();
    await prepared(store);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    let [inside, most] = [0, 0];
    const slow: Mailer = {
      async send() {
        most = Math.max(most, (inside += 1));
        begin();
        await held;
        inside -= 1;
        return { response: '250 Ok' };
      },
      close: () => {},
    };
    const { tick } = tickOver(store, slow);
    const first = tick.run();
    await begun;
    tick.ring();
    tick.ring();
    release();
    await first;
    expect(most).toBe(1);
    expect((await reminderMailsIn(store)).map(([, state]) => state)).toEqual(['sent']);
    await tick.stop();
  });

  it('goes on when one part fails, and says so', async () => {
    const store = await fresh();
    await prepared(store);
    const mailer = keepingMailer();
    const logged: string[] = [];
    const log = { info: () => {}, error: (_: object, message: string) => void logged.push(message) };
    let recorded = 0;
    const cache = openFeedCache(store);
    const recordFetches: typeof cache.recordFetches = (now) => {
      recorded += 1;
      return cache.recordFetches(now);
    };
    const feeds = { ...cache, recordFetches, publish: () => Promise.reject(new Error('no')) };
    const tick = createTick({ store, mailer, feeds, settings: SETTINGS, keyUses: openKeyUses(), clock: () => MONDAY, log });
    await tick.run();
    expect([logged, recorded]).toEqual([['publishing failed'], 1]);
    expect(mailer.taken).toHaveLength(1);
    await tick.stop();
  });

  it('gives up a round that got no further for sixteen minutes, and does its work in another', async () => {
    const store = await fresh();
    await prepared(store);
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const cache = openFeedCache(store);
    let published = 0;
    const publish: typeof cache.publish = (...args) => {
      published += 1;
      if (published > 1) return cache.publish(...args);
      begin();
      // Whatever it is that hangs: nothing in the round can break it off.
      return new Promise<never>(() => {});
    };
    const mailer = keepingMailer();
    const logged: string[] = [];
    const log = { info: () => {}, error: (_: object, message: string) => void logged.push(message) };
    let steady = 0;
    const deps = {
      store,
      mailer,
      feeds: { ...cache, publish },
      settings: SETTINGS,
      keyUses: openKeyUses(),
      clock: () => new Date(MONDAY.getTime() + steady),
      monotonic: () => steady,
      log,
    };
    const tick = createTick(deps);
    tick.ring();
    await begun;
    steady += 16 * 60_000;
    tick.poll();
    expect([published, logged]).toEqual([1, []]);
    steady += 1;
    tick.poll();
    await tick.run();
    expect([mailer.taken.length, logged]).toEqual([1, ['a round of work hangs and is given up']]);
    await tick.stop();
  });

  it('breaks off a mail that hangs when it is stopped, and keeps it for the next start', async () => {
    const store = await fresh();
    await prepared(store);
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const hanging: Mailer = {
      async send(_envelope, _raw, { signal } = {}) {
        begin();
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        throw new MailError({ kind: 'transport', code: null, response: 'broken off' });
      },
      close: () => {},
    };
    const { tick } = tickOver(store, hanging);
    tick.ring();
    await begun;
    await tick.stop(0);
    expect((await reminderMailsIn(store)).map(([, state]) => state)).toEqual(['pending']);
    const { senders } = store.read.tables;
    expect(await store.read.select().from(senders)).toEqual([]);
  });

  it('sends at once what a process that is gone had claimed and not let leave', async () => {
    const store = await fresh();
    await prepared(store);
    await planReminders(store, MONDAY);
    const dying: Mailer = { send: () => Promise.reject(new Error('killed')), close: () => {} };
    await expect(sendDue({ store, mailer: dying, settings: SETTINGS, holder: 'gone' }, MONDAY)).rejects.toThrow('killed');
    expect((await reminderMailsIn(store)).map(([, state]) => state)).toEqual(['sending']);
    const mailer = keepingMailer();
    const { tick } = tickOver(store, mailer);
    await tick.run();
    expect(mailer.taken).toHaveLength(1);
    await tick.stop();
  });

  it('sends in the next round what it claimed without learning whether that was committed', async () => {
    const store = await fresh();
    await prepared(store);
    const { messages } = store.read.tables;
    let cut = false;
    const cutOff: Store = {
      ...store,
      async write(work) {
        const result = await store.write(work);
        if (cut || (await store.read.$count(messages, eq(messages.state, 'sending'))) === 0) return result;
        cut = true;
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      },
    };
    const mailer = keepingMailer();
    const { tick, logged } = tickOver(cutOff, mailer);
    await tick.run();
    expect([mailer.taken.length, logged.at(-1)]).toEqual([0, 'sending failed']);
    await tick.run();
    expect([mailer.taken.length, logged.at(-1)]).toEqual([1, 'mail sent']);
    await tick.stop();
  });

  it('sends in the next round what it had claimed and could not put back', async () => {
    const store = await fresh();
    await prepared(store);
    let away = false;
    const leaving: Store = { ...store, write: (work) => (away ? Promise.reject(AWAY) : store.write(work)) };
    const keeping = keepingMailer();
    let offers = 0;
    const mailer: Mailer = {
      ...keeping,
      async send(...args) {
        offers += 1;
        if (offers > 1) return keeping.send(...args);
        away = true;
        throw new Error('killed');
      },
    };
    const { tick } = tickOver(leaving, mailer);
    await tick.run();
    away = false;
    await tick.run();
    expect(keeping.taken).toHaveLength(1);
    await tick.stop();
  });

  it('leaves alone what waits for a slow server while it takes back what it lost', async () => {
    const store = await fresh();
    await prepared(store);
    const { promise: answer, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    let offers = 0;
    const slow: Mailer = {
      async send(_envelope, _raw, { leaving } = {}) {
        offers += 1;
        begin();
        await answer;
        await leaving?.();
        return { response: '250 Ok' };
      },
      close: () => {},
    };
    const underWay = new Set<string>();
    const place = openSendersPlace(store, () => MONDAY);
    await place.take();
    await planReminders(store, MONDAY);
    const sending = sendDue({ store, mailer: slow, settings: SETTINGS, holder: place.holder, underWay }, MONDAY);
    await begun;
    await place.take(underWay);
    release();
    expect((await sending).map(({ kind }) => kind)).toEqual(['sent']);
    expect([offers, underWay.size]).toEqual([1, 0]);
    await place.leave();
  });

  it('counts what became of each mail, also of those that are tried again', async () => {
    const store = await fresh();
    await prepared(store);
    const answers = [new MailError({ kind: 'deferred', code: 451, response: '451 Later', waitMs: null }), null];
    const kept = keepingMailer();
    const mailer: Mailer = {
      ...kept,
      async send(...mail) {
        const fault = answers.shift();
        if (fault) throw fault;
        return kept.send(...mail);
      },
    };
    let now = MONDAY;
    const log = { info: () => {}, error: () => {} };
    const tick = createTick({
      store,
      mailer,
      feeds: openFeedCache(store),
      settings: SETTINGS,
      keyUses: openKeyUses(),
      clock: () => now,
      log,
    });
    expect(tick.outcomes()).toMatchObject({ organisation: { sent: 0, refused: 0 } });
    await tick.run();
    expect(tick.outcomes()).toMatchObject({ organisation: { sent: 0, refused: 1 } });
    now = new Date(MONDAY.getTime() + 10 * 60_000);
    await tick.run();
    const none = { sent: 0, refused: 0, broken: 0, uncertain: 0, recalled: 0, lost: 0, faulty: 0 };
    expect(tick.outcomes()).toEqual({ organisation: { ...none, sent: 1, refused: 1 }, person: none, operator: none });
    await tick.stop();
  });

  it('commits something that makes no feed or list newer', async () => {
    const store = await fresh();
    await prepared(store);
    const { tick } = tickOver(store);
    await tick.run();
    const before = await readCounters(store.read);
    await store.write((tx) => saveSetting(tx, 'last_write', ''));
    await tick.run();
    expect([await readSetting(store.read, 'last_write'), await readCounters(store.read)]).toEqual([MONDAY.toISOString(), before]);
    await tick.stop();
  });

  it('knows whether the store takes changes, since when not, and why', async () => {
    const store = await fresh();
    let fault: Error | null = null;
    const failing: Store = { ...store, write: (work) => (fault ? Promise.reject(fault) : store.write(work)) };
    const { tick } = tickOver(failing);
    expect([tick.writeTrouble(), tick.lastWriteAt()]).toEqual([null, null]);
    await tick.run();
    expect([tick.writeTrouble(), tick.lastWriteAt()]).toEqual([null, MONDAY]);
    const since = MONDAY.toISOString();
    for (const code of ['SQLITE_FULL', '57P03']) {
      fault = Object.assign(new Error('said by the database'), { code });
      await tick.run();
      expect(tick.writeTrouble()).toBe(`The database takes no changes since ${since}: ${code}.`);
    }
    fault = new Error('said by the program');
    await tick.run();
    expect(tick.writeTrouble()).toBe(`The database takes no changes since ${since}: internal error.`);
    fault = null;
    await tick.run();
    expect(tick.writeTrouble()).toBeNull();
    await tick.stop();
  });

  it('knows it also while it waits for something else, and of a change that is never answered', async () => {
    const store = await fresh();
    await prepared(store);
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: answer, resolve: release } = Promise.withResolvers<{ response: string }>();
    const mailer: Mailer = { send: () => (begin(), answer), close: () => {} };
    const asEver: Store['write'] = (work) => store.write(work);
    let write = asEver;
    const changing: Store = { ...store, write: (work) => write(work) };
    let steady = 0;
    const log = { info: () => {}, error: () => {} };
    const deps = {
      store: changing,
      mailer,
      feeds: openFeedCache(store),
      settings: SETTINGS,
      keyUses: openKeyUses(),
      clock: () => MONDAY,
      log,
    };
    const tick = createTick({ ...deps, monotonic: () => steady });
    tick.ring();
    await begun;
    write = () => Promise.reject(AWAY);
    tick.poll();
    await vi.waitUntil(() => tick.writeTrouble() !== null);
    const { promise: hanging, resolve: end } = Promise.withResolvers<never>();
    write = asEver;
    tick.poll();
    await vi.waitUntil(() => tick.writeTrouble() === null);
    write = () => hanging;
    tick.poll();
    steady += 30_000;
    expect(tick.writeTrouble()).toBeNull();
    steady += 1;
    expect(tick.writeTrouble()).toBe(`The database takes no changes since ${MONDAY.toISOString()}: no answer.`);
    end(undefined as never);
    write = asEver;
    release({ response: '250 Ok' });
    await tick.stop();
  });

  it('stops without an error while the store takes nothing', async () => {
    const store = await fresh();
    await prepared(store);
    let away = false;
    const leaving: Store = { ...store, write: (work) => (away ? Promise.reject(AWAY) : store.write(work)) };
    const { tick, logged } = tickOver(leaving);
    await tick.run();
    away = true;
    await tick.stop();
    expect(logged.at(-1)).toBe('giving up the place failed');
  });

  it('leaves sending to the process that has the place, where there is only one', async () => {
    const store = await fresh();
    await prepared(store);
    const other = { holder: 'other', host: `not ${hostname()}`, pid: 1 };
    await store.write((tx) => renewSender(tx, other, MONDAY));
    const mailer = keepingMailer();
    const { tick, logged } = tickOver(store, mailer);
    await tick.run();
    const alone = store.dialect === 'sqlite';
    expect(mailer.taken).toHaveLength(alone ? 0 : 1);
    expect(logged.includes('another process sends the mails of this database')).toBe(alone);
    await tick.stop();
    const { senders } = store.read.tables;
    expect((await store.read.select().from(senders)).map(({ holder }) => holder)).toEqual(['other']);
  });
});

it('knows which processes of this machine run', () => {
  expect(isRunning(process.pid)).toBe(true);
  // Linux gives no process a number this high.
  expect(isRunning(2 ** 30)).toBe(false);
});
