/** The answer to an address that leads nowhere: a page for people, a problem for programs. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../calendars/words.ts';
import { addressAt } from '../http/paths.ts';
import { answerNotFound } from '../http/errors.ts';
import { html } from './html.ts';
import { languageOf } from './language.ts';
import { layout } from './layout.ts';

export async function answerPageNotFound(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.accepts().type(['json', 'html']) !== 'html') return answerNotFound(request, reply);
  const language = languageOf(request);
  const say = wordsIn(language);
  const title = say('page:not_found.title');
  const content = html`<h1>${title}</h1>
    <p>${say('page:not_found.text')}</p>
    <p><a href="${addressAt(reply, '/')}">${say('page:not_found.home')}</a></p>`;
  return reply.code(404).type('text/html; charset=utf-8').send(layout(reply, { language, title, content }));
}
