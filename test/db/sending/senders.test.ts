import { expect, it } from 'vitest';
import { otherSender, releaseSender, renewSender, takeSender, type Sender } from '../../../db/sending/senders.ts';
import { NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const me: Sender = { holder: 'me', host: 'here', pid: 10 };
const you: Sender = { holder: 'you', host: 'here', pid: 11 };
const afar: Sender = { holder: 'afar', host: 'there', pid: 10 };
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const everyone = () => true;
const nobody = () => false;

onBothDialects('senders', (fresh) => {
  it('take the place one at a time, and give it up', async () => {
    const store = await fresh();
    expect(await store.write((tx) => takeSender(tx, me, NOW, everyone))).toBeNull();
    expect(await store.write((tx) => takeSender(tx, you, after(1), everyone))).toEqual({ ...me, renewedAt: NOW });
    expect(await store.write((tx) => takeSender(tx, me, after(60), everyone))).toBeNull();
    expect(await otherSender(store.read, you, after(61), everyone)).toEqual({ ...me, renewedAt: after(60) });
    await store.write((tx) => releaseSender(tx, me));
    expect(await store.write((tx) => takeSender(tx, you, after(62), everyone))).toBeNull();
  });

  it('do not count when nobody heard of them for 90 seconds, or their process is gone', async () => {
    const store = await fresh();
    await store.write((tx) => renewSender(tx, you, NOW));
    await store.write((tx) => renewSender(tx, afar, NOW));
    expect(await otherSender(store.read, me, after(90), nobody)).toMatchObject(afar);
    expect(await otherSender(store.read, me, after(91), everyone)).toBeNull();
    await store.write((tx) => releaseSender(tx, afar));
    expect(await otherSender(store.read, me, after(1), everyone)).toMatchObject(you);
    expect(await otherSender(store.read, me, after(1), nobody)).toBeNull();
  });

  it('know their own earlier life by its process number: in a container that is always 1', async () => {
    const store = await fresh();
    await store.write((tx) => renewSender(tx, { ...me, holder: 'my earlier life' }, NOW));
    expect(await otherSender(store.read, me, after(1), everyone)).toBeNull();
  });

  it('forget who no longer counts', async () => {
    const store = await fresh();
    await store.write((tx) => renewSender(tx, you, NOW));
    await store.write((tx) => renewSender(tx, me, after(200)));
    const { senders } = store.read.tables;
    expect((await store.read.select().from(senders)).map(({ holder }) => holder)).toEqual(['me']);
  });
});
