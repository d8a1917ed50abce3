/** What is called after a moment: a backup, and what a restore replaced. */

/** A moment in UTC, as it may stand in the name of a file: `2026-08-02T03-00-00Z`. */
export function momentName(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}
