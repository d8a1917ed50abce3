/** The service as one function of what it is given: the table of contents of everything that answers over HTTP. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import accepts from '@fastify/accepts';
import helmet from '@fastify/helmet';
import fastify from 'fastify';
import { apiRoutes } from './api/routes.ts';
import type { App, Deps } from './deps.ts';
import { answerError } from './http/errors.ts';
import { answerWrongLink, calendarRoutes } from './feeds/routes.ts';
import { healthRoutes } from './metrics/health.ts';
import { measureRoutes } from './metrics/metrics.ts';
import { compressAnswers } from './http/coding/compression.ts';
import { documentRoutes } from './http/documents.ts';
import { basePathOf, withoutBasePath } from './base-path.ts';
import { API_VERSION, describeApi } from './http/openapi.ts';
import { accessibilityPage } from './pages/about/accessibility.ts';
import { privacyPage } from './pages/about/privacy.ts';
import { assetRoutes } from './pages/assets.ts';
import { confirmPages } from './pages/links/confirm.ts';
import { deputyPages } from './pages/links/deputy.ts';
import { donePages } from './pages/links/done.ts';
import { stepPages } from './pages/links/step.ts';
import { enrolPages } from './pages/enrol/enrol.ts';
import { answerFault } from './pages/fault.ts';
import { entryPage } from './pages/dates/entry.ts';
import { listPage } from './pages/dates/list.ts';
import { oneDateFile } from './pages/dates/one-date.ts';
import { reportPages } from './pages/dates/report.ts';
import { deskPages } from './pages/desk/desk.ts';
import { homePage } from './pages/home/home.ts';
import { insurerPages } from './pages/insurers/insurers.ts';
import { declinePages } from './pages/links/decline.ts';
import { mutePages } from './pages/links/mute.ts';
import { changePages } from './pages/changes/changes.ts';
import { noContractPage } from './pages/no-contract/no-contract.ts';
import { answerNoRoute, leadOffSlash } from './pages/not-found.ts';
import { peoplePages } from './pages/people/people.ts';
import { purchaserPages } from './pages/purchaser/purchaser.ts';
import { openDataPages } from './pages/open-data/open-data.ts';
import { outboxPages } from './pages/outbox/outbox.ts';
import { robotRoutes } from './pages/robots.ts';
import { roomPages } from './pages/rooms/rooms.ts';
import { readSignedIn } from './pages/session/session.ts';
import { agendaPage } from './pages/subscribe/agenda.ts';
import { undoPages } from './pages/links/undo.ts';
import { unsubscribePages } from './pages/links/unsubscribe.ts';
import { collectPaths, LONGEST_PART, readableAddress, standBelow } from './http/paths.ts';
import { openProtocolFaults, refuseUnclearRequest } from './http/protocol-faults.ts';
import { readyAnswers, serverWith, type ReadyCounts } from './feeds/ready-answers.ts';
import { requestLog, type LogOptions } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { openValidator } from './http/validator.ts';

export interface AppOptions {
  /** Where and how much is logged; nothing when not given. */
  logger?: LogOptions;
  /** Addresses of the proxies whose word on the caller's address counts; nobody's when not given. */
  trustedProxies?: string[];
  /** How many calls of the API one address may make in a minute. */
  callsPerMinute?: number;
  /** How many milliseconds a request may take to arrive, with its body. */
  requestTimeout?: number;
  /** How many milliseconds an answer may wait for an asker that takes nothing of it. */
  answerTimeout?: number;
}

const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than any answer takes to make, and than a connection is kept for the next question. */
const ANSWER_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_MS = 72_000;
/** How often Node looks for requests that take too long: as a rule as rarely as they may take. */
const LOOK_MS = 5000;

/** Builds the service without listening. */
export async function buildApp(deps: Deps, options: AppOptions = {}): Promise<App> {
  const counts: ReadyCounts = { 200: 0, 304: 0 };
  let closing = false;
  const basePath = basePathOf(deps.publicUrl);
  const pathOf = basePath === '' ? (address: string) => address : withoutBasePath(basePath);
  const ready = readyAnswers(deps, counts, pathOf);
  const faults = openProtocolFaults();
  const { requestTimeout = REQUEST_TIMEOUT_MS, answerTimeout = ANSWER_TIMEOUT_MS } = options;
  const connectionsCheckingInterval = Math.min(LOOK_MS, requestTimeout);
  const timeouts = { requestTimeout, answerTimeout, keepAliveTimeout: KEEP_ALIVE_MS, connectionsCheckingInterval };
  const app = fastify({
    ...requestLog(options.logger, deps.editorKey === null ? [deps.secret] : [deps.secret, deps.editorKey]),
    // Who is told that the connection ends must be told by Fastify.
    serverFactory: (ordinary) => serverWith((request, response) => !closing && ready(request, response), ordinary, faults, timeouts),
    clientErrorHandler: (error, socket) => {
      app.log.debug({ err: error, remoteAddress: socket.remoteAddress }, 'no request');
      faults.end(error, socket);
    },
    rewriteUrl: ({ headers, url = '' }) => readableAddress(pathOf(url), headers),
    trustProxy: options.trustedProxies ?? false,
    bodyLimit: 64 * 1024,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // A calendar app takes a 503 for the loss of a feed: what still comes in while closing is answered.
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PART },
    // What no route ever sees, such as an address that cannot be decoded.
    frameworkErrors: (error, request, reply) =>
      void (answerWrongLink(request, reply) ?? answerError(error, request, reply.header('api-version', API_VERSION))),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(openValidator());
  // Answers are built field by field, and the tests hold each against its schema: there is nothing left to strip or to coerce here.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(answerFault);
  app.decorateRequest('signedIn', null);
  app.setNotFoundHandler({ preHandler: readSignedIn(deps) }, answerNoRoute);
  collectPaths(app);
  standBelow(app, basePath);
  app.addHook('preClose', async () => void (closing = true));

  await app.register(accepts);
  await app.register(helmet, securityHeaders(deps.publicUrl));
  await app.register(compressAnswers);
  await app.register(measureRoutes(counts, deps));
  app.addHook('preParsing', refuseUnclearRequest);
  app.addHook('onRequest', leadOffSlash);
  await app.register(describeApi(deps));
  await app.register(apiRoutes(deps, options.callsPerMinute), { prefix: '/api/v1' });
  await app.register(calendarRoutes(deps));
  await app.register(healthRoutes(deps));
  await app.register(documentRoutes);
  await app.register(assetRoutes);
  await app.register(robotRoutes(deps));
  await app.register(pageRoutes(deps));
  return app;
}

/** What people read in a browser. */
function pageRoutes(deps: Deps) {
  return async (pages: App) => {
    pages.addHook('onRequest', readSignedIn(deps));
    await pages.register(homePage(deps));
    await pages.register(listPage(deps));
    await pages.register(entryPage(deps));
    await pages.register(oneDateFile(deps));
    await pages.register(reportPages(deps));
    await pages.register(insurerPages(deps));
    await pages.register(changePages(deps));
    await pages.register(openDataPages(deps));
    await pages.register(noContractPage(deps));
    await pages.register(privacyPage(deps));
    await pages.register(accessibilityPage(deps));
    await pages.register(agendaPage(deps));
    await pages.register(enrolPages(deps));
    await pages.register(outboxPages(deps));
    await pages.register(peoplePages(deps));
    await pages.register(roomPages(deps));
    await pages.register(deskPages(deps));
    await pages.register(purchaserPages(deps));
    await pages.register(confirmPages(deps));
    await pages.register(unsubscribePages(deps));
    await pages.register(deputyPages(deps));
    await pages.register(donePages(deps));
    await pages.register(stepPages(deps));
    await pages.register(undoPages(deps));
    await pages.register(mutePages(deps));
    await pages.register(declinePages(deps));
  };
}
