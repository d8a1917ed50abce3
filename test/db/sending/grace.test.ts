/** Until when a mail waits: as long as anything that it says depends on a deadline in its ten minutes. */
import { expect, it } from 'vitest';
import type { HeldDeadline } from '../../../db/registry/editions/held.ts';
import { graceEnd } from '../../../db/sending/waiting/grace.ts';
import { plan } from '../../helpers/every-mail.ts';

const { deadline: DEADLINE } = plan;
const NOW = new Date('2024-09-17T05:30:00Z');
const UNTIL = new Date('2024-09-17T05:40:00Z');
const PLACE = { activity: 'signing', contractYear: 2025, insurer: 'noord', key: null } as const;
const heldAt = (place: Partial<HeldDeadline> = {}) => new Map([['held', { ...PLACE, ...place, until: UNTIL }]]);
const named = (said: Partial<typeof DEADLINE> = {}) => ({ ...DEADLINE, ...PLACE, id: 'told', precedent: null, ...said });
const reminderOf = (said: Partial<typeof DEADLINE> = {}, arrangedBefore: ReturnType<typeof named>[] = []) => ({
  due: [{ item: { deadline: named(said), arrangedBefore } }],
});
const waits = (held: Map<string, HeldDeadline>, draft: Parameters<typeof graceEnd>[2], told: { deadlineId: string }[] = []) =>
  graceEnd(held, told, draft, NOW)?.getTime() === UNTIL.getTime();

it('waits for the deadline that it tells of, or was queued for, and for the one that it is taken from', () => {
  const elsewhere = heldAt({ insurer: 'zuid' });
  expect(waits(elsewhere, reminderOf({ id: 'held' }))).toBe(true);
  expect(waits(elsewhere, null, [{ deadlineId: 'held' }])).toBe(true);
  const precedent = { deadlineId: 'held' } as (typeof DEADLINE)['precedent'];
  expect(waits(elsewhere, reminderOf({ precedent }))).toBe(true);
  expect(waits(elsewhere, reminderOf())).toBe(false);
});

it('waits for what has to be arranged before, which it tells by name', () => {
  const held = heldAt({ activity: 'early_contracting', insurer: 'zuid' });
  expect(waits(held, reminderOf({}, [named({ id: 'held', activity: 'early_contracting' })]))).toBe(true);
});

it.each([
  ['a term that an own event started, for signing', 'signing_term', 'signing', true],
  ['signing, for the day until which requests were taken', 'signing', 'contract_request', true],
  ['a day for one kind of care, for that of another', 'annual_plan', 'annual_plan', true],
  ['signing, for a term', 'signing', 'signing_term', false],
  ['the accounts, for the annual plan', 'accounts', 'annual_plan', false],
] as const)('%s', (_, activity, ground, isWaiting) => {
  expect(waits(heldAt({ activity: ground }), reminderOf({ activity }))).toBe(isWaiting);
  // Of another insurer or year nothing rests on it.
  expect(waits(heldAt({ activity: ground, insurer: 'zuid' }), reminderOf({ activity }))).toBe(false);
  expect(waits(heldAt({ activity: ground, contractYear: 2026 }), reminderOf({ activity }))).toBe(false);
});
