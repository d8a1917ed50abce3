/** How mails end: what comes next, how many requirements there are, why one gets this mail, and how to stop it. */
import type { OpenItem } from '../../calendars/agenda/open-duties.ts';
import type { Requirements } from '../../calendars/agenda/requirements.ts';
import type { Language } from '../../calendars/terms.ts';
import { wordsIn, writeList } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import type { Recipient } from '../../db/schema/schema.ts';
import { writeListedDay, writeLongDay } from './days.ts';
import { listed } from './duty.ts';
import type { Block } from './letter.ts';
import type { MailLinks } from './links.ts';

/** Deadlines as a list under a heading, or nothing when there are none. */
export function listBlocks(items: readonly OpenItem[], { language, today }: Draft, heading: string): Block[] {
  if (items.length === 0) return [];
  const rows = items.map((item) => ({ day: writeListedDay(item.deadline, language, today), what: listed(item, language) }));
  return [
    { kind: 'heading', text: heading },
    { kind: 'days', rows },
  ];
}

/** One line that says for which contract years there is no policy yet; nothing where there is one for all. */
export function policyBlocks({ language, withoutPolicy }: Draft): Block[] {
  if (withoutPolicy.length === 0) return [];
  const years = writeList(withoutPolicy.map(String), language);
  return [{ kind: 'small', text: wordsIn(language)('common:no_policy', { years }) }];
}

/** One line that says how many requirements insurers have, and for which contract year they held; nothing where there are none. */
export function requirementBlocks({ language, requirements, today }: Draft): Block[] {
  if (requirements.length === 0) return [];
  const say = wordsIn(language);
  // What is bought in this year.
  const year = Number(today.slice(0, 4)) + 1;
  const list = requirements.map(
    (one) => `${one.insurerName} ${one.count} (${say(`mail:requirements.${wordFor(one, year)}`, { held: one.contractYear, year })})`,
  );
  const count = requirements.reduce((sum, one) => sum + one.count, 0);
  return [{ kind: 'small', text: say('mail:requirements.line', { count, list: list.join('; ') }) }];
}

function wordFor({ contractYear, isSecondary }: Requirements, year: number): string {
  return `${contractYear < year ? 'held' : 'holds'}${isSecondary ? '_by_memo' : ''}`;
}

/** `whys`: the reasons that a reader gets this mail, where it is not that of reminders alone. */
export function footer(draft: Draft, { home, unsubscribeUrl }: MailLinks, whys = [whyReminded(draft)]): Block[] {
  const { isForDeputy, language, organisation, recipient } = draft;
  const say = wordsIn(language);
  const values = { email: recipient.email, organisation: organisation.name };
  const until = recipient.deputyUntil;
  return [
    { kind: 'heading', text: say('mail:footer.heading') },
    ...(isForDeputy && until !== null
      ? [{ kind: 'small' as const, text: say('mail:footer.deputy', { ...values, day: writeLongDay(until, language) }) }]
      : []),
    ...whys.map((text) => ({ kind: 'small' as const, text })),
    ...(tellsOfDays(draft) ? [{ kind: 'small' as const, text: say('mail:footer.doubt') }] : []),
    { kind: 'small', text: say('mail:footer.calendar') },
    { kind: 'link', label: say('mail:footer.home'), url: home },
    { kind: 'link', label: say(isForDeputy ? 'mail:footer.leave' : 'mail:footer.unsubscribe'), url: unsubscribeUrl },
  ];
}

/** Why its reader is reminded, and when. */
export function whyReminded({ language, organisation, recipient }: Draft): string {
  const values = { email: recipient.email, organisation: organisation.name };
  return wordsIn(language)('mail:footer.why', { ...values, leads: writeLeads(recipient, language) });
}

const tellsOfDays = ({ changes, due, next, undone }: Draft) => changes.length + due.length + next.length + undone.length > 0;

/** When a recipient is reminded, in words: "42, 14 en 3 dagen van tevoren en op de dag zelf". */
export function writeLeads({ leadDays, digest }: Pick<Recipient, 'leadDays' | 'digest'>, language: Language): string {
  const say = wordsIn(language);
  const before = leadDays.filter((days) => days > 0);
  const list = writeList(before.map(String), language);
  const parts = [
    ...(before.length > 0 ? [say('mail:leads.before', { days: list, count: before.length === 1 ? before[0]! : 2 })] : []),
    ...(leadDays.includes(0) ? [say('mail:leads.same_day')] : []),
  ];
  const when = writeList(parts, language);
  return digest === 'weekly' ? say('mail:leads.weekly', { when }) : when;
}
