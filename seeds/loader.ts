/** Writes the registry into the store. Safe any number of times: it only adds what is new, and never overrules an editor. */
import { checkQuotedDays } from '../calendars/quoted-days.ts';
import { KIND_OF } from '../calendars/deadlines/kinds.ts';
import type { Activity } from '../calendars/terms.ts';
import { digestOf } from '../db/store/secrets.ts';
import { moveFollowers } from '../db/registry/amending.ts';
import { BY_FILES } from '../db/registry/audit.ts';
import { recordCheck } from '../db/registry/checks.ts';
import { allDeadlines, listRevisions } from '../db/registry/deadlines.ts';
import { appendRevision, findDeadlineId, insertDeadline, keyOf, loadedDigests, type Revision } from '../db/registry/revisions.ts';
import { canonical } from '../calendars/canonical.ts';
import { resolveIn } from '../db/registry/resolving.ts';
import { correctCareType, findRetirement, takeOver } from '../db/registry/retiring.ts';
import { renewTimelines } from '../db/registry/timelines.ts';
import { loadDocument, loadInsurer } from '../db/registry/documents/loaded-files.ts';
import type { Store, WriteDb } from '../db/store/store.ts';
import type { Registry, RegistryDeadline, RegistryRevision } from './registry.ts';

/** What loading did. `conflicts` names each deadline where an editor is newer than what the registry now says, in its revision or in its place. */
export interface LoadReport {
  insurers: number;
  deadlines: number;
  revisions: number;
  /** How many entries got another kind of care. */
  retyped: number;
  conflicts: string[];
  /** Each published deadline that states a day which none of its quotes names, and what they name: from before that was checked. It stays. */
  unproven: string[];
}

/**
 * Loads everything in one transaction, and at its end renews what is expected because of it. `isSilent`, as is whatever fills an empty registry:
 * only of another stated day somebody is told.
 */
export async function loadRegistry(store: Store, registry: Registry, now: Date, isSilent = false): Promise<LoadReport> {
  return store.writeAlone(async (tx) => {
    const report: LoadReport = { insurers: 0, deadlines: 0, revisions: 0, retyped: 0, conflicts: [], unproven: [] };
    for (const { file: _, at: __, ...document } of registry.documents) await loadDocument(tx, document, now);
    for (const insurer of registry.insurers) if (await loadInsurer(tx, insurer, now)) report.insurers++;
    const loading = { now, isSilent: isSilent || (await isEmpty(tx)) };
    for (const deadline of inOrderOfNeed(registry.deadlines)) await loadDeadline(tx, deadline, report, loading);
    if (report.insurers + report.revisions + report.retyped > 0) {
      await renewTimelines(
        tx,
        registry.insurers.map(({ slug }) => slug),
        now,
        loading,
      );
    }
    report.unproven = (await allDeadlines(tx)).flatMap((deadline) =>
      checkQuotedDays(deadline).map(({ field, message }) => `${keyOf(deadline)}: ${field} ${message}`),
    );
    return report;
  });
}

/** Whether nobody can know of anything yet. */
async function isEmpty(tx: WriteDb): Promise<boolean> {
  return (await allDeadlines(tx, { withdrawnToo: true })).length === 0;
}

/** Deadlines that count from another one come after it. */
function inOrderOfNeed(deadlines: readonly RegistryDeadline[]): RegistryDeadline[] {
  return [...deadlines].sort((a, b) => Number(countsFromAnother(a)) - Number(countsFromAnother(b)));
}

function countsFromAnother({ revisions }: RegistryDeadline): boolean {
  return revisions.some(({ content }) => content.rule.kind === 'offset');
}

/** When it is loaded, and whether nobody is told. */
interface Loading {
  now: Date;
  isSilent: boolean;
}

async function loadDeadline(tx: WriteDb, deadline: RegistryDeadline, report: LoadReport, loading: Loading) {
  const { now, isSilent } = loading;
  const { checked, revisions, ...identity } = deadline;
  const id = (await findDeadlineId(tx, deadline)) ?? (await retiredBy(tx, deadline, loading.now))?.id;
  const loaded = id === undefined ? [] : await loadedDigests(tx, id);
  const fresh = freshRevisions(deadline, loaded);
  let current = id === undefined ? undefined : (await listRevisions(tx, id)).at(-1)!;
  const isRetyped = current?.id === deadline.id && current.careType !== deadline.careType;
  if (current?.origin === 'editor') {
    if (isRetyped || fresh.length > 0)
      report.conflicts.push(`${keyOf(identity)}: an editor's revision ${current.revision} is newer than the registry's`);
    return;
  }
  if (current && isRetyped) {
    const retyped = await correctCareType(tx, current, deadline.careType, now);
    if (retyped) report.retyped++;
    else report.conflicts.push(`${keyOf(identity)}: another entry has this place, so that ${keyOf(current)} stays`);
    current = retyped ?? current;
  }
  if (fresh.length === 0) {
    if (current && checked) await recordCheck(tx, current, checked, now);
    if (current && isRetyped) await moveFollowers(tx, current, now, { isSilent, by: BY_FILES });
    return;
  }
  for (const revision of fresh) {
    current = await addRevision(tx, deadline, current, revision, loading);
    report.revisions++;
  }
  if (id === undefined) report.deadlines++;
  if (current) await moveFollowers(tx, current, now, { isSilent, by: BY_FILES });
}

/** The assumption that becomes what the registry states, with its kind of care; null for none. */
async function retiredBy(tx: WriteDb, { revisions, checked: _, ...identity }: RegistryDeadline, now: Date): Promise<Revision | null> {
  if (revisions.at(-1)?.content.certainty !== 'stated') return null;
  const { retired } = await findRetirement(tx, identity);
  // What an editor said of it is newer than the registry's.
  const { careType } = identity;
  return retired === null || retired.origin === 'editor' ? retired : takeOver(tx, retired, { careType, by: BY_FILES, now });
}

async function addRevision(
  tx: WriteDb,
  { checked, revisions: _, ...identity }: RegistryDeadline,
  current: Revision | undefined,
  revision: RegistryRevision,
  { now, isSilent }: Loading,
): Promise<Revision> {
  const { content, reason, announcedOn } = revision;
  const note = {
    origin: 'registry',
    digest: digest(revision, identity.activity),
    reason,
    announcedOn,
    status: 'published',
    checked,
    isSilent,
  } as const;
  const days = await resolveIn(tx, identity, content);
  return current ? appendRevision(tx, current, content, days, note, now) : insertDeadline(tx, identity, content, days, note, now);
}

/**
 * The revisions to add. What the registry says last is what must count last: history is append only, so a correction of an older revision adds
 * nothing, and taking a correction back adds what stood there before.
 */
function freshRevisions({ activity, revisions }: RegistryDeadline, loaded: readonly string[]): readonly RegistryRevision[] {
  const last = revisions.at(-1);
  if (!last || digest(last, activity) === loaded.at(-1)) return [];
  const fresh = revisions.filter((revision) => !loaded.includes(digest(revision, activity)));
  return fresh.includes(last) ? fresh : [last];
}

/** Leaves out what was added to contents since digests are kept, where it says no more than was meant before: else every revision would come again. */
function digest({ content, ...revision }: RegistryRevision, activity: Activity): string {
  const { consequence, kind, strictness, ...said } = content;
  const { kind: effect, ...outcome } = consequence ?? { kind: 'note' };
  return digestOf(
    canonical({
      ...revision,
      content: {
        ...said,
        consequence: consequence && { ...outcome, ...(effect === 'note' ? {} : { kind: effect }) },
        ...(kind === KIND_OF[activity] ? {} : { kind }),
        ...(strictness === null ? {} : { strictness }),
      },
    }),
  );
}
