/** What the page of an entry is made of: the entry with its history, and what stands beside it in the registry. */
import { arrangedBefore } from '../../../calendars/deadlines/precedent.ts';
import type { Day } from '../../../calendars/terms.ts';
import { listRevisions } from '../../../db/registry/deadlines.ts';
import { getInsurer } from '../../../db/registry/insurers.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import type { Snapshot } from '../../../db/registry/snapshot.ts';
import { newestDocuments } from '../../../db/registry/upkeep/newest-documents.ts';
import type { Contact } from '../../../db/schema/schema.ts';
import type { Deps } from '../../deps.ts';
import type { PageAsk } from '../page.ts';

/** The id that an address names. */
export function idOf({ request }: Pick<PageAsk, 'request'>): string {
  return (request.params as { deadlineId: string }).deadlineId;
}

/** An entry with all that its page tells. */
export interface EntryFacts {
  deadline: Revision;
  /** Oldest first. */
  revisions: Revision[];
  /** Null for the whole sector. */
  insurerName: string | null;
  contacts: readonly Contact[];
  arranged: Revision[];
  /** When the entry of the year that it is taken from was last compared with its document; null where nobody did, or there is none. */
  precedentCheckedOn: Day | null;
  /** When the insurer's newest document came out; null where that is not known. */
  newestDocumentOn: Day | null;
  /** Of other insurers: assumed alike, or by the same rule. */
  siblings: Revision[];
  names: ReadonlyMap<string, string>;
}

/** Null where there is none. */
export async function readEntry({ cache, read }: Pick<Deps, 'cache' | 'read'>, id: string): Promise<EntryFacts | null> {
  const registry = await cache.refresh();
  const deadline = findEntry(registry, id);
  if (!deadline) return null;
  const { insurer } = deadline;
  const all = insurer === null ? [] : (registry.parts.get(insurer)?.deadlines ?? []);
  return {
    deadline,
    revisions: await listRevisions(read, id),
    insurerName: insurer === null ? null : (registry.names.get(insurer) ?? insurer),
    contacts: insurer === null ? [] : (await getInsurer(read, insurer)).contacts,
    arranged: arrangedBefore(deadline, all),
    precedentCheckedOn: all.find((one) => one.id === deadline.precedent?.deadlineId)?.checkedOn ?? null,
    newestDocumentOn: (await newestDocuments(read)).get(insurer ?? '') ?? null,
    siblings: siblingsOf(deadline, registry),
    names: registry.names,
  };
}

/** An entry of the registry, withdrawn ones too. */
export function findEntry({ parts }: Pick<Snapshot, 'parts'>, id: string): Revision | undefined {
  return [...parts.values()].flatMap(({ deadlines }) => deadlines).find((deadline) => deadline.id === id);
}

function siblingsOf(deadline: Revision, { parts }: Snapshot): Revision[] {
  const { activity, certainty, contractYear, id, insurer, slot } = deadline;
  if (insurer === null || (certainty !== 'template' && certainty !== 'sector_rule')) return [];
  return [...parts.values()]
    .flatMap(({ deadlines }) => deadlines)
    .filter(
      (one) =>
        one.id !== id &&
        one.insurer !== null &&
        one.status === 'published' &&
        one.activity === activity &&
        one.contractYear === contractYear &&
        one.certainty === certainty &&
        one.slot === slot,
    );
}
