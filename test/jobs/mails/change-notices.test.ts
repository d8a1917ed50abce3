/** From a revision to the mailboxes of those whom it concerns. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { complete } from '../../../db/organisations/completions.ts';
import { amendDeadline, withdrawDeadline, type Amendment } from '../../../db/registry/amending.ts';
import { eq } from '../../../db/store/drizzle.ts';
import { recordOwnEvent } from '../../../db/organisations/own-events.ts';
import { removeRelation, saveRelation } from '../../../db/organisations/organisations.ts';
import { listMessages } from '../../../db/messages/message-records.ts';
import { changeRecipient } from '../../../db/recipients/recipients.ts';
import type { Store } from '../../../db/store/store.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import { chooseKind, muteDeadline } from '../../../db/recipients/preferences.ts';
import { planNow } from '../../../jobs/plan.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { announceChanges } from '../../../db/notices/news.ts';
import { loadRegistry } from '../../../seeds/loader.ts';
import { addDeadline, addOrganisation, castIn, contentOf, identityOf } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { mailsAt, subjectsAt } from '../../helpers/mailbox.ts';
import { at, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const CONFIRMED = at('05-01T12:00');
const QUOTE = { document: 'Beleid 2025, versie 2', section: '6.3', quote: 'uiterlijk 8 oktober 2024', url: null };
const MOVED: Partial<Amendment> = { rule: { kind: 'fixed', on: '2024-10-08' }, boundary: 'by', certainty: 'stated', sources: [QUOTE] };

const SIX_WEEKS = {
  kind: 'offset' as const,
  from: { event: 'contract_received' as const },
  amount: 6,
  unit: 'week' as const,
  direction: 'after' as const,
};
const RECEIVED = { kind: 'contract_received' as const, insurer: 'noord', contractYear: 2025 };

async function withReader(store: Store) {
  const cast = await castIn(store);
  const deadline = await store.write((tx) => addDeadline(tx));
  const reader = await addConfirmed(store, cast.ro.id, CONFIRMED);
  const amend = (change: Partial<Amendment>, now: Date, baseRevision = 1) =>
    store.write((tx) => amendDeadline(tx, deadline.id, { ...change, baseRevision, reason: 'De verzekeraar gaf uitstel.' }, now));
  return { ...cast, deadline, reader, amend };
}

/** Organisations with a recipient each: more than are seen to in one transaction. */
async function addReaders(store: Store, count: number) {
  await store.write(async (tx) => {
    const { recipients } = tx.tables;
    for (let n = 0; n < count; n += 1) {
      const { id: organisationId } = await addOrganisation(tx, { name: `Regio ${n}` });
      const person = { organisationId, email: `r${n}@example.org`, leadDays: [42], digest: 'daily' as const, status: 'confirmed' as const };
      await tx.insert(recipients).values({ id: randomUUID(), ...person, createdAt: CONFIRMED, confirmedAt: CONFIRMED });
    }
  });
}

onBothDialects('change notices', (fresh) => {
  it('tell what was, what is now, why, and the sentence that proves it, ten minutes later', async () => {
    const store = await fresh();
    const { amend } = await withReader(store);
    await amend({ ...MOVED, announcedOn: '2024-06-02' }, at('06-03T10:00'));
    expect(await mailsAt(store, at('06-03T10:09'))).toEqual([]);
    const [mail, ...others] = await mailsAt(store, at('06-03T10:10'));
    expect(others).toEqual([]);
    expect(mail!.subject).toBe('Verschoven: jaarplan met begroting indienen bij Noord (was di 1 okt, nu di 8 okt)');
    expect(mail!.text!.replaceAll(' ==\n', ' ==\n\n').split('\n').slice(0, 14)).toEqual([
      '== Verschoven: jaarplan met begroting indienen bij Noord ==',
      '',
      'Was dinsdag 1 oktober 2024, is nu dinsdag 8 oktober 2024.',
      '',
      'Reden: De verzekeraar gaf uitstel.',
      'Bekendgemaakt op: zondag 2 juni 2024',
      'Voor: Regio Zuid',
      'Contractjaar: 2025',
      '',
      '"uiterlijk 8 oktober 2024"',
      'Beleid 2025, versie 2, 6.3',
      '',
      'Gedaan? Meld het hier:',
      expect.stringMatching(/^https:\/\/inkoop\.example\/done\//),
    ]);
    expect(await mailsAt(store, at('06-03T11:00'))).toEqual([]);
  });

  it('make one mail of an editor’s ten minutes, with the first state as what was', async () => {
    const store = await fresh();
    const { amend } = await withReader(store);
    const other = await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen' }));
    await amend(MOVED, at('06-03T10:00'));
    await planNow({ store }, at('06-03T10:01'));
    await amend({ ...MOVED, rule: { kind: 'fixed', on: '2024-10-15' } }, at('06-03T10:04'), 2);
    await store.write((tx) => withdrawDeadline(tx, other.id, 'Vervallen.', at('06-03T10:05')));
    await planNow({ store }, at('06-03T10:06'));
    expect(await subjectsAt(store, at('06-03T10:10'))).toEqual([
      'a@example.org: Verschoven: jaarplan met begroting indienen bij Noord (was di 1 okt, nu di 15 okt)',
    ]);
    expect(await subjectsAt(store, at('06-03T10:20'))).toEqual([]);
  });

  it('tell nothing of a change that was taken back, nor of what asks nobody to act', async () => {
    const store = await fresh();
    const { amend } = await withReader(store);
    await amend(MOVED, at('06-03T10:00'));
    await amend({ ...MOVED, rule: { kind: 'fixed', on: '2024-10-01' } }, at('06-03T10:05'), 2);
    await amend({ title: 'Jaarplan en begroting indienen', consequence: null }, at('06-03T10:30'), 3);
    expect(await subjectsAt(store, at('06-03T11:00'))).toEqual([]);
  });

  it('tell of channel, duty and boundary', async () => {
    const store = await fresh();
    const { amend, deadline } = await withReader(store);
    const channel = { kind: 'portal' as const, address: 'https://portaal.example', subject: null, hours: null };
    const duty = { ...deadline.duty, actors: ['ro' as const, 'practice' as const], deliverable: 'Jaarplan' };
    await amend({ channel, duty }, at('06-03T10:00'));
    const [mail] = await mailsAt(store, at('06-03T10:10'));
    expect(mail!.subject).toBe('Gegevens gewijzigd: jaarplan met begroting indienen bij Noord (di 1 okt)');
    expect(mail!.text!.replaceAll(' ==\n', ' ==\n\n').split('\n\n').slice(0, 3)).toEqual([
      '== Gegevens gewijzigd: jaarplan met begroting indienen bij Noord ==',
      'De gegevens zijn gewijzigd; de datum blijft dinsdag 1 oktober 2024.',
      [
        'Hoe: was per e-mail aan inkoop@verzekeraar.example, is nu via https://portaal.example',
        'Wie: was regio-organisatie, is nu regio-organisatie, huisartsenpraktijk',
        'Wat: was Jaarplan en begroting, is nu Jaarplan',
      ].join('\n'),
    ]);
    await amend({ ...MOVED, rule: { kind: 'fixed', on: '2024-10-01' }, boundary: 'before' }, at('06-03T12:00'), 2);
    const [second] = await mailsAt(store, at('06-03T12:10'));
    expect(second!.subject).toBe('Verschoven: jaarplan met begroting indienen bij Noord (was di 1 okt, nu ma 30 sep)');
    expect(second!.text).toContain('\nGeldt: was tot en met die dag, is nu vóór die dag\n');
  });

  it('tell in words of what has no day of its own', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const rule = {
      kind: 'offset' as const,
      from: { event: 'contract_received' as const },
      amount: 6,
      unit: 'week' as const,
      direction: 'after' as const,
    };
    const term = await store.write((tx) => addDeadline(tx, { activity: 'signing_term' }, { title: 'Ondertekenen na ontvangst', rule }));
    const none = { title: 'Gesprek', rule: { kind: 'event' as const, text: 'na de zomer' } };
    const talk = await store.write((tx) => addDeadline(tx, { activity: 'review_meeting' }, none));
    await addConfirmed(store, ro.id, CONFIRMED);
    const shorter = { ...MOVED, baseRevision: 1, reason: 'Nieuwe uitgave.', rule: { ...rule, amount: 4 } };
    await store.write((tx) => amendDeadline(tx, term.id, shorter, at('06-03T10:00')));
    expect(await subjectsAt(store, at('06-03T10:10'))).toEqual([
      'a@example.org: Verschoven: ondertekenen… bij Noord (nu 4 weken na ontvangst van de overeenkomst)',
    ]);
    await store.write((tx) => amendDeadline(tx, talk.id, { baseRevision: 1, reason: 'Anders.', channel: null }, at('06-03T11:00')));
    const [mail] = await mailsAt(store, at('06-03T11:10'));
    expect(mail!.subject).toBe('Gegevens gewijzigd: gesprek met Noord (zonder datum)');
    expect(mail!.text!.replaceAll(' ==\n', ' ==\n\n').split('\n\n').slice(0, 3)).toEqual([
      '== Gegevens gewijzigd: gesprek met Noord ==',
      'De gegevens zijn gewijzigd. Er is nog steeds geen datum bekend.',
      'Hoe: was per e-mail aan inkoop@verzekeraar.example, is nu niet ingevuld',
    ]);
  });

  it('say so when the new date has passed, and when it was done already', async () => {
    const store = await fresh();
    const { amend, deadline, ro } = await withReader(store);
    const done = { completedOn: '2024-06-01', by: 'A. de Vries', evidence: null };
    await store.write((tx) => complete(tx, ro.id, deadline.id, done, at('06-01T10:00')));
    await amend({ ...MOVED, rule: { kind: 'fixed', on: '2024-06-01' } }, at('06-03T10:00'));
    const [mail] = await mailsAt(store, at('06-03T10:10'));
    expect(mail!.text!.split('\n')[1]).toBe(
      'Was dinsdag 1 oktober 2024, is nu zaterdag 1 juni 2024. ' +
        'Let op: deze dag is al voorbij. Dit is al als gedaan gemeld. Controleer of dat nog klopt.',
    );
  });

  it('come ten minutes later also on the last safe day itself, when the reminder has left that could not wait', async () => {
    const store = await fresh();
    const { amend } = await withReader(store);
    await amend({ ...MOVED, rule: { kind: 'fixed', on: '2024-06-03' } }, at('06-03T23:55'));
    expect(await subjectsAt(store, at('06-03T23:55'))).toEqual([
      'a@example.org: Vandaag: jaarplan met begroting indienen bij Noord (uiterlijk ma 3 jun)',
    ]);
    expect(await subjectsAt(store, at('06-04T00:04'))).toEqual([]);
    const [mail, ...others] = await mailsAt(store, at('06-04T00:05'));
    expect(mail!.text).toContain('Was dinsdag 1 oktober 2024, is nu maandag 3 juni 2024. Let op: deze dag is al voorbij.');
    expect(others).toEqual([]);
  });

  it('tell of a withdrawal only who was reminded before', async () => {
    const store = await fresh();
    const { ro, deadline } = await withReader(store);
    await addConfirmed(store, ro.id, CONFIRMED, { email: 'late@example.org', leadDays: [3] });
    expect(await subjectsAt(store, at('08-20T07:30'))).toEqual([expect.stringMatching(/^a@example.org: Over 42 dagen/)]);
    await store.write((tx) => withdrawDeadline(tx, deadline.id, 'De verzekeraar vraagt dit niet meer.', at('08-21T10:00')));
    const mails = await mailsAt(store, at('08-21T10:10'));
    expect(mails.map((mail) => [mail.for, mail.subject])).toEqual([
      ['a@example.org', 'Vervallen: jaarplan met begroting indienen bij Noord (di 1 okt)'],
    ]);
    expect(mails[0]!.text!.replaceAll(' ==\n', ' ==\n\n').split('\n\n').slice(0, 3)).toEqual([
      '== Vervallen: jaarplan met begroting indienen bij Noord ==',
      'Deze deadline is vervallen. De datum was dinsdag 1 oktober 2024. U hoeft hiervoor niets meer te doen.',
      expect.stringMatching(/^Reden: De verzekeraar vraagt dit niet meer\.\nVoor: Regio Zuid\nContractjaar: 2025(\n|$)/),
    ]);
    expect(mails[0]!.text).not.toContain('/done/');
  });

  it('reach the RO for those it delivers for, whom it no longer concerns, and nobody else', async () => {
    const store = await fresh();
    const { amend, deadline, wsv, outsider } = await withReader(store);
    const mine = [{ insurer: 'noord', contractStatus: 'uncontracted' as const, preferred: false }];
    const uncontracted = await store.write((tx) => addOrganisation(tx, { name: 'Zonder contract', insurers: mine }));
    for (const [email, { id }] of [
      ['wsv@example.org', wsv],
      ['out@example.org', outsider],
      ['un@example.org', uncontracted],
    ] as const)
      await addConfirmed(store, id, CONFIRMED, { email });
    await amend({ duty: { ...deadline.duty, contractStatus: 'uncontracted' } }, at('06-03T10:00'));
    expect(await subjectsAt(store, at('06-03T10:10'))).toEqual([
      'a@example.org: Geldt niet meer voor u: jaarplan met begroting indienen bij Noord (di 1 okt)',
      'un@example.org: Nieuw: jaarplan met begroting indienen bij Noord (uiterlijk di 1 okt)',
      'wsv@example.org: Geldt niet meer voor u: jaarplan met begroting indienen bij Noord (di 1 okt)',
    ]);
  });

  it('are not for who confirmed later, who declined them, who muted the deadline; and wait for who is away', async () => {
    const store = await fresh();
    const { ro, amend, deadline } = await withReader(store);
    const declined = await addConfirmed(store, ro.id, CONFIRMED, { email: 'b@example.org' });
    await store.write((tx) => chooseKind(tx, declined.id, 'change', false, CONFIRMED));
    const muted = await addConfirmed(store, ro.id, CONFIRMED, { email: 'c@example.org' });
    await store.write((tx) => muteDeadline(tx, muted.id, deadline.id, CONFIRMED));
    const away = await addConfirmed(store, ro.id, CONFIRMED, { email: 'd@example.org' });
    await store.write((tx) => changeRecipient(tx, ro.id, away.id, { pausedUntil: '2024-06-10' }, CONFIRMED));
    await amend(MOVED, at('06-03T10:00'));
    await addConfirmed(store, ro.id, at('06-03T10:05'), { email: 'e@example.org' });
    const subject = 'Verschoven: jaarplan met begroting indienen bij Noord (was di 1 okt, nu di 8 okt)';
    expect(await subjectsAt(store, at('06-03T10:10'))).toEqual([`a@example.org: ${subject}`]);
    expect(await subjectsAt(store, at('06-10T07:29'))).toEqual([]);
    expect(await subjectsAt(store, at('06-10T07:30'))).toEqual([`d@example.org: ${subject}`]);
  });

  it('leave no mail with the old date after the change, and remind anew of the new one', async () => {
    const store = await fresh();
    const { amend } = await withReader(store);
    await planNow({ store }, at('09-17T06:00'));
    await amend(MOVED, at('09-17T07:00'));
    const [mail, ...others] = await mailsAt(store, at('09-17T07:30'));
    expect(mail!.subject).toBe('Over 21 dagen: jaarplan met begroting indienen bij Noord (uiterlijk di 8 okt) en 1 andere');
    expect(mail!.text).toContain('Was dinsdag 1 oktober 2024, is nu dinsdag 8 oktober 2024.');
    expect(others).toEqual([]);
    expect(await subjectsAt(store, at('09-24T07:30'))).toEqual([
      'a@example.org: Over 14 dagen: jaarplan met begroting indienen bij Noord (uiterlijk di 8 okt)',
    ]);
    expect((await remindersIn(store)).filter(([, , state]) => state !== 'cancelled')).toEqual([
      ['2024-10-08', 14, 'sent', null],
      ['2024-10-08', 42, 'sent', null],
    ]);
  });

  it('are made anew when the date moves again before a copy is known to have arrived, and never say what no longer holds', async () => {
    const store = await fresh();
    const { amend } = await withReader(store);
    const other = await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen' }));
    await amend(MOVED, at('06-03T10:00'));
    await store.write((tx) => amendDeadline(tx, other.id, { ...MOVED, baseRevision: 1, reason: 'Uitstel.' }, at('06-03T10:01')));
    await planNow({ store }, at('06-03T10:10'));
    const lost = {
      ...keepingMailer(),
      send: async (_: unknown, __: Buffer, { leaving }: { leaving?: () => Promise<void> } = {}) => {
        await leaving?.();
        throw new Error('the power went');
      },
    };
    await sendDue({ store, mailer: lost, settings: SETTINGS }, at('06-03T10:10')).catch(() => {});
    await amend({ ...MOVED, rule: { kind: 'fixed', on: '2024-10-15' } }, at('06-03T10:12'), 2);
    const subjects = [...(await subjectsAt(store, at('06-03T10:22'))), ...(await subjectsAt(store, at('06-03T11:30')))];
    expect(subjects).toEqual([
      'a@example.org: Verschoven: jaarplan met begroting indienen bij Noord (was di 1 okt, nu di 15 okt)',
      'a@example.org: Verschoven: verantwoording indienen bij Noord (was di 1 okt, nu di 8 okt)',
    ]);
  });

  it('tell nothing when a deadline moves and is withdrawn before anybody heard of it', async () => {
    const store = await fresh();
    const { amend, deadline } = await withReader(store);
    await amend(MOVED, at('06-03T10:00'));
    await planNow({ store }, at('06-03T10:01'));
    await store.write((tx) => withdrawDeadline(tx, deadline.id, 'Vervallen.', at('06-03T10:05')));
    expect(await subjectsAt(store, at('06-03T10:10'))).toEqual([]);
    expect(await subjectsAt(store, at('06-03T10:20'))).toEqual([]);
  });

  it('say nothing of a projected timeline when it is made, only when its days move', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await addConfirmed(store, ro.id, CONFIRMED);
    await store.write((tx) => projectTimelines(tx, 2024, at('06-03T10:00')));
    expect(await subjectsAt(store, at('06-03T10:10'))).toEqual([]);
    await store.write((tx) => addDeadline(tx, { contractYear: 2024 }, { rule: { kind: 'fixed', on: '2023-10-15' } }, at('06-03T12:00')));
    await store.write((tx) => projectTimelines(tx, 2024, at('06-04T04:30')));
    expect(await subjectsAt(store, at('06-04T04:40'))).toEqual([
      'a@example.org: Verschoven (verwacht): jaarplan 2025 met begroting… bij Noord (nu di 15 okt) en 1 andere',
    ]);
  });

  it('tell of what a newer registry revises, and nothing of what it holds when it is read first', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const identity = { id: '123e4567-e89b-42d3-a456-426614174000', ...identityOf() };
    const revision = (on: string, reason: string) => ({ reason, announcedOn: null, content: contentOf({ rule: { kind: 'fixed', on } }) });
    const first = [revision('2024-10-01', 'Eerste uitgave.'), revision('2024-10-03', 'Tweede uitgave.')];
    const registryOf = (revisions: typeof first) => ({
      insurers: [],
      documents: [],
      quotes: [],
      deadlines: [{ ...identity, checked: null, revisions }],
    });
    await addConfirmed(store, ro.id, CONFIRMED);
    await loadRegistry(store, registryOf(first), at('06-03T10:00'));
    expect(await subjectsAt(store, at('06-03T10:10'))).toEqual([]);
    const newer = registryOf([...first, revision('2024-10-07', 'Derde uitgave.'), revision('2024-10-09', 'Vierde uitgave.')]);
    for (let restart = 0; restart < 2; restart += 1) await loadRegistry(store, newer, at('06-04T10:00'));
    const [mail, ...others] = await mailsAt(store, at('06-04T10:10'));
    expect([mail!.subject, others]).toEqual(['Verschoven: jaarplan met begroting indienen bij Noord (was do 3 okt, nu wo 9 okt)', []]);
    expect(mail!.text).toContain('\nReden: Vierde uitgave.\n');
    expect(await subjectsAt(store, at('06-05T10:10'))).toEqual([]);
  });

  it('are queued a slice of organisations at a time, for each once, also by two processes at once', async () => {
    const store = await fresh();
    const { amend } = await withReader(store);
    await addReaders(store, 150);
    await amend(MOVED, at('06-03T10:00'));
    await Promise.all([announceChanges(store, at('06-03T10:01')), announceChanges(store, at('06-03T10:01'))]);
    expect(await announceChanges(store, at('06-03T10:02'))).toBe(0);
    const { messages } = store.read.tables;
    const queued = await store.read.select().from(messages).where(eq(messages.kind, 'change'));
    expect(new Set(queued.map(({ recipientId }) => recipientId)).size).toBe(151);
    expect(queued).toHaveLength(151);
  });

  it('go on after a kill where they were, and miss nobody', async () => {
    const store = await fresh();
    const { amend } = await withReader(store);
    await addReaders(store, 150);
    // Of the deadline itself, which nobody has to hear of any more.
    await announceChanges(store, CONFIRMED);
    await amend(MOVED, at('06-03T10:00'));
    let writes = 0;
    const dying: Store = {
      ...store,
      write: (work) =>
        store.write(async (tx) => {
          const result = await work(tx);
          // Dies before the second commit.
          if ((writes += 1) === 2) throw new Error('killed');
          return result;
        }),
    };
    await expect(announceChanges(dying, at('06-03T10:01'))).rejects.toThrow('killed');
    const { messages } = store.read.tables;
    const queued = async () =>
      (await store.read.select().from(messages).where(eq(messages.kind, 'change'))).map(({ recipientId }) => recipientId);
    const before = await queued();
    expect([before.length > 0, before.length < 151]).toEqual([true, true]);
    expect(await announceChanges(store, at('06-03T10:02'))).toBe(151 - before.length);
    expect(new Set(await queued()).size).toBe(151);
  });

  it('tell whose own term moved with the day of signing, in the same mail, and remind anew', async () => {
    const store = await fresh();
    const { ro, wsv, outsider } = await castIn(store);
    const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    const [signing] = await store.write(async (tx) => [
      await addDeadline(tx, { activity: 'signing' }, { title: 'Ondertekenen', duty, rule: { kind: 'fixed', on: '2024-12-31' } }),
      await addDeadline(tx, { activity: 'signing_term' }, { title: 'Ondertekenen na ontvangst', duty, rule: SIX_WEEKS }),
    ]);
    await store.write(async (tx) => {
      await recordOwnEvent(tx, wsv.id, { ...RECEIVED, occurredOn: '2024-11-04' }, CONFIRMED);
      await saveRelation(tx, outsider.id, 'noord', { contractStatus: 'uncontracted', preferred: false }, CONFIRMED);
      await recordOwnEvent(tx, outsider.id, { ...RECEIVED, occurredOn: '2024-11-04' }, CONFIRMED);
      await removeRelation(tx, outsider.id, 'noord', CONFIRMED);
    });
    for (const [email, { id }] of [
      ['ro@example.org', ro],
      ['wsv@example.org', wsv],
      ['out@example.org', outsider],
    ] as const)
      await addConfirmed(store, id, at('11-05T12:00'), { email, leadDays: [14, 0] });
    const move = (on: string, now: Date, baseRevision: number) =>
      store.write((tx) =>
        amendDeadline(tx, signing.id, { ...MOVED, rule: { kind: 'fixed', on }, baseRevision, reason: 'Vervroegd.' }, now),
      );
    await planNow({ store }, at('11-06T10:00'));
    await move('2024-11-29', at('11-06T10:00'), 1);
    const [toRo, toWsv, ...others] = await mailsAt(store, at('11-06T10:10'));
    expect(others).toEqual([]);
    expect([toRo!.for, toWsv!.for]).toEqual(['ro@example.org', 'wsv@example.org']);
    expect(toWsv!.subject).toBe('Verschoven: ondertekenen bij Noord (was di 31 dec, nu vr 29 nov) en 1 andere');
    for (const mail of [toRo!, toWsv!]) {
      expect(mail.text!.match(/^Was .*/gm)).toEqual(
        expect.arrayContaining([
          'Was dinsdag 31 december 2024, is nu vrijdag 29 november 2024.',
          'Was maandag 16 december 2024, is nu vrijdag 29 november 2024. Let op: er gelden twee termijnen.',
        ]),
      );
      expect(mail.text).toContain('\nReden: Mee verschoven met: Ondertekenen.\n');
      expect(mail.text).toContain('\nVoor: WSV De Wijk\n');
    }
    // Of its member's own term the RO cannot say that it is done.
    expect([toRo!, toWsv!].map((mail) => mail.text!.match(/\/done\//g)?.length)).toEqual([1, 2]);
    const { items } = await listMessages(store.read, wsv.id, { page: 1, pageSize: 10 });
    expect(items[0]!.deadlines.map(({ title, lastSafeOn }) => [title, lastSafeOn]).sort()).toEqual([
      ['Ondertekenen na ontvangst', '2024-11-29'],
      ['Ondertekenen', '2024-11-29'],
    ]);
    const reminded = await mailsAt(store, at('11-15T08:30'));
    expect(reminded.map((mail) => [mail.for, mail.text!.match(/^(==|--|Uiterlijk) .*?(==|--| 2024)/gm)!.sort()])).toEqual(
      ['ro@example.org', 'wsv@example.org'].map((email) => [
        email,
        [
          '== Ondertekenen bij Noord ==',
          '== Ondertekenen na ontvangst bij Noord ==',
          'Uiterlijk vrijdag 29 november 2024',
          'Uiterlijk vrijdag 29 november 2024',
        ],
      ]),
    );
    // Later than the term itself: then the term alone binds.
    await move('2025-01-31', at('11-18T10:00'), 2);
    const [, later] = await mailsAt(store, at('11-18T10:10'));
    expect(later!.text).toContain('\nWas vrijdag 29 november 2024, is nu maandag 16 december 2024.\n');
    // A day that binds nobody's term.
    await move('2025-01-30', at('11-19T10:00'), 3);
    const [, last] = await mailsAt(store, at('11-19T10:10'));
    expect(last!.subject).toBe('Verschoven: ondertekenen bij Noord (was vr 31 jan 2025, nu do 30 jan 2025)');
  });

  it('tell of an own term once: what was known before several changes and what holds after, nothing when that is the same', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const [signing, term] = await store.write(async (tx) => [
      await addDeadline(tx, { activity: 'signing' }, { title: 'Ondertekenen', rule: { kind: 'fixed', on: '2024-12-31' } }),
      await addDeadline(tx, { activity: 'signing_term' }, { title: 'Ondertekenen na ontvangst', rule: SIX_WEEKS }),
    ]);
    await store.write((tx) => recordOwnEvent(tx, ro.id, { ...RECEIVED, occurredOn: '2024-11-04' }, CONFIRMED));
    await addConfirmed(store, ro.id, at('11-05T12:00'), { leadDays: [0] });
    const sign = (on: string, now: Date, baseRevision: number) =>
      store.write((tx) =>
        amendDeadline(tx, signing.id, { ...MOVED, rule: { kind: 'fixed', on }, baseRevision, reason: 'Vervroegd.' }, now),
      );
    await sign('2024-12-06', at('11-06T10:00'), 1);
    await planNow({ store }, at('11-06T10:01'));
    const shorter = { ...MOVED, baseRevision: 1, reason: 'Nieuwe uitgave.', rule: { ...SIX_WEEKS, amount: 4 } };
    await store.write((tx) => amendDeadline(tx, term.id, shorter, at('11-06T10:05')));
    const [mail, ...others] = await mailsAt(store, at('11-06T10:10'));
    expect(others).toEqual([]);
    expect(mail!.text!.replaceAll(' ==\n', ' ==\n\n').split('\n\n').slice(0, 3)).toEqual([
      '== Verschoven: ondertekenen na ontvangst bij Noord ==',
      'Was maandag 16 december 2024, is nu maandag 2 december 2024.',
      'Reden: Nieuwe uitgave.\nVoor: Regio Zuid\nContractjaar: 2025',
    ]);
    // Its member, which has no contract yet, reads of the term in words.
    expect(mail!.text!.match(/^(Was .*|Voor: .*)$/gm)).toEqual([
      expect.stringContaining('is nu maandag 2 december 2024.'),
      'Voor: Regio Zuid',
      expect.stringContaining('is nu vrijdag 6 december 2024.'),
      'Voor: Regio Zuid',
      'Was 6 weken na ontvangst van de overeenkomst, is nu 4 weken na ontvangst van de overeenkomst.',
      'Voor: WSV De Wijk',
    ]);
    // There and back again.
    await sign('2024-11-29', at('11-07T10:00'), 2);
    await planNow({ store }, at('11-07T10:01'));
    await sign('2024-12-06', at('11-07T10:05'), 3);
    expect(await subjectsAt(store, at('11-07T10:10'))).toEqual([]);
    expect(await subjectsAt(store, at('11-07T10:20'))).toEqual([]);
  });

  it('tell of an own term from what its reader knew, also when a mail about it left and nobody knows whether it arrived', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const [signing] = await store.write(async (tx) => [
      await addDeadline(tx, { activity: 'signing' }, { title: 'Ondertekenen', rule: { kind: 'fixed', on: '2024-12-31' } }),
      await addDeadline(tx, { activity: 'signing_term' }, { title: 'Ondertekenen na ontvangst', rule: SIX_WEEKS }),
    ]);
    await store.write((tx) => recordOwnEvent(tx, ro.id, { ...RECEIVED, occurredOn: '2024-11-04' }, CONFIRMED));
    await addConfirmed(store, ro.id, at('11-05T12:00'), { leadDays: [0] });
    const sign = (on: string, now: Date, baseRevision: number) =>
      store.write((tx) =>
        amendDeadline(tx, signing.id, { ...MOVED, rule: { kind: 'fixed', on }, baseRevision, reason: 'Vervroegd.' }, now),
      );
    await sign('2024-12-06', at('11-06T10:00'), 1);
    await planNow({ store }, at('11-06T10:10'));
    const lost = {
      ...keepingMailer(),
      send: async (_: unknown, __: Buffer, { leaving }: { leaving?: () => Promise<void> } = {}) => {
        await leaving?.();
        throw new Error('the power went');
      },
    };
    await sendDue({ store, mailer: lost, settings: SETTINGS }, at('11-06T10:10')).catch(() => {});
    await sign('2024-11-29', at('11-06T10:12'), 2);
    const mails = [...(await mailsAt(store, at('11-06T10:22'))), ...(await mailsAt(store, at('11-06T11:30')))];
    expect(mails.flatMap((mail) => mail.text!.match(/(?<=na ontvangst bij Noord ==\n).*$/gm))).toEqual([
      'Was maandag 16 december 2024, is nu vrijdag 29 november 2024. Let op: er gelden twee termijnen.',
    ]);
    expect(mails.flatMap((mail) => mail.text!.match(/ 6 december/g) ?? [])).toEqual([]);
  });

  it('tell whose own term ends earlier since there is a day of signing, or no longer does since it was withdrawn', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, { activity: 'signing_term' }, { title: 'Ondertekenen na ontvangst', rule: SIX_WEEKS }));
    await store.write((tx) => recordOwnEvent(tx, ro.id, { ...RECEIVED, occurredOn: '2024-11-04' }, CONFIRMED));
    await addConfirmed(store, ro.id, at('11-05T12:00'), { leadDays: [100] });
    const signing = await store.write((tx) =>
      addDeadline(tx, { activity: 'signing' }, { title: 'Ondertekenen', rule: { kind: 'fixed', on: '2024-12-10' } }, at('11-06T10:00')),
    );
    const [news] = await mailsAt(store, at('11-06T10:10'));
    expect(news!.subject).toBe('Nieuw: ondertekenen bij Noord (uiterlijk di 10 dec) en 1 andere');
    expect(news!.text).toContain(
      '== Verschoven: ondertekenen na ontvangst bij Noord ==\nWas maandag 16 december 2024, is nu dinsdag 10 december 2024.',
    );
    await store.write((tx) => withdrawDeadline(tx, signing.id, 'Vervalt.', at('11-07T10:00')));
    const [mail] = await mailsAt(store, at('11-07T10:10'));
    expect(mail!.text).toContain('\nReden: De datum waar deze dag van afhing, is vervallen: Ondertekenen.\n');
    expect(mail!.subject).toBe('Vervallen: ondertekenen bij Noord (di 10 dec) en 1 andere');
    expect(mail!.text).toContain('\nWas dinsdag 10 december 2024, is nu maandag 16 december 2024.');
  });
});
