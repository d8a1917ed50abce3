/** The preview of an edition beside what comes of publishing it: the same mails to the byte, the same readers, and not one row that stays. */
import { beforeEach, expect, it } from 'vitest';
import type { Email } from 'postal-mime';
import { RELATION_STATUSES, type Activity } from '../../calendars/terms.ts';
import { addEntry, openDraft } from '../../db/registry/editions/drafts.ts';
import { amendAlone, type Sender } from '../../db/registry/editions/alone.ts';
import { makeEditionsPublic } from '../../db/registry/editions/becoming-public.ts';
import { publishEdition } from '../../db/registry/editions/publish.ts';
import { readEdition } from '../../db/registry/editions/reading.ts';
import { projectTimelines } from '../../db/registry/timelines.ts';
import { announceChanges } from '../../db/notices/news.ts';
import { complete } from '../../db/organisations/completions.ts';
import { muteDeadline, chooseKind } from '../../db/recipients/preferences.ts';
import { addRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import { eq, sql } from '../../db/store/drizzle.ts';
import type { Store } from '../../db/store/store.ts';
import { readReaders } from '../../db/sending/preview/readers.ts';
import { undone } from '../../db/store/transactions/undone.ts';
import { planNow } from '../../jobs/plan.ts';
import { previewEdition } from '../../jobs/preview.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { addDeadline, addInsurer, addOrganisation, contentOf } from '../helpers/cast.ts';
import { addConfirmed, mailerTo, SETTINGS, startSink } from '../helpers/mail.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

/** A Monday evening: what is published then is told in the mail of Tuesday morning. */
const EVENING = at('09-16T19:30');
const PUBLIC = at('09-16T19:40');
const MORNING = at('09-17T07:30');
const EARLIER = at('05-02T10:00');
const ED = { by: 'person:ed', label: 'Redactie, Ed' };
const quoting = (day: string) => [{ document: 'Beleid 2025', section: '6.3', quote: `uiterlijk ${day} dient u het in`, url: null }];

/** Who reads: by the name of the organisation, which stands in no other word. */
const READERS = {
  'Regio Xavier': { roles: ['ro'], language: 'nl', contractStatus: 'contracted' },
  'Regio Yolanda': { roles: ['ro'], language: 'nl', contractStatus: 'uncontracted' },
  'Regio Zebedee': { roles: ['ro'], language: 'en', contractStatus: 'contracted' },
  'Praktijk Quirijn': { roles: ['practice'], language: 'nl', contractStatus: 'contracted' },
  'Praktijk Wolfram': { roles: ['practice'], language: 'en', contractStatus: 'unknown' },
  'Wijk Vondelkerk': { roles: ['wsv'], language: 'nl', contractStatus: 'contracted' },
} as const;
type Name = keyof typeof READERS;
const NAMES = Object.keys(READERS) as Name[];
const addressOf = (name: string) => `${name.toLowerCase().replace(' ', '.')}@lezers.example`;

onBothDialects('a preview', (fresh) => {
  let store: Store;
  beforeEach(async () => {
    store = await fresh();
  });

  it('has, for every kind of reader, the very mail that leaves once the ten minutes are over, to the byte', async () => {
    const { id } = await fill(store);
    const preview = await look(store, id);
    const kindOf = ({ language, relation, roles }: (typeof preview.mails)[number]) => `${roles.join()} ${relation} ${language}`;
    const expected = Object.values(READERS).map((one) => `${one.roles.join()} ${one.contractStatus} ${one.language}`);
    expect(preview.mails.map(kindOf).sort()).toEqual(expected.sort());
    await publish(store, id);
    const found = await receive(store);
    for (const name of NAMES) {
      const { contractStatus, language, roles } = READERS[name];
      const mail = preview.mails.find((one) => kindOf(one) === `${roles.join()} ${contractStatus} ${language}`)!;
      const left = blank(found.get(addressOf(name))!);
      // What is near does not wait for the morning.
      expect(mail.at).toEqual(roles[0] === 'wsv' ? PUBLIC : MORNING);
      const part = partOf(mail);
      expect([part.text.length > 100, part.html.length > 100]).toEqual([true, true]);
      // The first one is reminded of something else in the same mail.
      if (name === 'Regio Xavier') {
        expect(left.text).toContain('Jaarplan voor Oost');
        expect(left.text).toContain(part.text);
        expect(left.html).toContain(part.html);
        expect(mail.text).not.toContain('Oost');
      } else expect(left).toEqual({ subject: mail.subject, text: mail.text, html: mail.html });
      for (const secret of [...NAMES, '@lezers.example', 'Kleine']) expect(`${mail.subject}${mail.text}${mail.html}`).not.toContain(secret);
    }
    const all = preview.mails.map(({ text }) => text).join('\n');
    for (const said of ['Verschoven', '8 oktober 2024', 'vervallen', 'Nieuw', '24 september 2024', '/done/…', '/wijzigingen/…'])
      expect(all).toContain(said);
  });

  it('leaves not one row of any table otherwise, whether it ends well, is refused or breaks off', async () => {
    const { faulty, id } = await fill(store);
    const before = await everything(store);
    await look(store, id);
    expect(await everything(store)).toEqual(before);
    expect(await previewEdition({ store, settings: SETTINGS }, faulty, ED, EVENING)).toMatchObject({
      faults: [{ field: 'entries.0.rule' }],
    });
    expect(await everything(store)).toEqual(before);
    const breaking = undone(store, async (inside, tx) => {
      const { mark } = await readEdition(tx, id);
      const { publicAt } = await publishEdition(tx, id, { mark, ...ED, aloneReason: 'x' }, EVENING);
      await makeEditionsPublic(inside, publicAt!);
      await announceChanges(inside, publicAt!);
      expect(await everything(inside)).not.toEqual(before);
      throw new Error('in the middle');
    });
    await expect(breaking).rejects.toThrow('in the middle');
    expect(await everything(store)).toEqual(before);
    // It did not take a number that somebody else was to get.
    await publish(store, id);
    await makeEditionsPublic(store, PUBLIC);
    expect(await previewEdition({ store, settings: SETTINGS }, id, ED, EVENING)).toBeNull();
  });

  it('counts who hears of it by what they are, who cannot be reached by organisation, and whom it does not concern', async () => {
    const { id, plan, people } = await fill(store);
    await store.write(async (tx) => {
      const other = { leadDays: [14], digest: 'daily' as const };
      await addRecipient(tx, people['Regio Xavier'].organisationId, { ...other, email: 'nog@niet.example' }, EARLIER);
      const gone = await addRecipient(tx, people['Regio Zebedee'].organisationId, { ...other, email: 'weg@weg.example' }, EARLIER);
      await unsubscribeRecipient(tx, gone.id, EARLIER);
      await chooseKind(tx, people['Praktijk Wolfram'].id, 'change', false, EARLIER);
      const { recipients } = tx.tables;
      await tx.update(recipients).set({ status: 'undeliverable' }).where(eq(recipients.id, people['Wijk Vondelkerk'].id));
      await addOrganisation(tx, { name: 'Regio Leeg' }, EARLIER);
      await addOrganisation(tx, { name: 'Regio Ver', insurers: [] }, EARLIER);
      for (const deadlineId of await deadlineIds(store))
        if (deadlineId !== plan) await muteDeadline(tx, people['Praktijk Quirijn'].id, deadlineId, EARLIER);
    });
    const { hearing } = await look(store, id);
    expect(hearing.told.map(({ organisations, paused, recipients, roles }) => [roles.join(), organisations, recipients, paused])).toEqual([
      ['practice', 1, 1, 0],
      ['ro', 3, 3, 0],
    ]);
    expect(hearing.unreached).toEqual([
      { name: 'Praktijk Wolfram', told: 0, why: { not_wanted: 1 } },
      { name: 'Regio Leeg', told: 0, why: {} },
      { name: 'Regio Xavier', told: 1, why: { pending: 1 } },
      { name: 'Regio Zebedee', told: 1, why: { unsubscribed: 1 } },
      { name: 'Wijk Vondelkerk', told: 0, why: { undeliverable: 1 } },
    ]);
    // Regio Ver, and the small one that deals with another insurer.
    expect(hearing.untouched).toBe(2);
    await publish(store, id);
    const found = await receive(store);
    const told = [...found].flatMap(([address, { text = '' }]) => (text.includes('/wijzigingen/') ? [address] : []));
    expect(told.sort()).toEqual(['Praktijk Quirijn', 'Regio Xavier', 'Regio Yolanda', 'Regio Zebedee'].map(addressOf).sort());
  });

  it('looks at no more organisations than it may, and counts the others', async () => {
    const { id } = await fill(store);
    const { hearers, uncounted } = await undone(store, async (inside, tx) => {
      const { mark } = await readEdition(tx, id);
      const edition = await publishEdition(tx, id, { mark, ...ED, aloneReason: 'x' }, EVENING);
      await makeEditionsPublic(inside, edition.publicAt!);
      const { changes } = tx.tables;
      return readReaders(tx, { edition, changes: await tx.select().from(changes), most: 2, now: edition.publicAt! });
    });
    expect(hearers.map(({ organisation }) => organisation.name).sort()).toEqual(NAMES.toSorted().slice(0, 2));
    expect(uncounted).toBe(4);
    expect((await look(store, id)).hearing).toMatchObject({ uncounted: 0, untouched: 1 });
  });

  it('drafts a mail for so many kinds of readers, and counts the others', async () => {
    const { id } = await fill(store);
    const combinations = [
      ['ro', 'practice'],
      ['ro', 'wsv'],
      ['ro', 'practice', 'wsv'],
      ['practice', 'wsv'],
      ['provider', 'ro'],
    ] as const;
    for (const [n, roles] of combinations.entries())
      for (const [m, contractStatus] of RELATION_STATUSES.entries())
        for (const language of ['nl', 'en'] as const) {
          const one = { name: `Meer ${n}${m}${language}`, roles: [...roles], language };
          const insurers = [{ insurer: 'noord', contractStatus, preferred: false }];
          const { id: organisationId } = await store.write((tx) => addOrganisation(tx, { ...one, insurers }, EARLIER));
          const person = { email: `meer@m${n}${m}${language}.example`, leadDays: [0], digest: 'daily' as const };
          await store.write(async (tx) => {
            const { recipients } = tx.tables;
            const { id: recipientId } = await addRecipient(tx, organisationId, person, EARLIER);
            await tx.update(recipients).set({ status: 'confirmed', confirmedAt: EARLIER }).where(eq(recipients.id, recipientId));
          });
        }
    const { mails, undrafted } = await look(store, id);
    expect([mails.length, undrafted]).toEqual([24, { kinds: 12, recipients: 12 }]);
  });

  it('begins anew where PostgreSQL ends what it does because others wait for it too', async () => {
    const { id } = await fill(store);
    const calm = await look(store, id);
    if (store.dialect !== 'pg') return;
    const run = (text: string) =>
      store.write(async (tx) => (tx as unknown as { execute: (query: unknown) => Promise<unknown> }).execute(sql.raw(text)));
    // A sequence keeps what was rolled back: the first of two numberings fails as a deadlock does.
    await run('create sequence tried');
    await run(`create function fail_once() returns trigger as $$ begin
      if nextval('tried') = 1 then raise exception 'deadlock detected' using errcode = '40P01'; end if; return new; end $$ language plpgsql`);
    await run('create trigger fail_once before update of number on public_changes for each row execute function fail_once()');
    expect((await look(store, id)).mails).toEqual(calm.mails);
  });

  it('shows what becomes of each event in calendars, with what moves along, is new or is over', async () => {
    const { id } = await fill(store);
    const { doubts, events } = await look(store, id);
    const shown = events.map(({ after, before }) => [
      (after ?? before)!.title.replace(/^.*?: /, ''),
      before && [before.on, before.deadline.certainty],
      after && [after.on, after.deadline.certainty, ...(after.isCancelled ? ['cancelled'] : [])],
    ]);
    expect(shown).toEqual(
      expect.arrayContaining([
        [expect.stringContaining('Jaarplan'), ['2024-10-01', 'stated'], ['2024-10-08', 'stated']],
        [expect.stringContaining('Wijkplan'), ['2024-09-17', 'stated'], ['2024-09-24', 'stated']],
        [expect.stringContaining('Verantwoording'), ['2024-11-01', 'stated'], ['2024-11-01', 'stated', 'cancelled']],
        [expect.stringContaining('Regioplan'), null, ['2024-09-10', 'stated']],
      ]),
    );
    expect(shown).not.toContainEqual([expect.stringContaining('Ongewijzigd'), expect.anything(), expect.anything()]);
    expect(doubts.past).toHaveLength(4);
  });

  it('names what its documents contradict, what stands for other care, and others’ editions in their ten minutes', async () => {
    const { id, plan } = await fill(store);
    const api: Sender = { door: 'api', by: 'key:k1' };
    await store.write((tx) =>
      addDeadline(tx, { careType: 'gp_care' }, { title: 'Jaarplan van huisartsen', sources: quoting('1 oktober 2024') }, EARLIER),
    );
    await mailsAt(store, at('09-16T12:00'));
    await store.write(async (tx) => {
      await amendAlone(tx, plan, { baseRevision: 1, reason: 'Ander adres', channel: null }, api, new Date(EVENING.getTime() - 60_000));
    });
    const [stale] = (await readEdition(store.read, id)).entries;
    expect(stale!.faults).toHaveLength(1);
    const { editionEntries } = store.read.tables;
    await store.write((tx) => tx.update(editionEntries).set({ baseRevision: 2 }).where(eq(editionEntries.id, stale!.entry.id)));
    const { doubts, mails } = await look(store, id);
    expect(doubts.beside.map(({ deadline, other }) => [deadline.title, other.title])).toContainEqual([
      'Jaarplan met begroting indienen',
      'Jaarplan van huisartsen',
    ]);
    expect(doubts.held.map(({ changesSame, edition }) => [edition.door, changesSame])).toEqual([['api', true]]);
    expect(doubts.conflicting.map(({ title }) => title)).toEqual(['Aanvraag doen']);
    // What was not told yet goes along: the mail says what its reader knew.
    await publish(store, id);
    const found = await receive(store);
    const left = ['Regio Yolanda', 'Regio Zebedee', 'Praktijk Quirijn'].map((name) => blank(found.get(addressOf(name))!).text);
    expect(mails.map(({ text }) => text)).toEqual(expect.arrayContaining(left));
    expect(left[0]).toMatch(/Hoe: was per e-mail aan inkoop@verzekeraar.example, is nu/);
  });

  it('tells no reader’s own doing, and ends as it should beside another preview and beside who publishes', async () => {
    const { id, people, plan } = await fill(store);
    const done = { completedOn: '2024-09-01', by: 'Ans', evidence: null } as const;
    const alone = await look(store, id);
    await store.write((tx) => complete(tx, people['Regio Yolanda'].organisationId, plan, done, EVENING));
    expect((await look(store, id)).mails).toEqual(alone.mails);
    const both = await Promise.all([look(store, id), look(store, id)]);
    for (const one of both) expect(one.mails).toEqual(alone.mails);
    const [seen] = await Promise.all([
      previewEdition({ store, settings: SETTINGS }, id, ED, EVENING),
      publish(store, id),
      previewEdition({ store, settings: SETTINGS }, id, ED, EVENING),
    ]);
    if (seen?.faults === null) expect(seen.mails).toEqual(alone.mails);
    expect((await readEdition(store.read, id)).edition).toMatchObject({ status: 'published', publishedBy: 'person:bo' });
    const found = await receive(store);
    expect([...found.keys()].sort()).toEqual(NAMES.map(addressOf).sort());
  });
});

/** Readers of every kind, dates that are known, and a draft that Ed wrote: it moves, ends, adds and states; and one that is not whole yet. */
async function fill(store: Store) {
  const made = await store.write(async (tx) => {
    for (const slug of ['noord', 'oost']) await addInsurer(tx, slug);
    const duty = (...actors: ('ro' | 'practice' | 'wsv' | 'provider')[]) => ({
      actors,
      onBehalfOf: [],
      contractStatus: 'any' as const,
      deliverable: null,
    });
    const add = async (activity: Activity, content: Parameters<typeof addDeadline>[2], insurer = 'noord') =>
      addDeadline(tx, { activity, insurer }, content, EARLIER);
    const plan = await add('annual_plan', { duty: duty('ro', 'practice') });
    await add('wsv_plan_review', {
      title: 'Wijkplan nalopen',
      rule: { kind: 'offset', amount: 2, unit: 'week', direction: 'before', from: { activity: 'annual_plan' } },
      duty: duty('wsv'),
      sources: [{ document: 'Beleid 2025', section: null, quote: 'twee weken voor het jaarplan', url: null }],
    });
    const accounts = await add('accounts', {
      title: 'Verantwoording afleggen',
      rule: { kind: 'fixed', on: '2024-11-01' },
      duty: duty('provider'),
      sources: quoting('1 november 2024'),
    });
    await add('innovation_start', { title: 'Ongewijzigd', rule: { kind: 'fixed', on: '2024-12-01' }, duty: duty('provider') });
    const oost = await add('annual_plan', { title: 'Jaarplan voor Oost' }, 'oost');
    const ids: Record<string, string> = {};
    for (const [name, { contractStatus, language, roles }] of Object.entries(READERS)) {
      const noord = { insurer: 'noord', contractStatus, preferred: false };
      const insurers = name === 'Regio Xavier' ? [noord, { ...noord, insurer: 'oost' }] : [noord];
      ids[name] = (await addOrganisation(tx, { name, language, roles: [...roles], insurers }, EARLIER)).id;
    }
    await addOrganisation(
      tx,
      { name: 'Kleine Regio', insurers: [{ insurer: 'oost', contractStatus: 'contracted', preferred: false }] },
      EARLIER,
    );
    await projectTimelines(tx, 2024, EARLIER);
    return { accounts, ids, oost, plan };
  });
  const people = {} as Record<Name, Awaited<ReturnType<typeof addConfirmed>>>;
  for (const name of NAMES) {
    // The others are reminded of nothing that morning.
    const leadDays = name === 'Regio Xavier' ? [42, 14, 3, 0] : [0];
    people[name] = await addConfirmed(store, made.ids[name]!, EARLIER, { email: addressOf(name), leadDays });
  }
  // What was due before is out of the way.
  await mailsAt(store, at('09-10T08:00'));
  const drafts = await store.write(async (tx) => {
    const place = { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025 } as const;
    const draft = await openDraft(tx, { ...place, by: ED.by }, EVENING);
    const { accounts, plan } = made;
    const entry = { by: ED.by, reason: 'Nieuw beleid' };
    const moved = { rule: { kind: 'fixed' as const, on: '2024-10-08' }, sources: quoting('8 oktober 2024') };
    await addEntry(tx, draft.id, { ...entry, act: 'amend', deadlineId: plan.id, baseRevision: plan.revision, content: moved }, EVENING);
    await addEntry(tx, draft.id, { ...entry, act: 'withdraw', deadlineId: accounts.id, baseRevision: accounts.revision }, EVENING);
    const provider = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
    const request = contentOf({
      title: 'Aanvraag doen',
      rule: { kind: 'fixed', on: '2024-10-31' },
      duty: provider,
      sources: [...quoting('31 oktober 2024'), ...quoting('30 oktober 2024')],
      conflict: { kind: 'readings', days: ['2024-10-30', '2024-10-31'], text: 'Voor of op 31 oktober.' },
    });
    await addEntry(tx, draft.id, { ...entry, act: 'enter', activity: 'contract_request', content: request }, EVENING);
    const regional = contentOf({
      title: 'Regioplan',
      rule: { kind: 'fixed', on: '2024-09-10' },
      duty: provider,
      sources: quoting('10 september 2024'),
    });
    // Several that are new on one day: their ids are others each time.
    for (const activity of ['regional_plan', 'elderly_care_plan', 'programme_change', 'ict_readiness'] as const)
      await addEntry(
        tx,
        draft.id,
        { ...entry, act: 'enter', activity, content: { ...regional, title: `${regional.title} ${activity}` } },
        EVENING,
      );
    const { rule: _, ...half } = contentOf();
    const next = await openDraft(tx, { ...place, contractYear: 2026, by: ED.by }, EVENING);
    await addEntry(tx, next.id, { by: ED.by, act: 'enter', activity: 'annual_plan', content: half }, EVENING);
    return { id: draft.id, faulty: next.id };
  });
  return { ...drafts, people, plan: made.plan.id };
}

async function look(store: Store, id: string) {
  const preview = await previewEdition({ store, settings: SETTINGS }, id, ED, EVENING);
  if (preview?.faults !== null) throw new Error(`nothing to see: ${JSON.stringify(preview)}`);
  return preview;
}

/** Somebody else publishes. */
async function publish(store: Store, id: string) {
  const { mark } = await readEdition(store.read, id);
  return store.write((tx) => publishEdition(tx, id, { mark, by: 'person:bo', label: ED.label }, EVENING));
}

/** All that leaves until the next morning, as a mail server gets it, by address. */
async function receive(store: Store): Promise<Map<string, Email>> {
  const sink = await startSink();
  const mailer = mailerTo(sink.url);
  for (const now of [PUBLIC, MORNING]) {
    await planNow({ store }, now);
    await sendDue({ store, mailer, settings: SETTINGS }, now);
  }
  const found = new Map<string, Email>();
  const hearing: string[] = [];
  for (const address of sink.taken.flatMap(({ to }) => to)) {
    const mail = await sink.next(address);
    const isNews = mail.text?.includes('/wijzigingen/') === true;
    if (isNews) hearing.push(address);
    if (isNews || !found.has(address)) found.set(address, mail);
  }
  // Nobody hears of it twice.
  expect(new Set(hearing).size).toBe(hearing.length);
  return found;
}

/** A mail as it arrived, with all blanked that the preview must not tell. */
function blank({ html = '', subject = '', text = '' }: Email) {
  const name = /lang="en"/.test(html) ? ['[name]', '[address]'] : ['[naam]', '[adres]'];
  const without = (written: string) =>
    NAMES.reduce((all, one) => all.replaceAll(addressOf(one), name[1]!).replaceAll(one, name[0]!), written.replaceAll('\r\n', '\n'))
      .replaceAll(/(inkoop\.example(?:\/en)?\/(?:done|mute|unsubscribe|wijzigingen)\/)[^\s"<]+/g, '$1…')
      .replaceAll(/(inkoop\.example(?:\/en)?\/datums\?)[^\s"<]+/g, '$1…');
  // Lines of a mail end, its last one too.
  return { subject: without(subject), text: without(text).replace(/\n\n$/, '\n'), html: without(html).replace(/\n$/, '') };
}

/** What of a mail is about the edition: all before the word on why one gets it. */
function partOf({ html, text }: { html: string; text: string }) {
  const why = /(?:U krijgt|You get)[^.]*\[(?:adres|address)\]/;
  return { text: text.slice(0, text.search(why)), html: html.slice(html.indexOf('<h2'), html.lastIndexOf('<p', html.search(why))) };
}

async function deadlineIds(store: Store): Promise<string[]> {
  const { deadlines } = store.read.tables;
  return (await store.read.select({ id: deadlines.id }).from(deadlines)).map(({ id }) => id);
}

/** Every row of every table. */
async function everything({ read }: Pick<Store, 'read'>): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const [name, table] of Object.entries(read.tables))
    all[name] = (await read.select().from(table)).map((row) => JSON.stringify(row)).sort();
  return all;
}
