/** Text that no database can keep: refused before anything asks the database for it. */
import type { FastifyRequest } from 'fastify';
import { AppError, type Fault } from '../../calendars/errors.ts';

/** A hook for `preValidation`. Throws `invalid`, naming every text with a NUL or half a surrogate pair: PostgreSQL takes neither. */
export async function refuseUnstorableText({ body, params, query }: FastifyRequest): Promise<void> {
  const parts = { body, path: params, query };
  const faults = Object.entries(parts).flatMap(([where, part]) => faultsIn(part, []).map((fault) => ({ ...fault, in: where })));
  if (faults.length > 0) throw new AppError('invalid', 'A text holds characters that are no text.', faults);
}

const DEEPEST = 20;

function faultsIn(value: unknown, path: readonly string[]): Fault[] {
  if (typeof value === 'string')
    return isText(value) ? [] : [{ field: path.join('.'), message: 'must be text, without NUL or half a surrogate pair' }];
  if (value === null || typeof value !== 'object') return [];
  // No call takes anything this deep; following it further would only exhaust the stack.
  if (path.length > DEEPEST) return [{ field: path.slice(0, 3).join('.'), message: `must not be nested more than ${DEEPEST} deep` }];
  return Object.entries(value).flatMap(([name, part]) => faultsIn(part, [...path, name]));
}

function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}
