/** The preview of an edition: what publishing it would do, with the mails as they would be written. */
import { foreseeEdition, type Looking, type Preview } from '../db/sending/preview/preview.ts';
import type { Store } from '../db/store/store.ts';
import { composeBlank } from './mails/blanking.ts';
import type { MailSettings } from './mails/compose.ts';

/** What would come of publishing a draft now; nothing of it stays. Null where it is no draft. Throws `not_found`. */
export async function previewEdition(
  { settings, store }: { settings: MailSettings; store: Store },
  id: string,
  by: Omit<Looking, 'publicUrl'>,
  now: Date,
): Promise<Preview | null> {
  const foreseen = await foreseeEdition(store, id, { ...by, publicUrl: settings.publicUrl }, now);
  if (foreseen === null || foreseen.faults !== null) return foreseen;
  const { samples, ...outcome } = foreseen;
  // Written once other writes wait no more.
  return { ...outcome, mails: samples.map(({ draft, ...sample }) => ({ ...sample, ...composeBlank(draft, settings, sample.at) })) };
}
