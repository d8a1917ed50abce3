import { expect, it } from 'vitest';
import { readHousehold } from '../../db/households.ts';
import { addInsurer, addOrganisation } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

const contracted = (insurer: string, preferred = false) => ({ insurer, contractStatus: 'contracted' as const, preferred });

onBothDialects('what organisations deal with', (fresh) => {
  it('is in memory once for those that deal alike, and never for one that differs in anything', async () => {
    const store = await fresh();
    const cases = [
      [contracted('noord'), contracted('oost')],
      [contracted('oost'), contracted('noord')],
      [contracted('noord')],
      [contracted('noord', true), contracted('oost')],
      [contracted('noord'), { ...contracted('oost'), contractStatus: 'unknown' as const }],
      [],
    ];
    const ids = await store.write(async (tx) => {
      for (const slug of ['noord', 'oost']) await addInsurer(tx, slug);
      const made: string[] = [];
      for (const insurers of cases) made.push((await addOrganisation(tx, { insurers })).id);
      return made;
    });
    const read = [];
    for (const id of ids) read.push((await readHousehold(store.read, id)).members[0]!.dealings);
    expect(new Set(read).size).toBe(5);
    expect(read[0]).toBe(read[1]);
    const bySlug = cases.map((some) => some.map(({ insurer, ...rest }) => ({ insurerSlug: insurer, ...rest })));
    expect(read).toEqual(bySlug.map((some) => some.toSorted((a, b) => (a.insurerSlug < b.insurerSlug ? -1 : 1))));
  });
});
