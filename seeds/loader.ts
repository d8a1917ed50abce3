/** Writes the registry into the store. Safe any number of times: it only adds what is new, and never overrules an editor. */
import { digestOf } from '../db/store/secrets.ts';
import { moveFollowers } from '../db/registry/amending.ts';
import { listRevisions } from '../db/registry/deadlines.ts';
import {
  appendRevision,
  canonical,
  findDeadlineId,
  insertDeadline,
  keyOf,
  loadedDigests,
  resolveIn,
  type Revision,
} from '../db/registry/revisions.ts';
import { renewTimelines } from '../db/registry/timelines.ts';
import { saveDocument, saveInsurer } from '../db/registry/insurers.ts';
import type { Store, WriteDb } from '../db/store/store.ts';
import type { Registry, RegistryDeadline, RegistryRevision } from './registry.ts';

/** What loading did. `conflicts` names each deadline where an editor's revision is newer than what the registry now says. */
export interface LoadReport {
  insurers: number;
  deadlines: number;
  revisions: number;
  conflicts: string[];
}

/** Loads everything in one transaction, and at its end renews what is expected because of it. */
export async function loadRegistry(store: Store, registry: Registry, now: Date): Promise<LoadReport> {
  return store.writeAlone(async (tx) => {
    const report: LoadReport = { insurers: 0, deadlines: 0, revisions: 0, conflicts: [] };
    for (const { file: _, at: __, ...document } of registry.documents) await saveDocument(tx, document);
    for (const insurer of registry.insurers) if (await saveInsurer(tx, insurer)) report.insurers++;
    for (const deadline of inOrderOfNeed(registry.deadlines)) await loadDeadline(tx, deadline, report, now);
    if (report.insurers + report.revisions > 0) {
      await renewTimelines(
        tx,
        registry.insurers.map(({ slug }) => slug),
        now,
      );
    }
    return report;
  });
}

/** Deadlines that count from another one come after it. */
function inOrderOfNeed(deadlines: readonly RegistryDeadline[]): RegistryDeadline[] {
  return [...deadlines].sort((a, b) => Number(countsFromAnother(a)) - Number(countsFromAnother(b)));
}

function countsFromAnother({ revisions }: RegistryDeadline): boolean {
  return revisions.some(({ content }) => content.rule.kind === 'offset');
}

async function loadDeadline(tx: WriteDb, deadline: RegistryDeadline, report: LoadReport, now: Date) {
  const { revisions, ...identity } = deadline;
  const id = await findDeadlineId(tx, deadline);
  const loaded = id === undefined ? [] : await loadedDigests(tx, id);
  const fresh = freshRevisions(revisions, loaded);
  if (fresh.length === 0) return;
  let current = id === undefined ? undefined : (await listRevisions(tx, id)).at(-1)!;
  if (current?.origin === 'editor') {
    report.conflicts.push(`${keyOf(identity)}: an editor's revision ${current.revision} is newer than the registry's`);
    return;
  }
  for (const revision of fresh) {
    current = await addRevision(tx, identity, current, revision, now);
    report.revisions++;
  }
  if (id === undefined) report.deadlines++;
  if (current) await moveFollowers(tx, current, now);
}

async function addRevision(
  tx: WriteDb,
  identity: Omit<RegistryDeadline, 'revisions'>,
  current: Revision | undefined,
  revision: RegistryRevision,
  now: Date,
): Promise<Revision> {
  const { content, reason, announcedOn } = revision;
  const note = { origin: 'registry', digest: digest(revision), reason, announcedOn, status: 'published' } as const;
  const days = await resolveIn(tx, identity, content);
  return current ? appendRevision(tx, current, content, days, note, now) : insertDeadline(tx, identity, content, days, note, now);
}

/**
 * The revisions to add. What the registry says last is what must count last: history is append only, so a correction of an older revision adds
 * nothing, and taking a correction back adds what stood there before.
 */
function freshRevisions(revisions: readonly RegistryRevision[], loaded: readonly string[]): readonly RegistryRevision[] {
  const last = revisions.at(-1);
  if (!last || digest(last) === loaded.at(-1)) return [];
  const fresh = revisions.filter((revision) => !loaded.includes(digest(revision)));
  return fresh.includes(last) ? fresh : [last];
}

const digest = (revision: RegistryRevision) => digestOf(canonical(revision));
