/** The day that a trial mail foretells: of the first reminder that its reader is still to get. */
import { expect, it } from 'vitest';
import { queueMessage } from '../../db/messages/messages.ts';
import { muteDeadline } from '../../db/recipients/preferences.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

onBothDialects('a trial mail', (fresh) => {
  it('foretells no reminder that left today already, nor one of what its reader wants no mail about', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const due = (on: string) => ({ rule: { kind: 'fixed' as const, on } });
    const [second] = await store.write(async (tx) => [
      await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen', ...due('2024-10-14') }),
      await addDeadline(tx, {}, due('2024-09-30')),
      await addDeadline(tx, { activity: 'regional_plan' }, { title: 'Regioplan indienen', ...due('2024-10-21') }),
    ]);
    const reader = await addConfirmed(store, ro.id, at('05-01T12:00'), { leadDays: [14] });
    expect(await mailsAt(store, at('09-16T07:30'))).toHaveLength(1);
    const trialAt = async (now: Date) => {
      await store.write((tx) => queueMessage(tx, reader, 'trial', now));
      return (await mailsAt(store, now)).map(
        ({ text }) => /(30 september|7 oktober|16 september) 2024/.exec(/Uw volgende[^\n]*/.exec(text!)![0])![1],
      );
    };
    expect(await trialAt(at('09-16T15:00'))).toEqual(['30 september']);
    await store.write((tx) => muteDeadline(tx, reader.id, second.id, at('09-17T10:00')));
    expect(await trialAt(at('09-17T15:00'))).toEqual(['7 oktober']);
  });
});
