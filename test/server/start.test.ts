import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startService } from '../helpers/service.ts';

describe('the service keeps its files compiled', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const startAndStop = async (env: Record<string, string> = {}) => {
    const service = await startService(
      { DATABASE_URL: `file:${join(folder, 'own.db')}`, MAIL_URL: `file:${join(folder, 'mail')}`, SECRET: 's'.repeat(32), ...env },
      { cwd: folder },
    );
    const { status } = await fetch(`${service.url}/health/ready`);
    return [status, await service.stop()];
  };
  const here = () => readdirSync(folder).sort();
  const filesIn = (place: string) => readdirSync(place, { recursive: true }).length;

  it('among its own, where nobody else looks, and starts from there', async () => {
    expect(await startAndStop()).toEqual([200, 0]);
    const kept = join(folder, 'data/compiled');
    expect([statSync(join(folder, 'data')).mode & 0o777, statSync(kept).mode & 0o777]).toEqual([0o700, 0o700]);
    const count = filesIn(kept);
    expect(count).toBeGreaterThan(200);
    expect(await startAndStop()).toEqual([200, 0]);
    expect(filesIn(kept)).toBe(count);
  });

  it('where Node is told to', async () => {
    expect(await startAndStop({ NODE_COMPILE_CACHE: join(folder, 'elsewhere') })).toEqual([200, 0]);
    expect(here()).toEqual(['elsewhere', 'own.db']);
    expect(filesIn(join(folder, 'elsewhere'))).toBeGreaterThan(200);
  });

  it('nowhere when Node is told not to', async () => {
    expect(await startAndStop({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual([200, 0]);
    expect(here()).toEqual(['own.db']);
  });

  it('and starts where it cannot', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/compiled'), 'in the way');
    expect(await startAndStop()).toEqual([200, 0]);
  });
});
