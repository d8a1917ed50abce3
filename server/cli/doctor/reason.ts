/** Why something was not reached, in a word or a line. */

/** Of a connection that fails, fetch itself says no more than that. */
export function reasonOf(error: unknown): string {
  const {
    cause,
    code,
    message = String(error),
  } = error as { cause?: { code?: string; message?: string }; code?: unknown; message?: string };
  return cause?.code ?? cause?.message ?? (typeof code === 'string' ? code : message);
}
