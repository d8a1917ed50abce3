/** Lives a course through the service, day by day, and writes down what the oracle is to judge: what was said, and what arrived. */
import { concernOf } from '../concern.ts';
import { BEGIN, END, type Course, type OrganisationPlan, type RecipientPlan } from './course.ts';
import { callFor } from './editor.ts';
import type { Life, Reader, ReadMail } from '../life.ts';
import type { Organisation, Registry, Row } from '../registry.ts';
import { openService, type Service, type TakenMail } from './service.ts';
import { tellingDays } from './telling-days.ts';
import { momentAt, shift } from '../../helpers/mail-year.ts';
import type { Day } from '../working-days.ts';

/** Who lives: an organisation with its id and key, and its readers with theirs. */
interface Member {
  plan: OrganisationPlan;
  organisation: Organisation;
  id: string;
  key: string;
  readers: Map<Reader, { id: string; plan: RecipientPlan }>;
}

interface World {
  service: Service;
  course: Course;
  life: Life;
  members: Member[];
  /** When an entry was changed last. */
  changedOn: Map<string, Day>;
  today: Day;
  /** Whether work is done on a day at an hour. */
  mayTell: (day: Day, hour: string) => boolean;
}

/** What happens on a day, at a time by the clocks of Amsterdam. */
interface Happening {
  time: string;
  act: () => Promise<void>;
}

/** The insurers of the registry, by slug, with what they are called. */
async function insurersIn(service: Service): Promise<Map<string, string>> {
  const { items } = await service.call('GET', 'insurers?pageSize=100');
  return new Map((items as { slug: string; name: string }[]).map(({ name, slug }) => [slug, name]));
}

/**
 * Lives it to its end on a database that is empty; `draw` is asked for the course once the insurers are known. Work is done each morning, or, for
 * less, on each on which by the words something may be told: what is planned for another day leaves late then, and shows.
 */
export async function live(
  databaseUrl: string,
  draw: (insurers: readonly string[]) => Course,
  isEveryDay = false,
): Promise<{ life: Life; names: Map<string, string> }> {
  const service = await openService(databaseUrl, momentAt(BEGIN, '06:00'));
  try {
    const names = await insurersIn(service);
    const course = draw([...names.keys()].sort());
    const life: Life = { registries: [], changes: [], readers: [], done: [], received: [] };
    const mayTell = isEveryDay ? () => true : tellingDays(life);
    const world: World = { service, course, life, members: [], changedOn: new Map(), today: BEGIN, mayTell };
    await look(world, momentAt(BEGIN, '06:00'));
    for (const plan of course.organisations) world.members.push(await join(world, plan));
    for (let day = BEGIN; day < END; day = shift(day, 1)) await liveDay(world, day);
    return { life, names };
  } finally {
    await service.close();
  }
}

async function liveDay(world: World, day: Day) {
  world.today = day;
  const happenings = happeningsOn(world, day);
  for (const { act, time } of happenings.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))) {
    world.service.moveTo(momentAt(day, time));
    await act();
  }
}

function happeningsOn(world: World, day: Day): Happening[] {
  const { course, life, members, service } = world;
  const work = (time: string): Happening => ({ time, act: () => round(world, momentAt(day, time)) });
  const hours = new Set(life.readers.map(({ sendHour }) => sendHour));
  const happenings: Happening[] = [...hours].filter((hour) => world.mayTell(day, hour)).map(work);
  const changedAt = life.changes.at(-1)?.at;
  const isAfterChange = changedAt !== undefined && changedAt >= momentAt(shift(day, -1), '00:00');
  if (day.endsWith('-01-01') || isAfterChange)
    happenings.push({
      time: '04:35',
      async act() {
        await service.project();
        await look(world, momentAt(day, '04:35'));
      },
    });
  for (const member of members) {
    for (const [reader, { id, plan }] of member.readers) {
      if (plan.pause?.on === day && reader.confirmedAt < momentAt(day, '09:20'))
        happenings.push({ time: '09:20', act: () => pause(world, member, { reader, id, days: plan.pause!.days }) });
    }
    for (const plan of member.plan.recipients)
      if (plan.joinsOn === day) happenings.push({ time: '09:30', act: () => addReader(world, member, plan) });
    if (member.plan.receivesOn === day) happenings.push({ time: '09:40', act: () => receive(world, member) }, work('09:41'));
  }
  for (const edit of course.edits) {
    if (edit.on !== day) continue;
    happenings.push({ time: edit.time, act: () => doEdit(world, edit) }, work(after(edit.time, 1)), work(after(edit.time, 10)));
  }
  happenings.push({ time: '12:00', act: () => answerMails(world, day) });
  return happenings;
}

/** Reads the registry as it stands. */
async function look({ life, service }: World, at: Date) {
  const rows = await pages(service, 'deadlines?from=2026-10-01');
  const terms = await pages(service, 'deadlines?kind=term&includeUndated=true');
  const registry: Registry = {
    at,
    rows: new Map(rows.map((row) => [row.id, row])),
    terms: terms.filter(({ certainty }) => certainty === 'stated'),
  };
  life.registries.push(registry);
}

async function pages(service: Service, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total } = await service.call('GET', `${path}&pageSize=100&page=${page}`);
    rows.push(...(items as Row[]));
    if (rows.length >= total) return rows;
  }
}

async function join({ members, service }: World, plan: OrganisationPlan): Promise<Member> {
  const ros = members.filter((one) => one.plan.role === 'ro');
  const parent = plan.parent === null ? undefined : ros[plan.parent % Math.max(1, ros.length)];
  const { name, role } = plan;
  const relations = new Map(plan.insurers.map(({ insurer, ...relation }) => [insurer, relation]));
  const organisation: Organisation = { name, role, parent: parent?.organisation ?? null, members: [], relations };
  parent?.organisation.members.push(organisation);
  const body = { name, roles: [role], parent: parent?.id ?? null, insurers: plan.insurers };
  const { id, key } = await service.call('POST', 'organisations', body);
  return { plan, organisation, id, key, readers: new Map() };
}

/** An address is added, asked, and says yes. */
async function addReader(world: World, member: Member, plan: RecipientPlan) {
  const { life, service, today } = world;
  const { digest, language, leadDays, sendHour } = plan;
  const email = `${member.organisation.name.replace(' ', '').toLowerCase()}.${member.readers.size + 1}@example.org`;
  const recipients = `organisations/${member.id}/recipients`;
  const { id } = await service.call('POST', recipients, { email, digest, language, leadDays, sendHour }, member.key);
  const asked = (await service.round()).find((mail) => mail.for === email);
  await service.press(/https:\S+\/confirm\/\S+/.exec(asked!.text)![0]);
  const confirmedAt = momentAt(today, '09:30');
  const reader: Reader = {
    email,
    organisation: member.organisation,
    language,
    sendHour,
    digest,
    leadDays,
    confirmedAt,
    mails: [],
    pauses: [],
    mutes: [],
  };
  life.readers.push(reader);
  member.readers.set(reader, { id, plan });
  await round(world, confirmedAt);
}

async function pause({ service, today }: World, member: Member, { days, id, reader }: { reader: Reader; id: string; days: number }) {
  const until = shift(today, days);
  await service.call('PATCH', `organisations/${member.id}/recipients/${id}`, { pausedUntil: until }, member.key);
  reader.pauses.push({ from: momentAt(today, '09:20'), until });
}

/** A contract arrives from everybody with whom there is none. */
async function receive({ life, service, today }: World, { id, key, organisation }: Member) {
  const contractYear = Number(today.slice(0, 4)) + 1;
  const at = momentAt(today, '09:40');
  for (const [insurer, { contractStatus }] of organisation.relations) {
    if (contractStatus !== 'uncontracted') continue;
    const event = { kind: 'contract_received', insurer, contractYear, occurredOn: today };
    const { startedTerms } = await service.call('POST', `organisations/${id}/events`, event, key);
    const terms = (startedTerms as StartedTerm[]).map((term) => ownTerm(term, insurer, contractYear));
    life.received.push({ organisation, insurer, contractYear, at, terms });
  }
}

/** A term that an event started, as the answer to it says. */
interface StartedTerm extends Pick<Row, 'certainty' | 'dueOn' | 'lastSafeOn'> {
  deadlineId: string;
}

function ownTerm({ certainty, deadlineId, dueOn, lastSafeOn }: StartedTerm, insurer: string, contractYear: number): Row {
  const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const };
  const said = { kind: 'deadline', title: '', careType: 'general', activity: 'signing_term', rule: { kind: 'offset' }, revision: 1 };
  return { ...said, id: deadlineId, insurer, contractYear, certainty, dueOn, lastSafeOn, duty };
}

async function doEdit(world: World, edit: Course['edits'][number]) {
  const { changedOn, life, service, today } = world;
  const registry = life.registries.at(-1)!;
  const recent = new Set([...changedOn].flatMap(([id, on]) => (on > shift(today, -14) ? [id] : [])));
  const call = callFor(edit, registry, today, recent);
  if (!call) return;
  const answer = await service.call(call.method, call.path, call.body);
  const id = (answer.deadlineId ?? answer.id) as string;
  const at = momentAt(today, edit.time);
  await look(world, at);
  changedOn.set(id, today);
  const now = life.registries.at(-1)!;
  const others = [...new Set([...registry.rows.keys(), ...now.rows.keys()])].filter(
    (one) => one !== id && registry.rows.get(one)?.revision !== now.rows.get(one)?.revision,
  );
  for (const one of [id, ...others])
    life.changes.push({ at, id: one, isFollowing: one !== id, before: registry.rows.get(one) ?? null, after: now.rows.get(one) ?? null });
}

/** A round of work: each mail is put down with whom it reached, and with what the service says that it tells. */
async function round({ members, service }: World, at: Date) {
  const mails = await service.round();
  for (const member of members) {
    const own = mails.flatMap((mail) => {
      const reader = [...member.readers.keys()].find(({ email }) => email === mail.for);
      return reader ? [{ mail, reader }] : [];
    });
    if (own.length === 0) continue;
    const { items } = await service.call('GET', `organisations/${member.id}/messages?pageSize=30`, undefined, member.key);
    for (const { mail, reader } of own) reader.mails.push(readMail(mail, at, items as Message[]));
  }
}

/** A message as the API gives it. */
interface Message {
  messageId: string | null;
  kind: string;
  deadlines: { kind: 'reminder' | 'change' | 'escalation' | 'acts'; deadlineId: string; leadDays: number | null; reason: string | null }[];
}

function readMail(mail: TakenMail, at: Date, messages: readonly Message[]): ReadMail {
  const message = messages.find(({ messageId }) => messageId === mail.messageId);
  if (!message) throw new Error(`nobody knows of the mail ${mail.subject}`);
  const told = message.deadlines.filter(({ reason }) => reason === null);
  return {
    at,
    kind: message.kind,
    subject: mail.subject,
    text: mail.text,
    told: told.map(({ deadlineId, kind, leadDays }) => ({ kind, id: deadlineId, lead: leadDays })),
  };
}

/** At noon some say that a thing is done, and some that they want no more mails of it. */
async function answerMails(world: World, day: Day) {
  const { course, life, members, service } = world;
  const at = momentAt(day, '12:00');
  const registry = life.registries.at(-1)!;
  for (const { id, key, organisation, readers } of members) {
    for (const reader of readers.keys()) {
      const mails = reader.mails.filter((mail) => mail.at >= momentAt(day, '00:00') && mail.at < at);
      for (const mail of mails)
        for (const told of mail.told) {
          const row = registry.rows.get(told.id);
          if (!row || told.kind !== 'reminder') continue;
          const mood = moodOf(`${course.seed} ${organisation.name} ${row.insurer} ${row.activity} ${row.contractYear}`);
          const concern = concernOf(row, organisation, registry, () => true);
          if (mood < 2 && concern?.as === 'acts' && concern.holders.includes(organisation)) {
            const body = { completedOn: day, by: 'Iemand' };
            await service.call('PUT', `organisations/${id}/deadlines/${row.id}/completion`, body, key);
            life.done.push({ organisation, id: row.id, at });
          } else if (mood === 2) {
            const link = mail.text.match(new RegExp(`https:\\S+/mute/[\\w-]+:${row.id}\\.\\S+`))?.[0];
            if (!link) continue;
            await service.press(link);
            reader.mutes.push({ id: row.id, at });
          }
        }
    }
  }
}

/** From 0 to 9, the same for the same words. */
function moodOf(words: string): number {
  let sum = 7;
  for (const letter of words) sum = (sum * 31 + letter.codePointAt(0)!) % 1_000_003;
  return sum % 10;
}

function after(time: string, minutes: number): string {
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  const all = hour * 60 + minute + minutes;
  return `${String(Math.floor(all / 60)).padStart(2, '0')}:${String(all % 60).padStart(2, '0')}`;
}
