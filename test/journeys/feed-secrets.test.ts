/** The real service, told to log all it can: a calendar's secret link is to be found nowhere but in the hands of who made it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Body } from '../helpers/app.ts';
import { startService, type Service } from '../helpers/service.ts';

const EDITOR = 'journey-editor-key-0123456789';
let folder: string;
let service: Service;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  const files = { DATABASE_URL: `file:${join(folder, 'data.db')}`, MAIL_URL: `file:${join(folder, 'mail')}` };
  service = await startService({ ...files, SECRET: 's'.repeat(32), EDITOR_KEY: EDITOR, LOG_LEVEL: 'trace' }, { cwd: folder });
});
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

it('tells no link in its log, its metrics, its errors, its mails or its database', async () => {
  const call = async (method: string, path: string, key: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const answer = await fetch(`${service.url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return (await answer.json().catch(() => null)) as Body;
  };
  const insurers = [{ insurer: 'cz' }, { insurer: 'menzis' }];
  const { id, key } = await call('POST', '/organisations', EDITOR, { name: 'Regio Zuid', roles: ['ro'], insurers });
  await call('POST', `/organisations/${id}/recipients`, key, { email: 'a@regio.example' });
  const made = await call('POST', `/organisations/${id}/feeds`, key, { label: 'Kantoor' });
  const rotated = await call('POST', `/organisations/${id}/feeds/${made.id}/rotation`, key);
  const ended = await call('POST', `/organisations/${id}/feeds`, key, { label: 'Weg' });
  await call('DELETE', `/organisations/${id}/feeds/${ended.id}`, key);
  const tokens = [made, rotated, ended].map(({ url }: { url: string }) => /feeds\/([\w-]{43})\.ics$/.exec(url)![1]!);

  const answers: string[] = [];
  const statuses = new Set<number>();
  for (const token of tokens) {
    const rights = [`/feeds/${token}.ics`, `/feeds/${token}.ics?download=1`, `/feeds/${token}.ics?x=${token}`];
    const wrongs = [`/feeds/${token}`, `/feeds/${token}.ICS`, `/feeds/${token}/x.ics`, `/feeds/${token}%zz.ics`, `/feed/${token}.ics`];
    const elsewhere = [`/${token}`, `/api/v1/feeds/${token}`, `/api/v1/deadlines?insurer=${token}`, `/confirm/${token}`, `/docs/${token}`];
    for (const path of [...rights, ...wrongs, ...elsewhere]) {
      for (const method of ['GET', 'HEAD', 'PROPFIND', 'POST']) {
        const { status, text } = await ask(method, path);
        statuses.add(status);
        answers.push(text);
      }
    }
  }
  expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 404, 405, 410]));
  const metrics = (await ask('GET', '/metrics')).text;
  expect(metrics).toContain('http_request');
  const list = JSON.stringify(await call('GET', `/organisations/${id}/feeds`, key));
  await service.stop();

  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const kept = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'));
  expect(files.some(({ name }) => name.endsWith('.eml'))).toBe(true);
  expect(service.output()).toMatch(/"url":"\/feeds\/\*"|"url":"\/feeds\//);
  const places = { log: service.output(), metrics, list, answers: answers.join('\n'), files: kept.join('\n') };
  const around = (text: string, token: string) => text.slice(Math.max(0, text.indexOf(token) - 80), text.indexOf(token) + 20);
  const found = Object.entries(places).flatMap(([place, text]) =>
    tokens.filter((token) => text.includes(token)).map((token) => `${place}: ${around(text, token)}`),
  );
  expect(found).toEqual([]);
});

/** As fetch does not: any method, any address, the body as it came. */
async function ask(method: string, path: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode!, text: Buffer.concat(parts).toString('latin1') }));
    })
      .on('error', reject)
      .end();
  });
}
