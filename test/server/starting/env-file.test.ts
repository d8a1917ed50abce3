import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addEnvFile } from '../../../server/starting/env-file.ts';
import { runCli, startService } from '../../helpers/service.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  file = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (content: string | Buffer, env: Record<string, string> = {}) => {
  writeFileSync(file, content);
  addEnvFile(env, file);
  return env;
};

it('adds what the environment does not give, and needs no file', () => {
  const env = { PORT: '1' };
  addEnvFile(env, file);
  expect(env).toEqual({ PORT: '1' });
  expect(read('PORT=2\nHOST=::1\n', env)).toEqual({ PORT: '1', HOST: '::1' });
});

it('adds what the environment gives empty, which counts as not given', () => {
  expect(read('PORT=2\nHOST=::1\n', { PORT: '', HOST: '::2' })).toEqual({ PORT: '2', HOST: '::2' });
});

it('takes comments, quotes, spaces, several lines, and the ends of lines of Windows', () => {
  const text = "# ours\r\nexport PORT = 80 # the port\r\n\r\nSECRET=\"a\nb=c\nd\"\nMAIL_FROM='a@example.org'\nLABEL=it's\nEMPTY=\n";
  expect(read(text)).toEqual({ PORT: '80', SECRET: 'a\nb=c\nd', MAIL_FROM: 'a@example.org', LABEL: "it's", EMPTY: '' });
});

it('takes the example as it is', () => {
  expect(read(readFileSync('.env.example'))).toMatchObject({ PORT: '3000', SECRET: '', LOG_LEVEL: 'info' });
});

it('does not lose its first name to the mark that editors of Windows put before it', () => {
  expect(read('\uFEFFPORT=80\nHOST=::1\n')).toEqual({ PORT: '80', HOST: '::1' });
});

it.each([
  ['PORT', 'line 1 must be NAME=value'],
  ['HOST=::1\nPORT: 80', 'line 2 must be NAME=value'],
  ['=80', 'line 1 must be NAME=value'],
  ['PUBLIC URL=x', 'line 1 must be NAME=value'],
  ['PORT=1\n\nPORT=2', 'line 3 gives PORT again, after line 1'],
  ['SECRET="abc\nPORT=1', 'line 1 opens " and nothing closes it'],
  ['PORT\nHOST', 'line 1 must be NAME=value; line 2 must be NAME=value'],
  [Buffer.from('PORT=80\r\n', 'utf16le'), 'is no UTF-8 text'],
  [Buffer.from([0x41, 0x3d, 0xff]), 'is no UTF-8 text'],
])('refuses %j, of which a part would be passed over', (content, fault) => {
  const env = {};
  expect(() => addEnvFile(env, (writeFileSync(file, content), file))).toThrow(fault);
  expect(env).toEqual({});
});

it('stops a start and a command in one line', async () => {
  mkdirSync(file);
  await expect(startService({}, { cwd: folder })).rejects.toThrow(
    /^the service ended:\nInkoopkalender cannot start: \.env cannot be read \(EISDIR\)\n$/,
  );
  expect(await runCli(['deadlines'], {}, folder)).toEqual({ code: 1, stdout: '', stderr: '.env cannot be read (EISDIR)\n' });
});
