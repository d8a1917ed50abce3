/** What is news at all, what it is called, and for whom: from a change of the registry to the mailboxes. */
import { expect, it } from 'vitest';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import { recordOwnEvent } from '../../../db/organisations/own-events.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import { changeRecipient } from '../../../db/recipients/recipients.ts';
import type { Store } from '../../../db/store/store.ts';
import { loadRegistry } from '../../../seeds/loader.ts';
import type { Registry } from '../../../seeds/registry.ts';
import { planNow } from '../../../jobs/plan.ts';
import { addDeadline, castIn, contentOf, identityOf } from '../../helpers/cast.ts';
import { addConfirmed } from '../../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../../helpers/mailbox.ts';
import { at } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const CONFIRMED = at('05-01T12:00');
const [MORNING, TOLD] = [at('06-03T10:00'), at('06-03T10:10')];
const EARLIER = { kind: 'earlier_year' as const, deadlineId: null, text: 'Voor contractjaar 2024 was het 1 oktober 2023.' };
const UNSTATED: Partial<Content> = { certainty: 'expected', basis: EARLIER, sources: [] };
const stated = (on: string, quote: string) => ({
  rule: { kind: 'fixed' as const, on },
  certainty: 'stated' as const,
  basis: null,
  sources: [{ document: 'Beleid 2025', section: null, quote, url: null }],
});
const OCTOBER = stated('2024-10-01', 'uiterlijk 1 oktober 2024');

/** The RO, its WSV and an outsider, each with somebody who hears of changes alone. */
async function withReaders(store: Store) {
  const { ro, wsv, outsider } = await castIn(store);
  const [reader] = [
    await addConfirmed(store, ro.id, CONFIRMED, { email: 'ro@example.org', leadDays: [] }),
    await addConfirmed(store, wsv.id, CONFIRMED, { email: 'wsv@example.org', leadDays: [] }),
    await addConfirmed(store, outsider.id, CONFIRMED, { email: 'out@example.org', leadDays: [] }),
  ];
  return { ro, reader };
}

onBothDialects('news', (fresh) => {
  it('of a new entry is told to whom it concerns, with what is to be done and how', async () => {
    const store = await fresh();
    await withReaders(store);
    await store.write((tx) => addDeadline(tx, {}, {}, MORNING));
    const mails = await mailsAt(store, TOLD);
    expect(mails.map((mail) => `${mail.for}: ${mail.subject}`)).toEqual([
      'ro@example.org: Nieuw: jaarplan met begroting indienen bij Noord (uiterlijk di 1 okt)',
      'wsv@example.org: Nieuw: jaarplan met begroting indienen bij Noord (uiterlijk di 1 okt)',
    ]);
    expect(mails[0]!.text!.split('\n\n').slice(0, 3)).toEqual([
      '== Nieuw: jaarplan met begroting indienen bij Noord ==\nDit is nieuw voor u: uiterlijk dinsdag 1 oktober 2024.',
      'Wat: Jaarplan en begroting\nHoe: per e-mail aan inkoop@verzekeraar.example\nVoor: Regio Zuid\nContractjaar: 2025',
      '"1 oktober 2024 Het jaarplan"\nBeleid 2025, 6.3',
    ]);
  });

  it('of signing is told to nobody without an agreement, until they say that they received one', async () => {
    const store = await fresh();
    const { outsider } = await castIn(store);
    await addConfirmed(store, outsider.id, CONFIRMED, { email: 'out@example.org', leadDays: [] });
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    const signing = await store.write((tx) => addDeadline(tx, { activity: 'signing', insurer: 'oost' }, { duty }, MORNING));
    expect(await subjectsAt(store, TOLD)).toEqual([]);
    const received = { kind: 'contract_received' as const, insurer: 'oost', contractYear: 2025, occurredOn: '2024-06-03' };
    await store.write((tx) => recordOwnEvent(tx, outsider.id, received, at('06-03T11:00')));
    const move = { baseRevision: 1, reason: 'Uitstel.', ...stated('2024-10-08', 'uiterlijk 8 oktober 2024') };
    await store.write((tx) => amendDeadline(tx, signing.id, move, at('06-03T12:00')));
    expect(await subjectsAt(store, at('06-03T12:10'))).toEqual([expect.stringContaining('Verschoven: ')]);
  });

  it('of a new entry tells what it says by then, and nothing where it was withdrawn by then', async () => {
    const store = await fresh();
    await withReaders(store);
    const [plan, accounts] = await store.write(async (tx) => [
      await addDeadline(tx, {}, {}, MORNING),
      await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen' }, MORNING),
    ]);
    await planNow({ store }, MORNING);
    await store.write(async (tx) => {
      const later = { ...stated('2024-10-08', 'uiterlijk 8 oktober 2024'), baseRevision: 1, reason: 'Verbeterd.' };
      await amendDeadline(tx, plan.id, later, at('06-03T10:05'));
      await withdrawDeadline(tx, accounts.id, 'Dubbel.', at('06-03T10:06'));
    });
    expect(await subjectsAt(store, TOLD)).toEqual([
      'ro@example.org: Nieuw: jaarplan met begroting indienen bij Noord (uiterlijk di 8 okt)',
      'wsv@example.org: Nieuw: jaarplan met begroting indienen bij Noord (uiterlijk di 8 okt)',
    ]);
  });

  it.each<[string, Partial<Content>, string]>([
    ['an expected day that is stated', UNSTATED, 'Bevestigd: jaarplan met begroting indienen bij Noord (uiterlijk di 1 okt)'],
    [
      'another day than was expected',
      { ...UNSTATED, rule: { kind: 'fixed', on: '2024-09-20' } },
      'Verschoven: jaarplan met begroting indienen bij Noord (was vr 20 sep, nu di 1 okt)',
    ],
    [
      'a day where there was none',
      { certainty: 'unknown', rule: { kind: 'none' }, sources: [] },
      'Datum bekend: jaarplan met begroting indienen bij Noord (uiterlijk di 1 okt)',
    ],
    [
      'another day than was assumed',
      { ...UNSTATED, certainty: 'template', rule: { kind: 'fixed', on: '2024-09-20' } },
      'Datum bekend: jaarplan met begroting indienen bij Noord (uiterlijk di 1 okt)',
    ],
    [
      'the day that was assumed',
      { ...UNSTATED, certainty: 'template' },
      'Bevestigd: jaarplan met begroting indienen bij Noord (uiterlijk di 1 okt)',
    ],
  ])('is called what it is: %s', async (_, before, subject) => {
    const store = await fresh();
    await withReaders(store);
    const deadline = await store.write((tx) => addDeadline(tx, {}, before));
    await planNow({ store }, CONFIRMED);
    await store.write((tx) => amendDeadline(tx, deadline.id, { ...OCTOBER, baseRevision: 1, reason: 'Beleid ingevoerd.' }, MORNING));
    expect((await subjectsAt(store, TOLD))[0]).toBe(`ro@example.org: ${subject}`);
  });

  it('is none where nobody stated it, and none of what is counted down by nobody', async () => {
    const store = await fresh();
    await withReaders(store);
    await store.write(async (tx) => {
      await projectTimelines(tx, 2024, MORNING);
      await addDeadline(tx, { contractYear: 2025, careType: 'gp_care' }, UNSTATED, MORNING);
      await addDeadline(tx, { contractYear: 2024, activity: 'elderly_care_talk' }, { kind: 'period' }, MORNING);
      await addDeadline(tx, { contractYear: 2024, activity: 'fall_prevention' }, { kind: 'intention' }, MORNING);
    });
    await store.write((tx) => projectTimelines(tx, 2025, at('06-03T10:05')));
    expect(await subjectsAt(store, TOLD)).toEqual([]);
  });

  it('is none where its day lies more than a month back, before as after, also when it waited for so long', async () => {
    const store = await fresh();
    const { ro, reader } = await withReaders(store);
    const move = (id: string, on: string, quote: string, now: Date) =>
      store.write((tx) => amendDeadline(tx, id, { ...stated(on, quote), baseRevision: 1, reason: 'Verbeterd.' }, now));
    const [old, recent] = await store.write(async (tx) => [
      await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-04-30' } }),
      await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen', rule: { kind: 'fixed', on: '2024-05-03' } }),
    ]);
    await planNow({ store }, CONFIRMED);
    await move(old.id, '2024-05-02', 'uiterlijk 2 mei 2024', MORNING);
    await move(recent.id, '2024-05-01', 'uiterlijk 1 mei 2024', MORNING);
    const [mail, ...others] = await mailsAt(store, TOLD);
    expect([mail!.subject, others.map(({ subject }) => subject)]).toEqual([
      'Verschoven: verantwoording indienen bij Noord (was vr 3 mei, nu wo 1 mei)',
      ['Verschoven: verantwoording indienen bij Noord (was vr 3 mei, nu wo 1 mei)'],
    ]);
    expect(mail!.text).toContain('Let op: deze dag is al voorbij.');
    const plan = await store.write((tx) =>
      addDeadline(tx, { activity: 'regional_plan' }, { title: 'Regioplan indienen', rule: { kind: 'fixed', on: '2024-06-20' } }, MORNING),
    );
    await mailsAt(store, at('06-03T11:00'));
    await store.write((tx) => changeRecipient(tx, ro.id, reader.id, { pausedUntil: '2024-09-02' }, at('06-03T11:00')));
    await move(plan.id, '2024-06-21', 'uiterlijk 21 juni 2024', at('06-03T12:00'));
    expect(await subjectsAt(store, at('06-03T12:10'))).toEqual([expect.stringMatching(/^wsv@example.org: Verschoven: regioplan/)]);
    expect(await subjectsAt(store, at('09-02T07:30'))).toEqual([]);
  });

  it('of a file is told like an editor’s, but for what fills an empty registry', async () => {
    const store = await fresh();
    await withReaders(store);
    const entry = (id: string, activity: 'annual_plan' | 'accounts') => ({
      id,
      ...identityOf({ activity }),
      checked: null,
      revisions: [
        {
          reason: 'Eerste uitgave.',
          announcedOn: null,
          content: contentOf(activity === 'accounts' ? { title: 'Verantwoording indienen' } : {}),
        },
      ],
    });
    const [first, second] = [
      entry('123e4567-e89b-42d3-a456-426614174000', 'annual_plan'),
      entry('123e4567-e89b-42d3-a456-426614174001', 'accounts'),
    ];
    const load = (deadlines: Registry['deadlines'], now: Date) =>
      loadRegistry(store, { insurers: [], documents: [], quotes: [], deadlines }, now);
    await load([first], MORNING);
    expect(await subjectsAt(store, TOLD)).toEqual([]);
    await load([first, second], at('06-04T10:00'));
    expect(await subjectsAt(store, at('06-04T10:10'))).toEqual([
      'ro@example.org: Nieuw: verantwoording indienen bij Noord (uiterlijk di 1 okt)',
      'wsv@example.org: Nieuw: verantwoording indienen bij Noord (uiterlijk di 1 okt)',
    ]);
  });
});
