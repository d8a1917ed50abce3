/** How long a reminder is to who deals with every insurer: what nobody confirmed must not bury what is sure. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { amsterdamMoment } from '../../../calendars/days.ts';
import type { Language } from '../../../calendars/terms.ts';
import { createOrganisation } from '../../../db/organisations/organisations.ts';
import { listInsurers } from '../../../db/registry/insurers.ts';
import type { Store } from '../../../db/store/store.ts';
import { reviewMessage } from '../../../db/sending/composing.ts';
import { composeMail } from '../../../jobs/mails/compose.ts';
import { planNow } from '../../../jobs/plan.ts';
import { prepareStore } from '../../../seeds/prepare.ts';
import { addConfirmed, SETTINGS } from '../../helpers/mail.ts';

const MOST_LINES = 45;

/** The day of the mail, and the working day after it: what would leave then goes along. */
const DAYS = [
  ['2027-08-19', '2027-08-20'],
  ['2027-11-19', '2027-11-22'],
] as const;

// On SQLite alone: what a mail says does not hang on the dialect, and the real registry takes seconds to load.
describe('a reminder to a regional organisation with ten insurers, of which it prefers none', () => {
  it.each(DAYS.flatMap((days) => (['nl', 'en'] as const).map((language) => [...days, language] as const)))(
    'takes at most 45 lines on %s',
    async (day, nextDay, language) => {
      const mail = await reminderOf([day, nextDay], language);
      expect(mail.split('\n').length, mail).toBeLessThanOrEqual(MOST_LINES);
    },
  );
});

/** The text of the mail, in lines of at most 78 columns. */
async function reminderOf(days: readonly string[], language: Language): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-length-'));
  const joined = amsterdamMoment('2027-01-11', '10:00');
  const { store } = await prepareStore(`file:${join(folder, 'store.sqlite')}`, joined);
  try {
    const { id } = await organisationIn(store, joined, language);
    await addConfirmed(store, id, joined);
    for (const day of days) await planNow({ store }, amsterdamMoment(day, '07:00'));
    const messages = await store.read.select().from(store.read.tables.messages);
    const reminder = messages.find(({ kind, state }) => kind === 'reminder' && state === 'pending')!;
    const now = amsterdamMoment(days[0]!, '07:30');
    const { draft } = await reviewMessage(store.read, reminder, now);
    expect(draft?.due.length).toBe(10);
    const { text } = await PostalMime.parse(composeMail(reminder, draft!, SETTINGS, now).raw);
    return folded(text!.trim());
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

async function organisationIn(store: Store, now: Date, language: Language) {
  const slugs = (await listInsurers(store.read)).map(({ slug }) => slug);
  const insurers = slugs.map((insurer) => ({ insurer, contractStatus: 'contracted' as const, preferred: false }));
  return store.write((tx) => createOrganisation(tx, { name: 'Regio Zuid', language, roles: ['ro'], parent: null, insurers }, now));
}

/** Lines as a mail program shows them that is so narrow: broken at a space, and where there is none in the middle of a word. */
function folded(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => line.match(/.{1,78}(?= |$)|\S{1,78}/g) ?? [''])
    .map((line) => line.trim())
    .join('\n');
}
