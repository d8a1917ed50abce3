/** A contract received starts the term of its insurer in whatever contract year, and the answer says what it started, or why nothing. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createFeed } from '../../db/feeds/feeds.ts';
import { readAgenda } from '../../db/organisations/agenda.ts';
import { complete } from '../../db/organisations/completions.ts';
import { removeRelation, saveRelation } from '../../db/organisations/organisations.ts';
import { recordOwnEvent } from '../../db/organisations/own-events.ts';
import { amendDeadline, withdrawDeadline } from '../../db/registry/amending.ts';
import { escalate } from '../../db/notices/escalations.ts';
import { auditReminders } from '../../db/reminders/audit.ts';
import { projectTimelines } from '../../db/registry/timelines.ts';
import type { Store } from '../../db/store/store.ts';
import { addDays } from '../../calendars/days.ts';
import { projectNow } from '../../jobs/project.ts';
import type { App } from '../../server/deps.ts';
import { appFor, type Body, type Call } from '../helpers/app.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { addDeadline, addOrganisation, castIn, contentOf, NOW } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { previewReminders } from '../helpers/preview.ts';
import { onBothDialects } from '../helpers/stores.ts';

const LATER = new Date('2026-11-21T09:00:00Z');
const duty = {
  actors: ['provider' as const],
  onBehalfOf: [],
  contractStatus: 'uncontracted' as const,
  deliverable: 'Ondertekende overeenkomst',
};
const SIX_WEEKS = {
  title: 'Ondertekenen binnen zes weken',
  rule: {
    kind: 'offset' as const,
    from: { event: 'contract_received' as const },
    amount: 6,
    unit: 'week' as const,
    direction: 'after' as const,
  },
  duty,
  channel: { kind: 'portal' as const, address: 'VECOZO', subject: null, hours: null },
  sources: [{ document: 'Beleid 2025', section: '5.4', quote: 'binnen zes weken na de dag van ontvangst', url: null }],
};

onBothDialects('own terms', (fresh) => {
  let store: Store;
  let app: App;
  let call: Call;
  let own: { id: string; key: string };
  beforeEach(async () => {
    store = await fresh();
    await castIn(store);
    const insurers = [{ insurer: 'noord', contractStatus: 'uncontracted' as const, preferred: false }];
    own = await store.write((tx) => addOrganisation(tx, { name: 'Praktijk Oost', roles: ['practice'], insurers }));
    ({ app, call } = await appFor(store, { clock: () => LATER }));
  });
  const events = () => `organisations/${own.id}/events`;
  const record = (contractYear: number, occurredOn = '2026-11-20', insurer = 'noord') =>
    call('POST', events(), { key: own.key, body: { kind: 'contract_received', insurer, contractYear, occurredOn } });
  const listed = async (contractYear: number) =>
    (await call('GET', `organisations/${own.id}/deadlines?activity=signing_term&contractYear=${contractYear}`, { key: own.key })).body
      .items;
  const addTerm = (contractYear = 2025, over: Partial<typeof SIX_WEEKS> = {}) =>
    store.write((tx) => addDeadline(tx, { activity: 'signing_term', contractYear }, { ...SIX_WEEKS, ...over }));

  it.each([2022, 2024, 2026, 2027, 2031])('start in contract year %i, expected by the document of 2025', async (contractYear) => {
    const stated = await addTerm();
    const made = await record(contractYear);
    const [term] = made.body.startedTerms;
    expect([made.status, made.body.noTermReason, made.body.startedTerms.length]).toEqual([201, null, 1]);
    expect(term).toEqual({ deadlineId: term.deadlineId, dueOn: '2027-01-01', lastSafeOn: '2027-01-01', certainty: 'expected' });
    const [item] = await listed(contractYear);
    expect(item).toMatchObject({
      id: term.deadlineId,
      dueOn: '2027-01-01',
      lastSafeOn: '2027-01-01',
      certainty: 'expected',
      basis: {
        kind: 'earlier_year',
        deadlineId: stated.id,
        text: `Voor contractjaar 2025 was het bij deze verzekeraar 6 weken na ontvangst van de overeenkomst. Voor ${contractYear} is dit nog niet bevestigd.`,
      },
      precedent: { deadlineId: stated.id, contractYear: 2025, dueOn: null, channel: SIX_WEEKS.channel, sources: SIX_WEEKS.sources },
    });
    expect((await call('GET', events(), { key: own.key })).body.items).toEqual([made.body]);
    // What one organisation received stands in nobody else's list, and the registry knows no day.
    expect((await call('GET', `deadlines/${term.deadlineId}`)).body).toMatchObject({ dueOn: null, certainty: 'expected' });
    expect((await call('DELETE', `${events()}/${made.body.id}`, { key: own.key })).status).toBe(204);
    expect(await listed(contractYear)).toEqual([]);
  });

  it('of a contract year that states one are that, and stated', async () => {
    await addTerm(2025);
    const stated = await addTerm(2027, { rule: { ...SIX_WEEKS.rule, amount: 4 } });
    expect((await record(2027)).body.startedTerms).toEqual([
      { deadlineId: stated.id, dueOn: '2026-12-18', lastSafeOn: '2026-12-18', certainty: 'stated' },
    ]);
    expect((await record(2028)).body.startedTerms).toMatchObject([{ dueOn: '2026-12-18', certainty: 'expected' }]);
  });

  it('are reminded of and stand in the calendar, marked as expected, until the event goes', async () => {
    await addTerm();
    await addConfirmed(store, own.id, NOW, { leadDays: [14] });
    const { token } = await store.write((tx) => createFeed(tx, own.id, { label: 'Agenda' }, NOW));
    const made = await record(2027, '2026-11-09');
    const dueOn = addDays('2026-11-09', 42);
    const due = async () =>
      (await previewReminders(store, new Date('2026-12-07T08:00:00Z'))).flatMap(({ reminders }) =>
        reminders.map(({ item: { deadline } }) => [deadline.activity, deadline.lastSafeOn, deadline.certainty]),
      );
    const titles = async () => readCalendar((await app.inject(`/feeds/${token}.ics`)).rawPayload).events.map(({ title }) => title);
    expect(await due()).toEqual([['signing_term', dueOn, 'expected']]);
    expect(await titles()).toEqual(['Ondertekenen binnen zes weken 2027 – Noord (verwacht)']);
    await call('DELETE', `${events()}/${made.body.id}`, { key: own.key });
    expect(await due()).toEqual([]);
    expect(await titles()).not.toContain('Ondertekenen binnen zes weken 2027 – Noord (verwacht)');
  });

  describe('who signed has signed', () => {
    const TERM_ENDS = '2026-12-21';
    let term: string;
    let signing: string;
    let feed: string;
    beforeEach(async () => {
      const stated = await addTerm(2027);
      term = stated.id;
      const content = {
        title: 'Overeenkomst tekenen',
        rule: { kind: 'fixed' as const, on: '2026-12-31' },
        duty: { ...duty, contractStatus: 'any' as const },
      };
      signing = (await store.write((tx) => addDeadline(tx, { activity: 'signing', contractYear: 2027 }, content))).id;
      await addConfirmed(store, own.id, NOW, { leadDays: [0] });
      ({ token: feed } = await store.write((tx) => createFeed(tx, own.id, { label: 'Agenda', showCompleted: true }, NOW)));
      await record(2027, '2026-11-09');
    });
    const path = (id: string) => `organisations/${own.id}/deadlines/${id}/completion`;
    const said = { completedOn: '2026-11-20', by: 'A. de Vries', evidence: 'Bevestiging van 20 november' };
    const undone = async () => {
      const { items } = (await call('GET', `organisations/${own.id}/deadlines?contractYear=2027`, { key: own.key })).body;
      return items
        .filter(({ activity }: { activity: string }) => activity.startsWith('signing'))
        .flatMap(({ id, completion }: { id: string; completion: unknown }) => (completion ? [] : id))
        .sort();
    };
    const reminded = async () => {
      const days = [TERM_ENDS, '2026-12-31'].map((day) => new Date(`${day}T08:00:00Z`));
      const all = await Promise.all(days.map((day) => previewReminders(store, day)));
      return all.flat().flatMap(({ reminders }) => reminders.map(({ item }) => item.deadline.id));
    };
    const inFeed = async () => readCalendar((await app.inject(`/feeds/${feed}.ics`)).rawPayload).events.map(({ title }) => title);

    it.each(['signing', 'signing_term'])('by whichever of its days it is reported: %s', async (activity) => {
      const [one, other] = activity === 'signing' ? [signing, term] : [term, signing];
      expect([await undone(), await reminded()]).toEqual([[signing, term].sort(), [term, signing]]);
      expect((await call('PUT', path(one), { key: own.key, body: said })).status).toBe(201);
      expect([await undone(), await reminded()]).toEqual([[], []]);
      expect((await inFeed()).filter((title) => title.startsWith('Gedaan'))).toHaveLength(2);
      // The other one is done already, and says by whom; what is said of it anew is a correction.
      expect((await call('GET', `organisations/${own.id}/deadlines`, { key: own.key })).body.items).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: other, completion: said })]),
      );
      expect((await call('PUT', path(other), { key: own.key, body: said })).status).toBe(200);
      // Taken back by either, both are open.
      expect((await call('DELETE', path(other), { key: own.key })).status).toBe(204);
      expect([await undone(), await reminded()]).toEqual([[signing, term].sort(), [term, signing]]);
      expect((await call('DELETE', path(one), { key: own.key })).status).toBe(404);
    });

    it('and one undo opens both also where one of them alone was reported', async () => {
      await call('PUT', path(term), { key: own.key, body: said });
      const before = readCalendar((await app.inject(`/feeds/${feed}.ics`)).rawPayload).events.length;
      expect((await call('DELETE', path(signing), { key: own.key })).status).toBe(204);
      expect(await undone()).toEqual([signing, term].sort());
      expect(readCalendar((await app.inject(`/feeds/${feed}.ics`)).rawPayload).events).toHaveLength(before);
    });

    it('but who says that one of them does not hold for it says nothing of the other', async () => {
      const notApplicable = { completedOn: '2026-11-20', by: 'A. de Vries', evidence: null, notApplicable: 'Geen termijn afgesproken' };
      await store.write((tx) => complete(tx, own.id, term, notApplicable, LATER));
      const open = (await readAgenda(store.read, own.id)).filter(({ completion }) => completion === null);
      expect([open.map(({ deadline }) => deadline.activity).filter((one) => one.startsWith('signing')), await reminded()]).toEqual([
        ['signing'],
        [signing],
      ]);
    });

    it('and is neither told of as undone nor missed by the audit', async () => {
      await addConfirmed(store, own.id, NOW, { email: 'tweede@oost.example', leadDays: [0] });
      const missing = async () => (await auditReminders(store.read, new Date('2027-01-04T09:00:00Z'))).missing;
      await call('PUT', path(term), { key: own.key, body: said });
      expect(await escalate(store, new Date('2026-12-30T09:00:00Z'))).toBe(0);
      expect(await missing()).toEqual([]);
      await call('DELETE', path(term), { key: own.key });
      expect(await escalate(store, new Date('2026-12-30T10:00:00Z'))).toBe(1);
    });
  });

  it('say why there is none: no rule, another contract status, another role, an insurer that one left', async () => {
    const reason = async (contractYear: number) => {
      const { status, body } = await record(contractYear);
      expect([status, body.startedTerms]).toEqual([201, []]);
      await call('DELETE', `${events()}/${body.id}`, { key: own.key });
      return body.noTermReason;
    };
    expect(await reason(2027)).toBe('no_rule');
    const term = await addTerm();
    const relate = (contractStatus: 'contracted' | 'uncontracted') =>
      store.write((tx) => saveRelation(tx, own.id, 'noord', { contractStatus, preferred: false }, NOW));
    await relate('contracted');
    expect(await reason(2027)).toBe('other_contract_status');
    await relate('uncontracted');
    const amend = (baseRevision: number, over: object) =>
      store.write((tx) => amendDeadline(tx, term.id, { baseRevision, reason: 'Verbeterd.', ...over }, LATER));
    await amend(1, { duty: { ...duty, actors: ['ro'] } });
    expect(await reason(2027)).toBe('other_role');
    await amend(2, { duty });
    const { body } = await record(2027);
    await store.write((tx) => removeRelation(tx, own.id, 'noord', LATER));
    expect((await call('GET', events(), { key: own.key })).body.items).toEqual([
      { ...body, startedTerms: [], noTermReason: 'no_relation' },
    ]);
  });

  it('are refused of an insurer that the organisation does not deal with, and nothing is kept', async () => {
    await addTerm();
    const refused = await record(2027, '2026-11-20', 'oost');
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [{ field: 'insurer', message: 'must be an insurer that the organisation deals with; set its relations first' }],
    ]);
    expect((await record(2027, '2026-11-20', 'nowhere')).status).toBe(400);
    expect((await call('GET', events(), { key: own.key })).body.total).toBe(0);
  });

  it('follow their rule: when it comes later, is written anew, confirmed, or withdrawn', async () => {
    await record(2027);
    expect(await listed(2027)).toEqual([]);
    const stated = await addTerm();
    const days = async () => (await listed(2027)).map(({ dueOn, certainty }: Body) => [dueOn, certainty]);
    expect(await days()).toEqual([['2027-01-01', 'expected']]);
    const rule = { ...SIX_WEEKS.rule, amount: 4 };
    const sources = SIX_WEEKS.sources;
    await store.write((tx) => amendDeadline(tx, stated.id, { baseRevision: 1, reason: 'Verkort.', rule, sources }, LATER));
    expect(await days()).toEqual([['2026-12-18', 'expected']]);
    await store.write((tx) => withdrawDeadline(tx, stated.id, 'Vervallen.', LATER));
    expect(await days()).toEqual([]);
    expect((await call('GET', events(), { key: own.key })).body.items[0]).toMatchObject({ startedTerms: [], noTermReason: 'no_rule' });
    await store.write((tx) => amendDeadline(tx, stated.id, { baseRevision: 3, reason: 'Toch.', title: 'Ondertekenen' }, LATER));
    expect(await days()).toEqual([['2026-12-18', 'expected']]);
    const [{ id, revision }] = await listed(2027);
    const certain = { certainty: 'stated' as const, sources, rule: SIX_WEEKS.rule };
    await store.write((tx) => amendDeadline(tx, id, { baseRevision: revision, reason: 'Bevestigd.', ...certain }, LATER));
    expect(await days()).toEqual([['2027-01-01', 'stated']]);
    expect(await projectNow(store, LATER)).toBeGreaterThan(0);
    expect(await projectNow(store, LATER)).toBe(0);
    expect(await days()).toEqual([['2027-01-01', 'stated']]);
  });

  it('of events from before are made by the daily job, once', async () => {
    await addTerm();
    const { events: table } = store.read.tables;
    await store.write((tx) =>
      tx.insert(table).values({
        id: '0d6f6c50-4a44-4a2d-8b1b-6f3ad3c7a111',
        organisationId: own.id,
        kind: 'contract_received',
        insurerSlug: 'noord',
        contractYear: 2027,
        occurredOn: '2026-11-20',
        createdAt: NOW,
      }),
    );
    await projectNow(store, LATER);
    expect(await listed(2027)).toMatchObject([{ dueOn: '2027-01-01', certainty: 'expected' }]);
    expect(await projectNow(store, LATER)).toBe(0);
  });

  it('are never shortened by an assumption, which is told beside them, but by a day that is known, with both named', async () => {
    await addTerm();
    await store.write((tx) => projectTimelines(tx, 2026, LATER));
    const [assumed] = (await record(2027)).body.startedTerms;
    expect(assumed).toMatchObject({ dueOn: '2027-01-01', lastSafeOn: '2027-01-01' });
    expect((await listed(2027))[0]).toMatchObject({
      conflict: null,
      basis: { text: expect.stringMatching(/ Ondertekenen moet vermoedelijk ook rond 31 december 2026; die dag is niet bevestigd\.$/) },
    });
    await store.write((tx) =>
      addDeadline(
        tx,
        { activity: 'signing', contractYear: 2027 },
        { rule: { kind: 'fixed', on: '2026-12-15' }, sources: contentOf().sources, duty },
        LATER,
      ),
    );
    expect((await listed(2027))[0]).toMatchObject({
      dueOn: '2027-01-01',
      lastSafeOn: '2026-12-15',
      conflict: { kind: 'terms', days: ['2026-12-15', '2027-01-01'] },
      basis: { text: expect.not.stringContaining('vermoedelijk') },
    });
  });

  it('that two organisations start at one moment are one entry of the registry', async () => {
    await addTerm();
    const insurers = [{ insurer: 'noord', contractStatus: 'uncontracted' as const, preferred: false }];
    const others = await store.write(async (tx) => [
      await addOrganisation(tx, { name: 'Praktijk A', roles: ['practice'], insurers }),
      await addOrganisation(tx, { name: 'Praktijk B', roles: ['practice'], insurers }),
    ]);
    const event = { kind: 'contract_received' as const, insurer: 'noord', contractYear: 2027, occurredOn: '2026-11-20' };
    await Promise.all(others.map(({ id }) => store.write((tx) => recordOwnEvent(tx, id, event, LATER))));
    const { items } = (await call('GET', 'deadlines?activity=signing_term&contractYear=2027&includeUndated=true')).body;
    expect(items).toHaveLength(1);
  });
});
