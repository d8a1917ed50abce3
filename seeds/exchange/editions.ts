/** The editions of one file: opened when the first of their changes is written, and closed together. */
import { graceOf } from '../../db/registry/editions/publish.ts';
import { closeTogether, openTogether } from '../../db/registry/exchange/editions.ts';
import { renewTimelines } from '../../db/registry/timelines.ts';
import type { WriteDb } from '../../db/store/store.ts';
import type { Planned } from './planning.ts';
import { activitiesCountedFrom, writePlanned, type Applying, type OpenEdition, type OpenEditions } from './writing.ts';

/**
 * Writes what is planned, and gives the editions that this made, in their order. The latest contract year comes first: what is expected of a year rests on
 * those before it, so that nothing is written on what was only projected in the same go.
 */
export async function writeEditions(tx: WriteDb, planned: readonly Planned[], applying: Applying): Promise<OpenEdition[]> {
  const countedFrom = await activitiesCountedFrom(
    tx,
    planned.map(({ deadline }) => deadline),
  );
  const all: OpenEdition[] = [];
  for (const some of byYear(planned)) {
    const opened = new Map<string, OpenEdition>();
    const editions = openingIn(tx, opened, applying);
    for (const one of inOrderOfNeed(some)) await writePlanned(tx, one, { applying, countedFrom, editions });
    for (const { edition, made } of opened.values())
      if (edition.insurerSlug !== null && made.some(({ act }) => act !== 'check'))
        await renewTimelines(tx, [edition.insurerSlug], applying.now, { grace: graceOf(edition) });
    all.push(...opened.values());
  }
  for (const { edition, made } of all) await closeTogether(tx, edition, made, applying.now);
  return all;
}

/** By insurer and contract year, each insurer's latest year first. */
function byYear(planned: readonly Planned[]): Planned[][] {
  const groups = Map.groupBy(planned, ({ deadline: { identity } }) => `${identity.insurer ?? ''} ${identity.contractYear}`);
  return [...groups.values()].sort((a, b) => yearOf(b) - yearOf(a));
}

const yearOf = ([one]: readonly Planned[]) => one!.deadline.identity.contractYear;

function openingIn(tx: WriteDb, opened: Map<string, OpenEdition>, { by, now, reason }: Applying): OpenEditions {
  return {
    of: async (place) => {
      const { careType } = place;
      const open = opened.get(careType) ?? { edition: await openTogether(tx, place, { by, reason }, now), made: [] };
      opened.set(careType, open);
      return open;
    },
  };
}

/** Deadlines that count from another one come after it. */
function inOrderOfNeed(planned: readonly Planned[]): Planned[] {
  return [...planned].sort((a, b) => Number(isCounted(a)) - Number(isCounted(b)));
}

const isCounted = ({ deadline }: Planned) => deadline.revisions.at(-1)?.content.rule.kind === 'offset';
