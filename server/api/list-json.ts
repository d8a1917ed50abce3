/** Lists of deadlines as JSON, put together from the bytes of each deadline: writing them out anew would cost more than all the rest. */
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import type { Page } from '../../db/organisations/lists.ts';
import { deadlineView } from './registry/deadline-view.ts';

/** One page of a list: `{"items": […], "page": …, "pageSize": …, "total": …}`. `lineOf` gives an item's fields behind those of its deadline, each after a comma, in pieces. */
export function listJson<T>(
  { items, total }: Page<T>,
  { page, pageSize }: { page: number; pageSize: number },
  deadlineOf: (item: T) => Deadline,
  lineOf: (item: T) => readonly Buffer[],
): Buffer[] {
  const pieces: Buffer[] = [];
  for (const item of items) pieces.push(pieces.length === 0 ? FIRST : NEXT, fieldsOf(deadlineOf(item)), ...lineOf(item));
  if (pieces.length === 0) pieces.push(NONE);
  else pieces.push(LAST);
  pieces.push(Buffer.from(`"page":${page},"pageSize":${pageSize},"total":${total}}`));
  return pieces;
}

const [FIRST, NEXT, LAST, NONE] = ['{"items":[', '},', '}],', '{"items":[],'].map((text) => Buffer.from(text)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];

/** A deadline's JSON without its closing bracket. It is forgotten with the deadline. */
const known = new WeakMap<Deadline, Buffer>();

function fieldsOf(deadline: Deadline): Buffer {
  const bytes = known.get(deadline) ?? Buffer.from(JSON.stringify(deadlineView(deadline)).slice(0, -1));
  known.set(deadline, bytes);
  return bytes;
}
