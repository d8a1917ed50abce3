/** Text that no database can keep: refused before anything asks the database for it. */
import type { FastifyRequest } from 'fastify';
import { AppError, type Fault } from '../../calendars/errors.ts';

/** A hook for `preValidation`. Throws `invalid`, naming every text with a NUL or half a surrogate pair: PostgreSQL takes neither. */
export async function refuseUnstorableText({ body, params, query }: FastifyRequest): Promise<void> {
  const parts = { body, path: params, query };
  const faults = Object.entries(parts).flatMap(([where, part]) => faultsIn(part, []).map((fault) => ({ ...fault, in: where })));
  if (faults.length > 0) throw new AppError('invalid', 'A text holds characters that are no text.', faults);
}

function faultsIn(value: unknown, path: readonly string[]): Fault[] {
  if (typeof value === 'string')
    return isText(value) ? [] : [{ field: path.join('.'), message: 'must be text, without NUL or half a surrogate pair' }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, part]) => faultsIn(part, [...path, name]));
}

function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}
