/** What makes feeds change without an editor: a new look, an insurer's new name, and withdrawn deadlines that have been shown long enough. */
import { RENDERER_VERSION } from '../calendars/feed.ts';
import { and, eq, gt, inArray, isNull, lte, or } from './drizzle.ts';
import { insurerNames } from './insurers.ts';
import { laterThan, sameText } from './revisions.ts';
import type { ReadDb, Store, WriteDb } from './store.ts';
import { bumpRegistry, GONE_UNTIL, readSetting, saveSetting } from './versions.ts';

/** How long a withdrawn deadline is shown as cancelled, in days. */
const TOMBSTONE_DAYS = 60;

const RENDERED = 'rendered';
const SECTOR = '';
const DAY = 24 * 3600 * 1000;

/**
 * Raises the sequence and the moment of change of every deadline whose events look different from before: all of them after a new
 * `RENDERER_VERSION`, an insurer's after it got another name. Own terms follow, since theirs count on the deadline's. Says how many it raised;
 * a second run raises none.
 */
export async function bumpForRenderer(store: Store, now: Date): Promise<number> {
  if (sameText(await readLooks(store.read), await wantedLooks(store.read))) return 0;
  return store.write(async (tx) => {
    const [had, wanted] = [await readLooks(tx), await wantedLooks(tx)];
    await saveSetting(tx, RENDERED, JSON.stringify(wanted));
    // An insurer that was never rendered has nothing to raise.
    const changed = Object.keys(wanted).filter((slug) => had[slug] !== undefined && had[slug] !== wanted[slug]);
    return changed.length === 0 ? 0 : raise(tx, changed, now);
  });
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

/** What each insurer's events looked like when they were last published, as a text that differs when they do. */
async function readLooks(db: ReadDb): Promise<Record<string, string>> {
  // Written by bumpForRenderer alone, in the shape of wantedLooks.
  return JSON.parse((await readSetting(db, RENDERED)) ?? '{}') as Record<string, string>;
}

async function wantedLooks(db: ReadDb): Promise<Record<string, string>> {
  const names = await insurerNames(db);
  return Object.fromEntries([[SECTOR, ''], ...names].map(([slug, name]) => [slug, `${RENDERER_VERSION} ${name}`]));
}

async function raise(tx: WriteDb, slugs: readonly string[], now: Date): Promise<number> {
  const { deadlines } = tx.tables;
  const rows = await tx
    .select({ id: deadlines.id, sequence: deadlines.sequence, changedAt: deadlines.changedAt })
    .from(deadlines)
    .where(or(inArray(deadlines.insurerSlug, [...slugs]), slugs.includes(SECTOR) ? isNull(deadlines.insurerSlug) : undefined));
  for (const { id, sequence, changedAt } of rows) {
    await tx
      .update(deadlines)
      .set({ sequence: sequence + 1, changedAt: laterThan(changedAt, now) })
      .where(eq(deadlines.id, id));
  }
  for (const slug of slugs) await bumpRegistry(tx, slug === SECTOR ? null : slug, now);
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
