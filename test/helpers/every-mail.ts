/** A draft of every kind of mail, with as many of its forms as fit in one. */
import type { ChangeNotice } from '../../db/sending/news-composing.ts';
import type { Draft } from '../../db/sending/composing.ts';
import type { MessageKind } from '../../db/schema/schema.ts';
import { CONFLICT, draftOf, itemOf, RECIPIENT } from './drafts.ts';
import { MONDAY } from './reminders.ts';

const SOURCE = {
  document: 'Beleid 2025',
  section: '6.3',
  quote: 'uiterlijk 1 oktober 2024 het jaarplan',
  url: 'https://noord.example/beleid',
};
const BASIS = { kind: 'earlier_year' as const, deadlineId: null, text: 'Voor contractjaar 2024 was het 1 oktober 2023.' };
export const YEAR = { kind: 'period' as const, unit: 'year' as const, year: 2024, number: null };

export const plan = itemOf({ conflict: CONFLICT, sources: [SOURCE] });
export const talk = itemOf(
  {
    title: 'Gesprek over ouderenzorg',
    rule: YEAR,
    consequence: { text: 'Geen gesprek, geen budget.', modality: 'certain', kind: 'penalty' },
  },
  { dueOn: '2024-12-31', lastSafeOn: '2024-12-31', uid: 'talk', doneSequenceNumber: null },
);
const expected = itemOf({ certainty: 'expected', basis: BASIS }, { dueOn: '2025-10-01', lastSafeOn: '2025-10-01', uid: 'next' });
const policy = itemOf({ title: 'Publicatie van het zorginkoopbeleid' }, { as: 'informed', uid: 'policy' });

/** The plan as it is expected of a later year: with how it went before, and what has to be arranged before, of several years. */
const { id: deadlineId, duty, ...earlier } = plan.deadline;
const precedent = {
  ...earlier,
  deadlineId,
  deliverable: duty.deliverable,
  channel: { kind: 'email' as const, address: 'inkoop@noord.example', subject: 'Jaarplan RO', hours: 'van 8 tot 12 uur' },
};
const review = itemOf({ title: 'Plannen van de WSV’s beoordelen', channel: null, consequence: null, sources: [SOURCE] }).deadline;
const certificate = itemOf({
  title: 'VECOZO-certificaat aanvragen',
  channel: { kind: 'portal', address: 'VECOZO', subject: null, hours: null },
  consequence: { text: 'Zonder certificaat kunt u niet ondertekenen.', modality: 'certain', kind: 'note' },
  duty: { ...duty, contractStatus: 'any' },
}).deadline;
export const PRECEDENT = itemOf(
  { certainty: 'expected', basis: BASIS, channel: null, consequence: null, extension: null, sources: [] },
  {
    dueOn: '2025-10-01',
    lastSafeOn: '2025-09-30',
    uid: 'next',
    contractYear: 2026,
    precedent,
    arrangedBefore: [review, { ...certificate, contractYear: 2022 }, { ...certificate, contractYear: 2026 }],
  },
);

const about = { ...draftOf([]).organisation, id: 'wsv', name: 'WSV De Wijk', unremindedSince: MONDAY };
const revision = (item: typeof plan, over: object) => ({
  ...item.deadline,
  sequence: 0,
  changedAt: MONDAY,
  origin: 'editor' as const,
  reason: 'De verzekeraar gaf een week uitstel.',
  announcedOn: '2024-09-13',
  ...over,
});
/** A change of the annual plan, from one state to another. */
export const changed = (before: object, after: object, over: Partial<ChangeNotice> = {}): ChangeNotice => ({
  before: revision(plan, { conflict: null, ...before }),
  after: revision(plan, { conflict: null, revision: 2, ...after }),
  fields: ['rule', 'dueOn', 'lastSafeOn'],
  insurerName: 'Zorg en Zekerheid',
  as: 'ro',
  organisations: [{ id: 'ro', name: 'Regio Zuid' }],
  gone: null,
  done: false,
  owner: null,
  ...over,
});
const portal = { kind: 'portal' as const, address: 'https://portaal.example', subject: null, hours: null };
const CHANGES = [
  changed({}, { dueOn: '2024-10-08', lastSafeOn: '2024-10-08', certainty: 'stated' }),
  changed({}, { channel: portal, boundary: 'before' }, { fields: ['channel', 'boundary'], done: true }),
  changed({ dueOn: '2024-09-20' }, { dueOn: '2024-09-10', lastSafeOn: '2024-09-10', certainty: 'expected', basis: BASIS }),
  changed({}, { status: 'withdrawn' }, { fields: ['status'], gone: 'withdrawn' }),
];

/** A mail that tells of all: what is due, what others left undone, and what changed. */
export const ALL_IN_ONE: Partial<Draft> = {
  due: [plan, talk].map((item) => ({ item, leadDays: 14 })),
  undone: [{ item: itemOf({ title: 'Ondertekenen' }), organisation: { id: 'wsv', name: 'WSV De Wijk' } }],
  changes: CHANGES.slice(0, 1),
  next: [expected],
};

/** The same, whose recipients are still there and want no reminders. */
export const CHOSEN = { ...about, unremindedWhy: 'choice' as const };

/** What a mail of each kind is about. */
export const DRAFTS: Record<MessageKind, Partial<Draft>> = {
  confirmation: {},
  deputy_confirmation: {
    recipient: { ...RECIPIENT, deputyEmail: 'ward@example.org', deputyUntil: '2024-10-31' },
    to: 'ward@example.org',
    isForDeputy: true,
  },
  welcome: { next: [plan, expected] },
  reminder: { due: [plan, policy, talk].map((item) => ({ item, leadDays: 14 })), next: [expected] },
  change: { changes: CHANGES },
  escalation: {
    undone: [
      { item: plan, organisation: { id: 'ro', name: 'Regio Zuid' } },
      { item: itemOf(), organisation: { id: 'wsv', name: 'WSV De Wijk' } },
    ],
  },
  unreminded: { about },
  deputy_undeliverable: {
    recipient: {
      ...RECIPIENT,
      deputyEmail: 'ward@example.org',
      deputyUntil: '2024-10-31',
      deputyFault: '550 5.1.1 No such user',
      pausedUntil: '2024-10-01',
    },
    next: [plan, expected],
  },
  undeliverable: { unreached: [{ ...RECIPIENT, email: 'weg@example.org', status: 'undeliverable', fault: '550 5.1.1 No such user' }] },
  partly_undeliverable: { partly: ['praktijk@example.org'] },
};
