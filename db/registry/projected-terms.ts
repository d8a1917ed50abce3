/** Terms that own events started in contract years for which no document gives them: expected by the last document that has the rule. */
import { ownTermRule, projectOwnTerms, type ProjectedTerm } from '../../calendars/deadlines/own-terms.ts';
import { PROJECTED_REASON } from '../../calendars/deadlines/wording/reasons.ts';
import { AppError } from '../../calendars/errors.ts';
import { eq } from '../store/drizzle.ts';
import type { WriteDb } from '../store/store.ts';
import { allDeadlines } from './deadlines.ts';
import type { Grace } from './public/publishing.ts';
import { appendRevision, contentOf, insertDeadline, type Revision } from './revisions.ts';
import { sameText } from '../../calendars/canonical.ts';

const NO_DAYS = { dueOn: null, lastSafeOn: null };

/** Who is told: nobody, where `isSilent`. */
interface Saving {
  now: Date;
  isSilent: boolean;
  /** That of the edition on which it rests. */
  grace?: Grace | undefined;
}

/**
 * Makes and renews the terms of an insurer in the contract years that an own event is of, and ends those whose rule is gone. What an editor entered
 * or revised is never touched. Gives the number of revisions added.
 */
export async function projectTermsOf(tx: WriteDb, insurer: string, saving: Saving): Promise<number> {
  const { events } = tx.tables;
  const rows = await tx
    .selectDistinct({ year: events.contractYear })
    .from(events)
    .where(eq(events.insurerSlug, insurer))
    .orderBy(events.contractYear);
  if (rows.length === 0) return 0;
  const known = await allDeadlines(tx, { insurers: [insurer], withdrawnToo: true });
  let added = 0;
  for (const { year } of rows) added += await saveTerms(tx, { insurer, contractYear: year }, known, saving);
  return added;
}

interface Place {
  insurer: string;
  contractYear: number;
}

async function saveTerms(tx: WriteDb, place: Place, known: readonly Revision[], saving: Saving): Promise<number> {
  const terms = projectOwnTerms(place.insurer, place.contractYear, known);
  let added = 0;
  for (const term of terms)
    if (
      await saveTerm(
        tx,
        place,
        term,
        known.find(({ id }) => id === term.id),
        saving,
      )
    )
      added++;
  const ended = known.filter(
    (one) =>
      one.contractYear === place.contractYear &&
      one.origin === 'projection' &&
      one.status === 'published' &&
      ownTermRule(one) !== null &&
      !terms.some(({ id }) => id === one.id),
  );
  for (const one of ended) {
    await appendRevision(tx, one, contentOf(one), NO_DAYS, noteOf('withdrawn', saving), saving.now);
    added++;
  }
  return added;
}

async function saveTerm(tx: WriteDb, place: Place, term: ProjectedTerm, current: Revision | undefined, saving: Saving): Promise<boolean> {
  const { id, careType, activity, content, precedent } = term;
  const note = { ...noteOf('published', saving), precedent };
  if (!current) {
    try {
      await insertDeadline(tx, { id, ...place, careType, activity, slot: null, key: null }, content, NO_DAYS, note, saving.now);
      return true;
    } catch (error) {
      // Somebody else who received a contract made the same one at the same moment.
      if (error instanceof AppError && error.kind === 'conflict') return false;
      throw error;
    }
  }
  if (current.origin !== 'projection') return false;
  const before = { ...contentOf(current), precedent: current.precedent, status: current.status };
  if (sameText(before, { ...content, precedent, status: note.status })) return false;
  await appendRevision(tx, current, content, NO_DAYS, note, saving.now);
  return true;
}

const noteOf = (status: Revision['status'], { isSilent, grace }: Saving) =>
  ({ origin: 'projection', reason: PROJECTED_REASON, announcedOn: null, status, isSilent, grace }) as const;
