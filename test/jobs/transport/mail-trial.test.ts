import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tryMailFolder, tryMailServer } from '../../../jobs/transport/mail-trial.ts';
import { startSink } from '../../helpers/mail.ts';
import { freePort } from '../../helpers/service.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('makes the folder for mails, for its owner alone, and leaves nothing there', async () => {
  expect(await tryMailFolder(`file:${join(folder, 'a/mail')}`)).toBeNull();
  expect(statSync(join(folder, 'a/mail')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(folder, 'a/mail'))).toEqual([]);
});

it('refuses a folder that is a file, or that can be none', async () => {
  writeFileSync(join(folder, 'mail'), '');
  await expect(tryMailFolder(`file:${join(folder, 'mail')}`)).rejects.toThrow(/^no mail can be written to .*mail: ENOTDIR/);
  await expect(tryMailFolder('file:/proc/none')).rejects.toThrow(/^no mail can be written to \/proc\/none: E/);
});

it.skipIf(process.getuid?.() === 0)('refuses a folder that is another’s', async () => {
  mkdirSync(join(folder, 'mail'));
  chmodSync(join(folder, 'mail'), 0o500);
  await expect(tryMailFolder(`file:${join(folder, 'mail')}`)).rejects.toThrow('EACCES');
});

it('asks nothing of the other kind of MAIL_URL', async () => {
  expect([await tryMailFolder('smtp://127.0.0.1:9'), await tryMailServer(`file:${folder}`)]).toEqual([null, null]);
});

it('finds a mail server that takes us, and hands it no mail', async () => {
  const sink = await startSink();
  expect(await tryMailServer(sink.url)).toBeNull();
  expect(sink.taken).toEqual([]);
});

it('says of a mail server at which stage it would not have us', async () => {
  const login = await startSink({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(new Error('Invalid username or password')),
  });
  expect(await tryMailServer(login.url.replace('//', '//user:secret@'))).toMatchObject({
    stage: 'login',
    response: expect.stringContaining('535'),
  });
  expect(await tryMailServer(`smtp://127.0.0.1:${await freePort()}`)).toMatchObject({ stage: 'connection' });
  expect(await tryMailServer('smtp://mail.invalid')).toMatchObject({ stage: 'name' });
  const plain = await startSink();
  expect(await tryMailServer(`${plain.url}?requireTLS=true`)).toMatchObject({ stage: 'encryption' });
});

it('says so when it is refused at the greeting', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {}).end('554 no service for you\r\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await tryMailServer(`smtp://127.0.0.1:${port}`)).toEqual({ stage: 'greeting', response: expect.stringContaining('554') });
  for (const socket of sockets) socket.destroy();
  server.close();
});
