/** Ten organisations through three years of the real service, judged by words alone; `npm run faults oracle` lives with fifty. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openAgendas } from './agendas.ts';
import { judge } from './judge.ts';
import type { Life } from './life.ts';
import { BEGIN, drawCourse, END } from './living/course.ts';
import { live } from './living/live.ts';
import { faultsOfReminders } from './reminders-judge.ts';
import { onSqlite } from '../helpers/stores.ts';

const SEED = Number(process.env['ORACLE_SEED'] ?? 1);
/** Of a machine that is busy with other tests: alone it takes a minute. */
const LIMIT_MS = 15 * 60_000;

const KINDS = ['reminder', 'change', 'escalation', 'acts'] as const;

onSqlite('ten organisations through three years', (_, urlOf) => {
  let life: Life;
  let names: Map<string, string>;
  beforeAll(async () => {
    ({ life, names } = await live(await urlOf(), (insurers) => drawCourse(SEED, 10, insurers)));
  }, LIMIT_MS);

  it('are told what concerns them and nothing else, each thing once and on its day, and no assumption is called safe', () => {
    const faults = judge(life, names);
    expect(faults, `seed ${SEED}: ${faults.length} faults`).toEqual([]);
    const told = life.readers.flatMap(({ mails }) => mails.flatMap((mail) => mail.told));
    // What was lived through is worth judging.
    expect(KINDS.map((kind) => [kind, told.filter((one) => one.kind === kind).length > 20])).toEqual(KINDS.map((kind) => [kind, true]));
    expect([life.changes.length > 30, life.done.length > 20, life.received.length > 0]).toEqual([true, true, true]);
  });

  describe('and a reader who', () => {
    const tampered = (change: (mails: Life['readers'][number]['mails']) => void) => {
      const [reader] = life.readers;
      const mails = reader!.mails.map((mail) => ({ ...mail, told: [...mail.told] }));
      change(mails);
      return faultsOfReminders(openAgendas(life), { ...reader!, mails }, BEGIN, END);
    };
    const reminding = (mails: Life['readers'][number]['mails']) => mails.filter(({ told }) => told.some(({ kind }) => kind === 'reminder'));

    it('is not told, told twice, or told of what is another’s, shows', () => {
      expect(tampered(() => {})).toEqual([]);
      expect(tampered((mails) => void (reminding(mails)[3]!.told.length = 0)).join()).toContain('is not told');
      expect(tampered((mails) => reminding(mails)[4]!.told.push(...reminding(mails)[3]!.told)).join()).toMatch(
        /is told (twice|\d+ days before)/,
      );
      expect(tampered((mails) => reminding(mails)[3]!.told.push({ kind: 'reminder', id: 'of-nobody', lead: 3 })).join()).toContain(
        'it does not concern it',
      );
    });
  });
});
