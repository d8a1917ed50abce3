/** What others of the organisation did: said that something is done, took that back, want no mail about it, or left; and the way back from it. */
import { amsterdamDay, writeLongDay } from '../../calendars/days.ts';
import { lowerFirst, upperFirst } from '../../calendars/letter-case.ts';
import { isAssumed } from '../../calendars/deadlines/certainty.ts';
import { markOf, titleOf, wordsIn } from '../../calendars/words.ts';
import type { ToldAct } from '../../db/notices/act-facts.ts';
import type { Revision } from '../../db/registry/revisions.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { writeListedDay, writeShortDay, writeTime } from './days.ts';
import { whatOf } from './duty.ts';
import type { MailLinks } from './links.ts';
import type { Block, ListRow, Part } from './letter.ts';
import { cutTitle, type ShortOf } from './subjects/subject.ts';

/** The first `detailed` with the way back from each, the others in a sentence alone; null where nobody did anything. */
export function actsPart(draft: Draft, links: MailLinks, detailed: number): Part | null {
  const { acts, language, organisation } = draft;
  const say = wordsIn(language);
  const groups = [...Map.groupBy(acts, togetherOf).values()];
  const [first] = groups;
  if (!first) return null;
  return {
    headlines: (shortOf) => headlines(first, draft, shortOf),
    count: groups.length,
    isAside: true,
    heading: say('mail:acts.heading'),
    blocks: groups.flatMap((group, n) => groupBlocks(group, draft, n < Math.max(1, detailed) ? links : null)),
    why: say(acts.every(({ isOwn }) => isOwn) ? 'mail:acts.why_own' : 'mail:acts.why', { organisation: organisation.name }),
  };
}

/** What one did in one go is told as one. */
function togetherOf({ at, by, isOwn, kind, said, step, way }: ToldAct): string {
  return JSON.stringify([kind, by, way, at, isOwn, said, step?.id]);
}

/** Under which words it stands: whether it was handed in or need not be is told apart. */
function nameOf({ kind, said }: ToldAct): string {
  return kind === 'completed' && said?.outcome === 'not_applicable' ? 'not_applicable' : kind;
}

/** In full first, then shorter. No address stands in a subject. */
function headlines(group: readonly ToldAct[], { language, organisation }: Draft, shortOf: ShortOf): string[] {
  const say = wordsIn(language);
  const [act] = group as [ToldAct];
  const write = (what: string) => say(`mail:acts.subject.${nameOf(act)}`, { what, organisation: shortOf(organisation.name) });
  const line = (what: string) => write(lowerFirst(what));
  if (act.step !== null) {
    const { title } = act.step;
    return [title, ...cutTitle(title, title, language), shortOf(title)].map((what) => write(say('mail:acts.own_date', { what })));
  }
  if (act.deadline === null) return [line('')];
  const title = titleOf(act.deadline, language);
  if (group.length > 1) return [line(say('mail:acts.several', { what: title, count: group.length })), line(shortOf(title))];
  const what = whatIn(act.deadline, act.insurerName, language);
  return [what, ...cutTitle(what, title, language), shortOf(title)].map(line);
}

function groupBlocks(group: readonly ToldAct[], draft: Draft, links: MailLinks | null): Block[] {
  const { language, organisation, recipient } = draft;
  const say = wordsIn(language);
  const [act] = group as [ToldAct];
  const at = say('mail:acts.at', { day: writeLongDay(amsterdamDay(act.at), language), time: writeTime(act.at) });
  const values = { who: whoIn(act, draft), at, organisation: organisation.name, reason: act.said?.reason ?? '', email: recipient.email };
  const name = nameOf(act);
  const after = say(`mail:acts.after.${act.isOwn ? 'own' : name}`, values);
  return [
    { kind: 'lead', text: say(`mail:acts.${act.isOwn ? 'own' : 'lead'}.${name}`, values) },
    ...(act.deadline === null && act.step === null ? [] : [{ kind: 'days' as const, rows: group.flatMap((one) => rowOf(one, draft)) }]),
    { kind: 'text', text: after },
    ...(links === null ? [] : wayBack(group, links, draft)),
  ];
}

/** The address, or the name that was given; where none was, by which way it was said. */
function whoIn({ by, way }: ToldAct, { language }: Draft): string {
  if (by === null) return wordsIn(language)(`mail:acts.who.nobody.${way}`);
  return wordsIn(language)(`mail:acts.who.named.${way}`, { by: by.includes('@') ? by : upperFirst(by) });
}

/** Its day and how sure that is: "rond di 31 dec: ondertekenen bij Noord (aanname)". */
function rowOf({ deadline, insurerName, step }: ToldAct, { language, today }: Draft): ListRow[] {
  if (step !== null) {
    const what = wordsIn(language)('mail:acts.own_date', { what: step.title });
    return [{ day: writeShortDay(step.dueOn, language, today), what }];
  }
  if (deadline === null) return [];
  const { dueOn } = deadline;
  const mark = isAssumed(deadline) ? lowerFirst(wordsIn(language)('mail:assumption')) : markOf(deadline, language);
  const what = lowerFirst(whatIn(deadline, insurerName, language));
  return [{ day: dueOn === null ? '' : writeListedDay({ ...deadline, dueOn }, language, today), what: mark ? `${what} (${mark})` : what }];
}

const whatIn = (deadline: Revision, insurerName: string | null, language: Draft['language']) =>
  whatOf({ as: 'ro', deadline, insurerName }, language);

/** Where the reader takes it back, or says that it is done after all. What somebody wants of its own mail is its own to change. */
function wayBack(group: readonly ToldAct[], links: MailLinks, { isForDeputy, language }: Draft): Block[] {
  const say = wordsIn(language);
  const deadlines = group.flatMap(({ deadline }) => deadline ?? []);
  const [act] = group as [ToldAct];
  const [deadline, ...others] = deadlines;
  const link = (name: string, url: string | null): Block[] => (url === null ? [] : [{ kind: 'link', label: say(name), url }]);
  if (act.step !== null)
    return act.kind === 'completed'
      ? link('mail:acts.undo', links.stepUndoUrl(act.step.id, act.at))
      : link('mail:done', links.stepUrl(act.step.id));
  if (!deadline) return [];
  const isOne = others.length === 0;
  switch (act.kind) {
    case 'completed':
      return link(isOne ? 'mail:acts.undo' : 'mail:acts.undo_all', links.undoUrl(deadlines, act.at));
    case 'reopened':
      return isOne ? link('mail:done', links.doneUrl(deadline.id)) : [];
    default:
      return act.isOwn && !isForDeputy ? link('mail:acts.unmute', isOne ? links.muteUrl(deadline.id) : links.allMuteUrl(deadlines)) : [];
  }
}
