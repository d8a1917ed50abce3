/** When a recipient is reminded, in words. */
import type { Language } from '../terms.ts';
import { wordsIn, writeList } from '../words.ts';
import type { Digest } from './reminders.ts';

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
