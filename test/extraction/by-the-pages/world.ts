/** The real service with an empty registry and a clock that is set, and beside it one with the bundled files to compare with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, runCli, startService } from '../../helpers/service.ts';
import { mailsIn, newMail, visitorAt, type Visitor } from './visitor.ts';

const CLOCK = fileURLToPath(new URL('../../faults/clock.js', import.meta.url));

export interface World {
  url: string;
  /** Makes an editor by the command line. */
  addEditor: (email: string, label: string) => Promise<void>;
  /** Somebody signed in by the code in the outbox. */
  signIn: (email: string) => Promise<Visitor>;
  /** Lets time pass until a moment, for both of its clocks. */
  passUntil: (moment: Date) => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts the service without the registry's files. */
export async function openWorld(start: Date): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-pages-'));
  const [port, file] = [await freePort(), join(folder, 'clock')];
  let at = start.getTime();
  const env = () => ({
    ...settingsIn(folder),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    REGISTRY: 'empty',
    NODE_OPTIONS: `--import ${CLOCK}`,
    FAKE_NOW: String(at),
    FAKE_CLOCK: file,
  });
  const service = await startService(env(), { cwd: folder, port });
  return {
    url: service.url,
    async addEditor(email, label) {
      const { code, stderr } = await runCli(['editor', 'add', '--email', email, '--label', label], env(), folder);
      if (code !== 0) throw new Error(stderr);
    },
    async signIn(email) {
      const visitor = visitorAt(service.url);
      const outbox = visitorAt(service.url);
      const before = await mailsIn(outbox, email);
      await visitor.open('/redactie');
      await visitor.send('Stuur mij een code', (form) => form.fill('email', email));
      const code = /is ([A-Z\d]{3} [A-Z\d]{3})\./;
      const mail = await newMail(outbox, email, code, before);
      await visitor.send('Inloggen', (form) => form.fill('code', code.exec(mail)![1]!));
      if (visitor.path() !== '/redactie') throw new Error(`${email} was led to ${visitor.path()}.`);
      return visitor;
    },
    async passUntil(moment) {
      const now = moment.getTime();
      writeFileSync(file, JSON.stringify({ now, passed: now - at }));
      at = now;
      process.kill(service.pid, 'SIGWINCH');
      await service.printed(new RegExp(`the clock is at ${now}\\b`));
    },
    async stop() {
      await service.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What a service with the bundled registry answers to each question of its API, and is then stopped. */
export async function askBundled<T>(ask: (url: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bundled-'));
  const service = await startService(settingsIn(folder), { cwd: folder });
  try {
    return await ask(service.url);
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true });
  }
}

const settingsIn = (folder: string) => ({
  DATABASE_URL: `file:${join(folder, 'pages.db')}`,
  MAIL_URL: `file:${join(folder, 'mail')}`,
  SECRET: 'a secret that only this script knows, 32+',
  LOG_LEVEL: 'info',
});
