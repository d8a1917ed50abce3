/** The answer where a page could not be made: in their language for people, a problem for programs. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../calendars/words.ts';
import { logProblem, RETRY_SECONDS, sendProblem } from '../http/errors.ts';
import { html } from './html.ts';
import { languageOf } from './language.ts';
import { sendPage } from './layout.ts';

/** Answers any error of a page. What is not the asker's fault is told to a browser by a page, with when to come back where it passes by itself. */
export async function answerPageFault(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const problem = logProblem(error, request);
  if (problem.status < 500 || request.accepts().type(['json', 'html']) !== 'html') return sendProblem(reply, problem);
  const language = languageOf(request);
  const say = wordsIn(language);
  const kind = problem.status === 503 ? 'unavailable' : 'failed';
  if (kind === 'unavailable') reply.header('retry-after', RETRY_SECONDS);
  const title = say(`page:${kind}.title`);
  const content = html`<h1>${title}</h1>
    <p>${say(`page:${kind}.text`)}</p>`;
  return sendPage(reply.code(problem.status).header('cache-control', 'no-store'), { language, title, content });
}
