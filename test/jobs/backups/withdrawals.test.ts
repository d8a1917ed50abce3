/** What was withdrawn after a backup is withdrawn again once it is restored, whatever is left to know it by. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteDead } from '../../../db/messages/unaskable.ts';
import { deleteOrganisation } from '../../../db/organisations/organisations.ts';
import { allowQuestions, declineQuestions, releaseAddress } from '../../../db/recipients/declines.ts';
import { appoint, confirmDeputy, endDeputy } from '../../../db/recipients/deputies.ts';
import { chooseKind, mutedBy, muteDeadline, unmuteDeadline } from '../../../db/recipients/preferences.ts';
import { addRecipient, askToReturn, confirmRecipient, removeRecipient, unsubscribeRecipient } from '../../../db/recipients/recipients.ts';
import { markUndeliverable } from '../../../db/recipients/undeliverable.ts';
import { readHold } from '../../../db/messages/hold.ts';
import { BY_OPERATOR } from '../../../db/registry/audit.ts';
import { endOf, listPurchaserLinks, makePurchaserLink, revokePurchaserLink } from '../../../db/registry/purchasers/links.ts';
import { adoptSecret } from '../../../db/store/secret-digest.ts';
import { digestsOf } from '../../../db/store/secrets.ts';
import { openStore, type Store, type WriteDb } from '../../../db/store/store.ts';
import { makeBackup } from '../../../jobs/backups/backup.ts';
import { readBackup, restoreBackup } from '../../../jobs/backups/restore.ts';
import { openWithdrawalsList, readWithdrawalsList } from '../../../jobs/backups/withdrawals-list.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { runCli } from '../../helpers/service.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const SECRET = 'a secret that is kept with its database';
const [MADE_AT, LATER, NOW] = [new Date('2026-08-02T03:00:00Z'), new Date('2026-08-03T07:00:00Z'), new Date('2026-08-03T09:00:00Z')];
const NAMES = ['stays', 'left', 'muted', 'declined', 'removed', 'dead', 'deputised', 'unmuted', 'returned', 'reachable', 'asked'] as const;
const addressOf = (name: string) => `${name}@example.org`;

let folder: string;
let backups: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  backups = join(folder, 'backups');
});
afterEach(() => rmSync(folder, { recursive: true }));

onBothDialects('what was withdrawn after a backup', (_, urlOf) => {
  let url: string;
  let backup: string;
  let store: Store | undefined;
  let ids: Record<string, string>;
  const kept: string[] = [];
  const isPg = () => url.startsWith('postgres');
  const onServer = async (statement: string) => {
    const client = new Client(url.replace(/\/[^/]+$/, '/postgres'));
    await client.connect();
    await client.query(statement);
    await client.end();
  };

  beforeEach(async () => {
    url = await urlOf();
    store = await openStore(url);
    const { ro, outsider } = await castIn(store, MADE_AT);
    const deadline = await store.write((tx) => addDeadline(tx));
    ids = { ro: ro.id, outsider: outsider.id, deadline: deadline.id };
    await store.write(async (tx) => {
      for (const name of ['link', 'ended link']) ids[name] = (await makePurchaserLink(tx, 'noord', { by: BY_OPERATOR, now: MADE_AT })).id;
      for (const name of NAMES) {
        const { id } = await addRecipient(tx, ro.id, { email: addressOf(name), leadDays: [14], digest: 'daily' }, MADE_AT);
        ids[name] = id;
        if (name !== 'asked') await confirmRecipient(tx, id, MADE_AT);
      }
      const deputised = await confirmRecipient(tx, ids['deputised']!, MADE_AT);
      await appoint(tx, deputised, { email: 'ward@example.org', until: '2026-12-31' }, MADE_AT);
      await confirmDeputy(tx, deputised.id, 'ward@example.org', MADE_AT);
    });
    await adoptSecret(store, SECRET);
    ({ folder: backup } = await makeBackup({ databaseUrl: url, secret: SECRET, folder: backups }, MADE_AT));
    await store.write(withdraw);
  });
  afterEach(async () => {
    await store?.close();
    if (isPg()) for (const name of kept.splice(0)) await onServer(`drop database ${name} with (force)`);
  });

  /** What happened after the backup; what ended in the other way, too. */
  async function withdraw(tx: WriteDb) {
    const decline = { organisationId: ids['ro']!, mailbox: digestsOf(SECRET, addressOf('asked')).mailbox };
    await unsubscribeRecipient(tx, ids['left']!, LATER);
    await muteDeadline(tx, ids['muted']!, ids['deadline']!, LATER);
    await chooseKind(tx, ids['declined']!, 'change', false, LATER);
    await removeRecipient(tx, ids['ro']!, ids['removed']!, LATER);
    await markUndeliverable(tx, addressOf('dead'), '550 5.1.1 No such user', LATER);
    await noteDead(tx, digestsOf(SECRET, addressOf('dead')), '550 5.1.1 No such user', LATER);
    await endDeputy(tx, ids['deputised']!, 'ward@example.org', LATER);
    await deleteOrganisation(tx, ids['outsider']!, LATER);
    await declineQuestions(tx, decline, SECRET, LATER);
    await allowQuestions(tx, decline, SECRET, LATER);
    await declineQuestions(tx, decline, SECRET, LATER);
    await muteDeadline(tx, ids['unmuted']!, ids['deadline']!, LATER);
    await unmuteDeadline(tx, ids['unmuted']!, ids['deadline']!, LATER);
    await unsubscribeRecipient(tx, ids['returned']!, LATER);
    await askToReturn(tx, ids['returned']!, LATER);
    await confirmRecipient(tx, ids['returned']!, LATER);
    await markUndeliverable(tx, addressOf('reachable'), '550 5.1.1 No such user', LATER);
    await noteDead(tx, digestsOf(SECRET, addressOf('reachable')), '550 5.1.1 No such user', LATER);
    await releaseAddress(tx, addressOf('reachable'), SECRET, LATER);
    await revokePurchaserLink(tx, ids['ended link']!, { by: BY_OPERATOR, now: LATER });
  }

  const writeList = (at = LATER) => openWithdrawalsList(backups, SECRET).write(store!, at);

  async function loseDatabase() {
    await store!.close();
    store = undefined;
    if (isPg()) await onServer(`drop database ${url.slice(url.lastIndexOf('/') + 1)} with (force)`);
    else for (const end of ['', '-wal', '-shm']) rmSync(url.replace('file:', '') + end, { force: true });
  }

  async function restore(now = NOW) {
    await store?.close();
    store = undefined;
    const restored = await restoreBackup(await readBackup(backup), { databaseUrl: url, lists: [backups, `${backups}/.`] }, now);
    if (restored.kept !== null) kept.push(restored.kept);
    store = await openStore(url);
    return restored;
  }

  /** Who gets which mail, in words. */
  async function standing() {
    const { read } = store!;
    const { deadAddresses, declines, organisations, recipients } = read.tables;
    const rows = await read.select().from(recipients);
    const lines = rows.map(async ({ deadline = ids['deadline'], ...row }: (typeof rows)[number] & { deadline?: string }) => {
      const muted = (await mutedBy(read, row.id)).includes(deadline!) ? ' muted' : '';
      return `${row.email} ${row.status}${muted}${row.declined.length > 0 ? ` without ${row.declined.join()}` : ''}${row.deputyEmail ? ` for ${row.deputyEmail}` : ''}`;
    });
    return {
      recipients: (await Promise.all(lines)).sort(),
      organisations: (await read.select().from(organisations)).map(({ name }) => name).sort(),
      dead: (await read.select().from(deadAddresses)).map(({ address }) => address),
      links: (await listPurchaserLinks(read, 'noord')).flatMap((one) => (endOf(one, NOW) === null ? one.id : [])),
      declines: (await read.select().from(declines)).map(({ mailbox }) => mailbox),
    };
  }

  const APPLIED = {
    organisation: 1,
    recipient: 1,
    unsubscribe: 1,
    mute: 1,
    decline: 1,
    deputy: 1,
    question: 1,
    dead_address: 1,
    purchaser_link: 1,
  };
  const wanted = () => ({
    recipients: [
      'asked@example.org pending',
      'dead@example.org undeliverable',
      'declined@example.org confirmed without change',
      'deputised@example.org confirmed',
      'left@example.org unsubscribed',
      'muted@example.org confirmed muted',
      'reachable@example.org confirmed',
      'returned@example.org confirmed',
      'stays@example.org confirmed',
      'unmuted@example.org confirmed',
    ],
    organisations: ['Regio Zuid', 'WSV De Wijk'],
    dead: [digestsOf(SECRET, addressOf('dead')).address],
    links: [ids['link']],
    declines: [digestsOf(SECRET, addressOf('asked')).mailbox],
  });

  it('is applied again from the database that is replaced, and again when that restored one is replaced', async () => {
    expect(await standing()).toEqual(wanted());
    const { applied, hold } = await restore();
    expect(applied).toEqual(APPLIED);
    expect(hold.doubt).toBeNull();
    expect(await standing()).toEqual(wanted());
    await restore(new Date(NOW.getTime() + 60_000));
    expect(await standing()).toEqual(wanted());
  });

  it('is not known of after the end of a list that stands alone', async () => {
    await writeList();
    await loseDatabase();
    const ended = new Date(NOW.getTime() - 2 * 3_600_000);
    utimesSync(join(backups, 'withdrawals.jsonl'), ended, ended);
    const { applied, hold } = await restore();
    expect(applied).toEqual(APPLIED);
    expect(hold.doubt).toContain(`after ${ended.toISOString()} is not known: the list beside the backups ends there.`);
  });

  it('is applied again from the list beside the backups where the database is gone', async () => {
    expect(await writeList()).toBeGreaterThan(8);
    expect(await writeList()).toBe(0);
    await loseDatabase();
    // A line that broke off with the power.
    appendFileSync(join(backups, 'withdrawals.jsonl'), '{"at":"2026-08-0');
    const { applied, hold, kept: name } = await restore();
    expect([applied, hold.doubt, name]).toEqual([APPLIED, null, null]);
    expect(await standing()).toEqual(wanted());
    // The restored database counts the same numbers again: what is withdrawn now has to be listed all the same.
    await store!.write((tx) => unsubscribeRecipient(tx, ids['stays']!, NOW));
    expect(await writeList(NOW)).toBeGreaterThan(0);
    await loseDatabase();
    await restore(new Date(NOW.getTime() + 60_000));
    expect((await standing()).recipients).toContain('stays@example.org unsubscribed');
  });

  it('counts once where it stands twice: of a copy that broke off the last word is none', async () => {
    await writeList();
    const list = join(backups, 'withdrawals.jsonl');
    const lines = readFileSync(list, 'utf8').trim().split('\n');
    const takenBack = lines.findIndex((line) => line.includes('"kind":"question","isOver":true'));
    expect(takenBack).toBeGreaterThan(0);
    appendFileSync(list, `${lines.slice(0, takenBack + 1).join('\n')}\n`);
    await loseDatabase();
    expect((await restore()).applied).toEqual(APPLIED);
    expect(await standing()).toEqual(wanted());
  });

  it('stands in a list that tells nothing to who has it alone, for its owner to read', async () => {
    await writeList();
    const text = readFileSync(join(backups, 'withdrawals.jsonl'), 'utf8');
    for (const secret of [...Object.values(ids), ...NAMES.map(addressOf), SECRET]) expect(text).not.toContain(secret);
    expect(statSync(join(backups, 'withdrawals.jsonl')).mode & 0o777).toBe(0o600);
    expect(readWithdrawalsList(backups, SECRET)).toMatchObject({ until: LATER, foreign: 0 });
    const lines = text.trim().split('\n').length;
    expect(readWithdrawalsList(backups, SECRET.toUpperCase())).toMatchObject({ withdrawals: [], foreign: lines });
  });

  it.each([
    ['no list', async () => 0],
    ['a list that was last written before the backup', () => writeList(new Date(MADE_AT.getTime() - 60_000))],
  ])(
    'is not known where neither is there but %s: restore says so, and mail stays held until somebody answers for it',
    async (_what, prepare) => {
      await prepare();
      await loseDatabase();
      const { applied, hold } = await restore();
      expect(applied).toEqual({});
      expect(hold.doubt).toMatch(/^Who left, was removed or declined mail after the backup is not known/);
      expect(await readHold(store!.read)).toEqual(hold);
      expect((await standing()).recipients).toContain('left@example.org confirmed');
      const off = (...more: string[]) => runCli(['hold', 'off', ...more], { DATABASE_URL: url, SECRET }, folder);
      const refused = await off();
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('then give --yes')]);
      expect(await readHold(store!.read)).toEqual(hold);
      expect((await off('--yes')).code).toBe(0);
      expect(await readHold(store!.read)).toBeNull();
    },
  );

  it('is not taken from a database that is another one', async () => {
    await loseDatabase();
    if (isPg()) await onServer(`create database ${url.slice(url.lastIndexOf('/') + 1)}`);
    store = await openStore(url);
    await adoptSecret(store, SECRET.toUpperCase());
    expect((await restore()).hold.doubt).toMatch(/is not known/);
  });

  it('is not taken from a database that a start in an empty place made with the same secret, nor from its list', async () => {
    await loseDatabase();
    if (isPg()) await onServer(`create database ${url.slice(url.lastIndexOf('/') + 1)}`);
    store = await openStore(url);
    await adoptSecret(store, SECRET);
    await castIn(store, LATER);
    await writeList();
    expect((await restore()).hold.doubt).toMatch(/is not known/);
  });

  it('stays unknown where the same is restored once more, until a list is found that tells', async () => {
    await writeList();
    const list = join(backups, 'withdrawals.jsonl');
    const text = readFileSync(list);
    rmSync(list);
    await loseDatabase();
    expect((await restore()).hold.doubt).toMatch(/is not known/);
    // The restored database writes a list too, of what it knows itself.
    await writeList();
    expect((await restore(new Date(NOW.getTime() + 60_000))).hold.doubt).toMatch(/is not known/);
    writeFileSync(list, text);
    expect((await restore(new Date(NOW.getTime() + 120_000))).hold.doubt).toBeNull();
    expect(await standing()).toEqual(wanted());
  });

  it('is told by the command line, with the list in the folder of the backup or of BACKUPS', async () => {
    await writeList(new Date());
    await loseDatabase();
    const { stdout, code } = await runCli(['restore', backup, '--json'], { DATABASE_URL: url, SECRET }, folder);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { 'withdrawn since': expect.stringContaining('1 unsubscribe'), 'not known': null, 'replaced database': null },
    ]);
  });
});
