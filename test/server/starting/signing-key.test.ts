import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../../server/config.ts';
import { readSigningKey } from '../../../server/starting/signing-key.ts';
import { doubtsAbout } from '../../../server/starting/start-doubts.ts';
import { dkimPair } from '../../helpers/dkim.ts';
import { startService } from '../../helpers/service.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const pemOf = (key: { export: (options: { type: 'pkcs8'; format: 'pem' }) => string | Buffer }) =>
  key.export({ type: 'pkcs8', format: 'pem' });
const settings = (over: Record<string, string> = {}) => ({
  DKIM_DOMAIN: 'inkoop.example',
  DKIM_SELECTOR: 'kalender1',
  DKIM_KEY_FILE: join(folder, 'dkim.pem'),
  MAIL_FROM: 'herinnering@inkoop.example',
  ...over,
});
const keep = (text: string | Buffer, mode = 0o600) => writeFileSync(join(folder, 'dkim.pem'), text, { mode });

describe('the key that signs mails', () => {
  it('is read with its domain and selector, and is none where mails are not signed', () => {
    keep(dkimPair().pem);
    expect(readSigningKey(readConfig(settings()).dkim)).toMatchObject({ domain: 'inkoop.example', selector: 'kalender1' });
    expect(readSigningKey(readConfig({}).dkim)).toBeUndefined();
  });

  it.each([
    ['is not there', () => {}, 'cannot be read (ENOENT)'],
    ['is a folder', () => mkdirSync(join(folder, 'dkim.pem')), 'cannot be read (EISDIR)'],
    ['is no key', () => keep('MIIEvQ'), 'must hold a private RSA key in PEM form'],
    ['is a public key', () => keep(rsa(1024).publicKey.export({ type: 'spki', format: 'pem' })), 'must hold a private RSA key in PEM form'],
    [
      'is of another type',
      () => keep(pemOf(generateKeyPairSync('ed25519').privateKey)),
      'holds a key of type ed25519: it must be an RSA key',
    ],
    ['is too short', () => keep(pemOf(rsa(512).privateKey)), 'holds a key of 512 bits: it must have 2048, or 1024 at the least'],
    [
      'has a passphrase',
      () => keep(rsa(1024).privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })),
      'holds a key with a passphrase: it must have none',
    ],
  ])('is refused in one line where it %s', (_what, prepare, line) => {
    prepare();
    expect(() => readSigningKey(readConfig(settings()).dkim)).toThrow(`DKIM_KEY_FILE: ${join(folder, 'dkim.pem')} ${line}`);
  });

  it('is doubted where others can read it, where it is short, and where its domain is not the sender’s', () => {
    const doubts = (over: Record<string, string> = {}) => {
      const config = readConfig(settings({ PUBLIC_URL: 'https://inkoop.example', SECRET: 's'.repeat(32), ...over }));
      return doubtsAbout(config, readSigningKey(config.dkim)?.key).filter((line) => line.startsWith('DKIM'));
    };
    keep(dkimPair().pem);
    for (const from of ['a@inkoop.example', 'a@mail.Inkoop.example']) expect(doubts({ MAIL_FROM: from })).toEqual([]);
    expect(doubts({ DKIM_DOMAIN: 'mail.inkoop.example' })).toEqual([]);
    expect(doubts({ MAIL_FROM: 'a@sinkoop.example' })).toEqual([
      'DKIM_DOMAIN: inkoop.example is not the domain of MAIL_FROM (sinkoop.example), so DMARC does not count the signature',
    ]);
    keep(pemOf(rsa(1024).privateKey));
    chmodSync(join(folder, 'dkim.pem'), 0o644);
    expect(doubts()).toEqual([
      'DKIM_KEY_FILE: a key of 1024 bits is short, and receivers may not count it: 2048 are usual',
      `DKIM_KEY_FILE: every user of this machine can read ${join(folder, 'dkim.pem')}, and sign mails with it`,
    ]);
  });

  it('stops the start in one line, before a database is made', async () => {
    const urls = { DATABASE_URL: `file:${join(folder, 'own.db')}`, MAIL_URL: `file:${join(folder, 'mail')}` };
    await expect(startService({ ...urls, ...settings() }, { cwd: folder })).rejects.toThrow(
      `the service ended:\nInkoopkalender cannot start: DKIM_KEY_FILE: ${join(folder, 'dkim.pem')} cannot be read (ENOENT)\n`,
    );
  });
});
