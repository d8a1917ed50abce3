/** How errors leave the service where people read: a page that says what to do next to a browser, a problem to programs and below /api. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../calendars/words.ts';
import { logProblem, RETRY_SECONDS, sendProblem, type Problem } from '../http/errors.ts';
import { addressAt } from '../http/paths.ts';
import { html } from './html.ts';
import { languageOf, pathIn } from './language.ts';
import { sendPage } from './layout.ts';
import { buttonLink } from './parts/button.ts';

/** Answers any error. What is not the asker's fault is logged, with when to come back where it passes by itself. */
export async function answerFault(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return tellFault(request, reply, logProblem(error, request));
}

/** Tells a problem: as a page to a browser, in the language of the address. */
export function tellFault(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (!wantsPage(request)) return sendProblem(reply, problem);
  const { status } = problem;
  const language = languageOf(request);
  const say = wordsIn(language);
  if (status === 503) reply.header('retry-after', RETRY_SECONDS);
  const words = `page:fault.${wordsOf(status)}`;
  const next = status === 401 ? { path: '/inloggen', label: say('page:fault.sign_in') } : { path: '/', label: say('page:fault.home') };
  const title = say(`${words}.title`);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say(`${words}.text`)}</p>
    <p>${buttonLink(addressAt(reply, pathIn(language, next.path)), next.label)}</p>`;
  return sendPage(reply.code(status).header('cache-control', 'no-store'), { language, title, content });
}

/** Whether the asker is a browser, which reads pages. Programs ask for anything, or for JSON. */
export function wantsPage(request: FastifyRequest): boolean {
  return !/^\/api(?=[/?]|$)/.test(request.url) && request.accepts().type(['json', 'html']) === 'html';
}

/** What has words of its own; all else is told by the first of its hundred. */
const TOLD = [400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 429, 500, 503];

function wordsOf(status: number): number {
  return TOLD.includes(status) ? status : status < 500 ? 400 : 500;
}
