import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createFeed } from '../../db/feeds/feeds.ts';
import { complete } from '../../db/organisations/completions.ts';
import { addStep, completeStep } from '../../db/organisations/steps/steps.ts';
import { changeRecipient, listRecipients } from '../../db/recipients/recipients.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { queuePersonalMail } from '../../db/messages/personal-mails.ts';
import { askAddressChange } from '../../db/people/address-changes.ts';
import { beginEnrolment } from '../../db/people/enrolments.ts';
import { removeMember } from '../../db/people/erasure.ts';
import { inviteMember } from '../../db/people/invitations.ts';
import { listMembers } from '../../db/people/members.ts';
import { askSignIn } from '../../db/people/sign-ins.ts';
import { eraseOrganisation, eraseRecipient } from '../../db/recipients/erasure.ts';
import { queueMessage } from '../../db/messages/messages.ts';
import { tellOfActs } from '../../db/notices/acts.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import { takeAnswers } from '../../db/registry/purchasers/answers.ts';
import { makePurchaserLink } from '../../db/registry/purchasers/links.ts';
import { fileReport } from '../../db/registry/reports.ts';
import { recordBounce } from '../../db/sending/bounces.ts';
import type { EnrolmentChoices } from '../../db/schema/schema.ts';
import { and, eq, isNotNull } from '../../db/store/drizzle.ts';
import { digestsOf, deputyDoneSubject, signLink } from '../../db/store/secrets.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { watchErasures } from '../../jobs/removing/erasing.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { MailError, openMailer, type Mailer } from '../../jobs/transport/mailer.ts';
import { tellOperator } from '../../jobs/watch.ts';
import { appFor, EDITOR_KEY } from '../helpers/app.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { FIREFOX, memberOf } from '../helpers/people.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { tracesBelow, tracesIn } from '../helpers/traces.ts';

const { secret } = SETTINGS;
const settings = { ...SETTINGS, operator: 'beheer@inkoop.example' };
const WHO = 'wilhelmina.vos@praktijk-vos.example';
const DEPUTY = 'hendrik.haas@waarneming-haas.example';
const COLLEAGUE = 'anna@ro.example';
const WORDS = ['wilhelmina', 'praktijk-vos', 'hendrik', 'waarneming-haas'];
const SAID = (to: string) => `2.1.5 <${to}>: ${to.replace('@', '=40')} (user ${to.split('@')[0]!.toUpperCase()})`;

const folders: string[] = [];
const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function opened(url: string): Promise<{ store: Store; folder: string }> {
  const store = await openStore(url);
  stores.push(store);
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-mail-'));
  folders.push(folder);
  return { store, folder };
}

type Outcome = 'sent' | 'uncertain' | 'undeliverable' | 'transport';

/** Writes mails as files, and repeats in every answer to whom they went. */
function talkativeMailer(folder: string, outcome: (to: string) => Outcome = () => 'sent'): Mailer {
  const mailer = openMailer(`file:${folder}`);
  return {
    ...mailer,
    async send(envelope, raw, handover) {
      const { to } = envelope;
      const kind = outcome(to);
      if (kind === 'transport') throw new MailError({ kind, code: 421, response: `421 ${SAID(to)}` });
      if (kind === 'undeliverable') throw new MailError({ kind, code: 550, response: `550 5.1.1 ${SAID(to)} unknown` });
      await mailer.send(envelope, raw, handover);
      if (kind === 'uncertain') throw new MailError({ kind, code: null, response: `lost: ${SAID(to)}` });
      return { response: `250 ${SAID(to)}` };
    },
  };
}

/** Somebody whose address, and whose deputy's, stands wherever one can stand. */
async function everywhere(store: Store, folder: string) {
  const cast = await castIn(store);
  const { ro } = cast;
  const [plan, talk] = await store.write(async (tx) => [
    await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }),
    await addDeadline(tx, { activity: 'review_meeting' }, { rule: { kind: 'fixed', on: '2024-09-30' } }),
  ]);
  const send = (now: Date, outcome?: (to: string) => Outcome) =>
    sendDue({ store, mailer: talkativeMailer(folder, outcome), settings, chance: () => 0.5 }, now);
  const colleague = await addConfirmed(store, ro.id, at('09-02T11:00'), { email: COLLEAGUE });
  const who = await addConfirmed(store, ro.id, at('09-02T12:00'), { email: WHO, leadDays: [42, 28, 14, 3] });
  const { token } = await store.write((tx) => createFeed(tx, ro.id, { label: 'Kantoor' }, at('09-02T12:00')));
  const deputy = { email: DEPUTY, until: '2024-09-10' };
  await store.write((tx) => changeRecipient(tx, ro.id, who.id, { deputy }, at('09-02T12:10')));
  await send(at('09-02T12:11'));
  await store.write((tx) => confirmDeputy(tx, who.id, DEPUTY, at('09-02T12:12')));
  await planReminders(store, at('09-03T07:30'));
  await send(at('09-03T07:30'));
  const { app, call } = await appFor(store, { clock: () => MONDAY, secret });
  const done = deputyDoneSubject(who.id, talk.id, DEPUTY);
  expect((await call('POST', `/done/${signLink(secret, 'deputy_done', done)}`)).status).toBe(200);
  await planReminders(store, MONDAY);
  // Others are told what was done, in a mail that is kept as a file, and in one that waits.
  expect(await tellOfActs(store, MONDAY)).toBe(1);
  const { messages } = store.read.tables;
  // A copy of each mail may have arrived: its bytes are kept.
  await send(MONDAY, (to) => (to === WHO ? 'uncertain' : 'sent'));
  const [bounced] = await store.read
    .select()
    .from(messages)
    .where(and(eq(messages.recipientId, who.id), eq(messages.kind, 'welcome')));
  await store.write((tx) =>
    recordBounce(tx, bounced!.id, { isOurs: false, isGone: true, response: `5.1.1 ${SAID(WHO)}` }, at('09-16T07:40')),
  );
  await send(at('09-16T07:41'), (to) => (to === COLLEAGUE ? 'uncertain' : 'sent'));
  await store.write((tx) => complete(tx, ro.id, plan.id, { completedOn: '2024-09-16', by: WHO, evidence: null }, at('09-16T07:50')));
  await store.write(async (tx) => {
    const step = await addStep(tx, ro.id, { title: 'Concept', dueOn: '2024-09-20', deadlineId: null, ownerId: null }, at('09-16T07:51'));
    await completeStep(tx, ro.id, step.id, { completedOn: '2024-09-16', by: WHO }, at('09-16T07:51'));
  });
  expect(await tellOfActs(store, at('09-16T07:51'))).toBe(2);
  const report = {
    deadlineId: plan.id,
    revision: 1,
    language: 'nl',
    correct: null,
    proof: `Vraag ${DEPUTY.toUpperCase()}`,
    email: WHO,
  } as const;
  await store.write((tx) => fileReport(tx, { ...report, wrong: `Mail ${WHO}` }, 'caller', at('09-16T07:55')));
  await store.write(async (tx) => {
    const link = await makePurchaserLink(tx, 'noord', { by: 'person:x', now: at('09-16T07:55') });
    const said = { deadlineId: plan.id, revision: 1, wrong: `Vraag ${WHO} of ${DEPUTY}` };
    await takeAnswers(tx, link.id, [said], at('09-16T07:55'));
  });
  return { ...cast, app, call, colleague, who, token, send, plan: plan };
}

/** The address is dead, which others are told, as is who runs the service. */
async function buried(store: Store, { send, ro, who }: Awaited<ReturnType<typeof everywhere>>) {
  await store.write((tx) => changeRecipient(tx, ro.id, who.id, { deputy: null }, at('09-16T08:00')));
  await store.write((tx) => changeRecipient(tx, ro.id, who.id, { deputy: { email: DEPUTY, until: '2024-12-31' } }, at('09-16T08:00')));
  await send(at('09-16T08:01'), (to) => (to === DEPUTY ? 'undeliverable' : 'sent'));
  await store.write((tx) => queueMessage(tx, who, 'welcome', at('09-16T08:02')));
  await send(at('09-16T08:02'), (to) => (to === WHO ? 'undeliverable' : 'sent'));
  await send(at('09-16T08:03'));
  await tellOperator({ store, secret }, settings.operator, at('09-16T09:00'));
  await send(at('09-16T09:00'));
}

/** Everything that a database has on disk, or would be dumped of it. */
async function bytesOf(url: string): Promise<Buffer> {
  if (!url.startsWith('file:')) {
    const { stdout, status, stderr } = spawnSync('pg_dump', [url], { maxBuffer: 1e9 });
    expect([status, stderr.toString()]).toEqual([0, '']);
    return stdout;
  }
  const file = url.replace('file:', '');
  return Buffer.concat(
    ['', '-wal', '-shm', '-journal']
      .map((end) => file + end)
      .filter(existsSync)
      .map((name) => readFileSync(name)),
  );
}

/** Everything that can be asked. */
async function answersOf({ app, call, ro, token }: Awaited<ReturnType<typeof everywhere>>): Promise<string> {
  const bodies: string[] = [];
  for (const path of ['', '/messages?pageSize=100', '/recipients', '/deadlines?pageSize=100', '/feeds']) {
    const { status, body } = await call('GET', `organisations/${ro.id}${path}`, { key: ro.key });
    expect([path, status]).toEqual([path, 200]);
    bodies.push(JSON.stringify(body));
  }
  bodies.push(JSON.stringify((await call('GET', 'dead-letters', { key: EDITOR_KEY })).body));
  for (const url of [`/feeds/${token}.ics`, '/calendars/noord.ics', '/metrics', '/health/delivery'])
    bodies.push((await app.inject(url)).body);
  return bodies.join('\n');
}

onBothDialects('an erasure', (_, urlOf) => {
  it('leaves nothing of an address, or of its deputy’s, in the database, its log, the mails and the answers, but the digest', async () => {
    const url = await urlOf();
    const { store, folder } = await opened(url);
    const life = await everywhere(store, folder);
    await buried(store, life);
    const { ro, who, call, colleague } = life;
    const answers = await answersOf(life);
    const { deadAddresses, messages } = store.read.tables;
    expect(await store.read.$count(deadAddresses)).toBe(2);
    expect(await store.read.$count(messages, eq(messages.state, 'dead'))).toBe(2);
    expect(tracesIn(await bytesOf(url), WORDS)).toEqual([...WORDS].sort());
    expect(tracesIn(answers, WORDS)).toEqual([...WORDS].sort());
    expect(Object.keys(tracesBelow(folder, WORDS)).length).toBeGreaterThan(6);

    expect((await call('DELETE', `organisations/${ro.id}/recipients/${who.id}`, { key: ro.key })).status).toBe(204);
    expect(tracesIn(await answersOf(life), WORDS)).toEqual([]);
    const before = readdirSync(folder).length;
    expect(await watchErasures(store, { folder }).check(at('09-16T09:05'))).toBeGreaterThan(6);
    expect(readdirSync(folder).length).toBeLessThan(before);
    expect(tracesBelow(folder, WORDS)).toEqual({});
    expect(tracesIn(await bytesOf(url), WORDS)).toEqual([]);

    const { body } = await call('GET', `organisations/${ro.id}/messages?pageSize=100`, { key: ro.key });
    const digests = new Set(
      body.items
        .filter((one: { recipient: unknown }) => one.recipient === null)
        .flatMap((one: { sentToDigest: string | null }) => one.sentToDigest ?? []),
    );
    expect(digests).toEqual(new Set([WHO, DEPUTY].map((address) => digestsOf(secret, address).address)));
    const proof = body.items.find(
      (one: { kind: string; recipient: unknown; state: string }) =>
        one.kind === 'reminder' && one.recipient === null && one.state === 'sent',
    );
    expect(proof).toMatchObject({ state: 'sent', sentTo: null, attempts: [{ outcome: 'accepted', code: 250, response: null }] });
    // The others' mails are as they were.
    expect(body.items.some((one: { sentTo: unknown }) => one.sentTo === COLLEAGUE)).toBe(true);
    expect((await listRecipients(store.read, ro.id)).map(({ id }) => id)).toEqual([colleague.id]);
    expect((await call('GET', 'dead-letters', { key: EDITOR_KEY })).body.total).toBe(0);
    const agenda = await call('GET', `organisations/${ro.id}/deadlines?pageSize=100`, { key: ro.key });
    const sayers = agenda.body.items.flatMap((item: { completion: { by: string } | null }) => item.completion?.by ?? []);
    expect(sayers).toEqual(['een ontvanger die is verwijderd', 'een ontvanger die is verwijderd']);
  });

  it('lets what waits leave without the address: another mail takes the place of bytes that named it, and none is doubled', async () => {
    const url = await urlOf();
    const { store, folder } = await opened(url);
    const life = await everywhere(store, folder);
    const { ro, who, send } = life;
    const { messages } = store.read.tables;
    const frozen = await store.read.select().from(messages).where(isNotNull(messages.raw));
    expect(frozen.map(({ kind, sentTo, state }) => [kind, sentTo, state]).sort()).toEqual([
      ['partly_undeliverable', COLLEAGUE, 'sending'],
      ['reminder', WHO, 'sending'],
    ]);
    await store.write((tx) => eraseRecipient(tx, { organisationId: ro.id, id: who.id }, secret, at('09-16T08:00')));
    // Past every lease, and past the day.
    const results = await send(at('09-16T09:00'));
    expect(results.filter(({ kind }) => kind !== 'sent')).toEqual([]);
    // What the others hear the next day.
    expect((await send(at('09-17T07:30'))).map(({ kind }) => kind)).toEqual(['sent']);
    await watchErasures(store, { folder }).check(at('09-17T09:05'));
    expect(tracesBelow(folder, WORDS)).toEqual({});
    expect(tracesIn(await bytesOf(url), WORDS)).toEqual([]);
    const rows = await store.read.select().from(messages);
    expect(rows.filter(({ state }) => state === 'pending' || state === 'sending' || state === 'dead')).toEqual([]);
  });

  it.each<[string, Outcome, unknown[]]>([
    ['taken', 'sent', ['sent', null, 250]],
    ['of which no answer comes', 'uncertain', ['cancelled', 'recipient_removed', null]],
    ['to an address that proves to be none', 'undeliverable', ['cancelled', 'recipient_removed', 550]],
    ['that is not offered', 'transport', ['cancelled', 'recipient_removed', 421]],
  ])('records a mail that is under way: one %s, without the address', async (_, outcome, [state, reason, code]) => {
    const url = await urlOf();
    const { store, folder } = await opened(url);
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    const who = await addConfirmed(store, ro.id, at('09-02T12:00'), { email: WHO });
    await planReminders(store, MONDAY);
    const erase = () => store.write((tx) => eraseRecipient(tx, { organisationId: ro.id, id: who.id }, secret, MONDAY));
    const mailer = talkativeMailer(folder, () => outcome);
    await sendDue(
      {
        store,
        settings,
        mailer: {
          ...mailer,
          async send(envelope, raw, { leaving } = {}) {
            await leaving?.();
            await erase();
            return mailer.send(envelope, raw);
          },
        },
      },
      MONDAY,
    );
    const { attempts, messages } = store.read.tables;
    const [message] = await store.read.select().from(messages).where(eq(messages.kind, 'reminder'));
    const digest = digestsOf(secret, WHO).address;
    expect(message).toMatchObject({ state, reason, sentTo: null, sentToDigest: digest, raw: null, response: null, copies: 1 });
    const [attempt] = await store.read.select().from(attempts).where(eq(attempts.messageId, message!.id));
    expect(attempt).toMatchObject({ code, response: null });
    expect(await sendDue({ store, mailer, settings }, at('09-16T12:00'))).toEqual([]);
    await watchErasures(store, { folder }).check(MONDAY);
    expect(tracesBelow(folder, WORDS)).toEqual({});
    expect(tracesIn(await bytesOf(url), WORDS)).toEqual([]);
  });

  it('takes what is held, and has not left, back from its sender', async () => {
    const { store, folder } = await opened(await urlOf());
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    const who = await addConfirmed(store, ro.id, at('09-02T12:00'), { email: WHO });
    await planReminders(store, MONDAY);
    const mailer = talkativeMailer(folder);
    const send: Mailer['send'] = async (envelope, raw, handover) => {
      await store.write((tx) => eraseRecipient(tx, { organisationId: ro.id, id: who.id }, secret, MONDAY));
      return mailer.send(envelope, raw, handover);
    };
    expect(await sendDue({ store, settings, mailer: { ...mailer, send } }, MONDAY)).toMatchObject([{ kind: 'recalled' }]);
    expect(Object.keys(tracesBelow(folder, WORDS))).toEqual([expect.stringMatching(/\.eml\.part$/)]);
    expect(await watchErasures(store, { folder }).check(MONDAY)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes only a recipient’s own traces where others have its address too', async () => {
    const { store, folder } = await opened(await urlOf());
    const { ro, outsider } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    const who = await addConfirmed(store, ro.id, at('09-02T12:00'), { email: WHO });
    const other = await addConfirmed(store, outsider.id, at('09-02T12:00'), { email: WHO });
    const colleague = await addConfirmed(store, ro.id, at('09-02T12:00'), { email: COLLEAGUE });
    const deputy = { email: WHO, until: '2024-12-31' };
    await store.write((tx) => changeRecipient(tx, ro.id, colleague.id, { deputy }, at('09-02T12:30')));
    await sendDue({ store, settings, mailer: talkativeMailer(folder) }, at('09-02T14:00'));
    await store.write((tx) => eraseRecipient(tx, { organisationId: ro.id, id: who.id }, secret, MONDAY));
    await watchErasures(store, { folder }).check(MONDAY);
    const { messages } = store.read.tables;
    const rows = await store.read
      .select()
      .from(messages)
      .where(isNotNull(messages.messageId))
      .orderBy(messages.kind, messages.organisationId);
    const ours = rows.map(({ kind, recipientId, sentTo, subject }) => [kind, recipientId, sentTo, subject?.includes(COLLEAGUE)]);
    expect(ours).toContainEqual(['welcome', null, null, false]);
    expect(ours).toContainEqual(['welcome', other.id, WHO, false]);
    expect(ours).toContainEqual(['deputy_confirmation', colleague.id, WHO, true]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect((await listRecipients(store.read, ro.id))[0]).toMatchObject({ email: COLLEAGUE, deputyEmail: WHO });
  });

  it('takes it out of the mails of others, too, of whom it was the deputy once', async () => {
    const url = await urlOf();
    const { store, folder } = await opened(url);
    const { ro } = await castIn(store);
    const colleague = await addConfirmed(store, ro.id, at('09-02T12:00'), { email: COLLEAGUE });
    const who = await addConfirmed(store, ro.id, at('09-02T12:00'), { email: WHO });
    const appoint = (deputy: { email: string; until: string } | null, now: Date) =>
      store.write((tx) => changeRecipient(tx, ro.id, colleague.id, { deputy }, now));
    await appoint({ email: WHO, until: '2024-12-31' }, at('09-02T14:00'));
    const mailer = talkativeMailer(folder, (to) => (to === WHO ? 'undeliverable' : 'sent'));
    await sendDue({ store, settings, mailer }, at('09-02T14:01'));
    await sendDue({ store, settings, mailer }, at('09-02T14:02'));
    await appoint(null, at('09-02T15:00'));
    expect(Object.keys(tracesBelow(folder, WORDS))).toContainEqual(expect.stringContaining('-deputy_undeliverable-'));
    await store.write((tx) => eraseRecipient(tx, { organisationId: ro.id, id: who.id }, secret, at('09-02T15:01')));
    await watchErasures(store, { folder }).check(at('09-02T15:02'));
    expect(tracesBelow(folder, WORDS)).toEqual({});
    expect(tracesIn(await bytesOf(url), WORDS)).toEqual([]);
    expect((await listRecipients(store.read, ro.id)).map(({ email, status }) => [email, status])).toEqual([[COLLEAGUE, 'confirmed']]);
  });

  it('takes a member that belongs nowhere else out of mails, invitations, enrolments and what it said', async () => {
    const url = await urlOf();
    const { store, folder } = await opened(url);
    const { ro } = await castIn(store);
    const colleague = await memberOf(store, ro.id, COLLEAGUE, at('09-02T12:00'));
    const plan = await store.write((tx) => addDeadline(tx));
    const mailer = talkativeMailer(folder, (to) => (to === DEPUTY ? 'undeliverable' : 'sent'));
    const send = (now: Date) => sendDue({ store, settings, mailer }, now);
    await store.write((tx) =>
      inviteMember(tx, ro.id, { email: WHO, role: 'reader', invitedById: colleague.id }, secret, at('09-02T12:01')),
    );
    const who = await memberOf(store, ro.id, WHO, at('09-02T12:02'), 'reader');
    const ask = (now: Date) => store.write((tx) => askSignIn(tx, { email: WHO, language: 'nl', browser: FIREFOX }, secret, now));
    await ask(at('09-02T12:03'));
    await store.write((tx) => askAddressChange(tx, who.id, DEPUTY, at('09-02T12:04')));
    await send(at('09-02T12:05'));
    const choices: EnrolmentChoices = {
      name: 'Elders',
      language: 'nl',
      roles: ['ro'],
      insurers: [],
      email: WHO,
      leadDays: [3],
      digest: 'daily',
    };
    const call = { signUp: 'open', caller: 'x', invitation: null } as const;
    await store.write((tx) => beginEnrolment(tx, choices, call, secret, at('09-02T12:06')));
    // What waits: a request that names the address, a sign-in, an enrolment.
    await store.write((tx) =>
      queuePersonalMail(
        tx,
        { kind: 'access_request', to: COLLEAGUE, language: 'nl', organisation: 'Regio Zuid', email: WHO },
        at('09-02T12:07'),
      ),
    );
    await ask(at('09-02T12:08'));
    await store.write((tx) => complete(tx, ro.id, plan.id, { completedOn: '2024-09-02', by: WHO, evidence: null }, at('09-02T12:09')));
    expect(tracesIn(await bytesOf(url), WORDS)).toEqual([...WORDS].sort());
    expect(Object.keys(tracesBelow(folder, WORDS)).length).toBeGreaterThan(2);

    const member = { organisationId: ro.id, personId: who.id, keepsManager: true };
    await store.write((tx) => removeMember(tx, member, secret, at('09-02T12:10')));
    await send(at('09-02T12:11'));
    await watchErasures(store, { folder }).check(at('09-02T12:12'));
    expect(tracesBelow(folder, WORDS)).toEqual({});
    expect(tracesIn(await bytesOf(url), WORDS)).toEqual([]);
    expect((await listMembers(store.read, ro.id)).map(({ email }) => email)).toEqual([COLLEAGUE]);
  });

  it('takes an organisation’s people out of all that it does not take with it', async () => {
    const url = await urlOf();
    const { store, folder } = await opened(url);
    const life = await everywhere(store, folder);
    await buried(store, life);
    const { ro, call } = life;
    expect((await call('DELETE', `organisations/${ro.id}`, { key: ro.key })).status).toBe(204);
    await watchErasures(store, { folder }).check(at('09-16T09:05'));
    expect(tracesBelow(folder, [...WORDS, COLLEAGUE])).toEqual({});
    expect(tracesIn(await bytesOf(url), [...WORDS, COLLEAGUE])).toEqual([]);
    await expect(store.write((tx) => eraseOrganisation(tx, ro.id, secret, MONDAY))).rejects.toThrow('No such organisation.');
  });
});
