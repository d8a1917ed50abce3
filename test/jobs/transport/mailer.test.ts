import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { staysOnMachine, openMailer, type Mailer, type MailError } from '../../../jobs/transport/mailer.ts';
import { mailerTo, startSink } from '../../helpers/mail.ts';

const RAW = Buffer.from('From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\n.a line that starts with a dot\r\n');
const ENVELOPE = { from: 'a@example.org', to: 'b@example.org', name: '2024-09-16-reminder-1' };

async function faultOf(mailer: Mailer) {
  const error = await mailer.send(ENVELOPE, RAW).catch((e: unknown) => e as MailError);
  return 'fault' in error ? error.fault : error;
}

const refuse = (code: number, message: string) => Object.assign(new Error(message), { responseCode: code });

describe('a mail server', () => {
  it('gets the bytes as they are, and its answer is given back', async () => {
    const sink = await startSink();
    const { response } = await mailerTo(sink.url).send(ENVELOPE, RAW);
    expect(response).toMatch(/^250 /);
    expect(sink.taken).toEqual([{ from: 'a@example.org', to: ['b@example.org'], raw: RAW }]);
  });

  it('that is not there, or hangs up before the body, is a fault of the transport', async () => {
    const { url, close } = await startSink();
    await close();
    expect(await faultOf(mailerTo(url))).toMatchObject({ kind: 'transport', code: null });
    const rude = await startSink({ onMailFrom: (_address, _session, done) => done(refuse(421, 'Try later')) });
    expect(await faultOf(mailerTo(rude.url))).toMatchObject({ kind: 'transport', code: 421 });
  });

  it('that wants a login which it does not take is a fault of the transport', async () => {
    const strict = await startSink({
      authOptional: false,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(refuse(535, 'No')),
    });
    expect(await faultOf(mailerTo(strict.url.replace('//', '//user:wrong@')))).toMatchObject({ kind: 'transport', code: 535 });
  });

  it('that hangs up after the body leaves it open whether the mail arrived', async () => {
    const sink = await startSink({ dropAfterBody: true });
    expect(await faultOf(mailerTo(sink.url))).toMatchObject({ kind: 'uncertain', code: null });
    expect(sink.taken).toHaveLength(1);
  });

  it.each([
    [550, '5.1.1 No such user', 'undeliverable'],
    [550, '5.2.1 Mailbox disabled', 'undeliverable'],
    [550, '5.0.0 No such user', 'undeliverable'],
    [550, '5.1.0 Address rejected', 'rejected'],
    [550, '5.1.8 Sender address rejected: Domain not found', 'rejected'],
    [550, '5.7.1 Not allowed to send', 'rejected'],
    [550, 'No thanks', 'rejected'],
    // Without a code: exim, cPanel, Lotus, qmail, Yahoo; and what sounds like it.
    [550, 'No such user', 'undeliverable'],
    [550, 'No Such User Here', 'undeliverable'],
    [550, 'Unrouteable address', 'undeliverable'],
    [550, '<b@example.org>: Recipient address rejected: User unknown in local recipient table', 'undeliverable'],
    [550, 'sorry, no mailbox here by that name. (#5.1.1)', 'undeliverable'],
    [554, 'The email account that you tried to reach does not exist', 'undeliverable'],
    [550, 'Requested action not taken: mailbox unavailable', 'rejected'],
    [550, 'Sender verify failed: no such user', 'rejected'],
    [550, 'relay not permitted for unknown user', 'rejected'],
    [550, '5.7.1 no such user may send here', 'rejected'],
    [451, '4.7.1 Greylisted, try again in 5 minutes', 'deferred'],
  ] as const)('that refuses the recipient with %i %s: %s', async (code, text, kind) => {
    const sink = await startSink({ onRcptTo: (_address, _session, done) => done(refuse(code, text)) });
    expect(await faultOf(mailerTo(sink.url))).toEqual({
      kind,
      code,
      response: `${code} ${text}`,
      ...(kind === 'deferred' ? { waitMs: 300_000 } : {}),
    });
  });

  it('that refuses the body has not taken it: that is no doubt', async () => {
    const sink = await startSink({
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(refuse(554, '5.6.0 Content refused')));
      },
    });
    expect(await faultOf(mailerTo(sink.url))).toEqual({ kind: 'rejected', code: 554, response: '554 5.6.0 Content refused' });
  });

  it('that does not answer is given up when the work is broken off', async () => {
    const breakOff = new AbortController();
    const silent = await startSink({ onMailFrom: () => breakOff.abort() });
    const error = await mailerTo(silent.url)
      .send(ENVELOPE, RAW, { signal: breakOff.signal })
      .catch((e: unknown) => e as MailError);
    expect(error).toMatchObject({ fault: { kind: 'transport', code: null } });
  });
});

describe('a folder', () => {
  it('gets one file per mail, whole, and the same one when it is sent again', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'inkoopkalender-mail-')), 'new');
    const mailer = openMailer(`file:${folder}`);
    for (let n = 0; n < 2; n += 1)
      expect(await mailer.send(ENVELOPE, RAW)).toEqual({ response: '250 written to 2024-09-16-reminder-1.eml' });
    expect(readdirSync(folder)).toEqual(['2024-09-16-reminder-1.eml']);
    expect(readFileSync(join(folder, '2024-09-16-reminder-1.eml')).equals(RAW)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('that it makes is for its owner alone, with all in it; one that is there stays as it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-mail-'));
    const modeOf = (path: string) => statSync(path).mode & 0o777;
    const [made, found] = [join(folder, 'data', 'mail'), join(folder, 'shared')];
    await openMailer(`file:${made}`).send(ENVELOPE, RAW);
    expect([join(folder, 'data'), made, join(made, '2024-09-16-reminder-1.eml')].map(modeOf)).toEqual([0o700, 0o700, 0o600]);
    await openMailer(`file:${found}`).send(ENVELOPE, RAW);
    chmodSync(found, 0o755);
    await openMailer(`file:${found}`).send({ ...ENVELOPE, name: 'second' }, RAW);
    expect([found, join(found, 'second.eml')].map(modeOf)).toEqual([0o755, 0o600]);
    rmSync(folder, { recursive: true });
  });

  it('that cannot be made or written is a fault of the transport', async () => {
    // There is a folder /proc, and nobody can make another one in it.
    expect(await faultOf(openMailer('file:/proc/none/mail'))).toMatchObject({ kind: 'transport', code: null });
    expect(await faultOf(openMailer('file:/dev/null/mail'))).toMatchObject({ kind: 'transport', code: null });
  });
});

it('knows where mails cannot reach anybody', () => {
  for (const url of ['file:data/mail', 'smtp://127.0.0.1:2525', 'smtp://user:pass@localhost', 'smtps://[::1]:465', 'smtp://127.8.8.8']) {
    expect([url, staysOnMachine(url)]).toEqual([url, true]);
  }
  for (const url of [
    'smtp://mail.example.org',
    'smtp://127.0.0.1.example.org',
    'smtp://localhost.example.org',
    'smtp://10.0.0.1',
    'smtp://evil@mail.example.org',
  ]) {
    expect([url, staysOnMachine(url)]).toEqual([url, false]);
  }
  expect(() => openMailer('http://localhost')).toThrow('starts with file:, smtp:// or smtps://');
});
