/** What organisations, editors and readers of mails say, and the work that follows: each answer and each mail is recorded. */
import PostalMime from 'postal-mime';
import { shortId } from '../../db/store/secrets.ts';
import { textOf, type Finds } from './answers.ts';
import { beginStep } from './pinned.ts';
import { keep, type Recordings } from './recordings.ts';
import { EDITOR_KEY, type Answer, type Question, type Service } from './service.ts';

/** What is known of a life so far. */
export interface Life extends Finds {
  organisations: Map<string, string>;
  /** Addresses of feeds, by whose they are and what they chose. */
  feeds: Map<string, string>;
  links: string[];
  /** Ids that somebody was told, so that what refers to one reads the same in every run. */
  ids: Set<string>;
}

/** What is made, with the secrets that are told once. */
interface Made {
  id: string;
  key?: string;
  url?: string;
}

export interface Voices {
  life: Life;
  /** An organisation calls the API below its own address. Every call has a name, of one use; what is made is known by it. */
  asks: (name: string, step: string, method: string, path: string, body?: object) => Promise<Made>;
  /** An editor calls the API. */
  edits: (step: string, method: string, path: string, body: object) => Promise<Made>;
  /** An organisation is made, with its key. */
  joins: (name: string, body: object) => Promise<void>;
  /** Somebody presses the button of the newest link of a kind in mails, of those about what is given. */
  presses: (step: string, kind: string, about: string, form?: string) => Promise<void>;
  /** Somebody sends a form of the site's own pages. */
  fills: (step: string, address: string, form: string) => Promise<void>;
  /** The id of what was made under a name. */
  idOf: (name: string) => string;
  /** A round of work at a moment, with the mails that leave. */
  work: (moment: string) => Promise<void>;
}

/** Opens the voices of a new life. Whatever is refused ends it. */
export function openVoices(service: Service, recordings: Recordings): Voices {
  const life: Life = { organisations: new Map(), feeds: new Map(), links: [], ids: new Set() };
  const made = new Map<string, Made>();
  const idOf = (name: string) => made.get(name)!.id;

  const say = async (step: string, method: string, address: string, question: Question): Promise<Answer> => {
    beginStep(step);
    const answer = await service.ask(address, { method, ...question });
    keep(recordings, `steps/${step}`, textOf(answer));
    if (answer.status >= 400) throw new Error(`${step}: ${textOf(answer)}`);
    return answer;
  };
  const call = async (step: string, method: string, path: string, question: Question): Promise<Made> => {
    const { body } = await say(step, method, `/api/v1${path}`, question);
    const told = (body.length === 0 ? {} : JSON.parse(body.toString())) as Made;
    if (told.id !== undefined) life.ids.add(told.id);
    made.set(step, told);
    return told;
  };
  return {
    life,
    idOf,
    asks: (name, step, method, path, body) =>
      call(step, method, `/organisations/${idOf(name)}${path}`, { key: made.get(name)!.key, ...(body === undefined ? {} : { body }) }),
    edits: (step, method, path, body) => call(step, method, path, { key: EDITOR_KEY, body }),
    async joins(name, body) {
      const { id, key = '' } = await call(name, 'POST', '/organisations', { key: EDITOR_KEY, body });
      life.organisations.set(id, key);
    },
    async presses(step, kind, about, form = '') {
      const inShort = about.replace(/^[0-9a-f-]{36}/, shortId);
      const link = life.links.findLast((one) => one.startsWith(`/${kind}/`) && (one.includes(about) || one.includes(inShort)));
      if (link === undefined) throw new Error(`${step}: no mail had a link ${kind} about ${about}`);
      await say(step, 'POST', link, { body: form, headers: { 'sec-fetch-site': 'same-origin' } });
    },
    async fills(step, address, form) {
      await say(step, 'POST', address, { body: form, headers: { 'sec-fetch-site': 'same-origin' } });
    },
    async work(moment) {
      service.moveTo(moment);
      const mails = await service.round();
      for (const { raw } of mails) for (const link of await linksIn(raw)) if (!life.links.includes(link)) life.links.push(link);
      const said = service.said().filter((line) => !/^(mail (sent|lost)|planned reminders|operator told)/.test(line));
      const texts = [...said, ...mails.map(({ to, kind, raw }) => `== ${kind} to ${to}\n${raw.toString()}`)];
      if (texts.length > 0) keep(recordings, `mails/${moment}`, texts.join('\n'));
    },
  };
}

async function linksIn(raw: Buffer): Promise<string[]> {
  const { text = '' } = await PostalMime.parse(raw);
  return [...text.matchAll(/https:\/\/inkoop\.example(\/\w+\/\S+)/g)].map(([, path]) => path!);
}
