/** What a file does to one deadline of the registry, looked at before anything is written. */
import { sameText } from '../../calendars/canonical.ts';
import type { Content } from '../../calendars/deadlines/deadline.ts';
import type { Fault } from '../../calendars/errors.ts';
import { getDeadline, hasDeadline, listRevisions } from '../../db/registry/deadlines.ts';
import { contentOf, findDeadlineId, keyOf, type Revision } from '../../db/registry/revisions.ts';
import type { ReadDb } from '../../db/store/store.ts';
import type { FileDeadline, FileRevision } from './registry.ts';

/** What is to become of it. `nothing`: the registry says so already, or newer. */
export interface Planned {
  deadline: FileDeadline;
  act: 'enter' | 'amend' | 'withdraw' | 'nothing';
  /** As it stands; null where it is entered. */
  current: Revision | null;
  /** Revisions of before that are not taken over. */
  historyLeft: number;
}

/** Says what it does, or why it cannot. `ids`: those of the file itself. */
export async function planDeadline(
  db: ReadDb,
  deadline: FileDeadline,
  ids: ReadonlySet<string | null>,
): Promise<Planned | { faults: Fault[] }> {
  const { identity, revisions } = deadline;
  const last = revisions.at(-1)!;
  const id = await findDeadlineId(db, { id: deadline.id ?? '', ...identity });
  const faults = await checkBasis(db, last, ids);
  if (id === undefined) {
    if (faults.length > 0) return { faults };
    // What was withdrawn elsewhere, or is projected, is nothing to enter.
    const isEntered = last.status === 'published' && last.origin !== 'projection';
    return { deadline, act: isEntered ? 'enter' : 'nothing', current: null, historyLeft: isEntered ? revisions.length - 1 : 0 };
  }
  const current = await getDeadline(db, id);
  faults.push(...checkIdentity(deadline, current));
  const history = revisions.filter(({ revisedAt }) => revisedAt !== null);
  const stored = history.length > 0 ? await listRevisions(db, id) : [];
  faults.push(...checkHistory(history, stored, last));
  if (faults.length > 0) return { faults };
  return { deadline, act: actOf(last, current, history.length < stored.length), current, historyLeft: 0 };
}

/** `isOlder`: the registry has revisions that the file, which is all history, does not know. */
function actOf(last: FileRevision, current: Revision, isOlder: boolean): Planned['act'] {
  if (last.revisedAt !== null && isOlder) return 'nothing';
  if (last.origin === 'projection') return 'nothing';
  if (last.status === 'withdrawn') return current.status === 'withdrawn' ? 'nothing' : 'withdraw';
  const isSame = current.status === 'published' && current.origin !== 'projection' && saysSame(last.content, current);
  return isSame ? 'nothing' : 'amend';
}

const saysSame = (content: Content, current: Revision) => sameText(content, contentOf(current));

/** What it is taken from has to be there. */
async function checkBasis(db: ReadDb, { at, content, revisedAt }: FileRevision, ids: ReadonlySet<string | null>): Promise<Fault[]> {
  const id = content.basis?.deadlineId ?? null;
  if (id === null || revisedAt !== null || ids.has(id) || (await hasDeadline(db, id))) return [];
  return [{ field: at('basis.deadlineId'), message: 'must be the id of a deadline of this file or of the registry' }];
}

/** An id stays that of one insurer, year and activity; its kind of care alone may be put right. */
function checkIdentity({ at, id, identity }: FileDeadline, current: Revision): Fault[] {
  const { careType } = current;
  if (current.id !== id || keyOf({ ...identity, careType }) === keyOf(current)) return [];
  return [{ field: at('id'), message: `is that of another entry of the registry, ${keyOf(current)}: it needs one of its own` }];
}

/** What was published stays as it was: what is new comes after it. */
function checkHistory(history: readonly FileRevision[], stored: readonly Revision[], last: FileRevision): Fault[] {
  const rewritten = history.flatMap((revision, n) => {
    const published = stored[n];
    if (published === undefined || saysHistory(revision, published)) return [];
    return [
      {
        field: revision.at(''),
        message: `is not what revision ${n + 1} of the registry says: leave that as it is, and add a revision after it`,
      },
    ];
  });
  if (rewritten.length > 0 || history.length === 0 || last.revisedAt !== null || history.length >= stored.length) return rewritten;
  return [
    {
      field: last.at(''),
      message: `is written on revision ${history.length}, and the registry is at ${stored.length}: export it again, and add it there`,
    },
  ];
}

function saysHistory({ announcedOn, content, reason, status }: FileRevision, published: Revision): boolean {
  return sameText(
    { announcedOn, content, reason, status },
    { announcedOn: published.announcedOn, content: contentOf(published), reason: published.reason, status: published.status },
  );
}
