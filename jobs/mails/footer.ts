/** How mails end: what comes next, how many requirements there are, why one gets this mail, and how to stop it. */
import { writeLongDay } from '../../calendars/days.ts';
import { countBuyers, nameBuyer } from '../../calendars/deadlines/wording/buyers.ts';
import { upperFirst } from '../../calendars/letter-case.ts';
import type { Language } from '../../calendars/terms.ts';
import { writeLeads } from '../../calendars/reminders/lead-text.ts';
import { wordsIn, writeList } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { sentences } from './duty.ts';
import type { Block } from './letter.ts';
import type { MailLinks } from './links.ts';

/** One line that says for which contract years there is no policy yet; nothing where there is one for all. */
export function policyBlocks({ language, withoutPolicy }: Draft): Block[] {
  if (withoutPolicy.length === 0) return [];
  const years = writeList(withoutPolicy.map(String), language);
  return [{ kind: 'small', text: wordsIn(language)('common:no_policy', { years }) }];
}

/**
 * One line that says how many requirements insurers have, and for which contract year they held; nothing where there are none. Insurers of which the same
 * holds stand together.
 */
export function requirementBlocks({ language, requirements, today }: Draft, brief = false): Block[] {
  if (requirements.length === 0) return [];
  const say = wordsIn(language);
  // What is bought in this year.
  const year = Number(today.slice(0, 4)) + 1;
  const count = requirements.reduce((sum, one) => sum + one.count, 0);
  if (brief) return [{ kind: 'small', text: briefly(requirements, { count, year }, language) }];
  const alike = Map.groupBy(requirements, (one) => say(`mail:requirements.${wordFor(one, year)}`, { held: one.contractYear, year }));
  const list = [...alike].map(([held, those]) => `${those.map((one) => `${one.insurerName} ${one.count}`).join(', ')} (${held})`);
  return [{ kind: 'small', text: say('mail:requirements.line', { count, list: list.join('; ') }) }];
}

/** Only how many there are, of how many insurers and of which years. */
function briefly(requirements: Draft['requirements'], { count, year }: { count: number; year: number }, language: Language): string {
  const years = [...new Set(requirements.map(({ contractYear }) => contractYear))].sort((a, b) => a - b);
  const isOld = years.some((one) => one < year);
  const values = { count, whom: countBuyers(requirements, language), years: writeList(years.map(String), language), year };
  return wordsIn(language)(isOld ? 'mail:requirements.brief_held' : 'mail:requirements.brief', values);
}

function wordFor({ contractYear, isByMemo }: Draft['requirements'][number], year: number): string {
  return `${contractYear < year ? 'held' : 'holds'}${isByMemo ? '_by_memo' : ''}`;
}

/** `whys`: the reasons that a reader gets this mail, where it is not that of reminders alone. */
export function footer(draft: Draft, { home, unsubscribeUrl }: MailLinks, whys = [whyReminded(draft)]): Block[] {
  const { isForDeputy, language, organisation, recipient } = draft;
  const say = wordsIn(language);
  const values = { email: recipient.email, organisation: organisation.name };
  const until = recipient.deputyUntil;
  const text = sentences([
    isForDeputy && until !== null ? say('mail:footer.deputy', { ...values, day: writeLongDay(until, language) }) : '',
    ...whys,
    doubtText(draft),
    draft.due.length + draft.undone.length + draft.changes.length > 0 ? say('mail:in_dutch') : '',
  ]);
  return [
    { kind: 'small', text, apart: true },
    { kind: 'link', label: say('mail:footer.home'), url: home },
    { kind: 'link', label: say(isForDeputy ? 'mail:footer.leave' : 'mail:footer.unsubscribe'), url: unsubscribeUrl },
  ];
}

/** Why its reader is reminded, and when. */
export function whyReminded({ language, organisation, recipient }: Draft): string {
  const values = { email: recipient.email, organisation: organisation.name };
  return wordsIn(language)('mail:footer.why', { ...values, leads: writeLeads(recipient, language) });
}

/** Whose word holds, where the mail tells of days. */
function doubtText({ changes, due, language, next, undone }: Draft): string {
  const told = [
    ...[...due, ...undone].map(({ item }) => item.deadline),
    ...next.map(({ deadline }) => deadline),
    ...changes.map(({ after }) => after),
  ];
  return told.length === 0 ? '' : wordsIn(language)('mail:footer.doubt', { who: upperFirst(nameBuyer('the', told, language)) });
}
