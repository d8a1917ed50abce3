/** The day on which who has a part in what another submits had best hand it over: the same words in list, page, calendar, API and mail. */
import { expect, it } from 'vitest';
import { createFeed } from '../../db/feeds/feeds.ts';
import { complete } from '../../db/organisations/completions.ts';
import { createKey } from '../../db/organisations/keys.ts';
import { saveRelation } from '../../db/organisations/organisations.ts';
import { appFor } from '../helpers/app.ts';
import { SECURE_URL } from '../helpers/browser.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { memberOf } from '../helpers/people.ts';
import { sessionOf } from '../helpers/rooms.ts';
import { onBothDialects } from '../helpers/stores.ts';

const ADVICE =
  'Lever uw deel liefst uiterlijk dinsdag 17 september 2024 aan bij uw regio-organisatie. Dat is ons advies: tien werkdagen vóór de laatste veilige dag.';
const TUESDAY = new Date('2024-09-17T07:30:00+02:00');
const BEGIN = new Date('2024-08-01T09:00:00Z');

onBothDialects('the day to hand a part over', (fresh) => {
  it('is said to who hands it over, everywhere in the same words and once in a mail, and to nobody else', async () => {
    const store = await fresh();
    const { ro, wsv } = await castIn(store);
    const { id: deadlineId } = await store.write((tx) => addDeadline(tx));
    const { app, call } = await appFor(store, { publicUrl: SECURE_URL, clock: () => TUESDAY });
    let asked = 0;
    const said = async ({ id }: { id: string }) => {
      const key = await store.write(async (tx) => createKey(tx, id, 'Koppeling', BEGIN));
      const feed = await store.write((tx) => createFeed(tx, id, { label: 'Agenda' }, BEGIN));
      const member = await memberOf(store, id, `${(asked += 1)}@leden.example`, BEGIN);
      const browser = await sessionOf(app, store, member.id, TUESDAY);
      const { items } = (await call('GET', `organisations/${id}/deadlines`, { key: key.key })).body;
      const [entry] = readCalendar((await app.inject(`/feeds/${feed.token}.ics`)).rawPayload).events;
      return {
        notes: items[0].notes,
        feed: timesIn(entry!.description),
        list: timesIn((await browser.get(`/o/${id}`)).text),
        page: timesIn((await browser.get(`/o/${id}/datums/${deadlineId}`)).text),
        english: (await browser.get(`/en/o/${id}/datums/${deadlineId}`)).text.includes(
          'Best hand your part to your regional organisation by',
        ),
      };
    };
    expect(await said(wsv)).toEqual({ notes: [ADVICE], feed: 1, list: 1, page: 1, english: true });
    const nothing = { notes: [], feed: 0, list: 0, page: 0, english: false };
    expect(await said(ro)).toEqual(nothing);
    // What an RO reads of what concerns its members alone asks no part of it.
    await store.write((tx) => saveRelation(tx, ro.id, 'noord', { contractStatus: 'uncontracted', preferred: false }, BEGIN));
    expect(await said(ro)).toEqual(nothing);

    await addConfirmed(store, wsv.id, BEGIN, { leadDays: [0], email: 'wijk@example.org' });
    const [mail] = (await mailsAt(store, TUESDAY)).filter(({ text }) => text!.includes('jaarplan'));
    expect(timesIn(mail!.text!.replaceAll(/\s+/g, ' '))).toBe(1);

    const done = { completedOn: '2024-09-16', by: 'wijk@example.org', evidence: null };
    await store.write((tx) => complete(tx, wsv.id, deadlineId, done, TUESDAY));
    expect((await said(wsv)).page).toBe(0);
  });
});

const timesIn = (text: string) => text.split(ADVICE).length - 1;
