/** The plainest item of an agenda, on any day, each of a contract year of its own: what is alike would go along with another's mail. */
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import type { Day } from '../../calendars/terms.ts';
import { contentOf, identityOf } from '../helpers/cast.ts';

export function itemOn(id: string, lastSafeOn: Day): AgendaItem {
  const moment = new Date('2024-01-01T00:00:00Z');
  const days = { dueOn: lastSafeOn, lastSafeOn, revision: 1, revisedAt: moment, status: 'published' as const };
  return {
    deadline: {
      id,
      ...identityOf(),
      contractYear: Number(lastSafeOn.replaceAll('-', '')),
      ...contentOf(),
      ...days,
      checkedOn: null,
      checkedBy: null,
      precedent: null,
    },
    insurerName: 'Noord',
    preferred: false,
    as: 'ro',
    organisations: [{ id: 'reader', name: 'Regio Zuid' }],
    uid: id,
    sequence: 0,
    changedAt: moment,
    completion: null,
    askedAgain: null,
    doneSequenceNumber: null,
    steps: [],
    relation: null,
    arrangedBefore: [],
  };
}
