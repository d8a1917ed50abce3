/** How mails end: what comes next, why one gets this mail, and how to stop it. */
import type { OpenItem } from '../../calendars/open-duties.ts';
import type { Language } from '../../calendars/terms.ts';
import { wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/drafts.ts';
import type { Recipient } from '../../db/schema.ts';
import { writeShortDay } from './days.ts';
import { listed } from './duty.ts';
import type { Block } from './letter.ts';

export interface MailLinks {
  /** Where the calendar itself is. */
  home: string;
  unsubscribeUrl: string;
}

/** Deadlines as a list under a heading, or nothing when there are none. */
export function listBlocks(items: readonly OpenItem[], { organisation, today }: Draft, heading: string): Block[] {
  if (items.length === 0) return [];
  const { language } = organisation;
  const rows = items.map((item) => ({ day: writeShortDay(item.deadline.lastSafeOn, language, today), what: listed(item, language) }));
  return [
    { kind: 'heading', text: heading },
    { kind: 'days', rows },
  ];
}

export function footer({ organisation, recipient }: Draft, { home, unsubscribeUrl }: MailLinks): Block[] {
  const { language, name } = organisation;
  const say = wordsIn(language);
  return [
    { kind: 'heading', text: say('mail:footer.heading') },
    { kind: 'small', text: say('mail:footer.why', { email: recipient.email, organisation: name, leads: writeLeads(recipient, language) }) },
    { kind: 'small', text: say('mail:footer.calendar') },
    { kind: 'link', label: say('mail:footer.home'), url: home },
    { kind: 'link', label: say('mail:footer.unsubscribe'), url: unsubscribeUrl },
  ];
}

/** When a recipient is reminded, in words: "42, 14 en 3 dagen van tevoren en op de dag zelf". */
export function writeLeads({ leadDays, digest }: Pick<Recipient, 'leadDays' | 'digest'>, language: Language): string {
  const say = wordsIn(language);
  const before = leadDays.filter((days) => days > 0);
  const list = new Intl.ListFormat(language, { type: 'conjunction' }).format(before.map(String));
  const parts = [
    ...(before.length > 0 ? [say('mail:leads.before', { days: list, count: before.length === 1 ? before[0]! : 2 })] : []),
    ...(leadDays.includes(0) ? [say('mail:leads.same_day')] : []),
  ];
  const when = new Intl.ListFormat(language, { type: 'conjunction' }).format(parts);
  return digest === 'weekly' ? say('mail:leads.weekly', { when }) : when;
}
