/** Lists of deadlines as JSON, put together from the bytes of each deadline: writing them out anew would cost more than all the rest. */
import type { Deadline } from '../../calendars/deadline.ts';
import type { Page } from '../../db/lists.ts';
import { deadlineView } from './deadline-view.ts';

/** One line of a list: a deadline, and what else stands in it as JSON fields, each after a comma. */
export interface Line {
  deadline: Deadline;
  more: string;
}

/** One page of a list: `{"items": […], "page": …, "pageSize": …, "total": …}`. */
export function listJson<T>(
  { items, total }: Page<T>,
  { page, pageSize }: { page: number; pageSize: number },
  lineOf: (item: T) => Line,
): Buffer {
  const parts: Buffer[] = [];
  let between = '{"items":[';
  for (const item of items) {
    const { deadline, more } = lineOf(item);
    parts.push(Buffer.from(between), fieldsOf(deadline));
    between = `${more}},`;
  }
  const end = parts.length === 0 ? between : between.slice(0, -1);
  parts.push(Buffer.from(`${end}],"page":${page},"pageSize":${pageSize},"total":${total}}`));
  return Buffer.concat(parts);
}

/** A deadline's JSON without its closing bracket. It is forgotten with the deadline. */
const known = new WeakMap<Deadline, Buffer>();

function fieldsOf(deadline: Deadline): Buffer {
  const bytes = known.get(deadline) ?? Buffer.from(JSON.stringify(deadlineView(deadline)).slice(0, -1));
  known.set(deadline, bytes);
  return bytes;
}
