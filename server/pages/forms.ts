/** Forms that are sent: taken from our own pages alone, since another's page may send one in a reader's name. */
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LANGUAGES } from '../../calendars/terms.ts';
import { wordsIn } from '../../calendars/words.ts';
import { AppError } from '../../calendars/errors.ts';
import type { App, Deps } from '../deps.ts';
import { endAfterAnswer } from '../http/coding/unread.ts';
import { gatherBody, readMultipart, type SentFile, type SentForm } from '../http/coding/multipart.ts';
import { html } from './html.ts';
import { languageOf, pathIn } from './language.ts';
import { sendPage, type PageText } from './layout.ts';
import { answerPage, type Download, type Onward, type PageAsk, type PageOptions } from './page.ts';
import { buttonLink } from './parts/button.ts';

/** What a form is sent with. */
export interface FormAsk extends PageAsk {
  fields: URLSearchParams;
  /** By the names of their fields. */
  files: ReadonlyMap<string, SentFile>;
  /** There was more than is kept: what stood last is missing, or not whole. */
  isCut: boolean;
}

/** For a form with a file in it: how many bytes of it are kept at most, and from whom; of anybody else no more than of any other form. */
interface FileOptions {
  mostBytes: number;
  isReadFrom: (request: FastifyRequest) => boolean;
}

/**
 * Takes a form at a path of the site map, in both languages. `take` gives the page anew, with what was typed, or where to go on; null where there
 * is nothing. A form that did not come from a page of ours is refused before it is read.
 */
export function takeForm(
  app: App,
  { publicUrl }: Pick<Deps, 'publicUrl'>,
  path: string,
  take: (ask: FormAsk) => Promise<PageText | Onward | Download | null>,
  { languages = LANGUAGES, file }: Pick<PageOptions, 'languages'> & { file?: FileOptions } = {},
): void {
  app.register(async (forms) => {
    forms.removeAllContentTypeParsers();
    if (file !== undefined) takeFiles(forms, file);
    forms.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      // No reader can type a NUL, and no database keeps one.
      done(null, new URLSearchParams(String(body).replaceAll('%00', ''))),
    );
    forms.addHook('onRequest', oursOnly(publicUrl));
    for (const language of languages)
      forms.post(pathIn(language, path), async (request, reply) => {
        const sent = sentIn(request.body);
        reply.header('cache-control', 'no-store');
        const ask = { language, request, reply };
        return answerPage(ask, publicUrl, async () => take({ ...ask, ...sent }));
      });
  });
}

/**
 * Takes forms with a file too. Of whoever may not send one, or may not any more, the fields are read, so that what was typed is not lost, and nothing
 * beyond: the connection ends with the answer.
 */
function takeFiles(forms: App, { isReadFrom, mostBytes }: FileOptions): void {
  const unread = new WeakSet<FastifyRequest>();
  forms.addHook('onSend', async (request, reply) => {
    if (unread.has(request)) endAfterAnswer(request, reply);
  });
  forms.addContentTypeParser('multipart/form-data', async (request: FastifyRequest, payload: IncomingMessage) => {
    const isRead = isReadFrom(request);
    const gathered = await gatherBody(payload, isRead ? mostBytes : FIELDS_BYTES, { stops: !isRead });
    if (!isRead && gathered.isCut) unread.add(request);
    const sent = readMultipart(request.headers['content-type'] ?? '', gathered);
    if (sent === null) throw new AppError('invalid', 'The form cannot be read.');
    return sent;
  });
}

/** As any other form may have (`bodyLimit` of server/app.ts). */
const FIELDS_BYTES = 64 * 1024;
const NOTHING: SentForm = { fields: new URLSearchParams(), files: new Map(), isCut: false };

/** What a form was sent with, whichever way; nothing for what is no form. */
export function sentIn(body: unknown): SentForm {
  if (body instanceof URLSearchParams) return { ...NOTHING, fields: body };
  return body !== null && typeof body === 'object' && 'fields' in body ? (body as SentForm) : NOTHING;
}

/** Lets in what browsers say came from a page of ours; programs that say nothing are not asked to send any. */
function oursOnly(publicUrl: string) {
  return async (request: FastifyRequest, reply: FastifyReply) => (isOurs(request, publicUrl) ? undefined : refuseForeign(request, reply));
}

/** Whether a browser says that a form came from a page of ours. */
export function isOurs({ headers }: FastifyRequest, publicUrl: string): boolean {
  return headers['sec-fetch-site'] === 'same-origin' || headers.origin === new URL(publicUrl).origin;
}

/** Answers a form that did not come from a page of ours. */
export function refuseForeign(request: FastifyRequest, reply: FastifyReply, language = languageOf(request)): FastifyReply {
  return sendPage(reply.header('cache-control', 'no-store'), { language, ...foreignText({ language, reply }) });
}

/** The very address that was asked for: it may hold a secret, which no page repeats. */
const HERE = '';

/** The page that says that a form did not come from ours. */
export function foreignText({ language, reply }: Omit<PageAsk, 'request'>): PageText {
  const say = wordsIn(language);
  reply.code(403);
  const title = say('page:foreign.title');
  const content = html`<h1>${title}</h1>
    <p>${say('page:foreign.text')}</p>
    <p>${buttonLink(HERE, say('page:foreign.back'))}</p>`;
  return { title, content };
}
