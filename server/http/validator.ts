/** How Fastify checks input: the same rules and the same words as everywhere else, all faults together. */
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from '../../calendars/schema/typebox.ts';
import { createValidator } from '../../calendars/schema/validation.ts';

/**
 * Text becomes numbers and booleans only where there is nothing but text: in a query string or a path. A schema is compiled when the first
 * input comes: together they take longer than all else that a start does.
 */
export function openValidator(): FastifySchemaCompiler<TSchema> {
  const strict = once(() => createValidator());
  const coercing = once(() => createValidator({ coerce: true }));
  return ({ schema, httpPart }) => {
    let validate: ValidateFunction | undefined;
    const check: Check = (value) => {
      validate ??= (httpPart === 'body' ? strict() : coercing()).compile(schema);
      const valid = validate(value);
      check.errors = validate.errors ?? null;
      return valid;
    };
    return check;
  };
}

/** What Fastify asks, and where it looks for the faults, as in Ajv's own. */
type Check = ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };

function once(make: () => Ajv): () => Ajv {
  let ajv: Ajv | undefined;
  return () => (ajv ??= make());
}
