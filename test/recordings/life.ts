/** Most of a year of four organisations: all that they and the editors can say, each at a moment of its own. */
import { FEEDS, ORGANISATIONS, RECIPIENTS } from './choices.ts';
import type { Recordings } from './recordings.ts';
import type { Service } from './service.ts';
import { openVoices, type Life, type Voices } from './voices.ts';

/** The first moment: the registry is loaded, and nobody is there yet. */
export const BEGIN = '2024-03-04T09:00+01:00';

/** Looks at everything, or at the calendars alone, on a day. */
type Look = (life: Life, day: string, at: 'calendars' | 'everything') => Promise<void>;

const PLAN = '19a52a8b-46c0-43a1-b395-467be79a1393';
const REQUEST = '47ad53c4-1b7f-45eb-9f3d-6f0c8874aebf';
const SIGNING = '6e598541-9d47-447b-afcf-4ec6e4176eef';
const CSRD = '1b810e1d-543f-4ae4-a839-833fb0f2f105';

/** A practice that enrols, and never confirms. */
const ENROLMENT =
  'name=Praktijk+De+Linde&role=practice&status-cz=contracted&preferred=cz&status-vgz=unknown&email=vera%40linde.example&lead=42&lead=3&digest=weekly&language=nl';

/** Lives it. Each answer to a change and each mail is recorded; `look` is called where everything is to be looked at. */
export async function live(service: Service, recordings: Recordings, look: Look): Promise<void> {
  const voices = openVoices(service, recordings);
  const { life } = voices;
  await begin(service, voices);
  await look(life, '2024-03-04', 'calendars');
  await spring(service, voices);
  await summer(service, voices);
  await look(life, '2024-09-18', 'everything');
  await autumn(service, voices);
  await look(life, '2024-10-08', 'calendars');
  await winter(service, voices);
  await look(life, '2025-01-02', 'everything');
}

/** Everybody joins, makes feeds and names recipients, who say yes. */
async function begin(service: Service, { asks, idOf, joins, life, presses, work }: Voices): Promise<void> {
  service.moveTo('2024-03-04T10:00+01:00');
  for (const [name, body] of Object.entries(ORGANISATIONS)) await joins(name, name === 'wsv' ? { ...body, parent: idOf('ro') } : body);
  const addFeed = async (name: string, label: string, chosen: object) => {
    const { url = '' } = await asks(name, `feed ${name} ${label}`, 'POST', '/feeds', { label, ...chosen });
    life.feeds.set(`${name} ${label}`, new URL(url).pathname);
  };
  for (const [label, chosen] of Object.entries(FEEDS)) await addFeed('ro', label, chosen);
  for (const name of ['wsv', 'practice', 'provider']) await addFeed(name, 'plain', {});
  for (const { organisation, input } of RECIPIENTS) await asks(organisation, input.email, 'POST', '/recipients', input);
  await work('2024-03-04T10:05+01:00');
  for (const { confirms, input } of RECIPIENTS) if (confirms) await presses(`confirm ${input.email}`, 'confirm', idOf(input.email));
  await work('2024-03-04T10:10+01:00');
  service.breakAddress('dora@provider.example');
  const deputy = { email: 'dora@provider.example', until: '2025-03-31' };
  await asks('provider', 'deputy', 'PATCH', `/recipients/${idOf('kees@provider.example')}`, { deputy });
  await work('2024-03-04T10:15+01:00');
  await presses('confirm deputy', 'deputy', idOf('piet@provider.example'));
}

/** Organisations say what is their own. */
async function spring(service: Service, { asks, idOf, work }: Voices): Promise<void> {
  for (const day of ['2024-03-18', '2024-04-17', '2024-05-01']) await work(`${day}T12:00+02:00`);
  service.moveTo('2024-05-02T11:00+02:00');
  await asks('ro', 'relation', 'PUT', '/insurers/caresq', { contractStatus: 'contracted' });
  await asks('ro', 'no relation', 'DELETE', '/insurers/dsw');
  await asks('practice', 'own name', 'PATCH', '', { name: 'Practice Away' });
  const contract = { kind: 'contract_received', insurer: 'zorg-en-zekerheid', contractYear: 2025 };
  await asks('ro', 'contract received', 'POST', '/events', { ...contract, occurredOn: '2024-11-25' });
  await asks('practice', 'contract received too', 'POST', '/events', { ...contract, occurredOn: '2024-08-12' });
  await asks('ro', 'step', 'POST', `/deadlines/${PLAN}/steps`, { title: 'Begroting laten nakijken', dueOn: '2024-09-13' });
  await asks('ro', 'another step', 'POST', `/deadlines/${PLAN}/steps`, { title: 'Plan ondertekenen', dueOn: '2024-09-27' });
  await asks('ro', 'own date', 'POST', '/steps', { title: 'Voorzitter spreken', dueOn: '2024-09-16', ownerId: idOf('anna@ro.example') });
  await asks('ro', 'feed changed', 'PATCH', `/feeds/${idOf('feed ro alarms')}`, { label: 'Met alarm', alarms: [10] });
  await asks('ro', 'recipient changed', 'PATCH', `/recipients/${idOf('anna@ro.example')}`, { position: 2, sendHour: '08:15' });
  await work('2024-05-02T11:05+02:00');
}

/** An insurer's purchaser says what is right; editors create, amend and withdraw; then the reminders of the annual plan, of which one meets an address that is no more; and somebody enrols. */
async function summer(service: Service, { asks, edits, fills, life, work }: Voices): Promise<void> {
  service.moveTo('2024-08-20T09:00+02:00');
  const purchaser = await service.linksTo('zorg-en-zekerheid');
  life.links.push(purchaser);
  await fills('purchaser ticks all', purchaser, `seen=${PLAN}.1&seen=${REQUEST}.1&want-${REQUEST}=Een+ander+nummer.&doe=alles`);
  await fills('purchaser answers', purchaser, `seen=${PLAN}.1&seen=${REQUEST}.1&klopt=${PLAN}&want-${REQUEST}=Een+ander+nummer.`);
  await edits('deadline created', 'POST', '/deadlines', {
    insurer: 'vgz',
    contractYear: 2025,
    activity: 'green_deal',
    kind: 'deadline',
    title: 'Green Deal ondertekenen',
    rule: { kind: 'fixed', on: '2024-09-30' },
    boundary: 'before',
    certainty: 'stated',
    duty: { actors: ['ro', 'provider'], contractStatus: 'any', deliverable: 'Ondertekende Green Deal' },
    sources: [{ document: 'Nieuwsbericht', quote: 'voor 30 september 2024', url: 'https://vgz.example/green' }],
  });
  await edits('deadline amended', 'POST', `/deadlines/${REQUEST}/revisions`, {
    baseRevision: 1,
    reason: 'Telefoonnummer.',
    channel: { kind: 'phone', address: '071 582 5441' },
  });
  await edits('deadline withdrawn', 'PUT', `/deadlines/${CSRD}/withdrawal`, { reason: 'Niet meer van toepassing.' });
  for (const day of ['2024-08-20', '2024-08-21', '2024-08-30', '2024-09-02']) await work(`${day}T12:00+02:00`);
  service.breakAddress('zoe@wsv.example');
  for (const moment of ['16T07:30', '16T08:15', '16T12:00']) await work(`2024-09-${moment}+02:00`);
  service.moveTo('2024-09-17T10:00+02:00');
  const done = { completedOn: '2024-09-17', by: 'Anna', evidence: null };
  await asks('ro', 'done by a program', 'PUT', `/deadlines/${SIGNING}/completion`, done);
  await work('2024-09-18T12:00+02:00');
  service.moveTo('2024-09-18T12:05+02:00');
  await fills('enrolment looked through', '/aanmelden', ENROLMENT);
  await fills('enrolment sent', '/aanmelden', `${ENROLMENT}&step=send`);
  await work('2024-09-18T12:10+02:00');
}

/** The plan gets a week more; things are done, and links change and end. */
async function autumn(service: Service, { asks, edits, idOf, life, presses, work }: Voices): Promise<void> {
  service.moveTo('2024-09-19T15:00+02:00');
  await edits('plan amended', 'POST', `/deadlines/${PLAN}/revisions`, {
    baseRevision: 1,
    reason: 'Een week uitstel.',
    announcedOn: '2024-08-19',
    rule: { kind: 'fixed', on: '2024-10-08' },
    sources: [{ document: 'Brief', quote: 'uiterlijk 8 oktober 2024' }],
  });
  const done = { completedOn: '2024-09-19', by: 'Anna', evidence: 'Kenmerk 7' };
  await asks('practice', 'done', 'PUT', `/deadlines/${REQUEST}/completion`, done);
  await asks('ro', 'not done by a program', 'DELETE', `/deadlines/${SIGNING}/completion`);
  await presses('done by mail', 'done', `${idOf('anna@ro.example')}:`);
  await presses('muted by mail', 'mute', idOf('emma@practice.example'));
  const { url = '' } = await asks('ro', 'feed rotated', 'POST', `/feeds/${idOf('feed ro rotated')}/rotation`, { overlapDays: 30 });
  life.feeds.set('ro rotated, its new link', new URL(url).pathname);
  await asks('ro', 'feed ended', 'DELETE', `/feeds/${idOf('feed ro ended')}`);
  await presses('no changes by mail', 'unsubscribe', idOf('bert@ro.example'), 'stop=change');
  await work('2024-09-19T15:05+02:00');
  for (const day of ['2024-09-20', '2024-09-26', '2024-10-03', '2024-10-08']) await work(`${day}T12:00+02:00`);
}

/** People leave, things are taken back, and the year turns. */
async function winter(service: Service, { asks, edits, idOf, presses, work }: Voices): Promise<void> {
  service.moveTo('2024-10-09T10:00+02:00');
  await presses('unsubscribed', 'unsubscribe', idOf('wim@wsv.example'), 'all=1');
  await presses('deputy left', 'leave', idOf('piet@provider.example'));
  await asks('ro', 'recipient removed', 'DELETE', `/recipients/${idOf('carla@ro.example')}`);
  await asks('ro', 'step removed', 'DELETE', `/deadlines/${PLAN}/steps/${idOf('step')}`);
  await asks('practice', 'not done', 'DELETE', `/deadlines/${REQUEST}/completion`);
  await edits('created amended', 'POST', `/deadlines/${idOf('deadline created')}/revisions`, {
    baseRevision: 1,
    reason: 'Andere naam.',
    title: 'Green Deal 3.0 ondertekenen',
  });
  await edits('signing amended', 'POST', `/deadlines/${SIGNING}/revisions`, {
    baseRevision: 1,
    reason: 'Eerder.',
    rule: { kind: 'fixed', on: '2024-12-20' },
    certainty: 'stated',
    sources: [{ document: 'Brief', quote: 'uiterlijk 20 december 2024' }],
  });
  await work('2024-10-09T12:00+02:00');
  for (const day of ['2024-11-18', '2024-12-17', '2025-01-02']) await work(`${day}T12:00+01:00`);
}
