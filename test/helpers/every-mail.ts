/** A draft of every kind of mail, with as many of its forms as fit in one. */
import { PROJECTED_REASON } from '../../calendars/deadlines/wording/reasons.ts';
import { NEWS_KINDS, newsKind, type NewsKind } from '../../calendars/agenda/news.ts';
import type { Step } from '../../calendars/agenda/step.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import type { ToldAct } from '../../db/notices/act-facts.ts';
import type { ChangeNotice } from '../../db/sending/news-composing.ts';
import type { Draft, OwnDate } from '../../db/sending/composing.ts';
import { MESSAGE_KINDS, type MessageKind } from '../../db/schema/schema.ts';
import { CONFLICT, draftOf, ID, itemOf, RECIPIENT } from './drafts.ts';
import { MONDAY } from './reminders.ts';

const SOURCE = {
  document: 'Beleid 2025',
  section: '6.3',
  quote: 'uiterlijk 1 oktober 2024 het jaarplan',
  url: 'https://noord.example/beleid',
};
const BASIS = { kind: 'earlier_year' as const, deadlineId: null, text: 'Voor contractjaar 2024 was het 1 oktober 2023.' };
/** What the service itself made of the plan of the year before. */
const PROJECTED = {
  origin: 'projection' as const,
  precedent: {
    deadlineId: '00000000-0000-4000-8000-000000000099',
    contractYear: 2024,
    dueOn: '2023-10-01',
    lastSafeOn: '2023-09-30',
    channel: null,
    deliverable: null,
    consequence: null,
    extension: null,
    conflict: null,
    sources: [],
  },
};
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
  changeId: null,
  ...over,
});
/** A change of the annual plan, from one state to another; null where its reader did not have it. */
export const changed = (before: object | null, after: object, over: Partial<ChangeNotice> = {}): ChangeNotice => {
  const states = {
    before: before && revision(plan, { conflict: null, ...before }),
    after: revision(plan, { conflict: null, revision: 2, ...after }),
  };
  const { gone = null } = over;
  return {
    kind: newsKind(states.before, gone ? null : states.after),
    ...states,
    fields: ['rule', 'dueOn', 'lastSafeOn'],
    insurerName: 'Zorg en Zekerheid',
    as: 'ro',
    organisations: [{ id: 'ro', name: 'Regio Zuid' }],
    gone,
    done: false,
    owner: null,
    changeId: null,
    follows: null,
    ...over,
  };
};
const portal = { kind: 'portal' as const, address: 'https://portaal.example', subject: null, hours: null };
const CHANGES = [
  changed({}, { dueOn: '2024-10-08', lastSafeOn: '2024-10-08', certainty: 'stated' }, { changeId: '0d2b8c52-6d3f-4a3c-9d43-1f2a5b7c9e10' }),
  changed({}, { channel: portal, boundary: 'before' }, { fields: ['channel', 'boundary'], done: true }),
  changed({ dueOn: '2024-09-20' }, { dueOn: '2024-09-10', lastSafeOn: '2024-09-10', certainty: 'expected', basis: BASIS }),
  changed({}, { status: 'withdrawn' }, { fields: ['status'], gone: 'withdrawn' }),
];

/** What was assumed, or expected, of the year to come: signing in the words of one insurer for all. */
const signing = {
  title: 'Zorgovereenkomst 2028 tekenen',
  activity: 'signing' as const,
  contractYear: 2028,
  sources: [],
  channel: null,
  duty: { ...plan.deadline.duty, deliverable: null },
  announcedOn: '2027-09-13',
};
const ASSUMED = { ...signing, certainty: 'template' as const, dueOn: '2027-12-31', lastSafeOn: null, basis: BASIS };
const stated = (day: string, quote: string, url: string | null = null) => ({
  ...signing,
  rule: { kind: 'fixed' as const, on: day },
  certainty: 'stated' as const,
  dueOn: day,
  lastSafeOn: day,
  reason: 'Het beleid voor 2028 is ingevoerd.',
  sources: [
    { document: 'Beleid 2028', section: '2', quote: 'Wij werken samen aan goede zorg.', url },
    { document: 'Beleid 2028', section: '6.1', quote, url },
  ],
});
const DECEMBER = stated('2027-12-17', 'Teken de overeenkomst uiterlijk 17 december 2027.', 'https://noord.example/beleid');
/** By what it is: one piece of news, or several that are told together. */
const NEWS: Record<NewsKind, ChangeNotice[]> = {
  new: [changed(null, { ...DECEMBER, revision: 1, reason: null, channel: portal })],
  dated: [
    changed(ASSUMED, DECEMBER),
    ...['Één Zorg', 'Eno'].map((insurerName) => changed({ ...ASSUMED, certainty: 'unknown', dueOn: null }, DECEMBER, { insurerName })),
    changed(ASSUMED, stated('2027-12-10', 'Teken vóór of op 10 december 2027.'), { insurerName: 'VGZ' }),
  ],
  moved: [changed(DECEMBER, stated('2027-12-24', 'De datum is verlengd tot 24 december 2027.'))],
  confirmed: [changed({ ...ASSUMED, certainty: 'expected', lastSafeOn: '2027-12-17', dueOn: '2027-12-17' }, DECEMBER)],
  changed: [changed(DECEMBER, { ...DECEMBER, channel: portal }, { fields: ['channel'] })],
  gone: [changed(DECEMBER, DECEMBER, { gone: 'not_concerned' })],
};

const act = (over: Partial<ToldAct>): ToldAct => ({
  kind: 'completed',
  by: 'bea@example.org',
  way: 'link',
  at: MONDAY,
  deadline: revision(plan, { conflict: null }),
  insurerName: 'Zorg en Zekerheid',
  step: null,
  said: { outcome: 'submitted', reason: null },
  isOwn: false,
  ...over,
});
const signed = (dueOn: string) =>
  revision(itemOf({ title: 'Zorgovereenkomst ondertekenen' }, { dueOn, lastSafeOn: dueOn }), { conflict: null });
const OWN_STEP = { id: '00000000-0000-4000-8000-000000000088', title: 'Begroting naar bestuur', dueOn: '2024-10-10' };
const NOT_OURS = { outcome: 'not_applicable' as const, reason: 'wij hebben geen contract met deze verzekeraar' };
const ACTS: ToldAct[] = [
  act({}),
  act({ by: 'Anna Smit', way: 'key', said: NOT_OURS, deadline: signed('2024-12-31'), insurerName: 'VGZ' }),
  ...['CZ', 'VGZ'].map((insurerName) => act({ by: 'carla@example.org', deadline: signed('2024-12-15'), insurerName })),
  act({ kind: 'reopened', by: null, way: 'command', said: null }),
  act({ step: OWN_STEP, deadline: null, insurerName: null }),
  act({ kind: 'reopened', step: { ...OWN_STEP, title: 'Bestuur akkoord' }, said: null, deadline: null, insurerName: null }),
  act({ kind: 'muted', said: null }),
  act({ kind: 'unsubscribed', said: null, deadline: null, insurerName: null }),
];
/** What its own reader, who is alone, is told of what a button in its mail did. */
const OWN_ACTS: Partial<Draft> = {
  kind: 'acts',
  acts: [act({ by: RECIPIENT.email, isOwn: true }), act({ kind: 'muted', by: RECIPIENT.email, isOwn: true, said: null })],
};

/** A mail that tells of all: what is due, what others left undone, and what changed. */
export const ALL_IN_ONE: Partial<Draft> = {
  due: [plan, talk].map((item) => ({ item, leadDays: 14 })),
  undone: [{ item: itemOf({ title: 'Ondertekenen' }), organisation: { id: 'wsv', name: 'WSV De Wijk' } }],
  changes: CHANGES.slice(0, 1),
  acts: ACTS.slice(0, 1),
  next: [expected],
};

/** The same, whose recipients are still there and want no reminders. */
const CHOSEN = { ...about, unremindedWhy: 'choice' as const };

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
  acts: { acts: ACTS },
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
  trial: { next: [plan, expected], firstOn: '2024-09-30' },
};

const UNKNOWN_DAY = {
  certainty: 'template' as const,
  basis: {
    kind: 'common_rhythm' as const,
    deadlineId: null,
    text: 'Aanname op basis van de planning van Zorg en Zekerheid voor 2025. Deze verzekeraar noemde geen datum.',
  },
  channel: null,
  consequence: null,
  extension: null,
  sources: [],
};
const idAt = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
/** The same of several insurers, each with an id and a name of its own. */
const among = (names: readonly string[], make: (name: string, n: number) => ReturnType<typeof itemOf>) =>
  names.map((name, n) => {
    const item = make(name, n);
    return { ...item, insurerName: name, uid: idAt(n), deadline: { ...item.deadline, id: idAt(n) } };
  });
const due = (items: ReturnType<typeof itemOf>[]) => ({ kind: 'reminder' as const, due: items.map((item) => ({ item, leadDays: 14 })) });
const RULE = { kind: 'sector_rule' as const, deadlineId: null, text: 'Regel van de NZa voor alle zorgverzekeraars.' };
const policyAt = (name: string, dueOn: string) => {
  const item = itemOf(
    { ...UNKNOWN_DAY, certainty: 'sector_rule', basis: RULE, title: 'Publicatie zorginkoopbeleid 2025' },
    { dueOn, lastSafeOn: dueOn, as: 'informed', insurerName: name, origin: 'projection' },
  );
  return { ...item, deadline: { ...item.deadline, activity: 'publication' as const } };
};

const ownDate = (over: Partial<Step>, before: OwnDate['before'] = null): OwnDate => ({
  step: {
    id: ID,
    organisationId: 'ro',
    deadlineId: before?.deadline.id ?? null,
    title: 'Begroting naar het bestuur',
    dueOn: '2024-09-19',
    ownerId: null,
    completion: null,
    setAt: MONDAY,
    sequence: 0,
    changedAt: MONDAY,
    ...over,
  },
  leadDays: 3,
  before,
});
const OWN_DATES = [ownDate({ dueOn: '2024-09-16', title: 'Voorzitter tekent' }, plan), ownDate({ id: idAt(2), ownerId: RECIPIENT.id })];

/** What is told together, and what hangs on the reader. */
export const GROUPED: Record<string, Partial<Draft>> = {
  grouped_assumption: due(
    among(['ASR', 'CZ', 'VGZ'], (name) => {
      const item = itemOf({ ...UNKNOWN_DAY, title: 'Zorgovereenkomst 2025 ondertekenen' }, { origin: 'projection' });
      const basis = name === 'VGZ' ? { ...UNKNOWN_DAY.basis, term: { first: 2022, last: 2024 } } : UNKNOWN_DAY.basis;
      return { ...item, deadline: { ...item.deadline, activity: 'signing' as const, basis } };
    }),
  ),
  assumption_of_party: due([
    itemOf(
      {
        ...UNKNOWN_DAY,
        title: 'Publicatie zorginkoopbeleid 2025',
        duty: { actors: ['insurer'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
      },
      { insurerName: 'Caresq', as: 'informed', insurerKind: 'purchasing_party', origin: 'projection' },
    ),
  ]),
  grouped_rule: due(among(['CZ', 'VGZ'], (name, n) => policyAt(name, n === 0 ? '2024-09-30' : '2024-10-01'))),
  grouped_expected: due(
    among(['CZ', 'VGZ'], (_, n) =>
      itemOf({ certainty: 'expected', basis: BASIS, sources: [] }, { dueOn: `2024-10-0${n + 1}`, lastSafeOn: `2024-10-0${n + 1}` }),
    ),
  ),
  grouped_undone: {
    kind: 'escalation',
    undone: [
      ...among(['VGZ', 'CZ'], (_, n) =>
        itemOf({ title: 'Ondertekenen' }, { dueOn: `2024-09-1${n + 8}`, lastSafeOn: `2024-09-1${n + 8}` }),
      ).map((item) => ({ item, organisation: { id: 'wsv', name: 'WSV De Wijk' } })),
      { item: itemOf({ title: 'Ondertekenen' }), organisation: { id: 'ro', name: 'Regio Zuid' } },
    ],
  },
  taken_away: {
    ...due([plan]),
    takenAway: among(['VGZ', 'CZ', 'DSW'], (name) =>
      itemOf(name === 'DSW' ? { title: 'XIS-keurmerk' } : { title: 'Duidelijkheid over MTVP 2025' }),
    ).map(({ deadline, insurerName }) => ({ deadline, insurerName })),
  },
  one_of_two_organisations: { ...due([plan]), otherNames: ['Regio Noord'] },
  hand_over: due([itemOf({}, { as: 'wsv' })]),
  own_dates: { kind: 'reminder', steps: OWN_DATES, next: [expected] },
  own_dates_beside: { ...due([plan]), steps: OWN_DATES },
  /** What the reader's own reminder says of those of its region that have not done it either. */
  undone_beside: due([itemOf({ title: 'Ondertekenen' }, { undoneBy: ['WSV Aan Zee', 'WSV De Wijk'] })]),
  beside_assumption: due([
    itemOf(
      { title: 'Zorgovereenkomst ondertekenen binnen zes weken na ontvangst', certainty: 'expected', basis: BASIS },
      { started: { signingAround: '2024-12-31' } },
    ),
  ]),
  /** A purchasing party among insurers, in what is told together and once it states a day itself. */
  grouped_with_party: due(
    among(['Caresq', 'CZ', 'VGZ'], (name) =>
      itemOf(
        { ...UNKNOWN_DAY, title: 'Jaarplan 2025 met begroting indienen' },
        { insurerKind: name === 'Caresq' ? 'purchasing_party' : 'health_insurer', origin: 'projection' },
      ),
    ),
  ),
  stated_by_party: {
    kind: 'change',
    changes: [
      changed(
        { ...PROJECTED, certainty: 'expected', lastSafeOn: '2024-10-01', insurerKind: 'purchasing_party' },
        { certainty: 'stated', lastSafeOn: '2024-10-01', insurerKind: 'purchasing_party' },
        { insurerName: 'Caresq', fields: ['certainty'] },
      ),
    ],
  },
  /** What the service projected, with how it says so in each language. */
  projected: due([
    itemOf(
      {
        certainty: 'expected',
        basis: { kind: 'earlier_year', deadlineId: PROJECTED.precedent.deadlineId, text: '' },
        sources: [],
        channel: null,
      },
      PROJECTED,
    ),
  ]),
  /** Two terms of an own event. */
  two_terms: due([
    itemOf(
      {
        title: 'Zorgovereenkomst ondertekenen binnen zes weken na ontvangst',
        conflict: { kind: 'terms', days: ['2024-12-31', '2025-01-13'], text: 'Er gelden twee termijnen.' },
      },
      { started: { signingAround: null }, dueOn: '2025-01-13', lastSafeOn: '2024-12-31' },
    ),
  ]),
  moved_along: {
    kind: 'change',
    changes: [
      changed(
        {},
        { dueOn: '2024-10-08', lastSafeOn: '2024-10-08', reason: 'Mee verschoven met: Jaarplan 2025.' },
        { follows: { activity: 'annual_plan', status: 'published', title: 'Jaarplan 2025' } },
      ),
      changed(
        {},
        {
          id: '00000000-0000-4000-8000-000000000077',
          dueOn: '2024-10-08',
          lastSafeOn: '2024-10-08',
          origin: 'projection',
          reason: PROJECTED_REASON,
          announcedOn: null,
          contractYear: 2026,
        },
      ),
    ],
  },
};

/** Every mail that there is, by name. */
export const MAILS: Record<string, Partial<Draft>> = {
  ...Object.fromEntries(MESSAGE_KINDS.map((kind) => [kind, { ...DRAFTS[kind], kind }])),
  confirmation_repeated: { kind: 'confirmation', isRepeated: true },
  unreminded_by_choice: { kind: 'unreminded', about: CHOSEN },
  precedent: { due: [{ item: PRECEDENT, leadDays: 14 }], kind: 'reminder' },
  ...Object.fromEntries(NEWS_KINDS.map((kind) => [`news_${kind}`, { kind: 'change' as const, changes: NEWS[kind] }])),
  acts_own: OWN_ACTS,
  all_in_one: { ...ALL_IN_ONE, kind: 'reminder' },
  ...GROUPED,
};

/** Every deadline that a draft tells of, with what stands beside it. */
export function everyDeadline({
  acts,
  changes,
  due,
  next,
  undone,
}: Pick<Draft, 'acts' | 'changes' | 'due' | 'next' | 'undone'>): Deadline[] {
  const items = [...[...due, ...undone].map(({ item }) => item), ...next];
  return [
    ...items.flatMap(({ arrangedBefore, deadline }) => [deadline, ...arrangedBefore]),
    ...acts.flatMap(({ deadline }) => deadline ?? []),
    ...changes.flatMap(({ after, before }) => [after, before ?? after]),
  ];
}
