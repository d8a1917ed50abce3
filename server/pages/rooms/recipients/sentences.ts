/** What holds of a recipient, each choice as a sentence: "Maandag één mail, om 07:30. De volgende: 7 december." */
import { writeAssumptionLead, writeLeads } from '../../../../calendars/reminders/lead-text.ts';
import type { AgendaItem } from '../../../../calendars/agenda/concern.ts';
import { assumedAmong } from '../../../../calendars/agenda/next.ts';
import { isOpen } from '../../../../calendars/agenda/open-duties.ts';
import { addDays, amsterdamDay, amsterdamMoment, writeDay } from '../../../../calendars/days.ts';
import { firstReminderOn } from '../../../../calendars/reminders/reminders.ts';
import type { Day, Language } from '../../../../calendars/terms.ts';
import { wordsIn } from '../../../../calendars/words.ts';
import type { RecipientFacts } from './facts.ts';

/** The sentences in their order: whether it gets mail, when and how often, and what it does not get. */
export function recipientSentences(facts: RecipientFacts, items: readonly AgendaItem[], now: Date, language: Language): string[] {
  const { isPartly, muted, recipient } = facts;
  const say = wordsIn(language);
  const { declined, language: own, pausedUntil } = recipient;
  const { status } = facts;
  // What it declined stands below, and is not promised above.
  const isUnreminded = status === 'confirmed' && declined.includes('reminder');
  return [
    ...(isUnreminded ? [] : [say(`room:recipient.status.${status}`)]),
    ...(isPartly ? [say('room:recipient.partly')] : []),
    ...(status === 'unsubscribed' ? [] : [...leadSentences(facts, items, now, language), digestSentence(facts, items, now, language)]),
    ...(own === null ? [] : [say('room:recipient.language', { language: say(`room:language.${own}`) })]),
    ...(pausedUntil === null ? [] : [say('room:recipient.paused', { day: writeDay(pausedUntil, language) })]),
    ...deputySentences(facts, language),
    ...declined.map((kind) => say(`room:recipient.declined.${kind}`)),
    ...(muted.length === 0 ? [] : [say('room:recipient.muted', { count: muted.length })]),
  ];
}

/** When it is reminded, and that an assumption is told once; nothing for who wants no reminders. How often mails come stands in a sentence of its own. */
function leadSentences({ recipient }: RecipientFacts, items: readonly AgendaItem[], now: Date, language: Language): string[] {
  const { declined, leadDays } = recipient;
  if (declined.includes('reminder')) return [];
  const when = wordsIn(language)('room:recipient.leads', { when: writeLeads({ leadDays, digest: 'daily' }, language) });
  const once = assumedAmong(items, amsterdamDay(now)).length === 0 ? '' : writeAssumptionLead(leadDays, language);
  return once === '' ? [when] : [when, once];
}

function digestSentence(facts: RecipientFacts, items: readonly AgendaItem[], now: Date, language: Language): string {
  const say = wordsIn(language);
  const { digest, sendHour } = facts.recipient;
  const next = nextMailOn(facts, items, now);
  const often = say(`room:recipient.digest.${digest}`, { hour: sendHour });
  return next === null ? often : `${often} ${say('room:recipient.next', { day: writeDay(next, language) })}`;
}

/** The day of the next reminder that can be foreseen; null for who gets none. */
function nextMailOn({ muted, recipient, status, waitingOn }: RecipientFacts, items: readonly AgendaItem[], now: Date): Day | null {
  const { declined, digest, leadDays, pausedUntil, sendHour } = recipient;
  if (status !== 'confirmed' || declined.includes('reminder')) return null;
  if (waitingOn !== null) return waitingOn;
  const today = amsterdamDay(now);
  // What is due today has left, or waits.
  const soonest = amsterdamMoment(today, sendHour) > now ? today : addDays(today, 1);
  const from = pausedUntil !== null && pausedUntil > soonest ? pausedUntil : soonest;
  const wanted = items.filter(({ deadline }) => !muted.includes(deadline.id));
  return firstReminderOn(
    wanted.filter((item) => isOpen(item, from)),
    { digest, from, leadDays },
  );
}

function deputySentences({ deputyStatus, recipient }: RecipientFacts, language: Language): string[] {
  const { deputyEmail, deputyUntil } = recipient;
  if (deputyStatus === null || deputyEmail === null || deputyUntil === null) return [];
  return [wordsIn(language)(`room:recipient.deputy.${deputyStatus}`, { deputy: deputyEmail, day: writeDay(deputyUntil, language) })];
}
