/** The container, and the other ways to run it, as far as they can be tried without their engines. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SETTING_NAMES } from '../../server/config.ts';
import { freePort } from '../helpers/service.ts';
import { buildImage, DOCKERFILE, isRoot, NODE_USER, ROOT, type Image } from './image.ts';

const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-image-'));
afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true });
});

interface Compose {
  services: Record<string, { environment?: Record<string, string>; read_only?: boolean; volumes?: string[]; image?: string }>;
  volumes: Record<string, null>;
}
const compose = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8')) as Compose;
const unit = readFileSync(join(ROOT, 'docs/inkoopkalender.service'), 'utf8');

it('has a Dockerfile to which its linter objects nothing', () => {
  expect(validate(DOCKERFILE)).toEqual([]);
  expect(validate('FROM node\nRUNS x')).not.toEqual([]);
});

it('leads by its steps to a service that answers, for a user without rights, from files that nobody may write', async () => {
  const image = buildImage(folder);
  expect(image.user).toBe('node');
  expect(image.volumes).toEqual([join(image.workdir, 'data')]);
  expect(image.left.map((step) => step.split(' ').slice(0, 2).join(' '))).toEqual(['FROM node:24-trixie-slim', 'RUN apt-get']);
  expect(Object.keys(image.env).filter((name) => name !== 'NODE_ENV' && !SETTING_NAMES.includes(name))).toEqual([]);
  if (isRoot) expect(statSync(join(image.workdir, 'data'))).toMatchObject({ uid: NODE_USER });
  protect(image);
  const port = String(await freePort());
  const env = { ...image.env, PORT: port };
  const service = start(image, image.command, env);
  expect(await codeOf(start(image, image.healthcheck, { ...env, PORT: String(await freePort()) }))).toBe(1);
  try {
    await service.printed(/listening/);
    expect(await codeOf(start(image, image.healthcheck, env))).toBe(0);
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/deadlines?pageSize=1`);
    expect(answer.status).toBe(200);
    expect(readdirSync(join(image.workdir, 'data')).sort()).toEqual(expect.arrayContaining(['inkoopkalender.db', 'mail', 'secret']));
  } finally {
    service.child.kill('SIGTERM');
  }
  expect(await codeOf(service)).toBe(0);
});

it('gives the service in compose only settings that there are, and volumes that are made', () => {
  const { calendar, ...others } = compose.services;
  expect(Object.keys(calendar!.environment!).filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
  expect(calendar!.read_only).toBe(true);
  const volumes = Object.values(compose.services).flatMap((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0]));
  expect(volumes).toEqual(Object.keys(compose.volumes));
  for (const { image } of Object.values(others)) expect(image).toMatch(/:v?\d/);
});

it('has a unit that systemd takes', { skip: !hasSystemd() && !process.env['CI'] }, () => {
  // Where the checkout is to stand there is nothing here, and no such user: only the form is looked at.
  const file = join(folder, 'inkoopkalender.service');
  writeFileSync(file, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`).replace(/^User=.*/m, 'User=root'));
  expect(verify(file)).toBe('');
  writeFileSync(file, unit.replace('Type=exec', 'Type=nothing'));
  expect(verify(file)).toMatch(/service type/);
});

function hasSystemd(): boolean {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What systemd objects to in a unit; what it says of others is theirs. */
function verify(file: string): string {
  const told = execFileSync('sh', ['-c', `systemd-analyze verify --man=no "${file}" 2>&1 || true`], { encoding: 'utf8' });
  return told
    .split('\n')
    .filter((line) => line.includes(file))
    .join('\n');
}

/** As with a root that is read-only: nobody may write but to the volumes. The base image's Node is a copy of this one, where everybody may run it. */
function protect(image: Image) {
  copyFileSync(process.execPath, join(folder, 'node'));
  execFileSync('chmod', ['-R', 'a-w', image.workdir]);
  for (const volume of image.volumes) chmodSync(volume, 0o700);
  // The way to them may be walked by the image's user.
  if (isRoot) for (const path of [folder, join(folder, 'last')]) chmodSync(path, 0o755);
}

/** A command in the container, as its user. */
function start(image: Image, [program, ...args]: string[], env: Record<string, string>) {
  const command = [program === 'node' ? join(folder, 'node') : program!, ...args];
  const [file, ...rest] = isRoot ? ['setpriv', `--reuid=${NODE_USER}`, `--regid=${NODE_USER}`, '--clear-groups', ...command] : command;
  const child = spawn(file!, rest, { cwd: image.workdir, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  const printed = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(output) && resolve();
      listeners.add(look);
      look();
      void gone.then(([code]) => reject(new Error(`it ended with ${code}: ${output}`)));
    });
  return { child, gone, printed };
}

const codeOf = async ({ gone }: { gone: Promise<[number | null]> }) => (await gone)[0];
