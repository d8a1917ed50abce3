/** The API: what all its calls share, and every noun that it knows. */
import cors from '@fastify/cors';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../calendars/errors.ts';
import { agendaRoutes } from './organisations/agenda.ts';
import { changeRoutes } from './registry/changes.ts';
import { completionRoutes } from './organisations/completions.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { deadlineRoutes } from './registry/deadlines.ts';
import { editorKeyRoutes } from './editor-keys.ts';
import { eventRoutes } from './organisations/events.ts';
import { feedRoutes } from './organisations/feeds.ts';
import { insurerRoutes } from './registry/insurers.ts';
import { keyRoutes } from './organisations/keys.ts';
import { messageRoutes } from './organisations/messages.ts';
import { organisationRoutes } from './organisations/organisations.ts';
import { ownStepRoutes } from './organisations/own-steps.ts';
import { recipientRoutes } from './organisations/recipients.ts';
import { relationRoutes } from './organisations/relations.ts';
import { stepRoutes } from './organisations/steps.ts';
import { refuseUnstorableText } from './storable-text.ts';
import type { App, Deps } from '../deps.ts';
import { refusePackedBody } from '../http/coding/content-coding.ts';
import { answerError, answerNotFound, problemWith, sendProblem } from '../http/errors.ts';
import { openMemo } from '../http/memo.ts';
import { API_VERSION } from '../http/openapi.ts';
import { methodsAt } from '../http/paths.ts';

/** How many calls one address may make in a minute. */
export const CALLS_PER_MINUTE = 600;

/** What protects a page that a browser opens, and says nothing to a program that reads JSON. */
const OF_PAGES = [
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
];

/** JSON loads nothing and sends nothing, wherever a browser shows it. */
const NOTHING = "default-src 'none';form-action 'none';base-uri 'none';frame-ancestors 'none'";

export function apiRoutes(deps: Deps, callsPerMinute = CALLS_PER_MINUTE) {
  return async (api: App) => {
    api.addHook('onRequest', async (_request, reply) => {
      for (const name of OF_PAGES) reply.removeHeader(name);
      reply.headers({ 'api-version': API_VERSION, 'cache-control': 'no-store', 'content-security-policy': NOTHING });
    });
    await api.register(cors, {
      origin: '*',
      methods: ['GET', 'HEAD'],
      strictPreflight: false,
      exposedHeaders: ['API-Version', 'ETag', 'Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
    });
    await api.register(rateLimit, {
      global: false,
      max: callsPerMinute,
      timeWindow: '1 minute',
      keyGenerator: addressOf,
      enableDraftSpec: true,
      errorResponseBuilder: (_request, { after }) =>
        new AppError('limited', `More than ${callsPerMinute} calls in a minute. Try again in ${after}.`),
    });
    // Before the guards of the routes, so that guessing keys is counted too.
    api.addHook('onRequest', api.rateLimit());
    // "/deadlines/" would be a deadline with an empty id.
    api.addHook('onRequest', async ({ url }) => {
      if (/^[^?]*\/(\?|$)/.test(url)) throw new AppError('not_found', 'There is nothing at this address. Addresses do not end in a slash.');
    });
    api.addHook('preParsing', refusePackedBody);
    api.addHook('preValidation', refuseUnstorableText);
    api.setErrorHandler(answerError);
    api.setNotFoundHandler(answerNotFoundOrMethod);

    const memo = openMemo();
    await api.register(insurerRoutes(deps));
    await api.register(deadlineRoutes(deps, memo));
    await api.register(changeRoutes(deps));
    await api.register(organisationRoutes(deps));
    await api.register(keyRoutes(deps));
    await api.register(relationRoutes(deps));
    await api.register(agendaRoutes(deps, memo));
    await api.register(eventRoutes(deps));
    await api.register(feedRoutes(deps));
    await api.register(completionRoutes(deps));
    await api.register(stepRoutes(deps));
    await api.register(ownStepRoutes(deps));
    await api.register(recipientRoutes(deps));
    await api.register(messageRoutes(deps));
    await api.register(deadLetterRoutes(deps));
    await api.register(editorKeyRoutes(deps));
  };
}

/** Whose calls are counted together. Who has hung up has no address any more, whatever Fastify's type says; its answer reaches nobody. */
function addressOf({ ip }: { ip: string | undefined }): string {
  return ip === undefined ? '' : normalizeIP(ip);
}

/** A wrong method at a right address is told apart, with the right ones (RFC 9110, 15.5.6). */
async function answerNotFoundOrMethod(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const methods = methodsAt(request.server, request.url);
  if (methods.length === 0) return answerNotFound(request, reply);
  return sendProblem(reply.header('allow', methods.join(', ')), problemWith(405, `This address answers to ${methods.join(', ')}.`));
}
