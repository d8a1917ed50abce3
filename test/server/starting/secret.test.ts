import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptSecret, adoptSecret, compareSecret, hasSecret } from '../../../db/store/secret-digest.ts';
import { openStore } from '../../../db/store/store.ts';
import { makeSecret, readSecret } from '../../../server/starting/secret.ts';
import { runCli, startService } from '../../helpers/service.ts';
import { onBothDialects } from '../../helpers/stores.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  file = join(folder, 'data/secret');
});
afterEach(() => rmSync(folder, { recursive: true }));

const keep = (content: string | Buffer) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};

const [ONE, OTHER] = ['1'.repeat(43), '2'.repeat(43)];

describe('the file with the secret', () => {
  it('is made once, whole, for its owner alone, and leaves nothing beside it', () => {
    expect(readSecret(undefined, file)).toBeNull();
    const secret = makeSecret(file);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect([readSecret(undefined, file), makeSecret(file), readFileSync(file, 'utf8')]).toEqual([secret, secret, secret]);
    expect([file, dirname(file)].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o700]);
    expect(readdirSync(dirname(file))).toEqual(['secret']);
  });

  it('is asked for nothing where a secret is configured', () => {
    keep('');
    expect(readSecret(ONE, file)).toBe(ONE);
  });

  it('may hold a secret of somebody’s own', () => {
    keep('a secret of our own making, long enough\n');
    expect(readSecret(undefined, file)).toBe('a secret of our own making, long enough');
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['only a line end', '\n', 'is empty'],
    ['the first character of ours', 'a', 'was cut off: it has 1 of 43 characters'],
    ['all but the last character of ours', 'a'.repeat(42), 'was cut off: it has 42 of 43 characters'],
    ['the zeros that a power cut leaves', Buffer.alloc(43), 'holds something that is no text'],
    ['bytes that are no text', Buffer.alloc(64, 0xff), 'holds something that is no text'],
    ['too little of somebody’s own', 'too short!', 'has 10 characters and must have 32 to 512'],
    ['far too much', '!'.repeat(513), 'has 513 characters and must have 32 to 512'],
  ])('is refused when it holds %s, and stays as it is', (_, content, fault) => {
    keep(content);
    for (const use of [() => readSecret(undefined, file), () => makeSecret(file)])
      expect(use).toThrow(
        `${file} ${fault}: put it back from a backup; if there is none, remove it and run "npm run cli -- secret accept"`,
      );
    expect(readFileSync(file)).toEqual(Buffer.from(content));
  });

  it('is refused in words when it is a folder', () => {
    mkdirSync(file, { recursive: true });
    expect(() => readSecret(undefined, file)).toThrow(`${file} cannot be read (EISDIR)`);
  });

  it('is the same for processes that make it at one moment', async () => {
    const script = `import('${new URL('../../../server/starting/secret.ts', import.meta.url).href}').then(({ makeSecret }) => console.log(makeSecret('data/secret')))`;
    const make = () => promisify(execFile)(process.execPath, ['-e', script], { cwd: folder });
    const made = await Promise.all(Array.from({ length: 6 }, make));
    expect(new Set(made.map(({ stdout }) => stdout))).toEqual(new Set([`${readFileSync(file, 'utf8')}\n`]));
    expect(readdirSync(dirname(file))).toEqual(['secret']);
  });
});

onBothDialects('the secret of a database', (fresh, urlOf) => {
  it('is the first one that it was given, until another is accepted', async () => {
    const store = await fresh();
    expect([await hasSecret(store.read), await compareSecret(store.read, ONE)]).toEqual([false, 'none']);
    expect([await adoptSecret(store, ONE), await adoptSecret(store, ONE), await adoptSecret(store, OTHER)]).toEqual([true, true, false]);
    expect([await compareSecret(store.read, ONE), await compareSecret(store.read, OTHER)]).toEqual(['same', 'other']);
    await store.write((tx) => acceptSecret(tx, OTHER));
    expect([await adoptSecret(store, ONE), await adoptSecret(store, OTHER)]).toEqual([false, true]);
  });

  it('does not stand in it', async () => {
    const store = await fresh();
    await adoptSecret(store, ONE);
    const rows = await store.read.select().from(store.read.tables.settings);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.value).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is one for several services that bring each its own at one moment', async () => {
    const url = await urlOf();
    const stores = [await openStore(url), await openStore(url), await openStore(url)];
    const adopted = await Promise.all(stores.map((store, n) => adoptSecret(store, `${n}`.repeat(43))));
    expect(adopted.filter(Boolean)).toHaveLength(1);
    for (const store of stores) await store.close();
  });
});

describe('a start', () => {
  const env = () => ({ DATABASE_URL: `file:${join(folder, 'own.db')}`, MAIL_URL: `file:${join(folder, 'mail')}` });
  const start = (over: Record<string, string> = {}) => startService({ ...env(), ...over }, { cwd: folder });
  const startAndStop = async (over: Record<string, string> = {}) => expect(await (await start(over)).stop()).toBe(0);
  const cli = (line: string, over: Record<string, string> = {}) => runCli(line.split(' '), { ...env(), ...over }, folder);
  /** What a start says that does not come about, which is one line. */
  const refusalOf = async (over: Record<string, string> = {}) => {
    const { message } = await start(over).then(
      () => expect.unreachable('it started'),
      (error: Error) => error,
    );
    return message.replace('the service ended:\n', '');
  };

  it('with a secret that was cut off is refused in one line, before it makes a database', async () => {
    keep('');
    expect(await refusalOf()).toMatch(/^Inkoopkalender cannot start: data\/secret is empty: put it back from a backup.*\n$/);
    expect(existsSync(join(folder, 'own.db'))).toBe(false);
  });

  it('with another secret than the links were signed with is refused, until that one is accepted', async () => {
    await startAndStop();
    const first = readFileSync(file, 'utf8');
    expect(await refusalOf({ SECRET: OTHER })).toBe(
      'Inkoopkalender cannot start: SECRET is not the secret that signed this database\'s links: put that one back, or run "npm run cli -- secret accept", which says what that costs\n',
    );
    const { code, stderr } = await cli('remind', { SECRET: OTHER });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^SECRET is not the secret that signed/)]);

    const accepted = await cli('secret accept', { SECRET: OTHER });
    expect(accepted).toMatchObject({ code: 0, stderr: '' });
    expect(accepted.stdout).toContain('Links in mails that were sent before no longer work');
    expect((await cli('secret accept', { SECRET: OTHER })).stdout).toContain('nothing was changed');
    await startAndStop({ SECRET: OTHER });
    expect(await refusalOf()).toContain('data/secret is not the secret that signed');
    expect(readFileSync(file, 'utf8')).toBe(first);
  });

  it('whose secret is gone makes no new one by itself, nor does a command; accepting does', async () => {
    await startAndStop();
    rmSync(file);
    const gone = "data/secret is not there, and SECRET is not given: put back the one that signed this database's links";
    expect(await refusalOf()).toContain(gone);
    expect((await cli('bounce import -')).stderr).toContain(gone);
    expect(existsSync(file)).toBe(false);
    expect(JSON.parse((await cli('secret accept --json')).stdout)).toEqual({ secret: 'data/secret', changed: true });
    expect(readFileSync(file, 'utf8')).toMatch(/^[\w-]{43}$/);
    await startAndStop();
  });

  it('of a database from before it had one goes on with the secret that is there', async () => {
    keep(ONE);
    const store = await openStore(env().DATABASE_URL);
    expect((await cli('remind')).code).toBe(0);
    expect(await hasSecret(store.read)).toBe(false);
    await startAndStop();
    expect(await compareSecret(store.read, ONE)).toBe('same');
    await store.close();
  });
});
