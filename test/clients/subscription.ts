/** A feed of sixty events to subscribe to: the real registry, topped up with titles and links that apps trip over, with alarms, one event that is done and one that was withdrawn, from the service as its own process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDay } from '../../calendars/days.ts';
import { isKeyed } from '../../calendars/deadlines/kinds.ts';
import { ACTIVITIES, RHYTHM } from '../../calendars/terms.ts';
import { startService } from '../helpers/service.ts';
import type { Row } from './rows.ts';

const EVENTS = 60;
const EDITOR_KEY = 'clients-editor-key-0123456789';
const INSURERS = ['cz', 'menzis', 'vgz', 'dsw'];

export interface Subscription {
  /** The feed's secret link. */
  url: string;
  /** An empty folder of its own, gone after `stop`. */
  folder: string;
  /** The UID, day and link of each event as the API says them, by UID. */
  agenda: () => Promise<Omit<Row, 'title'>[]>;
  /** An editor moves one deadline to another day. */
  move: () => Promise<{ uid: string; from: string; to: string }>;
  stop: () => Promise<void>;
}

/** Starts the service with an organisation and its feed. */
export async function subscribe(): Promise<Subscription> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-clients-'));
  const service = await startService(
    { DATABASE_URL: 'file:clients.db', MAIL_URL: 'file:mail', SECRET: 's'.repeat(32), EDITOR_KEY, LOG_LEVEL: 'info' },
    { cwd: folder },
  );
  const stop = async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  };
  try {
    return { ...(await makeFeed(callerOf(service.url))), folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeFeed(call: Call): Promise<Pick<Subscription, 'url' | 'agenda' | 'move'>> {
  const insurers = INSURERS.map((insurer) => ({ insurer, contractStatus: 'unknown', preferred: false }));
  const organisation = await call('POST', '/organisations', EDITOR_KEY, { name: 'Regio Zuid; Oost, West', roles: ['ro'], insurers });
  const { id, key } = organisation as { id: string; key: string };
  const { url } = (await call('POST', `/organisations/${id}/feeds`, key, {
    label: 'Agenda',
    alarms: [14, 0],
    showCompleted: true,
    // What is assumed of several insurers is one event, which is in no list.
    certainty: ['stated', 'sector_rule', 'expected'],
  })) as { url: string };
  const body = await (await fetch(url)).text();
  const [first, done, withdrawn] = await topUp(call, EVENTS - (body.split('BEGIN:VEVENT').length - 1));
  await call('PUT', `/organisations/${id}/deadlines/${done!.id}/completion`, key, { completedOn: '2026-01-01', by: 'Ans' });
  await call('PUT', `/deadlines/${withdrawn!.id}/withdrawal`, EDITOR_KEY, { reason: 'Vervallen.' });
  return {
    url,
    agenda: async () => {
      const { items } = (await call('GET', `/organisations/${id}/deadlines?pageSize=100`, key)) as { items: AgendaItem[] };
      // The list leaves out what was withdrawn, where a calendar keeps it for a while.
      return readAgenda([...items, withdrawn!], new URL(url).origin);
    },
    async move() {
      const { id: uid, revision, lastSafeOn: from } = first!;
      const to = `${CONTRACT_YEAR}-03-01`;
      const change = { baseRevision: revision, reason: 'Verzet.', rule: { kind: 'fixed', on: to } };
      await call('POST', `/deadlines/${uid}/revisions`, EDITOR_KEY, { ...statedOn(to), ...change });
      return { uid, from, to };
    },
  };
}

type Call = (method: string, path: string, key: string, body?: object) => Promise<unknown>;

function callerOf(url: string): Call {
  return async (method, path, key, body) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
}

const CONTRACT_YEAR = new Date().getFullYear() + 4;
/** Both clock changes, the ends of a year, and the leap days around. */
const DAYS = ['2026-10-25', '2027-03-28', '2028-02-29', '2028-03-01', '2026-12-31', '2027-01-01', '2028-12-31'];
const TITLES = [
  // Not two backslashes, and none before an n: icalendar 4 unescapes twice.
  'Plan, begroting; en "bijlage" in C:\\map',
  'Gesprek met de wijk 👩‍👩‍👧‍👦🇳🇱 en met één ﬁnanciële bijlage',
  'תוכנית שנתית, عقد الرعاية',
  `Een lange titel: ${'ëïö€ '.repeat(35)}einde`,
  'BEGIN:VEVENT en END:VCALENDAR, of X-EVIL:1',
  '100% <b>zeker</b> & {{count}} $t(x) %m',
];
const statedOn = (day: string) => ({
  certainty: 'stated',
  sources: [
    {
      document: 'Beleid, deel 2; bijlage',
      section: '6.3',
      quote: `uiterlijk ${writeDay(day, 'nl')}`,
      url: 'https://cz.example/beleid;2,a?q=%C3%A9,b&n=1#deel,3;4',
    },
  ],
});

/** What nobody stated is tentative. */
const EXPECTED = {
  certainty: 'expected',
  basis: { kind: 'earlier_year', deadlineId: null, text: 'Zo was het een jaar eerder.' },
  sources: [],
};

interface Made extends AgendaItem {
  revision: number;
  lastSafeOn: string;
}

/** Deadlines of CZ in a year that no document speaks of. */
async function topUp(call: Call, count: number): Promise<Made[]> {
  const activities = ACTIVITIES.filter((activity) => !isKeyed(activity) && !RHYTHM.some((known) => known === activity));
  if (count < TITLES.length) throw new Error(`${count} events to make: choose other insurers`);
  const made: Made[] = [];
  for (let i = 0; i < count; i += 1) {
    const contractYear = CONTRACT_YEAR + Math.floor(i / activities.length);
    const identity = { insurer: 'cz', contractYear, activity: activities[i % activities.length] };
    const on = DAYS[i % DAYS.length]!;
    const said = { kind: 'deadline', title: TITLES[i % TITLES.length], rule: { kind: 'fixed', on }, duty: { actors: ['ro'] } };
    made.push((await call('POST', '/deadlines', EDITOR_KEY, { ...identity, ...said, ...(i === 3 ? EXPECTED : statedOn(on)) })) as Made);
  }
  return made;
}

interface AgendaItem {
  id: string;
  certainty: string;
  contractYear: number;
  dueOn: string | null;
  lastSafeOn: string | null;
}

/** A feed shows what has a day, from last year's contract year on. */
function readAgenda(items: AgendaItem[], service: string): Omit<Row, 'title'>[] {
  const from = new Date().getFullYear() - 1;
  return items
    .filter(({ certainty, contractYear, dueOn }) => contractYear >= from && dueOn !== null && certainty !== 'template')
    .map(({ dueOn, id, lastSafeOn }) => ({
      uid: id,
      on: lastSafeOn ?? dueOn!,
      link: `${service}/datums/${id}`,
    }))
    .sort((a, b) => (a.uid < b.uid ? -1 : 1));
}
