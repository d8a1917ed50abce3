import { expect, it } from 'vitest';
import { getOrganisation } from '../../../db/organisations/organisations.ts';
import { unsubscribeRecipient } from '../../../db/recipients/recipients.ts';
import { openStore } from '../../../db/store/store.ts';
import { castIn, NOW } from '../../helpers/cast.ts';
import { addConfirmed } from '../../helpers/mail.ts';
import { onBothDialects } from '../../helpers/stores.ts';

onBothDialects('an organisation of which the last two recipients leave at one moment', (_, urlOf) => {
  it('is known as one that nobody is reminded for', async () => {
    const url = await urlOf();
    const [one, other] = [await openStore(url), await openStore(url)];
    const { ro } = await castIn(one);
    const first = await addConfirmed(one, ro.id, NOW, { email: 'a@example.org' });
    const second = await addConfirmed(one, ro.id, NOW, { email: 'b@example.org' });
    const [left, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const leaving = one.write(async (tx) => {
      await unsubscribeRecipient(tx, first.id, NOW);
      left.resolve();
      await go.promise;
    });
    await left.promise;
    const leavingToo = other.write((tx) => unsubscribeRecipient(tx, second.id, NOW));
    // It gets as far as it can beside the first one.
    for (let n = 0; n < 50; n += 1) await getOrganisation(other.read, ro.id);
    go.resolve();
    await Promise.all([leaving, leavingToo]);
    expect((await getOrganisation(one.read, ro.id)).unremindedSince).toEqual(NOW);
    await Promise.all([one.close(), other.close()]);
  });
});
