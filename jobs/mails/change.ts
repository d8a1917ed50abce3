/** The change notice: of every deadline that changed what was, what is now, why, and the sentence that proves it. */
import { isAssumed } from '../../calendars/deadlines/certainty.ts';
import { countingDay, type Duty } from '../../calendars/deadlines/deadline.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { certaintyOf, markOf, wordsIn } from '../../calendars/words.ts';
import type { ChangeNotice } from '../../db/sending/news-composing.ts';
import type { Draft } from '../../db/sending/composing.ts';
import type { Revision } from '../../db/registry/revisions.ts';
import { periodOf, writeListedDay, writeLongDay } from './days.ts';
import { linkBlocks, lowerFirst, namedLabel, sentences, sourceBlocks, whatOf, writeChannel } from './duty.ts';
import type { MailLinks } from './links.ts';
import type { Block, ChangeRow, Part } from './letter.ts';

/** The first `detailed` changes with everything there is to know, the others in a list; null when nothing changed. */
export function changedPart(draft: Draft, links: MailLinks, detailed: number): Part | null {
  const { changes, language, organisation, recipient } = draft;
  const say = wordsIn(language);
  const [first] = changes;
  if (!first) return null;
  return {
    subject: subjectOf(first, draft),
    count: changes.length,
    heading: say('mail:change.heading'),
    blocks: [
      ...changes.slice(0, detailed).flatMap((change) => changeBlocks(change, draft, links)),
      ...listOf(changes.slice(detailed), draft),
    ],
    why: say('mail:change.why', { email: recipient.email, organisation: organisation.name }),
  };
}

/** "Datum gewijzigd: jaarplan indienen bij Noord (was di 1 okt, nu di 8 okt)". */
function subjectOf(change: ChangeNotice, { language, today }: Draft): string {
  const say = wordsIn(language);
  const { before, after, gone } = change;
  const what = lowerFirst(whatOf({ ...change, deadline: after }, language));
  const short = (of: Revision) =>
    of.dueOn === null ? writeWhen(of, language) : writeListedDay({ ...of, dueOn: of.dueOn }, language, today);
  const word = gone ? '' : markOf(after, language);
  const days = hasMoved(change) ? say('mail:change.days', { before: short(before), after: short(after) }) : short(after);
  return `${say(`mail:change.${headOf(change)}`)}${word ? ` (${word})` : ''}: ${what} (${gone ? short(before) : days})`;
}

function headOf(change: ChangeNotice): 'withdrawn' | 'not_concerned' | 'moved' | 'changed' {
  return change.gone ?? (hasMoved(change) ? 'moved' : 'changed');
}

/** Whether its day moved, or the term that gives each organisation its own. */
const hasMoved = ({ before, after, fields }: ChangeNotice) =>
  countingDay(before) !== countingDay(after) || (after.rule.kind === 'offset' && fields.includes('rule'));

function changeBlocks(change: ChangeNotice, draft: Draft, links: MailLinks): Block[] {
  const { language, organisation, today } = draft;
  const { after, gone, owner } = change;
  const isTheirs = owner !== null && owner !== organisation.id;
  const as = change.done ? 'informed' : change.as;
  const rows = rowsOf(change, language);
  return [
    openingOf(change, language, today),
    ...(rows.length === 0 ? [] : [{ kind: 'changes' as const, rows }]),
    { kind: 'facts', rows: factsOf(change, language) },
    ...sourceBlocks(after.sources),
    ...(gone ? [] : linkBlocks(after.id, as, isTheirs ? { ...links, doneUrl: () => null } : links, language)),
  ];
}

/** The first sentences: what it is, what became of its day, and whether that is still of use. */
function openingOf(change: ChangeNotice, language: Language, today: Day): Block {
  const say = wordsIn(language);
  const { before, after, done, gone } = change;
  const what = whatOf({ ...change, deadline: after }, language);
  const days = { what, before: writeSure(before, language), after: writeSure(after, language) };
  const day = countingDay(after);
  const isPast = gone === null && day !== null && day < today;
  const head = headOf(change);
  const isUndated = head === 'changed' && day === null;
  return {
    kind: 'lead',
    text: sentences([say(`mail:change.opening.${isUndated ? 'undated' : head}`, days), isPast ? say('mail:change.past') : '']),
    more: sentences([
      after.conflict && gone === null ? say(`mail:conflict.${after.conflict.kind}`) : '',
      done && gone === null ? say('mail:change.done') : '',
    ]),
  };
}

/** When a deadline is, and how sure that is. */
function writeSure(revision: Revision, language: Language): string {
  const word = markOf(revision, language);
  return `${writeWhen(revision, language)}${word ? ` (${word})` : ''}`;
}

/** When a deadline is: the day that counts, the period that is meant, or the term that starts with an own event. */
function writeWhen(revision: Revision, language: Language): string {
  const say = wordsIn(language);
  const { rule } = revision;
  const counting = countingDay(revision);
  if (counting !== null) {
    const day = writeLongDay(counting, language);
    return periodOf(revision, language) || (isAssumed(revision) ? say('mail:around', { day }) : day);
  }
  if (rule.kind === 'offset' && 'event' in rule.from && rule.amount !== null && rule.unit !== null)
    return say(`mail:change.term_${rule.unit}`, { count: rule.amount });
  return say('mail:change.no_day');
}

function rowsOf({ before, after, fields }: ChangeNotice, language: Language): ChangeRow[] {
  const say = wordsIn(language);
  const row = (name: string, was: string | null, now: string | null): ChangeRow[] =>
    was === now
      ? []
      : [
          {
            label: say(`mail:fact.${name}`),
            was: say('mail:change.was'),
            before: was ?? say('mail:change.nothing'),
            now: say('mail:change.now'),
            after: now ?? say('mail:change.nothing'),
          },
        ];
  const boundary = ({ boundary }: Revision) => (boundary === null ? null : say(`mail:boundary.${boundary}`));
  const status = ({ status }: Revision) => say(`mail:change.status.${status}`);
  const certainty = (of: Revision) => certaintyOf(of, language);
  const day = dayRow(before, after, language);
  const channel = (of: Revision) => (of.channel === null ? null : writeChannel(of.channel, language));
  const names = (actors: Duty['actors']) => actors.map((actor) => say(`common:role.${actor}`)).join(', ') || say('mail:change.nobody');
  const changed = (field: ChangeNotice['fields'][number]) => fields.includes(field);
  return [
    ...(changed('status') ? row('status', status(before), status(after)) : []),
    ...(changed('rule') || changed('lastSafeOn') ? row('safe_day', writeWhen(before, language), writeWhen(after, language)) : []),
    ...(changed('dueOn') && day !== null ? row(...day) : []),
    ...(changed('boundary') ? row('boundary', boundary(before), boundary(after)) : []),
    ...row('certainty', certainty(before), certainty(after)),
    ...(changed('channel')
      ? [
          ...row('how', channel(before), channel(after)),
          ...row('subject_line', before.channel?.subject ?? null, after.channel?.subject ?? null),
          ...row('hours', before.channel?.hours ?? null, after.channel?.hours ?? null),
        ]
      : []),
    ...(changed('duty')
      ? [
          ...row('who', names(before.duty.actors), names(after.duty.actors)),
          ...row('behalf', names(before.duty.onBehalfOf), names(after.duty.onBehalfOf)),
          ...row('status_of', say(`mail:duty_status.${before.duty.contractStatus}`), say(`mail:duty_status.${after.duty.contractStatus}`)),
          ...row('what', before.duty.deliverable, after.duty.deliverable),
        ]
      : []),
  ];
}

/**
 * The day that is meant, then and now; null where one of the two is a period, whose last day nobody named. Where one was only expected and the
 * other was not, the label is neutral and each says for itself how sure it is.
 */
function dayRow(before: Revision, after: Revision, language: Language): [label: string, was: string, now: string] | null {
  const say = wordsIn(language);
  if (before.rule.kind === 'period' || after.rule.kind === 'period') return null;
  const labels = new Set([before, after].filter(({ dueOn }) => dueOn !== null).map(namedLabel));
  const [label] = labels;
  if (label === undefined) return null;
  const isDisputed = before.conflict !== null || after.conflict !== null;
  const write = (of: Revision): string => {
    const { boundary, dueOn } = of;
    if (dueOn === null) return say('mail:change.no_day');
    const day = writeLongDay(dueOn, language);
    const named = boundary === 'before' && !isDisputed ? say('mail:before_day', { day }) : day;
    return labels.size > 1 ? `${named} (${certaintyOf(of, language)})` : named;
  };
  return [labels.size > 1 ? 'day' : label, write(before), write(after)];
}

function factsOf({ after, organisations }: ChangeNotice, language: Language) {
  const say = wordsIn(language);
  const facts: [name: string, value: string | null | undefined][] = [
    ['reason', after.reason],
    ['announced', after.announcedOn && writeLongDay(after.announcedOn, language)],
    ['warning', after.conflict?.text],
    ['for', organisations.map(({ name }) => name).join(', ')],
    ['basis', after.basis?.text],
    ['contract_year', String(after.contractYear)],
  ];
  return facts.flatMap(([name, value]) => (value ? [{ label: say(`mail:fact.${name}`), value }] : []));
}

function listOf(changes: readonly ChangeNotice[], { language, today }: Draft): Block[] {
  if (changes.length === 0) return [];
  const say = wordsIn(language);
  const rows = changes.map((change) => {
    const { after } = change;
    const { certainty, dueOn } = after;
    const what = whatOf({ ...change, deadline: after }, language);
    // What has no date says so already.
    const marks = [certainty === 'unknown' ? '' : markOf(after, language), lowerFirst(say(`mail:change.${headOf(change)}`))];
    return {
      day: dueOn === null ? say('mail:change.no_day') : writeListedDay({ ...after, dueOn }, language, today),
      what: `${what} (${marks.filter(Boolean).join('; ')})`,
    };
  });
  return [
    { kind: 'heading', text: say('mail:change.also') },
    { kind: 'days', rows },
  ];
}
