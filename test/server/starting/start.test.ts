import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, startService } from '../../helpers/service.ts';

describe('a start', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const start = async (env: Record<string, string>) => {
    const [database, mails] = [`file:${join(folder, 'own.db')}`, `file:${join(folder, 'mail')}`];
    return startService({ DATABASE_URL: database, MAIL_URL: mails, SECRET: 's'.repeat(32), ...env }, { cwd: folder });
  };
  const startAndStop = async (env: Record<string, string> = {}) => {
    const service = await start(env);
    const { status } = await fetch(`${service.url}/health/ready`);
    return [status, await service.stop()];
  };
  const startAndTell = async (env: Record<string, string>) => {
    const service = await start(env);
    await fetch(`${service.url}/health/ready`);
    await service.stop();
    await service.printed(/loaded /);
    return service.output();
  };
  const here = () => readdirSync(folder).sort();
  const filesIn = (place: string) => readdirSync(place, { recursive: true }).length;

  it('keeps the compiled files among its own, where nobody else looks, and begins with them the next time', async () => {
    expect(await startAndStop()).toEqual([200, 0]);
    const kept = join(folder, 'data/compiled');
    expect([statSync(join(folder, 'data')).mode & 0o777, statSync(kept).mode & 0o777]).toEqual([0o700, 0o700]);
    const count = filesIn(kept);
    expect(count).toBeGreaterThan(200);
    expect(await startAndStop()).toEqual([200, 0]);
    expect(filesIn(kept)).toBe(count);
  });

  it('keeps them where Node is told to', async () => {
    expect(await startAndStop({ NODE_COMPILE_CACHE: join(folder, 'elsewhere') })).toEqual([200, 0]);
    expect(here()).toEqual(['elsewhere', 'mail', 'own.db']);
    expect(filesIn(join(folder, 'elsewhere'))).toBeGreaterThan(200);
  });

  it('keeps none when Node is told not to', async () => {
    expect(await startAndStop({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual([200, 0]);
    expect(here()).toEqual(['mail', 'own.db']);
  });

  it('ends well when it is stopped as soon as it says that it listens', async () => {
    expect(await (await start({})).stop()).toBe(0);
  });

  it('does without where none can be kept', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/compiled'), 'in the way');
    expect(await startAndStop()).toEqual([200, 0]);
  });

  it('loads nothing that no first answer needs', async () => {
    await startAndStop();
    // Tells at the end what was loaded: files, and parts of Node.
    const spy = `import { registerHooks } from 'node:module';
      const loaded = new Set();
      registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
      process.on('exit', () => console.log('loaded ' + JSON.stringify([...loaded, ...process.moduleLoadList])));`;
    const output = await startAndTell({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(spy)}` });
    const loaded = JSON.parse(/^loaded (.*)$/m.exec(output)![1]!) as string[];
    const parts = ['/fastify/', '/typebox/', '/nodemailer/', '/@prometheus-io/', '/node_modules/pg/', '/seeds/reader.ts', 'deps/undici'];
    expect(parts.filter((part) => loaded.some((one) => one.includes(part)))).toEqual(['/fastify/']);
  });

  it.each(['info', 'warn', 'silent'])('says once where it listens when it logs at %s', async (LOG_LEVEL) => {
    const service = await start({ LOG_LEVEL });
    expect(await service.stop()).toBe(0);
    expect(service.output().match(/listening at http:\/\/127\.0\.0\.1:\d+/g)).toHaveLength(1);
  });

  it.each([
    [{ HOST: '0.0.0.0' }, /"PUBLIC_URL: links in mails and calendars lead to http:\/\/0\.0\.0\.0:\d+, where nobody is reached"/],
    [{ MAIL_URL: 'smtp://127.0.0.1:9' }, /"PUBLIC_URL: .* lead to http:\/\/127\.0\.0\.1:\d+, which only this machine can open"/],
  ])('with %o warns where links in mails would lead', async (env, warning) => {
    const service = await start(env);
    expect(service.output()).toMatch(warning);
    await service.stop();
  });

  it('warns of nothing that is as it should be', async () => {
    const service = await start({ LOG_LEVEL: 'warn' });
    await fetch(`${service.url}/health/ready`);
    await service.stop();
    expect(service.output()).not.toContain('"level":40');
  });

  it('warns where others can read the secret, or put files beside it', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/secret'), 's'.repeat(43));
    chmodSync(join(folder, 'data/secret'), 0o644);
    chmodSync(join(folder, 'data'), 0o777);
    const service = await start({ SECRET: '' });
    expect(service.output()).toMatch(/"data\/secret: every user of this machine can read it/);
    expect(service.output()).toMatch(/"data: every user of this machine can put files there/);
    await service.stop();
  });

  it('with a folder for mails that cannot be written is refused in one line, before it makes a database', async () => {
    writeFileSync(join(folder, 'mail'), 'in the way');
    await expect(start({ MAIL_URL: `file:${join(folder, 'mail/inner')}` })).rejects.toThrow(
      /^the service ended:\nInkoopkalender cannot start: MAIL_URL: no mail can be written to .*mail\/inner: ENOTDIR.*\n$/,
    );
    expect(here()).toEqual(['data', 'mail']);
  });

  it('tells of a mail server that is away, and goes on', async () => {
    const service = await start({ MAIL_URL: `smtp://127.0.0.1:${await freePort()}` });
    await service.printed(/"stage":"connection","response":"[^"]*ECONNREFUSED[^"]*","msg":"MAIL_URL: no mail can be handed over now/);
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });
});
