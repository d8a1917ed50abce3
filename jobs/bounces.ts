/** Mails that came back after they were taken: read from a mailbox, so that a dead address gets no more. RFC 3464 says what they look like. */
import { recordBounce } from '../db/bounces.ts';
import type { Store } from '../db/store.ts';
import { isAddressGone } from './address-status.ts';
import { messagesNamedIn } from './return-path.ts';

/** What was found in a mailbox. */
export interface Imported {
  /** Messages in it. */
  read: number;
  /** Those that say that one of our mails was not delivered, for good. */
  bounced: number;
  /** Addresses that get no more mail. */
  suppressed: string[];
}

/** Reads one mail or a whole mailbox (mbox). Only mails that were returned to an address that we signed count; doing it twice changes nothing. */
export async function importBounces(store: Store, mailbox: string, secret: string, now: Date): Promise<Imported> {
  const imported: Imported = { read: 0, bounced: 0, suppressed: [] };
  for (const mail of mailsIn(mailbox)) {
    imported.read += 1;
    const report = readReport(mail);
    if (!report) continue;
    for (const id of messagesNamedIn(report.envelope, secret)) {
      imported.bounced += 1;
      const said = `${report.status} ${report.diagnostic}`.slice(0, 500);
      const isGone = isAddressGone({ status: report.status, text: report.diagnostic });
      const email = await store.write((tx) => recordBounce(tx, id, { said, isGone }, now));
      if (email !== null) imported.suppressed.push(email);
    }
  }
  return imported;
}

interface Report {
  /** The mail's own header, where the address stands that it was returned to. */
  envelope: string;
  status: string;
  diagnostic: string;
}

/** What a delivery status notification says, when it tells of a failure for good. */
function readReport(mail: string): Report | null {
  const end = mail.search(/\n\n/);
  if (end < 0) return null;
  const header = unfold(mail.slice(0, end));
  const type = /^content-type:(.*)$/im.exec(header)?.[1] ?? '';
  if (!/multipart\/report/i.test(type) || !/report-type="?delivery-status/i.test(type)) return null;
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type);
  const parts = mail.slice(end).split(`\n--${boundary?.[1] ?? boundary?.[2]}`);
  const part = parts.find((text) => /^content-type:\s*message\/(global-)?delivery-status/im.test(text.slice(0, 500)));
  if (!part) return null;
  const fields = unfold(part);
  const failed = /^action:\s*failed\b/im.test(fields);
  const status = /^status:\s*(5\.\d{1,3}\.\d{1,3})/im.exec(fields)?.[1];
  if (!failed || status === undefined) return null;
  const diagnostic = /^diagnostic-code:\s*(?:[\w-]+;\s*)?(.*)$/im.exec(fields)?.[1] ?? '';
  return { envelope: header, status, diagnostic: diagnostic.trim() };
}

const unfold = (text: string) => text.replaceAll(/\n[ \t]+/g, ' ');

/** The mails of a mailbox: each begins with a line `From ` after an empty one; without such a line it is one mail. */
function mailsIn(mailbox: string): string[] {
  const text = mailbox.replaceAll('\r\n', '\n');
  if (!text.startsWith('From ')) return text.trim() === '' ? [] : [text];
  return text.split(/(?:^|\n\n)From [^\n]*\n/).filter((mail) => mail.trim() !== '');
}
