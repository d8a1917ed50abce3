/** Upkeep of feeds without an editor: a new renderer, an insurer's new name, and withdrawn deadlines that have been shown long enough. */
import { RENDERER_VERSION } from '../../calendars/ics/feed.ts';
import { setImmediate } from 'node:timers/promises';
import { and, eq, gt, isNull, lte } from '../store/drizzle.ts';
import { insurerNames } from '../registry/insurers.ts';
import { laterThan } from '../../calendars/ics/moments.ts';
import { sameText } from '../../calendars/canonical.ts';
import type { ReadDb, Store, WriteDb } from '../store/store.ts';
import { bumpRegistry, GONE_UNTIL } from '../store/counters.ts';
import { readSetting, saveSetting } from '../store/settings.ts';

/** How long a withdrawn deadline is shown as cancelled, in days. */
const TOMBSTONE_DAYS = 60;

/** Where the service is when nothing is said: as in `.env.example`. */
export const LOCAL_URL = 'http://127.0.0.1:3000';

const RENDERED = 'rendered';
const SECTOR = '';
const DAY = 24 * 3600 * 1000;

/**
 * Raises the sequence and the moment of change of every deadline whose entries are rendered differently from before: all of them after a new
 * `RENDERER_VERSION` or another `publicUrl`, to which they lead, an insurer's after it got another name. Own terms follow, since theirs count on the deadline's. Says how many it raised;
 * a second run raises none.
 */
export async function bumpForRenderer(store: Store, now: Date, publicUrl = LOCAL_URL): Promise<number> {
  const [before, current] = [await readRenderings(store.read), await currentRenderings(store.read, publicUrl)];
  if (sameText({ ...before, ...current }, before)) return 0;
  let raised = 0;
  for (const slug of Object.keys(current)) {
    raised += await store.write((tx) => bumpOne(tx, slug, now, publicUrl));
    // Whoever waits for an answer goes first.
    await setImmediate();
  }
  return raised;
}

async function bumpOne(tx: WriteDb, slug: string, now: Date, publicUrl: string): Promise<number> {
  const before = await readRenderings(tx);
  const current = await currentRenderings(tx, publicUrl);
  const rendering = current[slug];
  if (rendering === undefined || before[slug] === rendering) return 0;
  // Those that are gone stay in the record: calendars of a choice may name them.
  await saveSetting(tx, RENDERED, JSON.stringify({ ...before, [slug]: rendering }));
  // An insurer that was never rendered has nothing to raise.
  return before[slug] === undefined ? 0 : raise(tx, slug, now);
}

/** The slugs of insurers that there were once. */
export async function goneInsurers(db: ReadDb): Promise<string[]> {
  const names = await insurerNames(db);
  return Object.keys(await readRenderings(db)).filter((slug) => slug !== SECTOR && !names.has(slug));
}

/** Lets withdrawn deadlines go that were shown long enough: their feeds become new ones. Says how many went. */
export async function expireTombstones(store: Store, now: Date): Promise<number> {
  const until = new Date(now.getTime() - TOMBSTONE_DAYS * DAY);
  if ((await expiring(store.read, until)).length === 0) return 0;
  return store.write(async (tx) => {
    const slugs = await expiring(tx, until);
    await saveSetting(tx, GONE_UNTIL, until.toISOString());
    for (const slug of new Set(slugs)) await bumpRegistry(tx, slug, now);
    return slugs.length;
  });
}

/** Deadlines withdrawn at this moment or before are no longer shown. */
async function goneUntil(db: ReadDb): Promise<Date> {
  return new Date((await readSetting(db, GONE_UNTIL)) ?? 0);
}

/** The rendering of each insurer's entries that was published last: a text that differs when they do. */
async function readRenderings(db: ReadDb): Promise<Record<string, string>> {
  // Written by bumpForRenderer alone, in the shape of currentRenderings.
  return JSON.parse((await readSetting(db, RENDERED)) ?? '{}') as Record<string, string>;
}

async function currentRenderings(db: ReadDb, publicUrl: string): Promise<Record<string, string>> {
  const names = await insurerNames(db);
  return Object.fromEntries([[SECTOR, ''], ...names].map(([slug, name]) => [slug, `${RENDERER_VERSION} ${publicUrl} ${name}`]));
}

async function raise(tx: WriteDb, slug: string, now: Date): Promise<number> {
  const { deadlines } = tx.tables;
  const rows = await tx
    .select({ id: deadlines.id, sequence: deadlines.sequence, changedAt: deadlines.changedAt })
    .from(deadlines)
    .where(slug === SECTOR ? isNull(deadlines.insurerSlug) : eq(deadlines.insurerSlug, slug));
  for (const { id, sequence, changedAt } of rows) {
    await tx
      .update(deadlines)
      .set({ sequence: sequence + 1, changedAt: laterThan(changedAt, now) })
      .where(eq(deadlines.id, id));
  }
  await bumpRegistry(tx, slug === SECTOR ? null : slug, now);
  return rows.length;
}

/** The insurer of each deadline that was withdrawn by then and is still shown; null for the sector's. */
async function expiring(db: ReadDb, until: Date): Promise<(string | null)[]> {
  const { deadlines, revisions } = db.tables;
  const rows = await db
    .select({ slug: deadlines.insurerSlug })
    .from(revisions)
    .innerJoin(deadlines, and(eq(deadlines.id, revisions.deadlineId), eq(deadlines.revision, revisions.number)))
    .where(and(eq(revisions.status, 'withdrawn'), gt(revisions.revisedAt, await goneUntil(db)), lte(revisions.revisedAt, until)));
  return rows.map(({ slug }) => slug);
}
