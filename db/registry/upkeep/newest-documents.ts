/** When documents came out, by which it is known what in the registry is older than they are. */
import type { Day } from '../../../calendars/terms.ts';
import { eq, max } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';

/** When the newest document of each insurer came out, by slug; one of which that is not known has none. */
export async function newestDocuments(db: ReadDb): Promise<Map<string, Day>> {
  const { documents, insurerDocuments } = db.tables;
  const rows = await db
    .select({ slug: insurerDocuments.insurerSlug, on: max(documents.publishedOn) })
    .from(insurerDocuments)
    .innerJoin(documents, eq(documents.key, insurerDocuments.documentKey))
    .groupBy(insurerDocuments.insurerSlug);
  return new Map(rows.flatMap(({ on, slug }) => (on === null ? [] : [[slug, on] as const])));
}
