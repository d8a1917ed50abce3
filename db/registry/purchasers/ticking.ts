/** What purchasers say is right becomes an editor's own check, where the entry still says the same and stands in a document. */
import { canBeChecked } from '../../../calendars/upkeep/upkeep.ts';
import type { Day } from '../../../calendars/terms.ts';
import { recordCheck } from '../checks.ts';
import { getDeadline } from '../deadlines.ts';
import { waitForRegistry } from '../editions/publish.ts';
import { and, eq, inArray, isNotNull, isNull } from '../../store/drizzle.ts';
import type { Revision } from '../revisions.ts';
import type { WriteDb } from '../../store/store.ts';
import { closeAnswers } from './answers.ts';

/**
 * What it came to, in entries: of `already` a check of that day was there; `changed` says something else by now; `undocumented` stands in no document; of
 * `disputed` another answer that waits says that it is wrong.
 */
export interface Ticked {
  recorded: number;
  already: number;
  changed: number;
  undocumented: number;
  disputed: number;
}

interface Ticking {
  on: Day;
  /** The editor's name, which stands beside the check. */
  label: string;
  /** As in the audit. */
  by: string;
}

/**
 * Records a check of each entry that these answers, as far as they wait, say is right. The answers of what was checked are closed; the others wait on,
 * since they ask for something else of an editor.
 */
export async function tickAnswered(tx: WriteDb, ids: readonly string[], { by, label, on }: Ticking, now: Date): Promise<Ticked> {
  const { purchaserAnswers, purchaserLinks } = tx.tables;
  const ticked: Ticked = { recorded: 0, already: 0, changed: 0, undocumented: 0, disputed: 0 };
  const insurers = await tx
    .selectDistinct({ insurerSlug: purchaserLinks.insurerSlug })
    .from(purchaserAnswers)
    .innerJoin(purchaserLinks, eq(purchaserLinks.id, purchaserAnswers.linkId))
    .where(inArray(purchaserAnswers.id, [...ids]));
  for (const insurer of insurers) await waitForRegistry(tx, insurer);
  const isRight = and(inArray(purchaserAnswers.id, [...ids]), isNull(purchaserAnswers.closedAt), isNull(purchaserAnswers.wrong));
  const rows = await tx.select().from(purchaserAnswers).where(isRight);
  const closed: string[] = [];
  for (const [deadlineId, answers] of Map.groupBy(rows, (row) => row.deadlineId)) {
    const deadline = await getDeadline(tx, deadlineId);
    const same = answers.filter(({ revision }) => revision === deadline.revision);
    if (same.length === 0 || deadline.status !== 'published') ticked.changed += 1;
    else if (!canBeChecked(deadline)) ticked.undocumented += 1;
    else if (await isDisputed(tx, deadline)) ticked.disputed += 1;
    else {
      ticked[(await recordCheck(tx, deadline, { on, by: label }, now, by)) ? 'recorded' : 'already'] += 1;
      closed.push(...answers.map(({ id }) => id));
    }
  }
  await closeAnswers(tx, closed, now);
  return ticked;
}

/** Whether an answer that waits, by whatever link, says that it is wrong as it stands. */
async function isDisputed(tx: WriteDb, { id, revision }: Revision): Promise<boolean> {
  const { purchaserAnswers: answers } = tx.tables;
  const isAbout = and(eq(answers.deadlineId, id), eq(answers.revision, revision));
  return (await tx.$count(answers, and(isAbout, isNull(answers.closedAt), isNotNull(answers.wrong)))) > 0;
}
