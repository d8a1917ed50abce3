import { expect, it } from 'vitest';
import { openWrongLinks, WRONG_LINKS_PER_MINUTE } from '../../../server/feeds/wrong-links.ts';
import { NOW } from '../../helpers/cast.ts';

/** Look-ups that end when they are told to, and how many ran at once. */
function slowLooks() {
  const [waiting, seen] = [[] as (() => void)[], { running: 0, most: 0 }];
  const look = async () => {
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    await new Promise<void>((resolve) => waiting.push(resolve));
    seen.running -= 1;
    return null;
  };
  const endAll = async () => {
    for (let idle = 0; idle < 20; idle += 1) {
      while (waiting.length > 0) {
        waiting.shift()!();
        idle = 0;
      }
      await Promise.resolve();
    }
  };
  return { look, endAll, seen };
}

async function tryWrong(links: ReturnType<typeof openWrongLinks>, address: string, times: number) {
  for (let i = 0; i < times; i += 1)
    expect(
      await links.find(
        () => address,
        NOW,
        async () => null,
      ),
    ).toBeNull();
}

it('looks up what comes from one address at once, until too many of its links were wrong', async () => {
  const links = openWrongLinks();
  await tryWrong(links, 'a', WRONG_LINKS_PER_MINUTE - 1);
  const before = slowLooks();
  const asked = Array.from({ length: 5 }, () => links.find(() => 'a', NOW, before.look));
  await before.endAll();
  await Promise.all(asked);
  expect(before.seen.most).toBe(5);

  const after = slowLooks();
  const held = Array.from({ length: 5 }, () => links.find(() => 'a', NOW, after.look));
  const others = slowLooks();
  const free = Array.from({ length: 3 }, () => links.find(() => 'b', NOW, others.look));
  await after.endAll();
  await others.endAll();
  await Promise.all([...held, ...free]);
  expect([after.seen.most, others.seen.most]).toEqual([1, 3]);
});

it('finds a right link from a held address, after a look-up that failed too', async () => {
  const links = openWrongLinks();
  await tryWrong(links, 'a', 500);
  const failing = links.find(
    () => 'a',
    NOW,
    async () => Promise.reject(new Error('locked')),
  );
  const right = links.find(
    () => 'a',
    NOW,
    async () => 'the calendar',
  );
  await expect(failing).rejects.toThrow('locked');
  expect(await right).toBe('the calendar');
});

it('forgets in the next minute, and never asks for the address of who was never wrong', async () => {
  const links = openWrongLinks();
  await tryWrong(links, 'a', WRONG_LINKS_PER_MINUTE);
  const later = slowLooks();
  const next = new Date(NOW.getTime() + 60_000);
  const asked = Array.from({ length: 4 }, () => links.find(() => 'a', next, later.look));
  await later.endAll();
  await Promise.all(asked);
  expect(later.seen.most).toBe(4);
  const noAddress = () => {
    throw new Error('asked');
  };
  expect(await openWrongLinks().find(noAddress, NOW, async () => 'the calendar')).toBe('the calendar');
});
