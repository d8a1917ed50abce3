/** Items for rendering in tests, from a deadline that has something in every field. */
import { joinEntries, renderEntry, renderHead, renderNotice } from '../../calendars/ics/feed.ts';
import type { FeedItem } from '../../calendars/ics/feed-item.ts';
import type { Dated } from '../../calendars/ics/feed-item.ts';
import type { Day, Language } from '../../calendars/terms.ts';

/** The annual plan of 2025: two readings of one day, delivered on behalf of others. */
const ANNUAL_PLAN: Dated = {
  id: 'd96fcb40-8712-4590-9284-5233e5753068',
  insurer: 'noord',
  contractYear: 2025,
  careType: 'multidisciplinary_care',
  activity: 'annual_plan',
  slot: null,
  key: null,
  kind: 'deadline',
  title: 'Jaarplan met begroting indienen',
  rule: { kind: 'fixed', on: '2024-10-01' },
  boundary: 'by',
  certainty: 'stated',
  basis: null,
  reportingYear: null,
  duty: { actors: ['ro'], onBehalfOf: ['ro', 'wsv'], contractStatus: 'contracted', deliverable: 'Jaarplan en begroting' },
  channel: { kind: 'email', address: 'inkoop@noord.example', subject: 'Jaarplan RO', hours: 'van 8 tot 12 uur' },
  consequence: { text: 'Een afslag op het tarief of geen zorgovereenkomst.', modality: 'possible', kind: 'penalty' },
  extension: { possible: false, text: 'Uitstel na 1 oktober is niet mogelijk.' },
  sources: [
    { document: 'Beleid 2025', section: '6.3', quote: '1 oktober 2024 Het jaarplan', url: null },
    { document: 'Beleid 2025', section: 'Bijlage', quote: null, url: 'https://noord.example/beleid;2025,a?q=é' },
  ],
  conflict: {
    kind: 'readings',
    days: ['2024-09-30', '2024-10-01'],
    text: 'Paragraaf 5.3 zegt vóór 1 oktober, paragraaf 6.3 zegt 1 oktober.',
  },
  dueOn: '2024-10-01',
  lastSafeOn: '2024-09-30',
  revision: 2,
  revisedAt: new Date('2024-04-02T10:00:00.250Z'),
  status: 'published',
  strictness: null,
  checkedOn: null,
  checkedBy: null,
  precedent: null,
};

/** The annual plan as an RO gets it, with what is given instead. */
export function itemOf(deadline: Partial<Dated> = {}, over: Partial<FeedItem> = {}): FeedItem {
  return {
    uid: ANNUAL_PLAN.id,
    sequence: 1,
    changedAt: new Date('2024-04-02T10:00:00Z'),
    deadline: { ...ANNUAL_PLAN, ...deadline },
    insurerName: 'Noord',
    as: 'ro',
    dutyHolders: [],
    arrangedBefore: [],
    completedOn: null,
    alarms: [],
    ...over,
  };
}

/** A calendar with an event and alarms on each of these days, and a notice on the first. */
export function calendarOn(days: readonly Day[], language: Language): Buffer {
  const events = days.map((day, i) => {
    const uid = ANNUAL_PLAN.id.replace(/..$/, String(10 + i));
    return renderEntry(
      itemOf({ conflict: null, dueOn: day, lastSafeOn: day }, { uid, alarms: [7, 0], completedOn: i === 0 ? day : null }),
      language,
      'https://kalender.example',
    );
  });
  const notice = {
    uid: ANNUAL_PLAN.id,
    sequence: 0,
    changedAt: new Date('2026-10-25T00:30:00Z'),
    on: days[0]!,
    title: 'Bericht',
    text: 'Tekst',
  };
  return Buffer.concat([renderHead({ name: 'Regio Zuid', language }), joinEntries([renderNotice(notice), ...events])]);
}
