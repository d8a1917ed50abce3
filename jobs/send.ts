/** Sends what is due, one mail at a time: claimed and frozen in the store first, handed over outside of it, recorded after. */
import { setTimeout } from 'node:timers/promises';
import { amsterdamDay } from '../calendars/days.ts';
import { reviewMessage } from '../db/drafts.ts';
import {
  claimMessage,
  markFailed,
  markSent,
  nextMessage,
  postponeMessage,
  type Claim,
  type ComposedMail,
  type Fault,
} from '../db/outbox.ts';
import type { Message } from '../db/schema.ts';
import type { Store } from '../db/store.ts';
import { MailError, type Mailer } from './mailer.ts';
import { composeMail, type MailSettings } from './mails/compose.ts';

export interface SendDeps {
  store: Store;
  mailer: Mailer;
  settings: MailSettings;
  /** Ends the work at hand: what is not answered by then is recorded as such. */
  signal?: AbortSignal;
  /** Whether to stop after the mail at hand, because something else is to be done first. */
  isWanted?: () => boolean;
}

/**
 * What became of the next message. `settled`: nothing was sent, look for more. `refused`: the server refused this one, others may fare better.
 * `broken`: the server cannot be reached, try again later. `faulty`: it could not be drafted, and waits. `idle`: nothing is due.
 */
export type SendResult = { kind: 'idle' } | { kind: 'settled' | 'sent' | 'refused' | 'broken' | 'faulty'; id: string; error?: unknown };

/** Sends everything that is due, until nothing is or the server cannot be reached. Gives what became of each message. */
export async function sendDue(deps: SendDeps, now: Date): Promise<SendResult[]> {
  const results: SendResult[] = [];
  let settled = 0;
  while (!deps.signal?.aborted) {
    const result = await sendNext(deps, now);
    if (result.kind === 'idle') break;
    if (result.kind !== 'settled') results.push(result);
    // Whoever comes next would fare the same.
    if (result.kind === 'broken') break;
    // Each settles once, unless it keeps changing under our hands: then the next run is soon enough.
    settled = result.kind === 'settled' ? settled + 1 : 0;
    if (settled > MOST_SETTLED || deps.isWanted?.()) break;
  }
  return results;
}

const MOST_SETTLED = 1000;

/** Does one unit: the message that is next, sent or settled. */
export async function sendNext(deps: SendDeps, now: Date): Promise<SendResult> {
  const { store } = deps;
  const message = await nextMessage(store.read, now);
  if (!message) return { kind: 'idle' };
  const prepared = await prepare(deps, message, now);
  if ('error' in prepared) {
    await store.write((tx) => postponeMessage(tx, message, 'could not be drafted', now));
    return { kind: 'faulty', id: message.id, error: prepared.error };
  }
  const claim = await store.write((tx) => claimMessage(tx, message, prepared.review, prepared.mail, now));
  if (!claim) return { kind: 'settled', id: message.id };
  return deliver(deps, claim, now);
}

/** Reviews and composes outside of any transaction; the claim checks that nothing changed since. */
async function prepare({ store, settings }: SendDeps, message: Message, now: Date) {
  try {
    const review = await reviewMessage(store.read, message, now);
    const mail: ComposedMail | null = review.draft && message.raw === null ? await composeMail(message, review.draft, settings, now) : null;
    return { review, mail };
  } catch (error) {
    return { error };
  }
}

async function deliver({ store, mailer, settings, signal }: SendDeps, claim: Claim, now: Date): Promise<SendResult> {
  const { id, kind, to, raw } = claim;
  const envelope = { from: settings.from, to, name: `${amsterdamDay(now)}-${kind}-${id}` };
  try {
    const { response } = await mailer.send(envelope, raw, signal);
    await insist(() => store.write((tx) => markSent(tx, claim, response, now)), signal);
    return { kind: 'sent', id };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const { fault } = error;
    await insist(() => store.write((tx) => markFailed(tx, claim, fault, now)), signal);
    return { kind: isBroken(fault) ? 'broken' : 'refused', id, error };
  }
}

const isBroken = ({ kind }: Fault) => kind === 'transport' || kind === 'uncertain';

/** What happened must be written down: it is tried until the store takes it, or the process is to end. Then the lease sees to it. */
async function insist(record: () => Promise<unknown>, signal?: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await record();
      return;
    } catch (error) {
      if (signal?.aborted) throw error;
      await setTimeout(1000);
    }
  }
}
