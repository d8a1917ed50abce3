/** Values as texts that can be compared: the order of fields says nothing. */

/** Whether two values say the same, whatever the order of their fields: PostgreSQL does not keep it. */
export function sameText(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** A value as JSON with its fields in alphabetical order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part) && !(part instanceof Date)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
