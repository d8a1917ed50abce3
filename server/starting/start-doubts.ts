/** What is odd about how the service is set up, though it can start. */
import { isLoopback } from '../loopback.ts';
import type { KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { doubtsAboutAccess } from '../access.ts';
import type { Config } from '../config.ts';
import { USUAL_BITS } from './signing-key.ts';

/** A line for each thing that its readers, or its secrets, would suffer from. */
export function doubtsAbout(
  config: Pick<Config, 'dkim' | 'host' | 'mailFrom' | 'mailUrl' | 'operator' | 'publicUrl' | 'secret' | 'signUp'>,
  signingKey?: KeyObject,
): string[] {
  const { dkim, mailFrom, mailUrl, publicUrl, secret } = config;
  return [
    ...doubtsAboutLinks(publicUrl, mailUrl),
    ...doubtsAboutAccess(config),
    ...doubtsAboutFiles(secret),
    ...doubtsAboutSignature(dkim, mailFrom, signingKey),
  ];
}

function doubtsAboutLinks(publicUrl: string, mailUrl: string): string[] {
  const { hostname = '', port } = URL.parse(publicUrl) ?? {};
  const lead = `links in mails and calendars lead to ${publicUrl}`;
  if (['0.0.0.0', '[::]'].includes(hostname) || port === '0') return [`PUBLIC_URL: ${lead}, where nobody is reached`];
  if (!mailUrl.startsWith('file:') && isLoopback(hostname)) return [`PUBLIC_URL: ${lead}, which only this machine can open`];
  return [];
}

/** The service makes them for its owner alone; what was there before keeps its permissions. */
function doubtsAboutFiles(configured: string | undefined): string[] {
  return [
    ...(allows('data', 0o002) ? ['data: every user of this machine can put files there, and what stands in data/compiled is run'] : []),
    ...(configured === undefined && allows('data/secret', 0o006)
      ? ['data/secret: every user of this machine can read it, and sign links with it']
      : []),
  ];
}

function doubtsAboutSignature(dkim: Config['dkim'], mailFrom: string, key: KeyObject | undefined): string[] {
  if (dkim === null) return [];
  const { domain, keyFile } = dkim;
  const sender = mailFrom.slice(mailFrom.lastIndexOf('@') + 1).toLowerCase();
  const isAligned = isBelow(sender, domain.toLowerCase()) || isBelow(domain.toLowerCase(), sender);
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? USUAL_BITS;
  return [
    ...(isAligned ? [] : [`DKIM_DOMAIN: ${domain} is not the domain of MAIL_FROM (${sender}), so DMARC does not count the signature`]),
    ...(bits < USUAL_BITS
      ? [`DKIM_KEY_FILE: a key of ${bits} bits is short, and receivers may not count it: ${USUAL_BITS} are usual`]
      : []),
    ...(allows(keyFile, 0o004) ? [`DKIM_KEY_FILE: every user of this machine can read ${keyFile}, and sign mails with it`] : []),
  ];
}

const isBelow = (one: string, other: string) => one === other || one.endsWith(`.${other}`);

function allows(path: string, rights: number): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  // Windows has no such rights and gives made-up ones.
  return process.platform !== 'win32' && (mode & rights) !== 0;
}
