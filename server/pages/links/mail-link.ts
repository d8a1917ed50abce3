/** Pages behind the links in mails: opening one changes nothing, because mail scanners open every link; its button does. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../calendars/errors.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { getOrganisation } from '../../../db/organisations/organisations.ts';
import { getRecipient } from '../../../db/recipients/recipients.ts';
import type { Organisation, Recipient } from '../../../db/schema/schema.ts';
import { longId, readLink, type LinkPurpose } from '../../../db/store/secrets.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import { languageFor } from '../../../db/recipients/preferences.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { isOurs, refuseForeign } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import { sendPage } from '../layout.ts';
import { answerPageNotFound } from '../not-found.ts';
import { button } from '../parts/button.ts';

/** Whom a link is for. */
export interface LinkHolder {
  recipient: Recipient;
  organisation: Organisation;
  language: Language;
  /** What stands behind the recipient's id in the link: what names deadlines, or which deputy; empty when nothing does. */
  about: string;
}

/** A page with a title, a sentence, and the buttons or choices below it. Without any it leads to the calendar. */
export interface TextPage {
  title: string;
  text: string;
  /** Values for the sentence. */
  values?: Record<string, string>;
  /** A button that posts to the same address. */
  button?: string;
  /** A form of its own, or more to say. */
  below?: SafeHtml;
  status?: number;
}

/** Answers a request behind a signed link, or that there is nothing: for a wrong link the same as for a recipient that is gone. */
export async function behindLink(
  { read, secret }: Pick<Deps, 'secret' | 'read'>,
  purpose: LinkPurpose,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (holder: LinkHolder) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const { token } = request.params as { token: string };
  reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
  const subject = readLink(secret, purpose, token);
  const holder = subject === null ? null : await findHolder(read, subject);
  return holder ? answer(holder) : answerPageNotFound(request, reply);
}

/** A page for whom a link is for: its sentence may name the address and the organisation. */
export function sendLinkPage(reply: FastifyReply, { language, organisation, recipient }: LinkHolder, page: TextPage): FastifyReply {
  return sendTextPage(reply, language, { ...page, values: { email: recipient.email, organisation: organisation.name, ...page.values } });
}

export function sendTextPage(reply: FastifyReply, language: Language, page: TextPage): FastifyReply {
  const say = wordsIn(language);
  const title = say(`page:${page.title}`);
  const content = html`<h1>${title}</h1>
    <p>${say(`page:${page.text}`, page.values ?? {})}</p>
    ${page.below ?? ''}
    ${page.button === undefined ? (page.below ? '' : homeLink(reply, language)) : html`<form method="post">${button(say(`page:${page.button}`), 'primary')}</form>`}`;
  return sendPage(reply.code(page.status ?? 200), { language, title, content });
}

function homeLink(reply: FastifyReply, language: Language): SafeHtml {
  return html`<p><a href="${addressAt(reply, pathIn(language, '/'))}">${wordsIn(language)('page:mail_link.home')}</a></p>`;
}

/** A button that posts to another address, such as the one that takes back what was just done. */
export function buttonTo(reply: FastifyReply, path: string, label: string): SafeHtml {
  return html`<form method="post" action="${addressAt(reply, path)}">${button(label)}</form>`;
}

/**
 * Lets a scope of routes take a POST of any kind: the link says everything, and mail programs send one as they like (RFC 8058, 3.2). Of a
 * form `request.body` holds the fields; of anything else nothing.
 */
export function takeForms(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 16 * 1024 }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 16 * 1024 }, (_request, _body, done) => done(null, undefined));
}

/** Lets a scope of routes take what browsers say came from a page of ours, and nothing else. `except`: the route that mail programs post to (RFC 8058). */
export function oursAlone(app: App, { publicUrl }: Pick<Deps, 'publicUrl'>, except?: string): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST' || request.routeOptions.url === except || isOurs(request, publicUrl)) return undefined;
    return refuseForeign(request, reply);
  });
}

/**
 * Lets an address that only takes a button lead to the page that has the button: whoever opens its tab again, or types it, asks with GET, and
 * that changes nothing. `from` and `to` are the first parts of the two addresses.
 */
export function leadBack(app: App, from: string, to: string): void {
  app.get(`/${from}/:token`, async (request, reply) => {
    const { token } = request.params as { token: string };
    // A colon stands in a link as it is.
    const address = `/${to}/${encodeURIComponent(token).replaceAll('%3A', ':')}`;
    return reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' }).redirect(address, 303);
  });
}

/** All values of a field of the form that was sent. */
export function fieldsOf({ body }: FastifyRequest, name: string): string[] {
  return body instanceof URLSearchParams ? body.getAll(name) : [];
}

/** A field of the form that was sent; empty when there was none. */
export function fieldOf({ body }: FastifyRequest, name: string): string {
  return body instanceof URLSearchParams ? (body.get(name) ?? '') : '';
}

async function findHolder(db: ReadDb, subject: string): Promise<LinkHolder | null> {
  const [recipientId = '', about = ''] = subject.split(':');
  try {
    const recipient = await getRecipient(db, longId(recipientId));
    const organisation = await getOrganisation(db, recipient.organisationId);
    return { recipient, organisation, language: languageFor(recipient, organisation), about };
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}
