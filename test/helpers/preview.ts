/** Exactly who would be reminded of what if planning and sending ran now. */
import type { Store } from '../../db/store/store.ts';
import { rehearse } from '../../jobs/rehearsal.ts';
import { SETTINGS } from './mail.ts';

export async function previewReminders(store: Store, now: Date) {
  return (await rehearse(store, SETTINGS.secret, now))
    .filter(({ message }) => message.kind === 'reminder')
    .map(({ message: { dueAt }, draft: { due, organisation, recipient } }) => ({ organisation, recipient, dueAt, reminders: due }));
}
