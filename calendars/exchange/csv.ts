/** The current entries of the registry as a table for a spreadsheet: out only, since a cell cannot hold what an entry says. */
import type { Deadline } from '../deadlines/deadline.ts';

/** Spreadsheets know by it that the text is UTF-8. */
const MARK = '\uFEFF';

type Cell = string | number | boolean | null;

const COLUMNS: Record<string, (deadline: Deadline, names: ReadonlyMap<string, string>) => Cell> = {
  id: ({ id }) => id,
  insurer: ({ insurer }) => insurer,
  insurerName: ({ insurer }, names) => (insurer === null ? null : (names.get(insurer) ?? null)),
  contractYear: ({ contractYear }) => contractYear,
  careType: ({ careType }) => careType,
  activity: ({ activity }) => activity,
  slot: ({ slot }) => slot,
  key: ({ key }) => key,
  kind: ({ kind }) => kind,
  title: ({ title }) => title,
  dueOn: ({ dueOn }) => dueOn,
  lastSafeOn: ({ lastSafeOn }) => lastSafeOn,
  boundary: ({ boundary }) => boundary,
  certainty: ({ certainty }) => certainty,
  conflict: ({ conflict }) => conflict?.text ?? null,
  actors: ({ duty }) => duty.actors.join(', '),
  onBehalfOf: ({ duty }) => duty.onBehalfOf.join(', '),
  contractStatus: ({ duty }) => duty.contractStatus,
  deliverable: ({ duty }) => duty.deliverable,
  channelKind: ({ channel }) => channel?.kind ?? null,
  channelAddress: ({ channel }) => channel?.address ?? null,
  channelSubject: ({ channel }) => channel?.subject ?? null,
  consequence: ({ consequence }) => consequence?.text ?? null,
  extension: ({ extension }) => extension?.text ?? null,
  strictness: ({ strictness }) => strictness,
  basis: ({ basis }) => basis?.text ?? null,
  document: ({ sources }) => sources[0]?.document ?? null,
  section: ({ sources }) => sources[0]?.section ?? null,
  quote: ({ sources }) => sources[0]?.quote ?? null,
  url: ({ sources }) => sources[0]?.url ?? null,
  revision: ({ revision }) => revision,
  revisedAt: ({ revisedAt }) => revisedAt.toISOString(),
  checkedOn: ({ checkedOn }) => checkedOn,
  checkedBy: ({ checkedBy }) => checkedBy,
};

/** One line for each, with a semicolon between cells and CRLF behind each line (RFC 4180). `names`: of insurers, by slug. */
export function writeCsv(deadlines: readonly Deadline[], names: ReadonlyMap<string, string>): string {
  const rows = deadlines.map((deadline) => Object.values(COLUMNS).map((cell) => cellText(cell(deadline, names))));
  return `${MARK}${[Object.keys(COLUMNS), ...rows].map((cells) => `${cells.join(';')}\r\n`).join('')}`;
}

/** In quotes where it holds what parts cells or lines; and never what a spreadsheet would reckon with: an apostrophe before it makes it a text. */
function cellText(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  const safe = /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[";\r\n\t,]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What stands in it: what is said, and nothing that only the service reckons. */
export function isTabled(deadline: Deadline): boolean {
  return deadline.origin !== 'projection';
}
