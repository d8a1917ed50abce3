/** The escalation part of a draft: the deadlines that are still not done. */
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { compareInMail } from '../../calendars/agenda/groups.ts';
import { compareNames } from '../../calendars/collation.ts';
import { dutyOwner, isOpen, itemOf, type OpenItem } from '../../calendars/agenda/open-duties.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { findCompletion } from '../organisations/completions.ts';
import { isOwnTerm } from '../organisations/own-terms.ts';
import type { CancelReason } from '../messages/messages.ts';
import { noticesIn } from '../notices/notices.ts';
import { getOrganisation } from '../organisations/organisations.ts';
import type { OwnMessage, Organisation, Recipient } from '../schema/schema.ts';
import type { ReadDb } from '../store/store.ts';
import { readPreferences } from '../recipients/preferences.ts';

/** A deadline that is nearly there and not done, and whose it is. */
export interface Undone {
  item: OpenItem;
  organisation: Pick<Organisation, 'id' | 'name'>;
}

/** Asks anew what a message about undone deadlines has to tell, in the order of mails. `agenda`: of an organisation, with what was withdrawn. */
export async function reviewUndone(
  db: ReadDb,
  message: OwnMessage,
  { language, recipient, today }: { language: Language; recipient: Recipient; today: Day },
  { agenda }: { agenda: (organisationId: string) => Promise<readonly AgendaItem[]> },
): Promise<{ content: Undone[]; dropped: { id: string; reason: CancelReason }[] }> {
  const undone: Undone[] = [];
  const dropped: { id: string; reason: CancelReason }[] = [];
  const { muted, silence } = await readPreferences(db, recipient, today, 'escalation');
  for (const { id, deadlineId, organisationId, lastSafeOn } of await noticesIn(db, message.id, 'escalation')) {
    const organisation = await getOrganisation(db, organisationId);
    const items = await agenda(organisationId);
    const item = itemOf({ deadlineId, organisationId, lastSafeOn: lastSafeOn!, leadDays: 0 }, items, organisationId);
    const open = item && isOpen(item, today) ? item : undefined;
    if (silence !== null) dropped.push({ id, reason: silence });
    else if (muted.has(deadlineId)) dropped.push({ id, reason: 'not_wanted' });
    else if (!item || !hearsOf(recipient, organisation)) dropped.push({ id, reason: 'not_concerned' });
    else if (item.deadline.lastSafeOn !== lastSafeOn) dropped.push({ id, reason: 'moved' });
    else if (!open)
      dropped.push({ id, reason: item.completion ? 'completed' : item.deadline.status === 'withdrawn' ? 'withdrawn' : 'passed' });
    else if (await isDoneByParent(db, organisation, item)) dropped.push({ id, reason: 'completed' });
    else if (item.deadline.certainty !== 'stated') dropped.push({ id, reason: 'not_concerned' });
    else undone.push({ item: open, organisation: { id: organisation.id, name: organisation.name } });
  }
  return { content: undone.sort((a, b) => compareUndone(a, b, language)), dropped };
}

/**
 * What a mail reminds of, and what it tells of as undone beside that. Of what is both the reminder alone speaks: of what others have not done it has their
 * names, in the order of `undone`. An own term is not the same duty as that of others: it is of another day.
 */
export function saidOnce<T extends { item: OpenItem }>(
  due: readonly T[],
  undone: readonly Undone[],
  organisationId: string,
): { due: T[]; undone: Undone[] } {
  const places = new Set(due.map(({ item }) => placeOf(item.deadline.id, dutyOwner(item, organisationId))));
  const shared = new Set(due.flatMap(({ item }) => (isOwnTerm(item) ? [] : item.deadline.id)));
  const isNamed = ({ item, organisation }: Undone) =>
    organisation.id !== organisationId && !isOwnTerm(item) && shared.has(item.deadline.id);
  const named = Map.groupBy(undone.filter(isNamed), ({ item }) => item.deadline.id);
  return {
    due: due.map((one) => {
      const others = isOwnTerm(one.item) ? undefined : named.get(one.item.deadline.id);
      return others ? { ...one, item: { ...one.item, undoneBy: others.map(({ organisation }) => organisation.name) } } : one;
    }),
    undone: undone.filter((one) => !isNamed(one) && !places.has(placeOf(one.item.deadline.id, one.organisation.id))),
  };
}

/** One deadline of whose duty it is. */
export const placeOf = (deadlineId: string, organisationId: string) => `${deadlineId}/${organisationId}`;

/** Its own people, and those of its RO as long as that is its RO. */
function hearsOf({ organisationId }: Recipient, { id, parentId }: Organisation): boolean {
  return organisationId === id || organisationId === parentId;
}

/** What its own event dated, its RO says nothing of. */
async function isDoneByParent(db: ReadDb, { parentId }: Organisation, item: AgendaItem): Promise<boolean> {
  return parentId !== null && !isOwnTerm(item) && (await findCompletion(db, parentId, item.deadline.id)) !== null;
}

/** What is the same of several organisations stands by their names. */
function compareUndone(a: Undone, b: Undone, language: Language): number {
  return (
    compareInMail(a.item, b.item, language) ||
    compareNames(a.organisation.name, b.organisation.name, language) ||
    (a.organisation.id < b.organisation.id ? -1 : 1)
  );
}
