/** Organisations and what happens in three years, drawn from a seed: the same seed draws the same, and fewer organisations are the first of many. */
import * as fc from 'fast-check';
import { shift } from '../../helpers/mail-year.ts';
import type { Relation, Role } from '../registry.ts';
import type { Day } from '../working-days.ts';

export const [BEGIN, END] = ['2026-12-01', '2029-12-01'];

/** Of a recipient: what it chooses, when it joins, and from when on it wants no mail for how long. */
export interface RecipientPlan {
  leadDays: number[];
  digest: 'daily' | 'weekly';
  sendHour: string;
  language: 'nl' | 'en';
  joinsOn: Day;
  pause: { on: Day; days: number } | null;
}

export interface OrganisationPlan {
  name: string;
  role: Role;
  /** Which RO delivers for it, counted among those before it; null where none does. */
  parent: number | null;
  insurers: ({ insurer: string } & Relation)[];
  recipients: RecipientPlan[];
  /** On which day a contract arrives from each insurer that it has none with; null where none does. */
  receivesOn: Day | null;
}

/** What an editor does on a day. `pick` chooses the entry, `days` how far its day moves. */
export interface Edit {
  on: Day;
  time: string;
  does: 'confirm' | 'state' | 'move' | 'hurry' | 'withdraw' | 'touch' | 'enter' | 'bind';
  pick: number;
  days: number;
}

export interface Course {
  seed: number;
  organisations: OrganisationPlan[];
  edits: Edit[];
}

/** Draws a course for so many organisations that deal with these insurers. */
export function drawCourse(seed: number, count: number, insurers: readonly string[]): Course {
  const drawn = fc.sample(organisation(insurers), { seed, numRuns: MOST });
  const organisations = drawn.slice(0, count).map((one, n) => ({ ...one, ...fixed(n, insurers), name: `Organisatie ${n + 1}` }));
  return {
    seed,
    organisations,
    edits: fc.sample(edit, { seed, numRuns: EDITS }).map((one, n) => ({ ...one, on: shift(BEGIN, 14 + n * 24 + (one.pick % 9)) })),
  };
}

/** More are never drawn, so that fewer are the first of them. */
const MOST = 50;
const EDITS = 44;

const dayWithin = fc.integer({ min: 20, max: 1000 }).map((days) => shift(BEGIN, days));
const sometimes = <T>(arbitrary: fc.Arbitrary<T>, freq: number) => fc.option(arbitrary, { nil: null, freq });

const recipient: fc.Arbitrary<RecipientPlan> = fc.record({
  leadDays: fc.constantFrom([42, 14, 3, 0], [42, 14, 3, 0], [14, 3, 0], [30, 7], [60, 14, 1, 0], [0], [10, 2]),
  digest: fc.constantFrom('daily', 'daily', 'daily', 'weekly'),
  sendHour: fc.constantFrom('07:30', '07:30', '07:30', '09:00'),
  language: fc.constantFrom('nl', 'nl', 'en'),
  joinsOn: fc.oneof({ weight: 2, arbitrary: fc.constant(BEGIN) }, { weight: 1, arbitrary: dayWithin }),
  pause: sometimes(fc.record({ on: dayWithin, days: fc.integer({ min: 2, max: 60 }) }), 2),
});

const relations = (insurers: readonly string[], minLength: number, maxLength: number) =>
  fc.tuple(fc.subarray([...insurers], { minLength, maxLength }), fc.nat(3)).chain(([some, leading]) =>
    fc.tuple(
      ...some.map((insurer, n) =>
        fc
          .record({
            insurer: fc.constant(insurer),
            contractStatus: fc.constantFrom('contracted' as const, 'contracted' as const, 'uncontracted' as const, 'unknown' as const),
          })
          // None, the first, or the first two lead: of those that may.
          .map((one) => ({ ...one, preferred: one.contractStatus !== 'uncontracted' && leading > 1 && n < leading - 1 })),
      ),
    ),
  );

const organisation = (insurers: readonly string[]): fc.Arbitrary<Omit<OrganisationPlan, 'name'>> =>
  fc.tuple(fc.constantFrom<Role>('ro', 'ro', 'ro', 'wsv', 'wsv', 'practice', 'practice', 'provider'), fc.nat(4)).chain(([role, parent]) => {
    const isMember = role === 'wsv' && parent < 4;
    return fc.record({
      role: fc.constant(role),
      parent: fc.constant(isMember ? parent : null),
      insurers: relations(insurers, 1, isMember ? 4 : insurers.length),
      recipients: fc.array(recipient, { minLength: 1, maxLength: 2 }),
      receivesOn: sometimes(fc.constantFrom('2027-11-10', '2028-12-05', '2028-10-02'), 1),
    });
  });

/** The first ones are of kinds that have to be there, also among few. */
function fixed(n: number, insurers: readonly string[]): Partial<OrganisationPlan> {
  const all = (contractStatus: Relation['contractStatus'], leading: readonly string[]) =>
    insurers.map((insurer) => ({ insurer, contractStatus, preferred: leading.includes(insurer) }));
  const plain: RecipientPlan = {
    leadDays: [42, 14, 3, 0],
    digest: 'daily',
    sendHour: '07:30',
    language: 'nl',
    joinsOn: BEGIN,
    pause: null,
  };
  const kinds: Partial<OrganisationPlan>[] = [
    { role: 'ro', parent: null, insurers: all('contracted', []), recipients: [plain] },
    { role: 'ro', parent: null, insurers: all('unknown', ['zorg-en-zekerheid']), recipients: [plain, { ...plain, language: 'en' }] },
    { role: 'wsv', parent: 1, insurers: all('contracted', []).slice(5), recipients: [plain] },
    { role: 'practice', parent: null, insurers: all('uncontracted', []).slice(4), recipients: [plain], receivesOn: '2027-11-10' },
  ];
  return kinds[n] ?? {};
}

const edit: fc.Arbitrary<Edit> = fc.record({
  on: fc.constant(BEGIN),
  time: fc.constantFrom('10:00', '14:20', '18:55', '20:30', '12:05'),
  does: fc.constantFrom<Edit['does']>(
    ...([
      'confirm',
      'confirm',
      'state',
      'state',
      'state',
      'state',
      'move',
      'move',
      'hurry',
      'hurry',
      'withdraw',
      'touch',
      'enter',
      'enter',
      'bind',
    ] as const),
  ),
  pick: fc.nat(10_000),
  days: fc.constantFrom(-28, -14, -7, -3, -1, 1, 5, 14),
});
