/** The answer to an address that leads nowhere: a page for people, a problem for programs. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../calendars/words.ts';
import { addressAt } from '../http/paths.ts';
import { answerNotFound } from '../http/errors.ts';
import { html } from './html.ts';
import { languageOf, pathIn } from './language.ts';
import { sendPage } from './layout.ts';
import { buttonLink } from './parts/button.ts';

export async function answerPageNotFound(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.accepts().type(['json', 'html']) !== 'html') return answerNotFound(request, reply);
  const language = languageOf(request);
  const say = wordsIn(language);
  const title = say('page:not_found.title');
  const content = html`<h1>${title}</h1>
    <p>${say('page:not_found.text')}</p>
    <p>${buttonLink(addressAt(reply, pathIn(language, '/')), say('page:not_found.home'))}</p>`;
  return sendPage(reply.code(404), { language, title, content });
}
