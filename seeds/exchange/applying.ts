/** Applies a file to the registry: what it says anew becomes so, what it leaves out stays. One fault anywhere, and nothing is written. */
import type { Fault } from '../../calendars/errors.ts';
import { restoreLoaded } from '../../db/registry/documents/loaded-files.ts';
import { readDocumentHashes, readDocumentNames, saveKnownHashes } from '../../db/registry/exchange/documents.ts';
import { isWithoutDeadlines } from '../../db/registry/exchange/restoring.ts';
import { documentKeys, listInsurers, saveDocument, saveInsurer } from '../../db/registry/insurers.ts';
import { renewTimelines } from '../../db/registry/timelines.ts';
import type { WriteDb } from '../../db/store/store.ts';
import { checkFile, checkParts } from './checks.ts';
import { planDeadline, type Planned } from './planning.ts';
import { refuseFile, type FilePart } from './reader.ts';
import { assembleFile, slugOf, type FileDocument, type FileInsurer, type FileRegistry } from './registry.ts';
import { restoreFile } from './restoring.ts';
import { activitiesCountedFrom, writePlanned, type Applying } from './writing.ts';

/** What applying did beside what the audit says. */
export interface Applied {
  /** Whether it was a restore: with all its history, into a registry that had no deadlines. */
  restored: boolean;
  /** Revisions of before that were not taken over: only a registry without deadlines takes history. */
  historyLeft: number;
}

/** Applies it in the transaction at hand. Throws `invalid` with every fault, as `file.yaml:LINE path`, before anything is written of what it says of dates; the transaction is to be given up then. */
export async function applyFile(tx: WriteDb, parts: readonly FilePart[], applying: Applying): Promise<Applied> {
  const names = await readDocumentNames(tx);
  refuseFile(checkParts(parts, new Set(names.keys())));
  const file = assembleFile(parts, names);
  refuseFile([...(await checkInsurers(tx, parts, file)), ...(await checkHashes(tx, file)), ...checkFile(file)]);
  for (const document of file.documents) await applyDocument(tx, document, applying);
  for (const insurer of file.insurers) await applyInsurer(tx, insurer, applying);
  const hashes = new Map(file.documents.flatMap(({ hash, key }) => (hash === null ? [] : [[key, hash] as const])));
  await saveKnownHashes(tx, hashes);
  if (await isWithoutDeadlines(tx)) {
    await restoreLoaded(tx, loadedIn(file));
    await restoreFile(tx, file.deadlines, applying.by, applying.now);
    return { restored: true, historyLeft: 0 };
  }
  return { restored: false, historyLeft: await applyDeadlines(tx, file, applying) };
}

function loadedIn({ documents, insurers }: FileRegistry): Map<string, string> {
  const all = [
    ...documents.map(({ key, loaded }) => [`document/${key}`, loaded] as const),
    ...insurers.map(({ loaded, slug }) => [`insurer/${slug}`, loaded] as const),
  ];
  return new Map(all.flatMap(([subject, loaded]) => (loaded === null ? [] : [[subject, loaded] as const])));
}

async function checkInsurers(tx: WriteDb, parts: readonly FilePart[], { insurers }: FileRegistry): Promise<Fault[]> {
  const slugs = new Set([...(await listInsurers(tx)), ...insurers].map(({ slug }) => slug));
  return parts.flatMap(({ locate, part }) => {
    const slug = slugOf(part);
    return slug === null || slugs.has(slug)
      ? []
      : [
          {
            field: locate('insurer'),
            message: `must be the slug of an insurer of this file or of the registry: ${[...slugs].sort().join(', ') || 'there is none yet'}`,
          },
        ];
  });
}

/** A file that is kept here is what it is. */
async function checkHashes(tx: WriteDb, { documents }: FileRegistry): Promise<Fault[]> {
  const kept = await readDocumentHashes(tx);
  return documents.flatMap(({ at, hash, key }) => {
    const own = kept.get(key);
    return hash === null || own === undefined || own === hash
      ? []
      : [{ field: at('hash'), message: `must be ${own}, that of the file which is kept here; another file is another document` }];
  });
}

async function applyDocument(tx: WriteDb, { at: _, hash: __, loaded: ___, ...document }: FileDocument, { by, now }: Applying) {
  await saveDocument(tx, document, now, by);
}

async function applyInsurer(tx: WriteDb, { at: _, contacts, documents, loaded: __, remarks, ...said }: FileInsurer, { by, now }: Applying) {
  const [stored] = (await listInsurers(tx)).filter(({ slug }) => slug === said.slug);
  const insurer = {
    ...said,
    contacts: contacts ?? stored?.contacts ?? [],
    remarks: remarks ?? stored?.remarks ?? [],
    documents: documents ?? (await documentKeys(tx, said.slug)),
  };
  await saveInsurer(tx, insurer, now, by);
}

/** Looks at all of them before the first is written. Gives how many revisions of before were left. */
async function applyDeadlines(tx: WriteDb, file: FileRegistry, applying: Applying): Promise<number> {
  const ids = new Set(file.deadlines.map(({ id }) => id));
  const planned: Planned[] = [];
  const faults: Fault[] = [];
  for (const deadline of file.deadlines) {
    const outcome = await planDeadline(tx, deadline, ids);
    if ('faults' in outcome) faults.push(...outcome.faults);
    else planned.push(outcome);
  }
  refuseFile(faults);
  const countedFrom = await activitiesCountedFrom(tx, file.deadlines);
  const changed = new Set<string>();
  for (const one of inOrderOfNeed(planned)) {
    if (!(await writePlanned(tx, one, countedFrom, applying))) continue;
    const { insurer } = one.deadline.identity;
    if (insurer !== null) changed.add(insurer);
  }
  await renewTimelines(tx, [...changed], applying.now);
  return planned.reduce((sum, { historyLeft }) => sum + historyLeft, 0);
}

/** Deadlines that count from another one come after it. */
function inOrderOfNeed(planned: readonly Planned[]): Planned[] {
  return [...planned].sort((a, b) => Number(isCounted(a)) - Number(isCounted(b)));
}

const isCounted = ({ deadline }: Planned) => deadline.revisions.at(-1)?.content.rule.kind === 'offset';
