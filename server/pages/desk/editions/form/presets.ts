/** How a new entry begins: blank, or filled with what stands there, is expected, or held last year. */
import type { Content } from '../../../../../calendars/deadlines/deadline.ts';
import { changeOf } from '../../../../../calendars/editions/change.ts';
import type { EditionEntry } from '../../../../../db/registry/editions/drafts.ts';
import { contentOf, type Revision } from '../../../../../db/registry/revisions.ts';
import type { EditionFacts } from '../facts.ts';

/** An entry that is not there yet. */
export type Beginning = Pick<
  EditionEntry,
  'act' | 'activity' | 'baseRevision' | 'content' | 'deadlineId' | 'reason' | 'requirementKey' | 'slot'
>;

const BLANK: Beginning = {
  act: 'enter',
  activity: null,
  baseRevision: null,
  content: {},
  deadlineId: null,
  reason: null,
  requirementKey: null,
  slot: null,
};

/** What the question of an address begins. Null where it names what is not there. */
export function beginningOf(query: URLSearchParams, { current, earlier, edition, insurer }: EditionFacts): Beginning | null {
  const find = (name: string, among: readonly Revision[]) => among.find(({ id }) => id === query.get(name));
  if (query.has('neem-over')) return ifFound(find('neem-over', current), (one) => confirming(one, edition.careType, newestOf(insurer)));
  if (query.has('zoals')) return ifFound(find('zoals', earlier), (one) => entering(one, renewed(one, newestOf(insurer))));
  if (query.has('wijzig')) return ifFound(find('wijzig', current), (one) => changing(one, 'amend'));
  if (query.has('vervalt')) return ifFound(find('vervalt', current), (one) => changing(one, 'withdraw'));
  return BLANK;
}

const ifFound = <T>(one: Revision | undefined, begin: (one: Revision) => T) => (one === undefined ? null : begin(one));

const changing = ({ id, revision }: Revision, act: Beginning['act'], content: Beginning['content'] = {}): Beginning => ({
  ...BLANK,
  act,
  deadlineId: id,
  baseRevision: revision,
  content,
});

const entering = ({ activity, key, slot }: Revision, content: Beginning['content']): Beginning => ({
  ...BLANK,
  activity,
  slot,
  requirementKey: key,
  content,
});

/** What nobody stated, as it would be stated: what is expected for this kind of care is changed, what is assumed is entered in its place. */
function confirming(one: Revision, careType: Revision['careType'], sources: Content['sources']): Beginning {
  const whole = { ...contentOf(one), certainty: 'stated', basis: null, sources } as const;
  return one.certainty === 'expected' && one.careType === careType ? changing(one, 'amend', changeOf(one, whole)) : entering(one, whole);
}

/** What held last year, without what spoke of a day of that year. */
function renewed(one: Revision, sources: Content['sources']): Partial<Content> {
  const { boundary, rule, ...content } = contentOf(one);
  const isYearless = rule.kind !== 'fixed' && rule.kind !== 'range' && rule.kind !== 'period';
  const undated = isYearless ? rule : ({ kind: rule.kind } as unknown as Content['rule']);
  return { ...content, rule: undated, boundary, certainty: 'stated', basis: null, conflict: null, reportingYear: null, sources };
}

/** The insurer's newest document, of which a sentence is to be quoted. */
function newestOf(insurer: EditionFacts['insurer']): Content['sources'] {
  const [newest] = (insurer?.documents ?? []).toSorted((a, b) => ((a.publishedOn ?? '') > (b.publishedOn ?? '') ? -1 : 1));
  return newest === undefined ? [] : [{ document: newest.title, section: null, quote: null, url: newest.url }];
}
