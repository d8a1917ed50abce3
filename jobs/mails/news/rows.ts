/** What of a deadline was otherwise, and what is to be known of it beside that. */
import { writeLongDay } from '../../../calendars/days.ts';
import { countingDay, type Duty } from '../../../calendars/deadlines/deadline.ts';
import { nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import { conflictOf, groundOf } from '../../../calendars/deadlines/wording/grounds.ts';
import { reasonOf } from '../../../calendars/deadlines/wording/reasons.ts';
import { writeChannel } from '../../../calendars/channel-text.ts';
import type { Language } from '../../../calendars/terms.ts';
import { certaintyOf, wordsIn } from '../../../calendars/words.ts';
import type { ChangeNotice } from '../../../db/sending/news-composing.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { saidRows } from '../due/facts.ts';
import { namedLabel } from '../duty.ts';
import type { ChangeRow, FactRow } from '../letter.ts';
import { writeWhen } from './when.ts';

/** Was and is, of all that the first sentence does not say. Nothing of what is new or gone. */
export function changeRows({ kind, before, after, fields, gone }: ChangeNotice, language: Language): ChangeRow[] {
  if (before === null || gone !== null) return [];
  const say = wordsIn(language);
  const row = (name: string, was: string | null, now: string | null) => rowOf(say(`mail:fact.${name}`), was, now, language);
  const boundary = ({ boundary }: Revision) => (boundary === null ? null : say(`mail:boundary.${boundary}`));
  const isSameDay = kind === 'changed' || kind === 'confirmed';
  const changed = (field: ChangeNotice['fields'][number]) => fields.includes(field);
  return [
    ...(isSameDay ? row('safe_day', writeWhen(before, language), writeWhen(after, language)) : []),
    ...(changed('dueOn') ? namedRows(before, after, language) : []),
    ...(changed('boundary') ? row('boundary', boundary(before), boundary(after)) : []),
    ...(kind === 'dated' ? [] : row('certainty', certaintyOf(before, language), certaintyOf(after, language))),
    ...(changed('channel') ? channelRows(before, after, language) : []),
    ...(changed('duty') ? dutyRows(before, after, language) : []),
  ];
}

/** Why, for whom and on what it rests; of what is new also what is to be done, and how. */
export function newsFacts({ kind, after, follows, organisations }: ChangeNotice, language: Language): FactRow[] {
  const say = wordsIn(language);
  const { channel, duty } = after;
  const toDo: Fact[] =
    kind === 'new'
      ? [
          ['what', duty.deliverable],
          ['how', channel && writeChannel(channel, language)],
          ['subject_line', channel?.subject],
          ['hours', channel?.hours],
        ]
      : [];
  const rows = (facts: readonly Fact[]) => facts.flatMap(([name, value]) => (value ? [{ label: say(`mail:fact.${name}`), value }] : []));
  return [
    ...rows(toDo),
    ...saidRows('reason', reasonOf(after.reason, follows, language), language),
    ...rows([['announced', after.announcedOn && writeLongDay(after.announcedOn, language)]]),
    ...saidRows('warning', conflictOf(after, language), language),
    ...rows([['for', organisations.map(({ name }) => name).join(', ')]]),
    ...saidRows('basis', groundOf(after, language), language),
    ...rows([['contract_year', String(after.contractYear)]]),
  ];
}

type Fact = [name: string, value: string | null | undefined];

function rowOf(label: string, was: string | null, now: string | null, language: Language): ChangeRow[] {
  if (was === now) return [];
  const say = wordsIn(language);
  const nothing = say('mail:change.nothing');
  return [{ label, was: say('mail:change.was'), before: was ?? nothing, now: say('mail:change.now'), after: now ?? nothing }];
}

/**
 * The day that is meant, then and now, where one of them is not the day that counts; not where one of the two is a period, whose last day nobody
 * named. Where one was only expected and the other was not, the label is neutral and each says for itself how sure it is.
 */
function namedRows(before: Revision, after: Revision, language: Language): ChangeRow[] {
  const say = wordsIn(language);
  if (before.rule.kind === 'period' || after.rule.kind === 'period' || (isCountingDay(before) && isCountingDay(after))) return [];
  const labels = new Set([before, after].filter(({ dueOn }) => dueOn !== null).map(namedLabel));
  const [label] = labels;
  if (label === undefined) return [];
  const isDisputed = before.conflict !== null || after.conflict !== null;
  const write = (of: Revision): string => {
    const { boundary, dueOn } = of;
    if (dueOn === null) return say('mail:change.no_day');
    const day = writeLongDay(dueOn, language);
    const named = boundary === 'before' && !isDisputed ? say('mail:before_day', { day }) : day;
    return labels.size > 1 ? `${named} (${certaintyOf(of, language)})` : named;
  };
  return rowOf(say(`mail:fact.${labels.size > 1 ? 'day' : label}`), write(before), write(after), language);
}

const isCountingDay = (one: Revision) => one.dueOn === countingDay(one);

function channelRows(before: Revision, after: Revision, language: Language): ChangeRow[] {
  const say = wordsIn(language);
  const [was, is] = [before.channel, after.channel];
  return [
    ...rowOf(say('mail:fact.how'), was && writeChannel(was, language), is && writeChannel(is, language), language),
    ...rowOf(say('mail:fact.subject_line'), was?.subject ?? null, is?.subject ?? null, language),
    ...rowOf(say('mail:fact.hours'), was?.hours ?? null, is?.hours ?? null, language),
  ];
}

function dutyRows({ duty: was }: Revision, after: Revision, language: Language): ChangeRow[] {
  const say = wordsIn(language);
  const { duty: is } = after;
  const role = (actor: Duty['actors'][number]) => (actor === 'insurer' ? nameBuyer('role', after, language) : say(`common:role.${actor}`));
  const names = (actors: Duty['actors']) => actors.map(role).join(', ') || say('mail:change.nobody');
  const status = ({ contractStatus }: Duty) => say(`mail:duty_status.${contractStatus}`, { who: nameBuyer('this', after, language) });
  return [
    ...rowOf(say('mail:fact.who'), names(was.actors), names(is.actors), language),
    ...rowOf(say('mail:fact.behalf'), names(was.onBehalfOf), names(is.onBehalfOf), language),
    ...rowOf(say('mail:fact.status_of'), status(was), status(is), language),
    ...rowOf(say('mail:fact.what'), was.deliverable, is.deliverable, language),
  ];
}
