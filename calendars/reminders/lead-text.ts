/** When a recipient is reminded, in words. */
import type { Language } from '../terms.ts';
import { wordsIn, writeList } from '../words.ts';
import { ASSUMED_LEAD_DAYS, assumedLeads, type Digest, type FirstOf } from './reminders.ts';

/** "42, 14 en 3 dagen van tevoren en op de dag zelf". */
export function writeLeads({ leadDays, digest }: { leadDays: readonly number[]; digest: Digest }, language: Language): string {
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

/** That an assumption is told once, and when: "Over een aanname mailen wij één keer, zes weken van tevoren." Empty for who chose no day at all. */
export function writeAssumptionLead(leadDays: readonly number[], language: Language): string {
  const [days] = assumedLeads(leadDays);
  if (days === undefined) return '';
  const say = wordsIn(language);
  return days === ASSUMED_LEAD_DAYS ? say('mail:told_once.once') : say('mail:told_once.once_days', { days });
}

/** What the first reminder is of, as a sentence after its day; empty where it is of something to do. */
export function writeFirstOf(firstOf: FirstOf, language: Language): string {
  return firstOf === 'duty' ? '' : wordsIn(language)(`mail:first_of.${firstOf}`);
}
