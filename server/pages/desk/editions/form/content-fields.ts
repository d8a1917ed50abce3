/** The one place that knows which fields of the form say which part of a content: the way there, and the way back. */
import type { Content } from '../../../../../calendars/deadlines/deadline.ts';
import { dayIn, numberIn, textIn, textOrNull, written } from './field-text.ts';
import { BOUNDED, ruleFields, ruleIn } from './rule-fields.ts';
import { sourceFields, sourcesIn, type OfferedDocument } from './source-fields.ts';

export const MOST_DAYS = 5;

const YES = new Map<boolean | undefined, string>([
  [true, 'yes'],
  [false, 'no'],
]);

type Pairs = [string, string][];
type Loose = { [name: string]: unknown };

/** A content, perhaps half written, as the fields of the form. */
export function fieldsOf(content: Partial<Content>, documents: readonly OfferedDocument[]): URLSearchParams {
  const { basis, boundary, certainty, channel, conflict, consequence, duty, extension, kind, reportingYear, strictness, title } = content;
  const { actors = [], onBehalfOf = [], contractStatus, deliverable } = duty ?? {};
  const { days = [], ...differing } = conflict ?? {};
  return new URLSearchParams([
    ...plain({ kind, title, boundary, certainty, reportingYear, strictness }),
    ...ruleFields(content.rule),
    ...actors.map((one): [string, string] => ['duty.actors', one]),
    ...onBehalfOf.map((one): [string, string] => ['duty.onBehalfOf', one]),
    ...plain({ contractStatus, deliverable }, 'duty.'),
    ...plain(
      { ...basis, successorSeen: YES.get(basis?.successorSeen), term: basis?.term && `${basis.term.first}-${basis.term.last}` },
      'basis.',
    ),
    ...plain({ ...channel }, 'channel.'),
    ...plain({ ...consequence }, 'consequence.'),
    ...plain({ ...extension, possible: YES.get(extension?.possible) }, 'extension.'),
    ...sourceFields(content.sources ?? [], documents),
    ...plain({ ...differing }, 'conflict.'),
    ...days.map((day, at): [string, string] => [`conflict.days.${at}`, written(day)]),
  ]);
}

/** The content that the fields say, as far as they do: what is not there yet is left out, what was typed wrong stands in it as it was typed. */
export function contentIn(fields: URLSearchParams): Partial<Content> {
  const chosen = (name: string) => textIn(fields, name) || undefined;
  const text = (name: string) => textOrNull(fields, name);
  const rule = ruleIn(fields);
  const said = {
    kind: chosen('kind'),
    title: textIn(fields, 'title'),
    rule,
    boundary: rule !== undefined && BOUNDED.has(rule.kind) ? text('boundary') : null,
    certainty: chosen('certainty'),
    basis: unlessBlank(basisIn(fields), ['kind', 'text']),
    reportingYear: numberIn(fields, 'reportingYear'),
    duty: {
      actors: fields.getAll('duty.actors'),
      onBehalfOf: fields.getAll('duty.onBehalfOf'),
      contractStatus: chosen('duty.contractStatus') ?? 'any',
      deliverable: text('duty.deliverable'),
    },
    channel: unlessBlank({
      kind: chosen('channel.kind'),
      address: text('channel.address'),
      subject: text('channel.subject'),
      hours: text('channel.hours'),
    }),
    consequence: unlessBlank(
      { kind: chosen('consequence.kind'), text: chosen('consequence.text'), modality: chosen('consequence.modality') ?? 'certain' },
      ['kind', 'text'],
    ),
    extension: unlessBlank({ possible: yesIn(fields, 'extension.possible'), text: chosen('extension.text') }),
    sources: sourcesIn(fields),
    conflict: unlessBlank(conflictIn(fields), ['kind', 'days', 'text']),
    strictness: text('strictness'),
  };
  return withoutUndefined(said);
}

const plain = (values: Loose, prefix = ''): Pairs =>
  Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [[`${prefix}${name}`, written(value)]]));

/** What nobody types, from which deadline it was taken, is sent along. */
function basisIn(fields: URLSearchParams): Loose {
  const [first, last] = textIn(fields, 'basis.term').split('-').map(Number);
  const kind = textIn(fields, 'basis.kind');
  // Of a rule alone it is asked.
  const successorSeen = kind === 'sector_rule' ? yesIn(fields, 'basis.successorSeen') : undefined;
  return {
    kind: kind || undefined,
    deadlineId: textOrNull(fields, 'basis.deadlineId'),
    text: textIn(fields, 'basis.text') || undefined,
    ...(successorSeen === undefined ? {} : { successorSeen }),
    ...(first && last ? { term: { first, last } } : {}),
  };
}

function conflictIn(fields: URLSearchParams): Loose {
  const days = Array.from({ length: MOST_DAYS }, (_, at) => dayIn(fields, `conflict.days.${at}`)).filter((day) => day !== '');
  return { kind: textIn(fields, 'conflict.kind') || undefined, days, text: textIn(fields, 'conflict.text') || undefined };
}

function yesIn(fields: URLSearchParams, name: string): boolean | undefined {
  const said = textIn(fields, name);
  return said === '' ? undefined : said === 'yes';
}

/** Null where nothing was said of any of it, or of what counts. */
function unlessBlank(value: Loose, counting: readonly string[] = Object.keys(value)): Loose | null {
  const isBlank = counting.every((name) => value[name] == null || (Array.isArray(value[name]) && value[name].length === 0));
  return isBlank ? null : withoutUndefined(value);
}

const withoutUndefined = (value: Loose): Loose => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
