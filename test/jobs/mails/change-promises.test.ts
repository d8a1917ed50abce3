/** What is promised of change notices, sentence by sentence, as far as it is about when and to whom. */
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { writeDay } from '../../../calendars/days.ts';
import { announceChanges } from '../../../db/notices/news.ts';
import { amendDeadline, withdrawDeadline, type Amendment } from '../../../db/registry/amending.ts';
import { makeEditionsPublic } from '../../../db/registry/editions/becoming-public.ts';
import { eq } from '../../../db/store/drizzle.ts';
import { carryOver } from '../../../db/messages/carry-over.ts';
import { insertMessage } from '../../../db/messages/messages.ts';
import { addNotices, noticesIn } from '../../../db/notices/notices.ts';
import type { Message } from '../../../db/schema/schema.ts';
import type { Store } from '../../../db/store/store.ts';
import { MailError } from '../../../jobs/transport/mailer.ts';
import { planNow } from '../../../jobs/plan.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { appFor, EDITOR_KEY } from '../../helpers/app.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../../helpers/mailbox.ts';
import { at, MONDAY, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const CONFIRMED = at('05-01T12:00');
const QUOTE = { document: 'Beleid 2025, versie 2', section: '6.3', url: null };
const movedTo = (on: string, baseRevision: number): Amendment => ({
  rule: { kind: 'fixed', on },
  boundary: 'by',
  certainty: 'stated',
  sources: [{ ...QUOTE, quote: `uiterlijk ${writeDay(on, 'nl')}` }],
  baseRevision,
  reason: 'De verzekeraar gaf uitstel.',
});
const second = (moment: string) => new Date(`2024-${moment}+02:00`);

async function withReader(store: Store, leadDays = [42, 14, 3, 0]) {
  const cast = await castIn(store);
  const deadline = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  const reader = await addConfirmed(store, cast.ro.id, CONFIRMED, { leadDays });
  return { ...cast, deadline, reader };
}

onBothDialects('a change', (fresh) => {
  it('gathers what is changed within ten minutes, and what comes a second later is another mail', async () => {
    const store = await fresh();
    const { deadline } = await withReader(store);
    const [other, third] = await store.write(async (tx) => [
      await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen' }),
      await addDeadline(tx, { activity: 'regional_plan' }, { title: 'Regioplan indienen' }),
    ]);
    const amend = async (id: string, now: Date) => {
      await store.write((tx) => amendDeadline(tx, id, movedTo('2024-10-08', 1), now));
      await announceChanges(store, now);
    };
    await amend(deadline.id, second('06-03T10:00:00'));
    await amend(other.id, second('06-03T10:09:59'));
    expect(await subjectsAt(store, second('06-03T10:09:59'))).toEqual([]);
    const [first, ...others] = await mailsAt(store, second('06-03T10:10:00'));
    expect(others).toEqual([]);
    expect(first!.subject).toContain(' en 1 andere');
    await amend(third.id, second('06-03T10:10:01'));
    expect(await subjectsAt(store, second('06-03T10:20:00'))).toEqual([]);
    expect(await subjectsAt(store, second('06-03T10:20:01'))).toEqual([
      'a@example.org: Verschoven: regioplan indienen bij Noord (was di 1 okt, nu di 8 okt)',
    ]);
  });

  it('of one deadline is told of those that count from it too, in the same mail, with the reason and the quote of each', async () => {
    const store = await fresh();
    const { deadline } = await withReader(store);
    const rule = { kind: 'offset' as const, from: { activity: 'annual_plan' as const }, amount: 2, unit: 'week' as const };
    await store.write((tx) =>
      addDeadline(tx, { activity: 'regional_plan' }, { title: 'Regioplan indienen', rule: { ...rule, direction: 'before' } }),
    );
    await store.write((tx) => amendDeadline(tx, deadline.id, movedTo('2024-10-08', 1), at('06-03T10:00')));
    const [mail, ...others] = await mailsAt(store, at('06-03T10:10'));
    expect(others).toEqual([]);
    expect(mail!.text!.match(/^(Was .*|Reden: .*|".*")$/gm)).toEqual([
      'Was maandag 16 september 2024 (berekend uit de bron), is nu dinsdag 24 september 2024 (berekend uit de bron).',
      'Reden: Mee verschoven met: Jaarplan met begroting indienen.',
      '"1 oktober 2024 Het jaarplan"',
      'Was maandag 30 september 2024, is nu dinsdag 8 oktober 2024.',
      'Reden: De verzekeraar gaf uitstel.',
      '"uiterlijk 8 oktober 2024"',
    ]);
  });

  it('to a day that is past says so, and reminds of nothing', async () => {
    const store = await fresh();
    const { deadline } = await withReader(store);
    await store.write((tx) => amendDeadline(tx, deadline.id, movedTo('2024-06-02', 1), at('06-03T10:00')));
    const [mail, ...others] = await mailsAt(store, at('06-03T10:10'));
    expect(mail!.text!).toMatch(/ Let op: deze dag is al voorbij\.$/m);
    expect(others).toEqual([]);
    await store.write((tx) => amendDeadline(tx, deadline.id, movedTo('2024-06-03', 2), at('06-03T11:00')));
    const [today, ...more] = await mailsAt(store, at('06-03T11:10'));
    expect(today!.text).toContain('== Verschoven: jaarplan');
    expect(today!.text).not.toContain('al voorbij');
    expect(today!.subject).toContain('Vandaag: jaarplan');
    expect(more).toEqual([]);
  });

  it('that withdraws is told who heard of the deadline by a change notice alone, and nobody else', async () => {
    const store = await fresh();
    const { deadline, ro } = await withReader(store, [100]);
    await store.write((tx) => amendDeadline(tx, deadline.id, movedTo('2024-12-30', 1), at('06-03T10:00')));
    expect(await subjectsAt(store, at('06-03T10:10'))).toHaveLength(1);
    await addConfirmed(store, ro.id, at('06-03T11:00'), { email: 'late@example.org', leadDays: [100] });
    await store.write((tx) => withdrawDeadline(tx, deadline.id, 'De verzekeraar vraagt dit niet meer.', at('06-03T12:00')));
    expect(await subjectsAt(store, at('06-03T12:10'))).toEqual([
      'a@example.org: Vervallen: jaarplan met begroting indienen bij Noord (ma 30 dec)',
    ]);
    expect((await remindersIn(store)).filter(([, , state]) => state === 'pending')).toEqual([]);
  });

  it('lets no mail with the old date be claimed once it is acknowledged, nor one leave that was claimed before', async () => {
    const store = await fresh();
    const { deadline } = await withReader(store);
    await planNow({ store }, at('09-16T06:00'));
    let now = at('09-16T06:30');
    const { call } = await appFor(store, { clock: () => now });
    let base = 0;
    const amend = async (on: string) => {
      const quote = `uiterlijk ${Number(on.slice(8))} oktober 2024`;
      const body = { ...movedTo(on, (base += 1)), sources: [{ ...QUOTE, quote }] };
      expect((await call('POST', `deadlines/${deadline.id}/revisions`, { key: EDITOR_KEY, body })).status).toBe(201);
    };
    const kept = keepingMailer();
    // Acknowledged and public, and nothing is planned anew before the sender looks.
    await amend('2024-10-07');
    now = MONDAY;
    await makeEditionsPublic(store, now);
    // Acknowledged when the mail is claimed and its body is about to leave.
    let asked = 0;
    const late = {
      ...kept,
      send: async (...[envelope, raw, handover]: Parameters<typeof kept.send>) => {
        if ((asked += 1) === 1) await amend('2024-10-08');
        const leaving = () =>
          handover!.leaving!().catch((error: unknown) => {
            throw new MailError({ kind: 'lost', code: null, response: String(error) });
          });
        return kept.send(envelope, raw, { leaving });
      },
    };
    const results = await sendDue({ store, mailer: late, settings: SETTINGS }, now);
    expect(results.map(({ kind }) => kind)).toContain('recalled');
    const subjects = await Promise.all(kept.taken.map(async ({ raw }) => (await PostalMime.parse(raw)).subject));
    expect(subjects.filter((subject) => !subject!.includes('di 8 okt'))).toEqual([]);
    expect([...subjects, ...(await subjectsAt(store, at('09-16T07:40')))].sort()).toEqual([
      'a@example.org: Over 22 dagen: jaarplan met begroting indienen bij Noord (uiterlijk di 8 okt) en 1 andere',
    ]);
  });
});

onBothDialects('a mail that is made anew', (fresh) => {
  it('keeps whom it is about and what it tells', async () => {
    const store = await fresh();
    const { deadline, reader, ro, wsv } = await withReader(store);
    const held = await store.write(async (tx) => {
      const message = await insertMessage(tx, reader, { kind: 'change', key: 'k', dueAt: MONDAY, aboutId: wsv.id }, MONDAY);
      const notice = { key: 'n', messageId: message.id, deadlineId: deadline.id, organisationId: ro.id };
      await addNotices(tx, [{ ...notice, kind: 'change', fromRevision: 1, lastSafeOn: null, knownOn: null }]);
      await carryOver(tx, message.id, MONDAY);
      return message;
    });
    const { messages } = store.read.tables;
    const rows = await store.read.select().from(messages).where(eq(messages.kind, 'change'));
    const next = rows.find(({ id }) => id !== held.id)!;
    const said = ({ aboutId, dueAt, kind, organisationId, recipientId }: Message) => [aboutId, dueAt, kind, organisationId, recipientId];
    expect(said(next)).toEqual(said(held));
    expect([
      await noticesIn(store.read, held.id, 'change'),
      (await noticesIn(store.read, next.id, 'change')).map(({ key }) => key),
    ]).toEqual([[], ['n']]);
  });
});
