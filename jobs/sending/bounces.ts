/** Mails that came back after they were taken: read from a mailbox, so that a dead address gets no more. */
import { foldAddress } from '../../calendars/mail-address.ts';
import { findReturned, recordBounce, type Bounce } from '../../db/sending/bounces.ts';
import { digestsOf } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { noteDead } from '../../db/messages/unaskable.ts';
import { isAddressGone } from '../transport/address-status.ts';
import { readDeliveryReport, type DeliveryReport, type Failure } from './delivery-report.ts';
import { mailsIn } from './mailbox.ts';
import { messagesNamedIn } from './return-path.ts';

/** What was found in a mailbox, and what came of it. */
export interface Imported {
  /** Mails in it. */
  read: number;
  /** Those that are no mail that could be read. */
  unreadable: number;
  /** Those that say that one of our mails was not delivered, for good. */
  bounced: number;
  /** Addresses that get no more mail. */
  suppressed: string[];
  /** Addresses that get mail as before, though one behind them was not reached. */
  partly: string[];
  /** Addresses that would get no more mail, but are so many that nothing was written. */
  held: string[];
}

/** So many addresses at once, and so many of the reports, are rather a fault of a mail server, or of ours. */
const [MOST_ADDRESSES, MOST_SHARE] = [5, 0.1];

/**
 * Reads one mail or a whole mailbox (mbox). Only mails that were returned to an address that we signed count; doing it twice changes nothing.
 * Where over five addresses, and over a tenth of the reports, would end an address, nothing is written unless `yes` says so.
 */
export async function importBounces(
  store: Store,
  mailbox: Buffer,
  { secret, yes = false }: { secret: string; yes?: boolean },
  now: Date,
): Promise<Imported> {
  const imported: Imported = { read: 0, unreadable: 0, bounced: 0, suppressed: [], partly: [], held: [] };
  const bounces: { id: string; to: string; bounce: Bounce }[] = [];
  const ending = new Set<string>();
  for (const mail of mailsIn(mailbox)) {
    imported.read += 1;
    const report = await readDeliveryReport(mail).catch(() => 'unreadable' as const);
    if (report === 'unreadable') imported.unreadable += 1;
    if (report === null || report === 'unreadable') continue;
    const ids = messagesNamedIn(report.header, secret);
    if (ids.length > 0) imported.bounced += 1;
    for (const id of ids) {
      const returned = await findReturned(store.read, id);
      const bounce = returned && bounceIn(report, returned.to, ids.length === 1);
      if (!returned || !bounce) continue;
      bounces.push({ id, to: returned.to, bounce });
      if (bounce.isOurs && bounce.isGone && returned.isServed && !returned.isNoted) ending.add(returned.to);
    }
  }
  if (!yes && ending.size > MOST_ADDRESSES && ending.size > imported.bounced * MOST_SHARE) return { ...imported, held: [...ending].sort() };
  const partly = new Set<string>();
  const suppressed = new Set<string>();
  for (const { id, to, bounce } of bounces) {
    const ends = ending.has(to) && bounce.isOurs && bounce.isGone;
    const isNew = await store.write(async (tx) => {
      const recorded = await recordBounce(tx, id, bounce, now);
      if (recorded && ends) await noteDead(tx, digestsOf(secret, to), bounce.response, now);
      return recorded;
    });
    if (isNew && !bounce.isOurs) partly.add(to);
    if (isNew && ends) suppressed.add(to);
  }
  return { ...imported, suppressed: [...suppressed], partly: [...partly] };
}

/**
 * What a report says of a mail that was sent to an address. It is ended only where the report names that very address; where it names another
 * one, such as a member of a shared mailbox, that one is not told. `isAlone`: whether the report can be about no other mail of ours.
 */
function bounceIn({ failures }: DeliveryReport, to: string, isAlone: boolean): Bounce | null {
  const ours = failures.filter(({ addresses }) => addresses.includes(foldAddress(to)));
  const chosen = ours.find(isGone) ?? ours[0];
  if (chosen) return { isOurs: true, isGone: isGone(chosen), response: wordsOf(chosen) };
  if (!isAlone) return null;
  const behind = failures.filter(({ addresses }) => addresses.length > 0);
  const member = behind.find(isGone) ?? behind[0];
  // Its words may name who it is.
  if (member) return { isOurs: false, isGone: isGone(member), response: `${member.status ?? 'failed'}: an address behind this one` };
  return { isOurs: true, isGone: false, response: wordsOf(failures[0]!) };
}

const isGone = (failure: Failure) => isAddressGone(failure);

const MOST_KEPT = 500;
const wordsOf = ({ status, text }: Failure) => `${status ?? ''} ${text}`.trim().slice(0, MOST_KEPT).toWellFormed();
