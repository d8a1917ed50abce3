/** The service of a life: the real registry in a real database, real routes, real rounds of work, and a mail server at the other end of a socket. */
import PostalMime from 'postal-mime';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { openKeyUses } from '../../../db/organisations/key-uses.ts';
import { openReadCache } from '../../../db/organisations/read-cache.ts';
import { openChange } from '../../../db/reminders/change.ts';
import { planNow } from '../../../jobs/plan.ts';
import { previewEdition } from '../../../jobs/preview.ts';
import { projectNow } from '../../../jobs/project.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { openMailer } from '../../../jobs/transport/mailer.ts';
import { prepareStore } from '../../../seeds/prepare.ts';
import { buildApp } from '../../../server/app.ts';
import { startRawSink } from '../../faults/sink.ts';
import { SETTINGS } from '../../helpers/mail-settings.ts';

const EDITOR = 'the-editors-key-of-the-oracle';

/** Whatever a life reads of a JSON body: it is looked at, never trusted. */
// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

/** A mail with whom it went to. */
export interface TakenMail {
  for: string;
  messageId: string;
  subject: string;
  text: string;
}

export interface Service {
  moveTo: (moment: Date) => void;
  /** Calls the API, as an editor unless a key is given. Throws what it refuses. */
  call: (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object, key?: string) => Promise<Body>;
  /** Presses the button behind a link of a mail. */
  press: (link: string) => Promise<void>;
  /** A round of work; gives the mails that left. */
  round: () => Promise<TakenMail[]>;
  /** What is done at night: the timelines of the next years. */
  project: () => Promise<void>;
  close: () => Promise<void>;
}

/** Opens it on an empty database. */
export async function openService(databaseUrl: string, begin: Date): Promise<Service> {
  let now = begin;
  const clock = () => now;
  const { store } = await prepareStore(databaseUrl, now);
  const sink = await startRawSink();
  const mailer = openMailer(sink.url);
  const cache = openReadCache(store);
  const app = await buildApp(
    {
      read: store.read,
      change: openChange(store, clock, () => {}),
      preview: async (id, by) => previewEdition({ store, settings: SETTINGS }, id, by, now),
      publicUrl: SETTINGS.publicUrl,
      secret: SETTINGS.secret,
      editorKey: EDITOR,
      cache,
      feeds: openFeedCache(store, { readCache: cache, publicUrl: SETTINGS.publicUrl }),
      retentionMonths: 24,
      keyUses: openKeyUses(),
      clock,
    },
    { callsPerMinute: 1_000_000 },
  );
  await app.ready();
  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, headers: Record<string, string>, payload?: string) => {
    const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    if (answer.statusCode >= 400) throw new Error(`${method} ${url} ${payload ?? ''}: ${answer.statusCode} ${answer.body}`);
    return answer;
  };
  return {
    moveTo: (moment) => void (now = moment),
    async call(method, path, body, key = EDITOR) {
      const type: Record<string, string> = body ? { 'content-type': 'application/json' } : {};
      const answer = await ask(method, `/api/v1/${path}`, { authorization: `Bearer ${key}`, ...type }, body && JSON.stringify(body));
      return answer.body === '' ? null : answer.json();
    },
    async press(link) {
      await ask(
        'POST',
        new URL(link).pathname,
        { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
        '',
      );
    },
    async round() {
      await planNow({ store }, now);
      await sendDue({ store, mailer, settings: SETTINGS }, now);
      const taken = sink.taken.splice(0);
      return Promise.all(
        taken.map(async ({ raw, to }) => {
          const { messageId = '', subject = '', text = '' } = await PostalMime.parse(Buffer.from(raw, 'latin1'));
          return { for: to, messageId, subject, text };
        }),
      );
    },
    project: async () => void (await projectNow(store, now)),
    async close() {
      await app.close();
      mailer.close();
      await sink.close();
      await store.close();
    },
  };
}
