/** What is said in one line of what stops a start or a command. */
import { AppError } from '../../calendars/errors.ts';

/** Says which setting it was about when something that it names cannot be had. A fault of the registry speaks for itself. */
export async function naming<T>(variable: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new Error(`${variable}: ${lineOf(error)}`, { cause: error });
  }
}

/** An error in one line, with everything that is wrong. */
export function lineOf(error: unknown): string {
  if (error instanceof AppError) return [error.message, ...error.faults.map(({ field, message }) => `${field} ${message}`)].join('; ');
  // A refused connection is an AggregateError without a message of its own.
  const { message, code, cause } = error as { message?: string; code?: string; cause?: unknown };
  // The query says nothing to who starts the service, and holds values; what the database said of it does.
  if (message?.startsWith('Failed query') && cause) return lineOf(cause);
  return (message || code || String(error)).replaceAll(/\s+/g, ' ');
}
