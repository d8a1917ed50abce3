/** How Fastify checks input: the same rules and the same words as everywhere else, all faults together. */
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { createValidator } from '../calendars/validation.ts';

const [strict, coercing] = [createValidator(), createValidator({ coerce: true })];

/** Text becomes numbers and booleans only where there is nothing but text: in a query string or a path. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? strict : coercing).compile(schema);
