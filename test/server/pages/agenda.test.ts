/** The page that gives a calendar of one's own: the choice, what it promises, and the addresses that apps take. */
import { expect, it } from 'vitest';
import type { Store } from '../../../db/store/store.ts';
import { appFor } from '../../helpers/app.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { onSqlite } from '../../helpers/stores.ts';

const PUBLIC_URL = 'https://kalender.example/zorg';
const CHOICE = 'role=ro&status=contracted&insurer=noord,zuid';
const CALENDAR = `${PUBLIC_URL}/calendars/selection.ics?${CHOICE}`;
const APPS = ['Outlook van uw werk', 'Google Agenda', 'iPhone, iPad of Mac', 'Outlook.com'];

async function setUp(store: Store, publicUrl = PUBLIC_URL) {
  await castIn(store);
  await store.write(async (tx) => {
    for (const day of ['2024-04-01', '2024-10-01', '2025-09-01'])
      await addDeadline(
        tx,
        { contractYear: Number(day.slice(0, 4)) + (day < '2024-05' ? 0 : 1) },
        {
          rule: { kind: 'fixed', on: day },
          title: `Jaarplan ${day}`,
          sources: [{ document: 'Beleid', section: null, quote: null, url: null }],
          certainty: 'expected',
          basis: { kind: 'earlier_year', deadlineId: null, text: 'Een eerder jaar.' },
          channel: null,
          consequence: null,
          extension: null,
          boundary: null,
        },
      );
  });
  const { app, call } = await appFor(store, { publicUrl });
  const page = async (query = '', headers: Record<string, string> = {}): Promise<string> => {
    const answer = await call('GET', `/agenda${query}`, { headers });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-cache']);
    return (answer.body as string).replaceAll('&amp;', '&');
  };
  return { app, call, page };
}

/** What the buttons of the row say, and where they lead. */
function buttonsIn(page: string): Map<string, string> {
  const row = /<ul class="apps">(.*?)<\/ul>/s.exec(page)?.[1] ?? '';
  return new Map([...row.matchAll(/<a class="button plain" href="([^"]*)"\s*>([^<]*)<\/a/g)].map(([, address, name]) => [name!, address!]));
}

onSqlite('the page that gives a calendar', (fresh) => {
  it('asks first for whom it is, and says so where that was left out', async () => {
    const { page } = await setUp(await fresh());
    const asked = await page();
    expect(asked).toContain('<form class="choice unprinted" method="get" action="/zorg/agenda"');
    expect(asked.match(/class="button primary"/g)).toHaveLength(1);
    for (const none of ['selection.ics', 'role="alert"', '<svg class="qr"']) expect(asked).not.toContain(none);
    const faulty = await page('?role=&insurer=oost&status=contracted');
    expect(faulty).toContain('<a href="#role">Kies wie u bent. Dan weten we welke datums voor u zijn.</a>');
    expect(faulty).toMatch(/id="role" name="role" aria-describedby="role-error" aria-invalid="true"/);
    // What was filled in stays.
    expect(faulty).toMatch(/name="insurer" value="oost" checked/);
    expect(faulty).toMatch(/value="contracted" selected/);
    expect(faulty).not.toContain('selection.ics');
  });

  it('says how many dates stand in it, how far ahead it goes, and what comes next as the calendar shows it', async () => {
    const { app, page } = await setUp(await fresh());
    const chosen = await page('?role=ro&insurer=zuid&insurer=noord&status=contracted');
    expect(chosen).toContain(
      'In de komende twaalf maanden staat er 1 datum in. Daarna gaat de agenda door tot en met maandag 1 september 2025.',
    );
    const shown = [...chosen.matchAll(/<span class="title">([^<]*)<\/span>/g)].map(([, title]) => title);
    const feed = readCalendar((await app.inject(`/calendars/selection.ics?${CHOICE}`)).rawPayload);
    expect(shown).toEqual(feed.events.map(({ title }) => title).slice(1));
    expect(shown.length).toBe(2);
    expect(chosen).toContain(`Kijk daarna bij dinsdag 1 oktober 2024. Daar staat: “${shown[0]}”.`);
    expect(await page('?role=practice&insurer=oost')).toContain('Voor deze keuze is nu geen datum bekend.');
  });

  it('leads to each app with the address that it takes, to the link itself, and apart to a file', async () => {
    const { app, page } = await setUp(await fresh());
    const chosen = await page('?role=ro&insurer=zuid&insurer=noord&status=contracted');
    const name = 'Inkoopkalender%20regio-organisatie%2C%20Noord%20en%20Zuid';
    expect(Object.fromEntries(buttonsIn(chosen))).toEqual({
      'Outlook van uw werk': `https://outlook.office.com/calendar/0/addfromweb?url=${encodeURIComponent(CALENDAR)}&name=${name}`,
      'Google Agenda': `https://calendar.google.com/calendar/r?cid=${encodeURIComponent(CALENDAR.replace('https:', 'webcal:'))}`,
      'iPhone, iPad of Mac': CALENDAR.replace('https:', 'webcal:'),
      'Outlook.com': `https://outlook.live.com/calendar/0/addfromweb?url=${encodeURIComponent(CALENDAR)}&name=${name}`,
    });
    for (const address of buttonsIn(chosen).values()) {
      const query = new URL(address).searchParams;
      expect((query.get('url') ?? query.get('cid') ?? address).replace('webcal:', 'https:')).toBe(CALENDAR);
    }
    expect(chosen).toContain(`data-copy="${CALENDAR}"`);
    expect(chosen).toContain(`<a href="${CALENDAR}&download=1">Download het bestand</a>`);
    expect(chosen).toContain('Een bestand wordt niet bijgewerkt.');
    expect(chosen).toContain(`<link rel="alternate" type="text/calendar" href="/zorg/calendars/selection.ics?${CHOICE}" />`);
    expect((await app.inject(`${new URL(CALENDAR).pathname}?${CHOICE}&download=1`)).headers['content-disposition']).toContain('attachment');
    // Google takes no address of more than 256 characters.
    expect(CALENDAR.length).toBeLessThan(256);
  });

  it('shows all apps on every device, the likeliest first', async () => {
    const { call, page } = await setUp(await fresh());
    const order = async (agent: string) => {
      const names = [...buttonsIn(await page('?role=ro', { 'user-agent': agent })).keys()];
      expect(names.toSorted()).toEqual(APPS.toSorted());
      return names;
    };
    expect(await order('curl/8')).toEqual(APPS);
    expect((await order('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)'))[0]).toBe('iPhone, iPad of Mac');
    expect((await order('Mozilla/5.0 (Linux; Android 16; Pixel 9)')).at(-1)).toBe('iPhone, iPad of Mac');
    expect((await order('Mozilla/5.0 (Windows NT 10.0; Win64; x64)'))[0]).toBe('Outlook van uw werk');
    expect(String((await call('GET', '/agenda')).headers['vary']).toLowerCase()).toContain('user-agent');
  });

  it('says on loopback why Google, Outlook and a phone are not there', async () => {
    const store = await fresh();
    const { page } = await setUp(store, 'http://127.0.0.1:3000');
    const here = await page('?role=ro');
    expect([...buttonsIn(here)]).toEqual([['iPhone, iPad of Mac', 'webcal://127.0.0.1:3000/calendars/selection.ics?role=ro']]);
    expect(here).toContain('Google, Outlook en uw telefoon kunnen er niet bij.');
    expect(here).not.toContain('class="qr"');
    for (const publicUrl of ['http://localhost', 'http://[::1]:3000', 'http://127.1.2.3']) {
      const { call } = await appFor(store, { publicUrl });
      expect((await call('GET', '/agenda?role=ro')).body, publicUrl).not.toContain('outlook.office.com');
    }
    const { call } = await appFor(store, { publicUrl: PUBLIC_URL });
    expect((await call('GET', '/agenda?role=ro')).body).toContain('class="qr"');
  });

  it('takes all insurers for all, later ones too, and leaves out what there is not', async () => {
    const { page } = await setUp(await fresh());
    const all = await page('?role=ro&insurer=noord&insurer=oost&insurer=zuid');
    expect(all).toContain(`data-copy="${PUBLIC_URL}/calendars/selection.ics?role=ro"`);
    const odd = await page('?role=ro&insurer=west,noord&status=maybe');
    expect(odd).toContain('Een deel van uw keuze bestaat niet of niet meer.');
    expect(odd).toContain(`data-copy="${PUBLIC_URL}/calendars/selection.ics?role=ro&insurer=noord"`);
  });

  it('gives no calendar of all insurers to who asked for one that there is not', async () => {
    const { page } = await setUp(await fresh());
    const odd = await page('?role=ro&insurer=west');
    expect(odd).toContain('Deze verzekeraar staat niet in de Inkoopkalender. Kies er een uit de lijst.');
    expect(odd).not.toContain('selection.ics');
  });

  it('gives a calendar in the language of the page', async () => {
    const { call } = await setUp(await fresh());
    const { body } = await call('GET', '/en/agenda?role=ro&insurer=noord');
    expect(body).toContain('action="/zorg/en/agenda"');
    expect(body).toContain('selection.ics?role=ro&amp;insurer=noord&amp;lang=en"');
  });
});
