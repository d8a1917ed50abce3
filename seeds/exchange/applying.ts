/** Applies a file to the registry: what it says anew becomes so, what it leaves out stays. One fault anywhere, and nothing is written. */
import { amsterdamDay } from '../../calendars/days.ts';
import { sameText } from '../../calendars/canonical.ts';
import type { Fault } from '../../calendars/errors.ts';
import { restoreLoaded } from '../../db/registry/documents/loaded-files.ts';
import { waitForRegistry } from '../../db/registry/editions/publish.ts';
import { readDocumentHashes, readDocumentNames, readDocumentRemarks, saveKnownHashes } from '../../db/registry/exchange/documents.ts';
import { isEmptyRegistry } from '../../db/registry/exchange/restoring.ts';
import { documentKeys, listInsurers, saveDocument, saveInsurer } from '../../db/registry/insurers.ts';
import type { WriteDb } from '../../db/store/store.ts';
import { checkCompared, checkFile, checkParts } from './checks.ts';
import { writeEditions } from './editions.ts';
import { planDeadlines } from './planning.ts';
import { refuseFile, type FilePart } from './reader.ts';
import { assembleFile, slugOf, type FileDocument, type FileInsurer, type FileRegistry } from './registry.ts';
import { restoreFile } from './restoring.ts';
import type { Applying, OpenEdition } from './writing.ts';

/** What applying did beside what the audit says. */
export interface Applied {
  /** Whether it was a restore: with all its history, into an empty registry. */
  restored: boolean;
  /** Revisions of before that were not taken over: only an empty registry takes history. */
  historyLeft: number;
  /** The editions that it made, with what each changes; none where it was a restore. */
  editions: OpenEdition[];
}

/** Applies it in the transaction at hand. Throws `invalid` with every fault, as `file.yaml:LINE path`, before anything is written of what it says of dates; the transaction is to be given up then. */
export async function applyFile(tx: WriteDb, parts: readonly FilePart[], applying: Applying): Promise<Applied> {
  // Before any of it is read.
  await waitForRegistry(tx, { insurerSlug: null });
  const isEmpty = await isEmptyRegistry(tx);
  const names = await readDocumentNames(tx);
  refuseFile(checkParts(parts, new Set(names.keys())));
  const file = assembleFile(parts, names);
  // A restore takes what stood elsewhere as it was.
  const untimely = isEmpty ? [] : checkCompared(file, amsterdamDay(applying.now));
  refuseFile([...(await checkInsurers(tx, parts, file)), ...(await checkHashes(tx, file)), ...checkFile(file), ...untimely]);
  const remarksOf = await readDocumentRemarks(tx);
  for (const document of file.documents) await applyDocument(tx, document, remarksOf, applying);
  for (const insurer of file.insurers) await applyInsurer(tx, insurer, applying);
  const hashes = new Map(file.documents.flatMap(({ hash, key }) => (hash === null ? [] : [[key, hash] as const])));
  await saveKnownHashes(tx, hashes);
  if (isEmpty) {
    await restoreLoaded(tx, loadedIn(file));
    await restoreFile(tx, file.deadlines, applying.by, applying.now);
    return { restored: true, historyLeft: 0, editions: [] };
  }
  const planned = await planDeadlines(tx, file.deadlines);
  const editions = await writeEditions(tx, planned, applying);
  return { restored: false, historyLeft: planned.reduce((sum, { historyLeft }) => sum + historyLeft, 0), editions };
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

async function applyDocument(
  tx: WriteDb,
  { at: _, hash: __, loaded: ___, remarks, ...said }: FileDocument,
  remarksOf: ReadonlyMap<string, string[]>,
  { by, now }: Applying,
) {
  await saveDocument(tx, { ...said, remarks: remarks ?? remarksOf.get(said.key) ?? [] }, now, by);
}

async function applyInsurer(tx: WriteDb, { at: _, contacts, documents, loaded: __, remarks, ...said }: FileInsurer, { by, now }: Applying) {
  const [stored] = (await listInsurers(tx)).filter(({ slug }) => slug === said.slug);
  const insurer = {
    ...said,
    contacts: contacts ?? stored?.contacts ?? [],
    remarks: remarks ?? stored?.remarks ?? [],
    documents: listedWith(await documentKeys(tx, said.slug), documents ?? []),
  };
  await saveInsurer(tx, insurer, now, by);
}

/** The documents that an insurer lists once a file names some: those it does not name stay, before the file's, and nothing moves without need. */
function listedWith(stored: readonly string[], named: readonly string[]): string[] {
  const isNamed = new Set(named);
  const isInOrder = sameText(
    stored.filter((key) => isNamed.has(key)),
    [...isNamed],
  );
  return isInOrder ? [...stored] : [...stored.filter((key) => !isNamed.has(key)), ...isNamed];
}
