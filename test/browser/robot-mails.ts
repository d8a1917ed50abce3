/** Half a year of an RO in which every kind of mail leaves, each for what people do. */
import { beginEnrolment, confirmEnrolment } from '../../db/people/enrolments.ts';
import { askAddressChange, confirmAddressChange } from '../../db/people/address-changes.ts';
import { addEditor } from '../../db/people/editors.ts';
import { inviteMember } from '../../db/people/invitations.ts';
import { askSignIn } from '../../db/people/sign-ins.ts';
import { complete } from '../../db/organisations/completions.ts';
import { addStep, completeStep } from '../../db/organisations/steps/steps.ts';
import { amendDeadline } from '../../db/registry/amending.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { addRecipient, changeRecipient, confirmRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import { sendTrial } from '../../db/recipients/trials.ts';
import { markUndeliverable } from '../../db/recipients/undeliverable.ts';
import type { EnrolmentChoices } from '../../db/schema/schema.ts';
import type { Store, WriteDb } from '../../db/store/store.ts';
import { tellEditors } from '../../jobs/work-mails.ts';
import { importBounces } from '../../jobs/sending/bounces.ts';
import { envelopeSender } from '../../jobs/sending/return-path.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { linkIn, mailsAt, type FoundMail } from '../helpers/mailbox.ts';
import { FIREFOX, memberOf } from '../helpers/people.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { postfix } from '../helpers/reports.ts';

const { secret } = SETTINGS;
const BEFORE = at('05-01T12:00');
const INPUT = { leadDays: [42, 14, 3, 0], digest: 'daily' as const };
const BOUNCES = { ...SETTINGS, bounceAddress: 'bounces@inkoop.example' };
const SIGN = { actors: ['provider' as const, 'ro' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
const GONE = '550 5.1.1 no such user';

/** The last moment, at which the robot comes by: a Friday, while every code and every link still holds. */
export const END = at('09-20T12:00');

/** Lives it, and gives every mail that left. */
export async function liveUntilEnd(store: Store): Promise<FoundMail[]> {
  const mails: FoundMail[] = [];
  const arrive = async (now: Date) => {
    const fresh = await mailsAt(store, now);
    mails.push(...fresh);
    return fresh;
  };
  const { ro, wsv } = await castIn(store);
  const plan = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  const signing = { title: 'Zorgovereenkomst ondertekenen', duty: SIGN };
  await store.write((tx) => addDeadline(tx, { activity: 'signing' }, { ...signing, rule: { kind: 'fixed', on: '2024-09-19' } }));
  const later = await store.write((tx) =>
    addDeadline(
      tx,
      { activity: 'contract_request' },
      { title: 'Contract aanvragen', duty: SIGN, rule: { kind: 'fixed', on: '2024-12-02' } },
    ),
  );
  // The second of them hears of what others left undone: of nothing else on that day.
  for (const [name, leadDays] of [
    ['a', INPUT.leadDays],
    ['b', [365]],
    ['c', INPUT.leadDays],
  ] as const)
    await addConfirmed(store, ro.id, BEFORE, { email: `${name}@ro.example`, leadDays: [...leadDays] });
  const withDeputy = await addConfirmed(store, ro.id, BEFORE, { email: 'd@ro.example' });
  const last = await addConfirmed(store, wsv.id, BEFORE, { email: 'last@wsv.example' });

  // Of which a is reminded on Monday the sixteenth; the others hear two days after that it is done.
  const [owner] = await recipientsOf(store, ['a@ro.example']);
  const own = { title: 'Begroting naar bestuur', dueOn: '2024-09-19', deadlineId: null, ownerId: owner!.id };
  const step = await store.write((tx) => addStep(tx, ro.id, own, BEFORE));

  await appoint(store, ro.id, withDeputy.id, 'ward@ro.example', at('08-21T12:00'));
  await arrive(at('08-21T12:00'));
  await store.write((tx) => confirmDeputy(tx, withDeputy.id, 'ward@ro.example', at('08-21T13:00')));
  await arrive(MONDAY);
  await arrive(at('09-17T12:00'));

  const [a, b] = await recipientsOf(store, ['a@ro.example', 'b@ro.example']);
  const said = { completedOn: '2024-09-17', by: b!.email, evidence: null };
  const byLink = { way: 'link' as const, recipientId: b!.id };
  await store.write((tx) => complete(tx, ro.id, later.id, said, at('09-17T13:00'), byLink));
  const byOwner = { way: 'link' as const, recipientId: a!.id };
  await store.write((tx) => completeStep(tx, ro.id, step.id, { ...said, by: a!.email }, at('09-17T13:00'), byOwner));
  await arrive(at('09-18T12:00'));
  const sources = [{ document: 'Brief', section: null, quote: 'uiterlijk 8 oktober 2024', url: null }];
  const amendment = { baseRevision: 1, reason: 'Een week uitstel.', announcedOn: '2024-09-18', sources };
  await store.write((tx) => amendDeadline(tx, plan.id, { ...amendment, rule: { kind: 'fixed', on: '2024-10-08' } }, at('09-18T13:00')));
  await arrive(at('09-19T12:00'));

  await importBounces(store, Buffer.from(await returnedFrom(store, a!.id)), { secret }, END);
  await store.write((tx) => sendTrial(tx, ro.id, a!.id, END));
  await store.write((tx) => unsubscribeRecipient(tx, last.id, END));
  await store.write((tx) => markUndeliverable(tx, 'c@ro.example', GONE, END));
  const fresh = await store.write((tx) => addRecipient(tx, ro.id, { ...INPUT, email: 'new@ro.example' }, END));
  await store.write((tx) => confirmRecipient(tx, fresh.id, END));
  await store.write((tx) => addRecipient(tx, ro.id, { ...INPUT, email: 'asked@ro.example' }, END));
  await appoint(store, ro.id, a!.id, 'lost@ro.example', END);
  await store.write((tx) => markUndeliverable(tx, 'lost@ro.example', GONE, END));
  await appoint(store, ro.id, b!.id, 'asked-deputy@ro.example', END);
  await liveAsPeople(store, ro.id, arrive);
  await store.write((tx) => addEditor(tx, { email: 'ed@redactie.example', label: 'Redactie, Ed', language: 'nl' }, END));
  await tellEditors(store, END);
  await arrive(END);
  return mails;
}

/** What people do who have, or ask for, an account. */
async function liveAsPeople(store: Store, roId: string, arrive: (now: Date) => Promise<FoundMail[]>): Promise<void> {
  const anna = await memberOf(store, roId, 'anna@ro.example', END);
  const bert = await memberOf(store, roId, 'bert@ro.example', END);
  const ask = (email: string) => store.write((tx) => askSignIn(tx, { email, language: 'nl', browser: FIREFOX }, secret, END));
  const enrol = (email: string, name: string) =>
    store.write((tx) =>
      beginEnrolment(tx, { ...CHOICES, email, name }, { signUp: 'open', caller: '192.0.2.1', invitation: null }, secret, END),
    );
  const linkTo = (mails: FoundMail[], address: string, path: string) =>
    linkIn(
      mails.find((mail) => mail.for === address && mail.text!.includes(`/${path}/`))!,
      path,
    )
      .split('/')
      .at(-1)!;

  await enrol('vera@ro.example', 'Regio Zuid');
  await store.write((tx) => askAddressChange(tx, bert.id, 'bert@nieuw.example', END));
  const mails = await arrive(END);
  await store.write((tx) => confirmEnrolment(tx, linkTo(mails, 'vera@ro.example', 'aanmelden'), 'ask_managers', END));
  for (const address of ['bert@ro.example', 'bert@nieuw.example'])
    await store.write((tx) => confirmAddressChange(tx, linkTo(mails, address, 'adres'), END));

  await ask('anna@ro.example');
  await ask('nobody@ro.example');
  await enrol('wim@linde.example', 'Praktijk De Linde');
  await enrol('else@ro.example', 'Regio Zuid');
  const invitation = { email: 'carla@ro.example', role: 'reader' as const, invitedById: anna.id };
  await store.write((tx) => inviteMember(tx, roId, invitation, secret, END));
  await store.write((tx) => askAddressChange(tx, anna.id, 'anna@nieuw.example', END));
  await arrive(END);
}

const CHOICES: Omit<EnrolmentChoices, 'email' | 'name'> = {
  language: 'nl',
  roles: ['practice'],
  insurers: [{ insurer: 'noord', contractStatus: 'contracted', preferred: true }],
  leadDays: [30, 7],
  digest: 'weekly',
};

async function appoint(store: Store, organisationId: string, id: string, email: string, now: Date): Promise<void> {
  await store.write((tx: WriteDb) => changeRecipient(tx, organisationId, id, { deputy: { email, until: '2024-12-31' } }, now));
}

async function recipientsOf(store: Store, emails: readonly string[]) {
  const all = await store.read.select().from(store.read.tables.recipients);
  return emails.map((email) => all.find((one) => one.email === email));
}

/** What a mail server writes of the last reminder that a recipient got: that an address behind its own is no more. */
async function returnedFrom(store: Store, recipientId: string): Promise<string> {
  const all = await store.read.select().from(store.read.tables.messages);
  const { id } = all.findLast((one) => one.recipientId === recipientId && one.kind === 'reminder' && one.state === 'sent')!;
  return postfix({ to: envelopeSender(BOUNCES, id), recipient: 'jan@huisarts.example', status: '5.1.1', said: GONE });
}
