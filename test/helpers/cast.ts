/** The people of the tests: three insurers, an RO with its WSV, a practice that has no part in it, and what they deal with. */
import type { Content, Identity } from '../../calendars/deadlines/deadline.ts';
import { createDeadline } from '../../db/registry/amending.ts';
import { saveInsurer } from '../../db/registry/insurers.ts';
import { createOrganisation, type OrganisationInput } from '../../db/organisations/organisations.ts';
import type { Revision } from '../../db/registry/revisions.ts';
import type { Store, WriteDb } from '../../db/store/store.ts';

export const NOW = new Date('2024-04-02T10:00:00Z');

/** A stated annual plan for 1 October 2024, or what is given instead. */
export function contentOf(over: Partial<Content> = {}): Content {
  return {
    kind: 'deadline',
    title: 'Jaarplan met begroting indienen',
    rule: { kind: 'fixed', on: '2024-10-01' },
    boundary: 'by',
    certainty: 'stated',
    basis: null,
    reportingYear: null,
    duty: { actors: ['ro'], onBehalfOf: ['ro', 'wsv'], contractStatus: 'contracted', deliverable: 'Jaarplan en begroting' },
    channel: { kind: 'email', address: 'inkoop@verzekeraar.example', subject: null, hours: null },
    consequence: { text: 'Mogelijk een afslag op het tarief.', modality: 'possible', kind: 'penalty' },
    extension: { possible: false, text: 'Uitstel is niet mogelijk.' },
    sources: [{ document: 'Beleid 2025', section: '6.3', quote: '1 oktober 2024 Het jaarplan', url: null }],
    conflict: null,
    strictness: null,
    ...over,
  };
}

export function identityOf(over: Partial<Omit<Identity, 'id'>> = {}): Omit<Identity, 'id'> {
  return {
    insurer: 'noord',
    contractYear: 2025,
    careType: 'multidisciplinary_care',
    activity: 'annual_plan',
    slot: null,
    key: null,
    ...over,
  };
}

export async function addInsurer(tx: WriteDb, slug: string, name = slug[0]!.toUpperCase() + slug.slice(1)) {
  await saveInsurer(
    tx,
    {
      slug,
      name,
      kind: 'health_insurer',
      website: `https://${slug}.example`,
      aliases: [],
      contacts: [],
      remarks: [],
      documents: [],
    },
    NOW,
  );
}

/** A deadline whatever its activity, unless another kind is given. */
export async function addDeadline(
  tx: WriteDb,
  identity: Partial<Omit<Identity, 'id'>> = {},
  content: Partial<Content> = {},
  now = NOW,
): Promise<Revision> {
  const whose = identityOf(identity);
  const kind = whose.activity === 'contract_requirement' ? 'requirement' : 'deadline';
  const said = contentOf({ kind, ...(kind === 'requirement' ? { boundary: null } : {}), ...content });
  return (await createDeadline(tx, { identity: whose, content: said, reason: null, announcedOn: null }, now)).deadline;
}

export async function addOrganisation(tx: WriteDb, over: Partial<OrganisationInput> = {}, now = NOW) {
  const insurers = [{ insurer: 'noord', contractStatus: 'contracted' as const, preferred: false }];
  return createOrganisation(tx, { name: 'Regio Zuid', language: 'nl', roles: ['ro'], parent: null, insurers, ...over }, now);
}

/** Fills a store: insurers noord, oost and zuid; an RO (contracted with noord), its WSV, and an outsider that deals with oost only. */
export async function castIn(store: Store, now = NOW) {
  return store.write(async (tx) => {
    for (const slug of ['noord', 'oost', 'zuid']) await addInsurer(tx, slug);
    const ro = await addOrganisation(tx, {}, now);
    const wsv = await addOrganisation(tx, { name: 'WSV De Wijk', roles: ['wsv'], parent: ro.id }, now);
    const insurers = [{ insurer: 'oost', contractStatus: 'uncontracted' as const, preferred: false }];
    const outsider = await addOrganisation(tx, { name: 'Praktijk Elders', roles: ['practice'], insurers }, now);
    return { ro, wsv, outsider };
  });
}
