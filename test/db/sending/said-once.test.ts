/** What is due for a mail's reader and undone by others too is said once; what is another duty is not taken for it. */
import { expect, it } from 'vitest';
import { saidOnce } from '../../../db/sending/escalation-composing.ts';
import { itemOf } from '../../helpers/drafts.ts';

const RO = 'ro';
const shared = itemOf();
/** Dated by an own event of the WSV. */
const ownTerm = itemOf({}, { uid: 'of-the-wsv', organisations: [{ id: 'wsv', name: 'WSV De Wijk' }] });
const other = { ...shared, deadline: { ...shared.deadline, id: 'other' }, uid: 'other' };
const undoneBy = (item: typeof shared, id: string, name: string) => ({ item, organisation: { id, name } });
const by = {
  reader: undoneBy(shared, RO, 'Regio Zuid'),
  wsv: undoneBy(shared, 'wsv', 'WSV De Wijk'),
  sea: undoneBy(shared, 'sea', 'WSV Aan Zee'),
};
const said = (due: (typeof shared)[], undone: (typeof by.wsv)[]) => {
  const once = saidOnce(
    due.map((item) => ({ item })),
    undone,
    RO,
  );
  return { due: once.due.map(({ item }) => item.undoneBy), undone: once.undone };
};

it('what is undone by its reader and by others the reminder says, with the names of the others in their order', () => {
  expect(said([shared], [by.sea, by.reader, by.wsv])).toEqual({ due: [['WSV Aan Zee', 'WSV De Wijk']], undone: [] });
});

it('what is not due for its reader, or is another deadline, is told of as undone', () => {
  expect(said([], [by.sea, by.wsv])).toEqual({ due: [], undone: [by.sea, by.wsv] });
  expect(said([other], [by.wsv])).toEqual({ due: [undefined], undone: [by.wsv] });
});

it('what a member’s own event dated is no duty of its reader: each is told apart, and once', () => {
  const ofWsv = undoneBy(ownTerm, 'wsv', 'WSV De Wijk');
  expect(said([shared], [ofWsv])).toEqual({ due: [undefined], undone: [ofWsv] });
  // Its RO is reminded of it: the same reminder says that it is not done.
  expect(said([ownTerm], [ofWsv])).toEqual({ due: [undefined], undone: [] });
  expect(said([ownTerm], [by.sea])).toEqual({ due: [undefined], undone: [by.sea] });
});
