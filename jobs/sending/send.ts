/** Sends what is due: claimed and frozen in the store first, marked there when the body leaves, recorded there after. */
import { setTimeout as startTimer } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import { amsterdamDay } from '../../calendars/days.ts';
import { withoutAddresses } from '../../calendars/mail-address.ts';
import { closeBreaker, openBreaker, readBreaker, takeProbe, type Breaker } from '../../db/sending/breaker.ts';
import type { Claim } from '../../db/sending/attempts.ts';
import { audienceOf, type Audience } from '../../db/messages/personal-mails.ts';
import { putBack } from '../../db/sending/claims.ts';
import { countBadInARow, markFailed, MOST_BAD, postponeMessage, type DeliveryFailure } from '../../db/sending/refusals.ts';
import type { Store } from '../../db/store/store.ts';
import { claimPart, readBatch, type Batch } from './claiming.ts';
import { MailError, type Mailer } from '../transport/handover.ts';
import { openLedger, type Ledger } from './ledger.ts';
import type { MailSettings } from '../mails/compose.ts';
import { loadInTurns } from '../transport/nodemailer.ts';
import { envelopeSender } from './return-path.ts';

export interface SendDeps {
  store: Store;
  mailer: Mailer;
  settings: MailSettings;
  /** Who claims: this process's own name. */
  holder?: string;
  /** What it is by now, for a run that takes long. Without it every moment of the run is its first. */
  clock?: () => Date;
  /** How many mails are handed over at once. */
  lanes?: number;
  /** Where mails wait whose server is slow to answer, so that the run can end without them. Without it the run waits. */
  parked?: Set<Promise<unknown>>;
  /** Where stands which messages are claimed and in work, by id: whatever else this process has claimed by the store is nobody's. */
  underWay?: Set<string>;
  /** How long a server may be silent before its mail is parked. */
  patienceMs?: number;
  /** Ends the work at hand: what is not answered by then is recorded as such. */
  signal?: AbortSignal;
  /** Whether to stop after the mails at hand, because something else is to be done first. */
  isWanted?: () => boolean;
  /** Hears what became of each message, also of those that were parked. */
  report?: (result: SendResult, audience: Audience) => void;
  /** From 0 to 1: spreads the waits after refusals. */
  chance?: () => number;
}

/**
 * What became of a message. `refused`: the server refused this one, others may fare better. `broken`: the server cannot be reached, or takes
 * nothing from us. `uncertain`: it left, and nobody knows whether it arrived. `recalled`: what it says changed before it left, or another took
 * it over, as is meant to be. `lost`: it could not be written down that it leaves, so it did not. `faulty`: it could not be drafted.
 */
export interface SendResult {
  kind: 'sent' | 'refused' | 'broken' | 'uncertain' | 'recalled' | 'lost' | 'faulty';
  id: string;
  error?: unknown;
}

/** How many messages are read together, with what their drafts rest on. */
const BATCH = 100;
/** How many are claimed in one transaction. */
const AT_ONCE = 25;
/** So few are left when others are claimed. */
const FEW = 20;
const LANES = 2;
const PATIENCE_MS = 10_000;
/** How many mails may wait for slow answers beside the lanes. */
const MOST_PARKED = 20;

/** Sends everything that is due, until nothing is or the server sends everybody away. Gives what became of each message that was tried. */
export async function sendDue(deps: SendDeps, now: Date): Promise<SendResult[]> {
  const { store, clock = () => now, lanes = LANES, parked = new Set<Promise<unknown>>(), isWanted, signal } = deps;
  const breaker = await readBreaker(store.read);
  if (breaker && !(await store.write((tx) => takeProbe(tx, now)))) return [];
  const run: Run = {
    results: [],
    claims: [],
    underWay: deps.underWay ?? new Set(),
    batch: undefined,
    refill: undefined,
    ended: false,
    probing: breaker !== null,
    settled: 0,
    ledger: openLedger(store, lanes),
  };
  const isOver = () => run.ended || signal?.aborted === true || isWanted?.() === true;

  /** Hands one mail over. False when there is none. */
  const step = async (): Promise<boolean> => {
    const claim = await nextClaim(deps, run, clock);
    if (!claim) return false;
    const delivery = deliver(deps, run, claim, clock)
      .then((result) => conclude(deps, run, { ...result, audience: audienceOf(claim) }, clock))
      .finally(() => run.underWay.delete(claim.id));
    if (parked.size < MOST_PARKED && (await isSlow(delivery, deps.patienceMs ?? PATIENCE_MS))) park(parked, delivery, claim.id);
    else await delivery;
    return true;
  };
  const lane = async (): Promise<void> => {
    while ((await step()) && !isOver());
  };
  try {
    // A probe is one mail: the others follow when it got through.
    const probe = run.probing && ((await step()) ? 'done' : 'nothing due');
    if (probe === false || (probe === 'done' && !isOver())) await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await run.refill?.catch(() => {});
    const unoffered = run.claims.splice(0);
    // Where they cannot be put back now, the next round finds them.
    for (const { id } of unoffered) run.underWay.delete(id);
    if (unoffered.length > 0)
      await store.write(async (tx) => {
        for (const claim of unoffered) await putBack(tx, claim, 'not offered', clock());
      });
    if (deps.parked === undefined) await Promise.all(parked);
  }
  return run.results;
}

function park(parked: Set<Promise<unknown>>, delivery: Promise<unknown>, id: string) {
  const waiting: Promise<unknown> = delivery.catch((error: unknown) => ({ id, error })).finally(() => parked.delete(waiting));
  parked.add(waiting);
}

/** What the lanes of one run share. */
interface Run {
  results: SendResult[];
  /** Claimed, and not offered yet. */
  claims: Claim[];
  underWay: Set<string>;
  /** Read, and not claimed yet. */
  batch: Batch | undefined;
  /** The claiming at hand; true when there may be more to claim. */
  refill: Promise<boolean> | undefined;
  ended: boolean;
  probing: boolean;
  /** How many messages in a row were settled without sending. */
  settled: number;
  ledger: Ledger;
}

/** The next claim. When few are left others are claimed meanwhile, so that the server need not wait. */
async function nextClaim(deps: SendDeps, run: Run, clock: () => Date): Promise<Claim | undefined> {
  const refill = () => (run.refill ??= claimSome(deps, run, clock).finally(() => (run.refill = undefined)));
  while (run.claims.length === 0 && !run.ended) {
    // What was looked for before may have come since.
    if (run.refill) await run.refill;
    else if (!(await refill())) break;
  }
  const claim = run.claims.shift();
  // What fails here fails again, when it is waited for.
  if (claim && !run.probing && !run.ended && run.claims.length === FEW) refill().catch(() => {});
  return claim;
}

/** Claims some of what is due, or a single one to probe with. False when there is nothing more to claim. */
async function claimSome(deps: SendDeps, run: Run, clock: () => Date): Promise<boolean> {
  const { store } = deps;
  const now = clock();
  const batch = run.batch?.messages.length ? run.batch : await readBatch(store, run.probing ? 1 : BATCH, now, run.batch);
  if (!batch) return false;
  if (batch !== run.batch) await loadInTurns();
  run.batch = batch;
  const { claims, faulty } = await claimPart(deps, batch.messages.splice(0, AT_ONCE), batch.shared, now);
  faulty.push(...batch.faulty.splice(0));
  if (faulty.length > 0)
    await store.write(async (tx) => {
      for (const { message } of faulty) await postponeMessage(tx, message, 'could not be drafted', now);
    });
  for (const { message, error } of faulty) {
    const result: SendResult = { kind: 'faulty', id: message.id, error };
    run.results.push(result);
    deps.report?.(result, audienceOf(message));
  }
  run.claims.push(...claims);
  for (const { id } of claims) run.underWay.add(id);
  // Each is settled once, unless it keeps changing under our hands: then the next run is soon enough.
  run.settled = claims.length > 0 ? 0 : run.settled + 1;
  return run.settled <= MOST_SETTLED;
}

const MOST_SETTLED = 4000;

/** Hands one mail over, marks it when its body leaves, and records what the server said. */
async function deliver(
  deps: SendDeps,
  { ledger }: Run,
  claim: Claim,
  clock: () => Date,
): Promise<SendResult & { fault?: DeliveryFailure }> {
  const { store, mailer, settings, signal, chance = Math.random } = deps;
  const { id, kind, to, raw } = claim;
  const envelope = { from: envelopeSender(settings, id), to, name: `${amsterdamDay(clock())}-${kind}-${id}` };
  let isGone = false;
  const leaving = async () => {
    isGone = !(await ledger.leaving(claim, clock()));
    if (isGone) throw new Error('the claim is gone');
  };
  try {
    const { response } = await mailer.send(envelope, raw, { leaving, signal });
    const at = clock();
    await insist(() => ledger.sent(claim, response, at), signal);
    return { kind: 'sent', id };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const { fault } = error;
    const at = clock();
    await insist(() => store.write((tx) => markFailed(tx, claim, fault, at, chance())), signal);
    // What the breaker keeps of it, and tells, is about nobody's mail.
    const response = withoutAddresses(fault.response, to);
    return { kind: isGone ? 'recalled' : KINDS[fault.kind], id, error, fault: { ...fault, response } };
  }
}

const KINDS = {
  transport: 'broken',
  rejected: 'refused',
  deferred: 'refused',
  undeliverable: 'refused',
  uncertain: 'uncertain',
  lost: 'lost',
} as const satisfies Record<DeliveryFailure['kind'], SendResult['kind']>;

/** Keeps the result, and opens or closes the breaker by it. */
async function conclude(
  deps: SendDeps,
  run: Run,
  { audience, fault, ...result }: SendResult & { audience: Audience; fault?: DeliveryFailure },
  clock: () => Date,
): Promise<SendResult> {
  const { store } = deps;
  run.results.push(result);
  deps.report?.(result, audience);
  const cause = fault && (await causeToStop(deps, run, fault));
  if (fault && cause) {
    run.ended = true;
    await insist(() => store.write((tx) => openBreaker(tx, { cause, response: fault.response }, clock())), deps.signal);
  } else if (run.probing && fault?.kind !== 'lost') {
    run.probing = false;
    await insist(() => store.write(closeBreaker), deps.signal);
  }
  return result;
}

async function causeToStop({ store }: SendDeps, run: Run, { kind }: DeliveryFailure): Promise<Breaker['cause'] | null> {
  if (kind === 'transport') return 'transport';
  if (kind !== 'rejected' && kind !== 'uncertain') return null;
  return run.probing || (await countBadInARow(store.read)) >= MOST_BAD ? 'answers' : null;
}

/** Whether a delivery takes longer than one is willing to wait beside it. */
async function isSlow(delivery: Promise<unknown>, patienceMs: number): Promise<boolean> {
  let late: NodeJS.Timeout | undefined;
  const slow = new Promise<boolean>((resolve) => (late = startTimer(() => resolve(true), patienceMs).unref()));
  try {
    return await Promise.race([delivery.then(() => false), slow]);
  } finally {
    clearTimeout(late);
  }
}

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
