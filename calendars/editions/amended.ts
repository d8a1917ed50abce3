/** What a deadline says after an amendment: what is not given stays as it was, but for what spoke of a date that is another one now. */
import { sameText } from '../canonical.ts';
import { contentIn } from '../deadlines/content.ts';
import { reportedYear, type Content, type Deadline } from '../deadlines/deadline.ts';

/** What a stated day rests on. */
const PROOF = ['rule', 'certainty', 'basis', 'conflict', 'sources'] as const;

/** Whether a change says anew what a day rests on; what a revision of before stated stays as it is until then. */
export function isProvenAnew(change: Partial<Content>): boolean {
  return PROOF.some((field) => change[field] !== undefined);
}

/** Whether a change dates a deadline anew. */
export function isRedated(base: Content, change: Partial<Content>): boolean {
  return (['rule', 'boundary', 'certainty'] as const).some((field) => change[field] !== undefined && !sameText(change[field], base[field]));
}

/**
 * The whole content after a change. A new date, boundary or certainty drops what spoke of the old one and is not given again: conflict, extension,
 * basis, sources, and a year that only a projection had.
 */
export function amendedContent(base: Content & Pick<Deadline, 'activity'>, change: Partial<Content>): Content {
  const dropped = { conflict: null, extension: null, basis: null, sources: [], reportingYear: reportedYear(base) };
  return { ...contentIn(base), ...(isRedated(base, change) ? dropped : {}), ...change };
}
