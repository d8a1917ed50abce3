/** What is odd about how the service is set up, though it can start. */
import { statSync } from 'node:fs';
import type { Config } from '../config.ts';

/** A line for each thing that its readers, or its secrets, would suffer from. */
export function doubtsAbout({ publicUrl, mailUrl, secret }: Pick<Config, 'mailUrl' | 'publicUrl' | 'secret'>): string[] {
  return [...doubtsAboutLinks(publicUrl, mailUrl), ...doubtsAboutFiles(secret)];
}

function doubtsAboutLinks(publicUrl: string, mailUrl: string): string[] {
  const { hostname = '', port } = URL.parse(publicUrl) ?? {};
  const lead = `links in mails and calendars lead to ${publicUrl}`;
  if (['0.0.0.0', '[::]'].includes(hostname) || port === '0') return [`PUBLIC_URL: ${lead}, where nobody is reached`];
  if (!mailUrl.startsWith('file:') && /^(localhost|127\..*|\[::1\])$/.test(hostname))
    return [`PUBLIC_URL: ${lead}, which only this machine can open`];
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

function allows(path: string, rights: number): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  // Windows has no such rights and gives made-up ones.
  return process.platform !== 'win32' && (mode & rights) !== 0;
}
