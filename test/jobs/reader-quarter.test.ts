/** A quarter of a year over a real store, with a change of the clocks and Christmas in it: the day, the hour and the language of every reminder. */
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import type { Activity, Day } from '../../calendars/terms.ts';
import { changeRecipient } from '../../db/recipients/recipients.ts';
import { planNow } from '../../jobs/plan.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { expectedYear, localTime, momentAt, shift, type ReaderChoices } from '../helpers/mail-year.ts';
import { onBothDialects } from '../helpers/stores.ts';

const [FIRST, LAST] = ['2024-10-01', '2024-12-31'];
const CONFIRMED = momentAt('2024-09-30', '12:00');
const LEADS = [14, 3, 0];
/** Expected alone: nobody else hears of those. */
const BASIS = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Ritme.' };
const DEADLINES = new Map<Activity, Day>([
  ['annual_plan', '2024-10-01'],
  ['accounts', '2024-10-11'],
  ['contract_request', '2024-10-30'],
  ['regional_plan', '2024-11-16'],
  ['elderly_care_plan', '2024-12-04'],
  ['review_meeting', '2024-12-26'],
  ['signing', '2024-12-31'],
]);
const READERS = {
  daily: { digest: 'daily', sendHour: '07:30', language: 'nl', pause: null },
  weekly: { digest: 'weekly', sendHour: '18:15', language: 'en', pause: null },
  away: { digest: 'daily', sendHour: '04:00', language: 'nl', pause: { from: '2024-10-14', until: '2024-11-20' } },
  'weekly-away': { digest: 'weekly', sendHour: '22:00', language: 'en', pause: { from: '2024-12-02', until: '2024-12-28' } },
} as const;

onBothDialects('a quarter of a year', (fresh) => {
  it('brings each reader every reminder once, on its day, at its hour by the clocks of Amsterdam, in its language', async () => {
    const store = await fresh();
    const { ro } = await castIn(store, CONFIRMED);
    await store.write(async (tx) => {
      for (const [activity, on] of DEADLINES) {
        const content = {
          title: `Doe ${activity}`,
          rule: { kind: 'fixed' as const, on },
          certainty: 'expected' as const,
          basis: BASIS,
          sources: [],
        };
        await addDeadline(tx, { activity }, content, CONFIRMED);
      }
    });
    const ids = new Map<string, string>();
    for (const [name, { digest, language, sendHour }] of Object.entries(READERS)) {
      const input = { email: `${name}@example.org`, leadDays: LEADS, digest, language, sendHour };
      ids.set(name, (await addConfirmed(store, ro.id, CONFIRMED, input)).id);
    }
    const arrived: string[] = [];
    const expected: string[] = [];
    for (let day = FIRST; day <= LAST; day = shift(day, 1)) {
      for (const [name, { pause }] of Object.entries(READERS))
        if (pause?.from === day)
          await store.write((tx) => changeRecipient(tx, ro.id, ids.get(name)!, { pausedUntil: pause.until }, momentAt(day, '00:01')));
      for (const time of ['04:00', '07:30', '18:15', '22:00']) {
        const now = momentAt(day, time);
        await planNow({ store }, now);
        const mailer = keepingMailer();
        await sendDue({ store, mailer, settings: SETTINGS }, now);
        for (const { to, raw } of mailer.taken) {
          const { headers, html, text } = await PostalMime.parse(raw);
          const language = headers.find(({ key }) => key === 'content-language')?.value;
          if (!/lang="(nl|en)"/.exec(html!)?.[1]?.includes(language!)) throw new Error('two languages in one mail');
          arrived.push([localTime(now), to[0]!.replace('@example.org', ''), language, ...namedIn(text!)].join(' '));
        }
      }
    }
    for (const [name, { digest, language, pause, sendHour }] of Object.entries(READERS)) {
      const reader: ReaderChoices = { leads: LEADS, digest, confirmedOn: '2024-09-30', pause };
      for (const [day, names] of Object.entries(expectedYear(DEADLINES, reader, FIRST, LAST)))
        expected.push([`${day} ${sendHour}`, name, language, ...names.map((one) => one.split(' ')[0]).toSorted()].join(' '));
    }
    expect(arrived.toSorted()).toEqual(expected.toSorted());
    expect(arrived.length).toBeGreaterThan(30);
  });
});

/** The deadlines that a reminder is about, known by their last safe day. */
function namedIn(text: string): string[] {
  const about = text.split(/\n(?:== )?(?:Daarna komt|Next comes|Over deze mail|About this e-mail|What comes next)/)[0]!;
  return [...DEADLINES]
    .filter(([, on]) => about.includes(` ${longDay(on, 'nl')}`) || about.includes(` ${longDay(on, 'en')}`))
    .map(([name]) => name)
    .toSorted();
}

function longDay(day: Day, language: string): string {
  const options = { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-GB', options).format(new Date(`${day}T12:00:00Z`));
}
