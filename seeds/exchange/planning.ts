/** What a file does to each deadline of the registry, looked at before anything is written. */
import { sameText } from '../../calendars/canonical.ts';
import type { Content } from '../../calendars/deadlines/deadline.ts';
import type { Fault } from '../../calendars/errors.ts';
import { hasDeadline, listRevisions } from '../../db/registry/deadlines.ts';
import { contentOf, keyOf, type Revision } from '../../db/registry/revisions.ts';
import type { ReadDb } from '../../db/store/store.ts';
import { refuseFile } from './reader.ts';
import type { FileDeadline, FileRevision } from './registry.ts';
import { findTargets, idsInRegistry, type Target } from './targets.ts';

/** What is to become of it. `nothing`: the registry says so already, or newer. */
export interface Planned extends Target {
  act: 'enter' | 'amend' | 'withdraw' | 'nothing';
  /** Revisions of before that are not taken over. */
  historyLeft: number;
  /** The registry has revisions that the file does not know: what was compared for the file was not these. */
  isBehind: boolean;
}

/** Says what is done with each. Throws `invalid` with every reason why one cannot be. */
export async function planDeadlines(db: ReadDb, deadlines: readonly FileDeadline[]): Promise<Planned[]> {
  const { faults, targets } = await findTargets(db, deadlines);
  const ids = new Set(deadlines.map(({ id }) => id));
  const idOf = idsInRegistry(targets);
  const planned: Planned[] = [];
  for (const target of targets) {
    const outcome = await planOne(db, target, { ids, idOf });
    if ('faults' in outcome) faults.push(...outcome.faults);
    else planned.push(outcome);
  }
  refuseFile(faults);
  return planned;
}

/** The ids that the file gives, and those of the registry for them where these are others. */
interface Ids {
  ids: ReadonlySet<string | null>;
  idOf: ReadonlyMap<string, string>;
}

async function planOne(db: ReadDb, target: Target, { idOf, ids }: Ids): Promise<Planned | { faults: Fault[] }> {
  const { current, deadline } = target;
  const { revisions } = deadline;
  const last = revisions.at(-1)!;
  const faults = await checkBasis(db, last, ids);
  if (current === null) {
    if (faults.length > 0) return { faults };
    // What was withdrawn elsewhere, or is projected, is nothing to enter.
    const isEntered = last.status === 'published' && last.origin !== 'projection';
    return {
      ...target,
      deadline: renamed(deadline, idOf),
      act: isEntered ? 'enter' : 'nothing',
      historyLeft: isEntered ? revisions.length - 1 : 0,
      isBehind: false,
    };
  }
  faults.push(...checkIdentity(deadline, current));
  const history = revisions.filter(({ revisedAt }) => revisedAt !== null);
  const published = history.length > 0 ? await listRevisions(db, current.id) : [];
  const isElsewhere = history.length > 0 && isOfElsewhere(history, published);
  if (!isElsewhere) faults.push(...checkHistory(history, published, last));
  if (faults.length > 0) return { faults };
  const said = renamed(deadline, idOf);
  const isBehind = !isElsewhere && last.revisedAt !== null && history.length < published.length;
  const act = isBehind ? 'nothing' : actOf(said.revisions.at(-1)!, current);
  return { ...target, deadline: said, act, isBehind, historyLeft: isElsewhere && act !== 'nothing' ? revisions.length - 1 : 0 };
}

/** What it says, with the ids that this registry has. */
function renamed(deadline: FileDeadline, idOf: ReadonlyMap<string, string>): FileDeadline {
  const last = deadline.revisions.at(-1)!;
  const { basis } = last.content;
  const id = basis === null ? undefined : idOf.get(basis.deadlineId ?? '');
  if (basis === null || id === undefined) return deadline;
  const content = { ...last.content, basis: { ...basis, deadlineId: id } };
  return { ...deadline, revisions: [...deadline.revisions.slice(0, -1), { ...last, content }] };
}

function actOf(last: FileRevision, current: Revision): Planned['act'] {
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

/** Whether the file's history is not that of this registry: of what is only projected here, or of what was entered at another moment. */
function isOfElsewhere(history: readonly FileRevision[], published: readonly Revision[]): boolean {
  const isKnown = history.length <= published.length && history.every((revision, n) => saysHistory(revision, published[n]!));
  if (isKnown) return false;
  const isSpoken = published.some(({ origin }) => origin !== 'projection');
  return !isSpoken || history[0]!.revisedAt!.getTime() !== published[0]!.revisedAt.getTime();
}

function saysHistory({ announcedOn, content, reason, status }: FileRevision, published: Revision): boolean {
  return sameText(
    { announcedOn, content, reason, status },
    { announcedOn: published.announcedOn, content: contentOf(published), reason: published.reason, status: published.status },
  );
}
