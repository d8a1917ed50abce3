/** What the doctor makes of the DNS, asked of a name server over a socket. */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { lookAt } from '../../server/cli/doctor/finding.ts';
import { examineNames } from '../../server/cli/doctor/names.ts';
import { readConfig } from '../../server/config.ts';
import { dkimPair } from '../helpers/dkim.ts';
import { freePort } from '../helpers/service.ts';

const PAIR = dkimPair();
const OTHER = dkimPair();

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A name server that knows these texts, and of every other name that it is not there (RFC 1035). */
async function startNames(texts: Record<string, string[]>): Promise<Resolver> {
  const server = createSocket('udp4', (question, from) => {
    const labels: string[] = [];
    let at = 12;
    for (; question[at] !== 0; at += question[at]! + 1) labels.push(question.toString('latin1', at + 1, at + 1 + question[at]!));
    const records = texts[labels.join('.').toLowerCase()];
    const answers = (records ?? []).map((text) => {
      // Each piece has 255 bytes at most.
      const pieces = Array.from({ length: Math.ceil(text.length / 255) }, (_, n) => Buffer.from(text.slice(n * 255, (n + 1) * 255)));
      const data = Buffer.concat(pieces.flatMap((piece) => [Buffer.of(piece.length), piece]));
      // The name of the question, TXT, IN, for a minute.
      const head = Buffer.from('c00c001000010000003c0000', 'hex');
      head.writeUInt16BE(data.length, 10);
      return Buffer.concat([head, data]);
    });
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(records ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    server.send(Buffer.concat([header, question.subarray(12, at + 5), ...answers]), from.port, from.address);
  }).bind(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return resolverAt(server.address().port);
}

function resolverAt(port: number): Resolver {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return resolver;
}

async function find(names: Resolver, env: Record<string, string> = {}, signingKey: typeof PAIR | undefined = PAIR) {
  const from = { MAIL_URL: 'smtp://mail.inkoop.example', MAIL_FROM: 'herinnering@inkoop.example', ...env };
  const settings = { config: readConfig(from), secret: 's'.repeat(32), signingKey };
  const findings = await lookAt('names', (notes) => examineNames(notes, settings, names), '');
  return findings.map(({ level, says }) => `${level} ${says}`);
}

const WELL = {
  'inkoop.example': ['some=other', 'v=spf1 include:_spf.provider.example -all'],
  'kalender1._domainkey.inkoop.example': [PAIR.record],
  '_dmarc.inkoop.example': ['v=DMARC1; p=quarantine'],
};

it('finds that the domain stands for our mails', async () => {
  expect(await find(await startNames(WELL))).toEqual([
    'ok SPF: inkoop.example says v=spf1 include:_spf.provider.example -all',
    'ok DKIM: kalender1._domainkey.inkoop.example has the key that signs',
    'ok DMARC: _dmarc.inkoop.example says v=DMARC1; p=quarantine',
  ]);
});

it('finds another key than the one that signs, two policies, and a policy of the domain above', async () => {
  const names = await startNames({
    'mail.inkoop.example': ['v=spf1 -all', 'v=spf1 mx -all'],
    'kalender1._domainkey.inkoop.example': [OTHER.record],
    '_dmarc.inkoop.example': ['v=DMARC1; p=none'],
  });
  expect(await find(names, { MAIL_FROM: 'a@kalender.inkoop.example', BOUNCE_ADDRESS: 'bounces@mail.inkoop.example' })).toEqual([
    'fault SPF: mail.inkoop.example has 2 records, and receivers count none',
    'fault DKIM: kalender1._domainkey.inkoop.example has another key than the one that signs, so no signature is believed',
    'ok DMARC: _dmarc.inkoop.example says v=DMARC1; p=none',
  ]);
});

it('finds that nothing is there', async () => {
  expect(await find(await startNames({ 'inkoop.example': [] }))).toEqual([
    'warning SPF: inkoop.example, of the return address, says nothing',
    'fault DKIM: there is no record kalender1._domainkey.inkoop.example, so no signature is believed',
    'warning DMARC: inkoop.example says nothing, and some receivers take no mail without it',
  ]);
});

it('does not take a name server that is away for one that knows nothing', async () => {
  expect(await find(resolverAt(await freePort()))).toEqual([
    expect.stringMatching(/^warning SPF: inkoop\.example could not be asked for \((ECONNREFUSED|ETIMEOUT)\)$/),
    expect.stringMatching(/^warning DKIM: kalender1\._domainkey\.inkoop\.example could not be asked for/),
    expect.stringMatching(/^warning DMARC: _dmarc\.inkoop\.example could not be asked for/),
  ]);
});

it('asks for nothing where no mail leaves, or the sender is of no domain', async () => {
  const names = await startNames({});
  expect(await find(names, { MAIL_URL: 'file:mail' })).toEqual(['ok no mail leaves, so nobody asks for SPF, DKIM and DMARC']);
  expect(await find(names, { MAIL_FROM: 'a@localhost' })).toEqual(['warning MAIL_FROM is of localhost, which nobody outside knows']);
});
