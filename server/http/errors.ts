/** How errors leave the service: RFC 9457 problem details under /api, all faults of the input together. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorKind, type Fault } from '../../calendars/errors.ts';
import { explainFaults } from '../../calendars/schema/validation.ts';
import { isUnavailable } from '../../db/store/unavailable.ts';
import { STATUS_CODES } from './http.ts';

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  gone: 410,
  limited: 429,
  unavailable: 503,
};

/** After how many seconds what passes by itself may be tried again. */
export const RETRY_SECONDS = '5';

/** One problem, as RFC 9457 words it; `errors` holds every fault of the input. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  errors?: (Fault & { in?: string })[];
}

/** Answers any error. What nobody expected is logged and told to nobody. */
export async function answerError(
  error: FastifyError | AppError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return sendProblem(reply, logProblem(error, request));
}

/** An error as a problem; what is not the asker's fault is logged. */
export function logProblem(error: FastifyError | AppError | Error, { log }: FastifyRequest): Problem {
  const problem = problemOf(error);
  if (problem.status >= 500) log.error({ err: error }, problem.status === 503 ? 'unavailable' : 'unexpected');
  return problem;
}

/** Answers a path that leads nowhere. */
export async function answerNotFound(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendProblem(reply, problemWith(404, 'There is nothing at this address.'));
}

/** An error as a problem. */
function problemOf(error: FastifyError | AppError | Error): Problem {
  if (error instanceof AppError) {
    const { faults } = error;
    return problemWith(STATUS[error.kind], error.message, faults.length > 0 ? [...faults] : undefined);
  }
  const { code, validation, validationContext, statusCode } = error as Partial<FastifyError>;
  if (validation) {
    const where = validationContext === 'querystring' ? 'query' : validationContext === 'params' ? 'path' : (validationContext ?? 'body');
    // Fastify types Ajv's own error objects more loosely than Ajv does.
    const faults = explainFaults(validation as Parameters<typeof explainFaults>[0]).map((fault) => ({ ...fault, in: where }));
    return problemWith(400, `The ${where} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.`, faults);
  }
  // Fastify's own words repeat the address, in which a secret may stand.
  if (code === 'FST_ERR_BAD_URL') return problemWith(400, 'The address cannot be decoded.');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return problemWith(415, 'The body must be JSON, sent as application/json.');
  // Faults that only HTTP knows: a body too large, a wrong content type, broken JSON. Who hangs up in the middle of a body is one of them, by a
  // code that a database uses too.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return problemWith(statusCode, error.message);
  if (isUnavailable(error)) return problemWith(503, 'The database cannot answer now. Try again in a moment.');
  return problemWith(500, 'Internal error.');
}

/** Sends a problem as RFC 9457 asks. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  // What would have been taken (RFC 9110, 15.5.16): pages take whatever comes, so that only the API answers this. Of a coding the asker says so itself.
  if (problem.status === 415 && !reply.hasHeader('accept-encoding')) reply.header('accept', 'application/json');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.status === 503) reply.header('retry-after', RETRY_SECONDS);
  return reply.code(problem.status).type('application/problem+json; charset=utf-8').serializer(JSON.stringify).send(problem);
}

/** A problem by its status. */
export function problemWith(status: number, detail: string, errors?: Problem['errors']): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...(errors ? { errors } : {}) };
}
