/** A database full of reminders that are due, and the real process that is to send them, as often as it is killed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, inArray } from '../../db/store/drizzle.ts';
import { isHeld } from '../../db/store/recall.ts';
import { dueMessages } from '../../db/sending/claims.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import { openStore, type Store, type WriteDb } from '../../db/store/store.ts';
import { addDeadline, addOrganisation, castIn } from '../helpers/cast.ts';
import { startService, type Service } from '../helpers/service.ts';

/** Monday 23 November 2026, nine o'clock in Amsterdam: a working day on which mails leave. */
export const START = new Date('2026-11-23T08:00:00Z');
/** A quarter of an hour and a second: what was marked and never answered is tried again after it. */
export const AFTER_LEASE_MS = 15 * 60_000 + 1000;

export interface World {
  folder: string;
  databaseUrl: string;
  addresses: string[];
  /** Starts the real service at a moment of its own clock. */
  start: (mailUrl: string, atMs: number, env?: Record<string, string>) => Promise<Service>;
  /** Opens the database beside the service. */
  look: () => Promise<Store>;
  remove: () => void;
}

/** Makes as many confirmed recipients, each of whom has one reminder due at the start. */
export async function makeWorld(recipients: number, databaseUrl?: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-faults-'));
  const url = databaseUrl ?? `file:${join(folder, 'faults.db')}`;
  const addresses = Array.from({ length: recipients }, (_, n) => `r${String(n).padStart(5, '0')}@example.org`);
  const store = await openStore(url);
  try {
    await fill(store, addresses);
  } finally {
    await store.close();
  }
  const clock = new URL('./clock.js', import.meta.url).pathname;
  return {
    folder,
    databaseUrl: url,
    addresses,
    start: (mailUrl, atMs, env = {}) =>
      startService(
        {
          DATABASE_URL: url,
          MAIL_URL: mailUrl,
          SECRET: 'a secret that only the faults know, 32+',
          LOG_LEVEL: 'info',
          NODE_OPTIONS: `--import ${clock}`,
          FAKE_NOW: String(atMs),
          ...env,
        },
        { cwd: folder },
      ),
    look: () => openStore(url),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A deadline two weeks ahead, and the recipients, ten to an organisation. */
export async function fill(store: Store, addresses: readonly string[]): Promise<void> {
  const longAgo = new Date('2026-01-05T12:00:00Z');
  // What was there before they confirmed is no news to them.
  const confirmedAt = new Date(longAgo.getTime() + 60_000);
  await castIn(store, longAgo);
  await store.write((tx) => addDeadline(tx, { contractYear: 2027 }, { rule: { kind: 'fixed', on: '2026-12-07' } }, longAgo));
  for (let n = 0; n < addresses.length; n += 1000)
    await store.write((tx) => addRecipients(tx, addresses.slice(n, n + 1000), n, confirmedAt));
  await planReminders(store, START);
}

async function addRecipients(tx: WriteDb, addresses: readonly string[], from: number, longAgo: Date) {
  const { recipients } = tx.tables;
  for (let n = 0; n < addresses.length; n += 10) {
    const { id: organisationId } = await addOrganisation(tx, { name: `Regio ${from + n}` }, longAgo);
    await tx.insert(recipients).values(
      addresses.slice(n, n + 10).map((email, i) => ({
        id: `00000000-0000-4000-8000-${String(from + n + i).padStart(12, '0')}`,
        organisationId,
        email,
        leadDays: [14],
        digest: 'daily' as const,
        status: 'confirmed' as const,
        createdAt: longAgo,
        confirmedAt: longAgo,
        position: i + 1,
      })),
    );
  }
}

/** How many messages there are in each state. */
export async function countStates(store: Store): Promise<Record<string, number>> {
  const { messages } = store.read.tables;
  const rows = await store.read.select({ state: messages.state }).from(messages);
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** Whether a sender that starts at this moment finds something to send: due, left from an ended lease, or held by one that is gone. */
export async function hasWork(store: Store, now: Date): Promise<boolean> {
  const { messages } = store.read.tables;
  return (await dueMessages(store.read, now, 1)).length > 0 || (await store.read.$count(messages, isHeld(store.read))) > 0;
}

/** Resolves when all that could be sent at a moment was tried; what nobody knows of waits for its lease. */
export async function untilTried(store: Store, now: Date): Promise<void> {
  while (await hasWork(store, now)) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Resolves when nothing waits or is on its way any more: for where no process was killed, so that no message waits for its lease. */
export async function untilSettled(store: Store): Promise<void> {
  const { messages } = store.read.tables;
  while ((await store.read.$count(messages, inArray(messages.state, ['pending', 'sending']))) > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The addresses of messages that wait for a person, because nobody knows whether they arrived. */
export async function uncertainAddresses(store: Store): Promise<string[]> {
  const { messages, recipients } = store.read.tables;
  const rows = await store.read
    .select({ email: recipients.email })
    .from(messages)
    .innerJoin(recipients, eq(recipients.id, messages.recipientId))
    .where(eq(messages.reason, 'uncertain'));
  return rows.map(({ email }) => email);
}
