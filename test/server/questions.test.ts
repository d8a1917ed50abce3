/** What pages and the API say of a mail that they promise, held against what then leaves; and the page that ends an organisation's questions. */
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { releaseAddress } from '../../db/recipients/declines.ts';
import { confirmRecipient, getRecipient, removeRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import { deputySubject, digestsOf, signLink, type LinkPurpose } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { noteDead, noteDecline } from '../../db/messages/unaskable.ts';
import { MailError, type Mailer } from '../../jobs/transport/handover.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { appFor, EDITOR_KEY } from '../helpers/app.ts';
import { addDeadline, addOrganisation, castIn } from '../helpers/cast.ts';
import { openService } from '../helpers/days.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { linkIn, mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const { secret } = SETTINGS;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const START = at('06-03T09:00');
const later = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const DAYS = 3 * 24 * 60;
const EMAIL = 'a@example.org';
const DEPUTY = { email: 'ward@example.org', until: '2024-12-31' };
const ASKED = 'Bevestig uw adres voor de Inkoopkalender';
const DEPUTY_ASKED = 'Wilt u de mails van a@example.org overnemen?';
const LEAVES = 'It leaves when the limit allows: an address gets at most one such mail an hour and three a day, whoever asks.';

/** A service with an organisation and somebody's hand on everything. */
async function world(store: Store) {
  const { ro, wsv, outsider } = await castIn(store);
  let now = START;
  const { call } = await appFor(store, { secret, clock: () => now });
  const path = `organisations/${ro.id}/recipients`;
  const api = async (method: string, at: string, body?: object) => (await call(method, at, { key: ro.key, body })).body;
  const linkTo = (purpose: LinkPurpose, subject: string, page: string = purpose) => `/${page}/${signLink(secret, purpose, subject)}`;
  return {
    ro,
    wsv,
    outsider,
    path,
    call,
    api,
    linkTo,
    setClock: (moment: Date) => void (now = moment),
    add: (body: object = {}) => api('POST', path, { email: EMAIL, ...body }),
    press: async (link: string) => ((await call('POST', link, { headers: FORM, body: '' })).body as string).replaceAll(/\s+/g, ' '),
    confirmed: () => addConfirmed(store, ro.id, START, { email: EMAIL }),
    service: await openService(store),
    /** Uses up what an address may be asked in a day. */
    exhaust: async (email: string) => {
      for (let n = 0; n < 3; n += 1) {
        const { id, key } = await store.write((tx) => addOrganisation(tx, { name: `Ander ${n}` }));
        await call('POST', `organisations/${id}/recipients`, { key, body: { email } });
      }
      const mailer = keepingMailer();
      for (let n = 0; n < 3; n += 1) await sendDue({ store, mailer, settings: SETTINGS }, later(n * 60 + n));
      expect(mailer.taken).toHaveLength(3);
    },
  };
}

/** A mail server that does not know one address. */
function notKnowing(email: string): Mailer {
  const kept = keepingMailer();
  const gone = new MailError({ kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' });
  return {
    ...kept,
    send: (envelope, raw, handover) => (envelope.to === email ? Promise.reject(gone) : kept.send(envelope, raw, handover)),
  };
}

type World = Awaited<ReturnType<typeof world>>;

/** An act that promises a mail, or says that none comes: what the answer says, and the mails of the three days after it. */
type Case = [act: string, (world: World, store: Store) => Promise<string>, said: string, mails: string[]];

const CASES: Case[] = [
  ['adding a recipient', async ({ add }) => (await add()).question, LEAVES, [`${EMAIL}: ${ASKED}`]],
  [
    'adding a recipient whose mailbox was asked three times today',
    async ({ add, exhaust, setClock }) => {
      await exhaust('A+x@Example.org');
      setClock(later(200));
      return (await add()).question;
    },
    LEAVES,
    [`${EMAIL}: ${ASKED}`],
  ],
  [
    'adding a recipient that is dead',
    async ({ add }, store) => {
      await store.write((tx) => noteDead(tx, digestsOf(secret, EMAIL), '550 5.1.1 No such user', START));
      const { status, question } = await add();
      return `${status}: ${question}`;
    },
    'undeliverable: No mail leaves: the mail server says that there is no such address.',
    [],
  ],
  [
    'adding a recipient that wants no questions of this organisation',
    async ({ add, ro }, store) => {
      await store.write((tx) => noteDecline(tx, { organisationId: ro.id, mailbox: digestsOf(secret, EMAIL).mailbox }, START));
      const { status, question } = await add();
      return `${status}: ${question}`;
    },
    'declined: No mail leaves: whoever has this address wants no more of these questions from the organisation',
    [],
  ],
  [
    'appointing a deputy, twice the same',
    async ({ confirmed, api, path }) => {
      const { id } = await confirmed();
      await api('PATCH', `${path}/${id}`, { deputy: DEPUTY });
      return (await api('PATCH', `${path}/${id}`, { deputy: DEPUTY })).deputy.question;
    },
    LEAVES,
    [`${DEPUTY.email}: ${DEPUTY_ASKED}`],
  ],
  [
    'appointing a deputy, taking that back and appointing it again right after it was asked',
    async ({ confirmed, api, path }, store) => {
      const { id } = await confirmed();
      await api('PATCH', `${path}/${id}`, { deputy: DEPUTY });
      await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, START);
      await api('PATCH', `${path}/${id}`, { deputy: null });
      return (await api('PATCH', `${path}/${id}`, { deputy: DEPUTY })).deputy.question;
    },
    LEAVES,
    [`${DEPUTY.email}: ${DEPUTY_ASKED}`],
  ],
  [
    'appointing a deputy for who gets no mail itself',
    async ({ confirmed, api, path }, store) => {
      const { id } = await confirmed();
      await store.write((tx) => unsubscribeRecipient(tx, id, START));
      return (await api('PATCH', `${path}/${id}`, { deputy: DEPUTY })).deputy.question;
    },
    'No mail leaves while the recipient gets none itself.',
    [],
  ],
  [
    'coming back within the hour after confirming and leaving',
    async ({ add, press, linkTo }, store) => {
      const { id } = await add();
      await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, START);
      await store.write((tx) => confirmRecipient(tx, id, START));
      await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, START);
      await press(linkTo('unsubscribe', id));
      return press(linkTo('unsubscribe', id, 'resubscribe'));
    },
    `Wij sturen een mail naar ${EMAIL}, zodra dat mag. Een adres krijgt hoogstens één zo’n mail per uur en drie per dag.`,
    [`${EMAIL}: ${ASKED}`],
  ],
  [
    'asking again for a question that got lost',
    async ({ add, press, linkTo }, store) => {
      const { id } = await add();
      await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, START);
      await press(linkTo('unsubscribe', id, 'resubscribe'));
      return press(linkTo('unsubscribe', id, 'resubscribe'));
    },
    `Wij sturen een mail naar ${EMAIL}, zodra dat mag. Een adres krijgt hoogstens één zo’n mail per uur en drie per dag.`,
    [`${EMAIL}: ${ASKED}`],
  ],
  [
    'coming back to an address that is dead by now',
    async ({ add, press, linkTo }, store) => {
      const { id } = await add();
      await press(linkTo('unsubscribe', id));
      await store.write((tx) => noteDead(tx, digestsOf(secret, EMAIL), '550 5.1.1 No such user', START));
      return press(linkTo('unsubscribe', id, 'resubscribe'));
    },
    'Mail aan dit adres komt niet aan',
    [],
  ],
  [
    'coming back to an organisation whose questions were declined',
    async ({ ro, add, press, linkTo }, store) => {
      const { id } = await add();
      await press(linkTo('unsubscribe', id));
      await store.write((tx) => noteDecline(tx, { organisationId: ro.id, mailbox: digestsOf(secret, EMAIL).mailbox }, START));
      return press(linkTo('unsubscribe', id, 'resubscribe'));
    },
    'Daarom sturen wij geen mail. Wilt u toch mails? Open dan in een eerdere mail met die vraag de link ‘Vraag mij dit niet meer’.',
    [],
  ],
  [
    'letting an organisation ask again',
    async ({ add, press }, store) => {
      await add();
      const [question] = await mailsAt(store, START);
      const decline = linkIn(question!, 'decline');
      await press(decline);
      return press(decline.replace('/decline/', '/allow/'));
    },
    'Dan sturen wij u die mail opnieuw, zodra dat mag. Een adres krijgt hoogstens één zo’n mail per uur en drie per dag.',
    [`${EMAIL}: ${ASKED}`],
  ],
  [
    'confirming',
    async ({ add, press, linkTo }) => press(linkTo('confirm', (await add()).id)),
    'Wij sturen herinneringen voor Regio Zuid naar a@example.org.',
    [`${EMAIL}: U krijgt herinneringen voor Regio Zuid`],
  ],
  [
    'confirming during a pause',
    async ({ add, press, linkTo }) => press(linkTo('confirm', (await add({ pausedUntil: '2024-07-01' })).id)),
    'De herinneringen staan nu stil: u krijgt ze vanaf 1 juli 2024.',
    [`${EMAIL}: U krijgt herinneringen voor Regio Zuid`],
  ],
  [
    'sending on a question that was given up',
    async ({ add, call }, store) => {
      await add();
      await sendDue({ store, mailer: notKnowing(EMAIL), settings: SETTINGS }, START);
      const { body } = await call('GET', 'dead-letters', { key: EDITOR_KEY });
      return String((await call('PUT', `dead-letters/${body.items[0].id}/redrive`, { key: EDITOR_KEY })).status);
    },
    '200',
    [`${EMAIL}: ${ASKED}`],
  ],
  [
    'sending on a question to a deputy that was given up',
    async ({ confirmed, api, path, call }, store) => {
      const { id } = await confirmed();
      await api('PATCH', `${path}/${id}`, { deputy: DEPUTY });
      await sendDue({ store, mailer: notKnowing(DEPUTY.email), settings: SETTINGS }, START);
      await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, START);
      const { body } = await call('GET', 'dead-letters', { key: EDITOR_KEY });
      return String((await call('PUT', `dead-letters/${body.items[0].id}/redrive`, { key: EDITOR_KEY })).status);
    },
    '200',
    [`${DEPUTY.email}: ${DEPUTY_ASKED}`],
  ],
  [
    'releasing an address that was given up',
    async ({ add }, store) => {
      await store.write((tx) => noteDead(tx, digestsOf(secret, EMAIL), '550 5.1.1 No such user', START));
      await add();
      await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, START);
      return String(await store.write((tx) => releaseAddress(tx, EMAIL, secret, START)));
    },
    '1',
    [`${EMAIL}: ${ASKED}`],
  ],
];

onBothDialects('an act that promises a mail', (fresh) => {
  it.each(CASES)('%s: exactly what the answer says arrives in the three days that follow', async (_, act, said, mails) => {
    const store = await fresh();
    const place = await world(store);
    expect(await act(place, store)).toContain(said);
    const arrived = await place.service.run(START, later(DAYS), 30);
    const subjects = await Promise.all(arrived.map(async ({ to, raw }) => `${to}: ${(await PostalMime.parse(raw)).subject}`));
    expect(subjects).toEqual(mails);
  });
});

onBothDialects('pages', (fresh) => {
  it('say of nobody who did not confirm that it gets mails', async () => {
    const store = await fresh();
    const { ro, add, call, press, linkTo, api, path } = await world(store);
    const deadline = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    const { id } = await add({ deputy: DEPUTY });
    const read = async (link: string) => (await call('GET', link)).body as string;
    const out = linkTo('unsubscribe', id);
    const mute = linkTo('mute', `${id}:${deadline.id}`);
    const deputy = linkTo('deputy', deputySubject(id, DEPUTY.email));
    const waiting = await read(out);
    expect(waiting).toContain('a@example.org krijgt nog geen mails voor Regio Zuid: het adres is niet bevestigd.');
    expect(waiting).toContain(`action="/resubscribe/`);
    expect(waiting).toContain('Meld mij af voor alle mails');
    expect(await read(mute)).toContain('a@example.org krijgt nu geen enkele mail voor Regio Zuid.');
    expect(await press(mute.replace('/mute/', '/unmute/'))).toContain('Maar a@example.org krijgt nu geen enkele mail voor Regio Zuid.');
    expect(await press(deputy)).toContain('Dat begint zodra a@example.org zelf heeft bevestigd.');
    await press(out);
    expect(await press(deputy)).toContain('a@example.org krijgt zelf geen mails meer voor Regio Zuid.');
    // Confirmed, all of them say what is so.
    await api('POST', path, { email: EMAIL, deputy: { ...DEPUTY, until: '2024-06-03' } });
    await press(linkTo('confirm', id));
    expect(await read(out)).toContain('a@example.org krijgt mails van de Inkoopkalender voor Regio Zuid.');
    expect(await read(mute)).toContain('a@example.org krijgt hierover mails voor Regio Zuid.');
    expect(await press(deputy)).toContain('De mails voor a@example.org gaan tot en met 3 juni 2024 naar ward@example.org.');
    expect((await getRecipient(store.read, id)).organisationId).toBe(ro.id);
  });

  it('let no deputy say yes after its last day', async () => {
    const store = await fresh();
    const { confirmed, api, path, press, linkTo, setClock } = await world(store);
    const { id } = await confirmed();
    await api('PATCH', `${path}/${id}`, { deputy: { ...DEPUTY, until: '2024-06-03' } });
    setClock(at('06-04T09:00'));
    expect(await press(linkTo('deputy', deputySubject(id, DEPUTY.email)))).toContain('U bent geen vervanger van a@example.org meer.');
  });

  it('end the questions of one organisation by a button, also when the recipient is gone, and looking changes nothing', async () => {
    const store = await fresh();
    const { ro, add, call, press, outsider, api, path } = await world(store);
    const { id } = await add({ language: 'en' });
    const [question] = await mailsAt(store, START);
    const decline = linkIn(question!, 'decline');
    await store.write((tx) => removeRecipient(tx, ro.id, id, START));
    const { declines } = store.read.tables;
    for (const method of ['GET', 'HEAD', 'GET']) {
      const { status, headers } = await call(method, decline);
      expect([status, headers['cache-control'], headers['x-robots-tag']]).toEqual([200, 'no-store', 'noindex']);
    }
    expect((await call('GET', decline)).body).toContain(
      '<button type="submit" class="button primary">Yes, do not ask me this any more</button>',
    );
    expect(await store.read.$count(declines)).toBe(0);
    const done = await press(decline);
    expect(done).toContain('Regio Zuid can no longer ask you by mail');
    expect(await press(decline)).toBe(done);
    expect(((await call('GET', decline)).body as string).replaceAll(/\s+/g, ' ')).toBe(done);
    expect((await call('GET', decline.replace('/decline/', '/allow/'))).headers['location']).toBe(decline);
    // Who declined is on record by its digest alone.
    expect(JSON.stringify(await store.read.select().from(declines))).not.toContain('example.org');
    expect((await add()).status).toBe('declined');
    expect((await api('GET', path)).items[0].status).toBe('declined');
    const elsewhere = { key: outsider.key, body: { email: EMAIL } };
    expect((await call('POST', `organisations/${outsider.id}/recipients`, elsewhere)).body.status).toBe('pending');
    // Its own yes, by the mail that it has, counts for more.
    const [item] = (await api('GET', path)).items;
    expect(await press(`/confirm/${signLink(secret, 'confirm', item.id)}`)).toContain('Uw adres is bevestigd');
    expect(await store.read.$count(declines)).toBe(0);
  });

  it('end nothing by a link that is wrong, of another kind, or of an organisation that is gone', async () => {
    const store = await fresh();
    const { ro, add, call, linkTo } = await world(store);
    const { id } = await add();
    const [question] = await mailsAt(store, START);
    const right = linkIn(question!, 'decline');
    const wrong = [
      `${right}x`,
      right.replace(ro.id, id),
      right.replace(':nl.', ':en.'),
      linkTo('confirm', id, 'decline'),
      linkTo('decline', `${id}:mailbox:nl`),
      linkTo('decline', `${ro.id}:mailbox`),
      '/decline/x',
      right.replace('/decline/', '/confirm/'),
    ];
    for (const path of wrong)
      for (const method of ['GET', 'POST'])
        expect([path, (await call(method, path, { headers: { accept: 'text/html' } })).status]).toEqual([path, 404]);
    expect(await store.read.$count(store.read.tables.declines)).toBe(0);
  });
});

onBothDialects('the API', (fresh) => {
  it('says the same of an address whoever else asks it, in the list of messages too', async () => {
    const store = await fresh();
    const { ro, wsv, call, add, api } = await world(store);
    await add();
    await mailsAt(store, START);
    const asked = async (organisation: { id: string; key: string }, email: string) => {
      const { body } = await call('POST', `organisations/${organisation.id}/recipients`, { key: organisation.key, body: { email } });
      await mailsAt(store, START);
      const { items } = (await call('GET', `organisations/${organisation.id}/messages`, { key: organisation.key })).body;
      const { id: _, email: __, position: ___, ...shown } = body;
      return { shown, dueAt: items[0].dueAt };
    };
    expect(await asked(wsv, EMAIL)).toEqual(await asked(wsv, 'nobody-asked@example.org'));
    expect((await api('GET', `organisations/${ro.id}/messages`)).items).toHaveLength(1);
  });

  it('takes no more than fifty recipients, and says so', async () => {
    const store = await fresh();
    const { add } = await world(store);
    for (let n = 0; n < 50; n += 1) expect((await add({ email: `r${n}@example.org` })).status).toBe('pending');
    expect(await add({ email: 'extra@example.org' })).toMatchObject({
      status: 409,
      errors: [{ field: 'email', message: 'is one more than the 50 recipients that an organisation may have' }],
    });
  });
});
