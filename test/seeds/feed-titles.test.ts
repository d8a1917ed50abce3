import { expect, it } from 'vitest';
import type { Dated } from '../../calendars/ics/feed-item.ts';
import { wordItem } from '../../calendars/ics/feed-text.ts';
import { wordsIn } from '../../calendars/words.ts';
import { isCounted } from '../../calendars/deadlines/kinds.ts';
import { certaintyWord } from '../../calendars/deadlines/certainty.ts';
import { allDeadlines } from '../../db/registry/deadlines.ts';
import { insurerNames } from '../../db/registry/insurers.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { onSqlite } from '../helpers/stores.ts';

const SAYS = { nl: wordsIn('nl'), en: wordsIn('en') };

onSqlite('the registry in calendars', (_, urlOf) => {
  it.each(['nl', 'en'] as const)(
    'fits every title in 75 characters in %s, and loses no activity, insurer or certainty',
    async (language) => {
      const { store } = await prepareStore(await urlOf(), new Date('2026-11-30T10:00:00Z'));
      const names = await insurerNames(store.read);
      const all = await allDeadlines(store.read, { insurers: [...names.keys()], withSector: true, withdrawnToo: true });
      await store.close();
      const dated = all.flatMap((deadline) => (deadline.dueOn === null ? [] : [deadline as Dated]));
      expect(dated.length).toBeGreaterThan(80);
      const say = SAYS[language];
      for (const deadline of dated) {
        for (const [status, completedOn, state] of [
          ['published', null, ''],
          ['published', '2026-11-01', `${say('feed:completed')}: `],
          ['withdrawn', null, `${say('feed:withdrawn')}: `],
        ] as const) {
          const insurerName = deadline.insurer === null ? null : names.get(deadline.insurer)!;
          const numbers = { uid: deadline.id, sequence: 0, changedAt: new Date(0) };
          const look = { as: null, dutyHolders: [], arrangedBefore: [], completedOn, alarms: [] };
          const { title } = wordItem({ ...numbers, ...look, deadline: { ...deadline, status }, insurerName }, language);
          expect(Array.from(title).length, title).toBeLessThanOrEqual(75);
          expect(title).not.toContain('…');
          const kind = isCounted(deadline) ? '' : say(`common:kind.${deadline.kind}`);
          const sure = state === '' ? [kind, say(`feed:mark.${certaintyWord(deadline)}`)] : [];
          for (const part of [...sure, ` – ${insurerName ?? say('feed:whole_sector')}`]) expect(title).toContain(part);
          const activity = say(`common:activity.${deadline.activity}`);
          const first = [...(language === 'nl' ? [deadline.title] : []), activity].map((text) => text.replace(/ \(.*\)/, '').slice(0, 15));
          expect(
            first.some((text) => title.startsWith(state + text)),
            title,
          ).toBe(true);
        }
      }
    },
  );
});
