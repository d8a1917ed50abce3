/** Pages behind the links in mails: opening one changes nothing, because mail scanners open every link; its button does. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../calendars/errors.ts';
import { wordsIn } from '../../calendars/words.ts';
import { getOrganisation } from '../../db/organisations.ts';
import { getRecipient } from '../../db/recipients.ts';
import type { Organisation, Recipient } from '../../db/schema.ts';
import { readLink, type LinkPurpose } from '../../db/secrets.ts';
import type { ReadDb } from '../../db/store.ts';
import type { App, Deps } from '../deps.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { answerPageNotFound } from './not-found.ts';

/** Whom a link is for. */
export interface LinkHolder {
  recipient: Recipient;
  organisation: Organisation;
}

/** Answers a request behind a signed link, or that there is nothing: for a wrong link the same as for a recipient that is gone. */
export async function behindLink(
  { secret, store }: Pick<Deps, 'secret' | 'store'>,
  purpose: LinkPurpose,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (holder: LinkHolder) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const { token } = request.params as { token: string };
  reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
  const recipientId = readLink(secret, purpose, token);
  const holder = recipientId === null ? null : await findHolder(store.read, recipientId);
  return holder ? answer(holder) : answerPageNotFound(request, reply);
}

/** A page with a title, a sentence, and a button that posts to the same address when it is named. */
export function sendLinkPage(
  reply: FastifyReply,
  holder: LinkHolder,
  page: { title: string; text: string; button?: string; status?: number },
): FastifyReply {
  const { organisation, recipient } = holder;
  const { language, name } = organisation;
  const say = wordsIn(language);
  const title = say(`page:${page.title}`);
  const content = html`<h1>${title}</h1>
    <p>${say(`page:${page.text}`, { email: recipient.email, organisation: name })}</p>
    ${page.button === undefined ? html`<p><a href="/">${say('page:mail_link.home')}</a></p>` : html`<form method="post"><button type="submit">${say(`page:${page.button}`)}</button></form>`}`;
  return reply
    .code(page.status ?? 200)
    .header('content-language', language)
    .type('text/html; charset=utf-8')
    .send(layout({ language, title, content }));
}

/** Lets a scope of routes take a POST of any kind: the link says everything, and mail programs send one as they like (RFC 8058, 3.2). */
export function ignoreBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 16 * 1024 }, (_request, _body, done) => done(null, undefined));
}

async function findHolder(db: ReadDb, recipientId: string): Promise<LinkHolder | null> {
  try {
    const recipient = await getRecipient(db, recipientId);
    return { recipient, organisation: await getOrganisation(db, recipient.organisationId) };
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}
