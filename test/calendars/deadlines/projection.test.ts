/** Next years' timelines: what they carry, what they rest on, and what they never claim. */
import { describe, expect, it } from 'vitest';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { assumedOf } from '../../../calendars/deadlines/wording/buyers.ts';
import { projectTimeline } from '../../../calendars/deadlines/projection.ts';
import { checkerFor } from '../../../calendars/schema/validation.ts';
import { Content } from '../../../calendars/deadlines/deadline.ts';
import { RHYTHM } from '../../../calendars/terms.ts';

const dsw = { slug: 'dsw', kind: 'health_insurer' } as const;
const zz = { slug: 'zorg-en-zekerheid', kind: 'health_insurer' } as const;

/** The annual plan of Zorg en Zekerheid for 2025, with everything that a projection must not copy. */
const annualPlan2025: Deadline = {
  id: '0b9f2a52-6c3e-4b60-9d2e-7f7f0a7a1c11',
  insurer: 'zorg-en-zekerheid',
  contractYear: 2025,
  careType: 'multidisciplinary_care',
  activity: 'annual_plan',
  slot: null,
  key: null,
  kind: 'deadline',
  title: 'Jaarplan met begroting indienen',
  rule: { kind: 'fixed', on: '2024-10-01' },
  boundary: 'by',
  certainty: 'stated',
  basis: null,
  reportingYear: 2023,
  duty: { actors: ['ro'], onBehalfOf: ['wsv'], contractStatus: 'contracted', deliverable: 'jaarplan en begroting' },
  channel: { kind: 'email', address: 'zorginkoop.huisartsen@zorgenzekerheid.nl', subject: null, hours: null },
  consequence: { text: 'afslag op het tarief', modality: 'possible', kind: 'penalty' },
  extension: { possible: false, text: 'Uitstel na 1 oktober is niet mogelijk.' },
  sources: [{ document: 'Zorginkoopbeleid 2025', section: '6.3', quote: '1 oktober 2024', url: null }],
  conflict: { kind: 'readings', days: ['2024-09-30', '2024-10-01'], text: 'paragraaf 5.3 en 6.3' },
  dueOn: '2024-10-01',
  lastSafeOn: '2024-09-30',
  revision: 1,
  revisedAt: new Date('2024-04-01T00:00:00Z'),
  status: 'published',
  strictness: null,
  checkedOn: null,
  checkedBy: null,
  precedent: null,
};

/** The annual plan as projected for a later year from what is known. */
const annualPlan = (contractYear: number, ...earlier: Deadline[]) =>
  projectTimeline({ insurer: zz, contractYear, earlier }).find(({ activity }) => activity === 'annual_plan');

describe('projectTimeline', () => {
  it('gives an insurer that said nothing the common rhythm, and says so', () => {
    const timeline = projectTimeline({ insurer: dsw, contractYear: 2027, earlier: [] });
    expect(
      timeline.map(({ activity, careType, content: { title, certainty, basis, duty }, days }) => ({
        activity,
        careType,
        title,
        certainty,
        basis: basis?.kind,
        ...days,
        who: `${duty.actors.join()} for ${duty.onBehalfOf.join() || 'itself'}, ${duty.contractStatus}`,
      })),
    ).toEqual(
      [
        ['publication', 'Publicatie zorginkoopbeleid 2027', '2026-04-01', 'insurer for itself, any'],
        ['accounts', 'Verantwoording over 2025 indienen (financiën en kwaliteit)', '2026-05-01', 'ro for ro,wsv, any'],
        ['contract_request', 'Zorgovereenkomst 2027 aanvragen (zonder lopend contract)', '2026-08-31', 'provider for itself, uncontracted'],
        ['annual_plan', 'Jaarplan 2027 met begroting indienen', '2026-10-01', 'ro for ro,wsv, contracted'],
        ['signing', 'Zorgovereenkomst 2027 ondertekenen', '2026-12-31', 'provider for itself, any'],
      ].map(([activity, title, day, who], i) => ({
        activity,
        careType: 'general',
        title,
        certainty: i === 0 ? 'sector_rule' : 'template',
        basis: i === 0 ? 'sector_rule' : 'common_rhythm',
        dueOn: day,
        lastSafeOn: i === 0 ? day : null,
        who,
      })),
    );
  });

  it('does not bind a purchasing party to the rule for insurers', () => {
    const timeline = projectTimeline({ insurer: { slug: 'caresq', kind: 'purchasing_party' }, contractYear: 2027, earlier: [] });
    expect(timeline.map(({ content }) => content.certainty)).toEqual(RHYTHM.map(() => 'template'));
    // And nobody who reads an assumption takes it for an insurer's.
    for (const { content } of timeline) {
      expect(assumedOf({ ...content, insurerKind: 'purchasing_party' }, 'nl')).toBe(
        'Deze inkooppartij noemde geen datum; de echte kan eerder zijn.',
      );
      expect(assumedOf({ ...content, insurerKind: 'purchasing_party' }, 'en')).toBe(
        'This purchasing party named no date; the real one may be earlier.',
      );
    }
    const [, accounts] = projectTimeline({ insurer: dsw, contractYear: 2027, earlier: [] });
    expect(assumedOf({ ...accounts!.content, insurerKind: 'health_insurer' }, 'nl')).toBe(
      'Deze verzekeraar noemde geen datum; de echte kan eerder zijn.',
    );
    expect(timeline[0]?.content.basis?.text).toBe(
      'Aanname op basis van de planning van Zorg en Zekerheid voor 2025. Deze inkooppartij noemde geen datum.',
    );
  });

  it("expects an insurer's own earlier day, with its earliest safe day and its duty, and nothing more of it", () => {
    expect(annualPlan(2027, annualPlan2025)).toEqual({
      id: 'c390e126-09e5-5766-85c8-02640fd44f83',
      careType: 'multidisciplinary_care',
      activity: 'annual_plan',
      content: {
        kind: 'deadline',
        title: 'Jaarplan 2027 met begroting indienen',
        rule: { kind: 'fixed', on: '2026-10-01' },
        boundary: 'by',
        certainty: 'expected',
        basis: {
          kind: 'earlier_year',
          deadlineId: annualPlan2025.id,
          text: 'Voor contractjaar 2025 was het bij deze verzekeraar 1 oktober 2024 (laatste veilige dag 30 september 2024). Voor 2027 is dit nog niet bevestigd.',
        },
        reportingYear: 2025,
        duty: { actors: ['ro'], onBehalfOf: ['wsv'], contractStatus: 'contracted', deliverable: null },
        channel: null,
        consequence: null,
        extension: null,
        sources: [],
        conflict: null,
        strictness: null,
      },
      days: { dueOn: '2026-10-01', lastSafeOn: '2026-09-30' },
    });
  });

  it.each([
    ['as its year is said', { reportingYear: 2026 }],
    ['as its title names it', { reportingYear: null, title: 'Verantwoording over 2026 indienen', dueOn: '2028-01-15' }],
    ['as the year before it was due', { reportingYear: null, title: 'Eindverantwoording indienen' }],
  ])('expects accounts of the year after those of the year before, %s', (_, over) => {
    const stated: Deadline = {
      ...annualPlan2025,
      activity: 'accounts',
      contractYear: 2027,
      dueOn: '2027-05-01',
      lastSafeOn: null,
      ...over,
    };
    const told = [2028, 2029].map((contractYear) => {
      const { content } = projectTimeline({ insurer: zz, contractYear, earlier: [stated] }).find(
        ({ activity }) => activity === 'accounts',
      )!;
      return [content.title, content.reportingYear];
    });
    expect(told).toEqual([
      ['Verantwoording over 2027 indienen (financiën en kwaliteit)', 2027],
      ['Verantwoording over 2028 indienen (financiën en kwaliteit)', 2028],
    ]);
  });

  it('changes only the activity that was stated', () => {
    const timeline = projectTimeline({ insurer: zz, contractYear: 2027, earlier: [annualPlan2025] });
    expect(timeline.map(({ content }) => content.certainty)).toEqual(['sector_rule', 'template', 'template', 'expected', 'template']);
  });

  it('keeps publication a sector rule for an insurer that stated it before', () => {
    const stated: Deadline = { ...annualPlan2025, activity: 'publication', dueOn: '2024-03-28', lastSafeOn: '2024-03-28' };
    expect(projectTimeline({ insurer: zz, contractYear: 2027, earlier: [stated] })[0]).toMatchObject({
      content: { certainty: 'sector_rule', basis: { kind: 'sector_rule', deadlineId: null, successorSeen: false } },
      days: { dueOn: '2026-04-01', lastSafeOn: '2026-04-01' },
    });
  });

  it.each([
    ['of another insurer', { insurer: 'dsw' }],
    ['of the sector', { insurer: null }],
    ['of the same contract year', { contractYear: 2027 }],
    ['of a later contract year', { contractYear: 2028 }],
    ['for another activity', { activity: 'regional_plan' }],
    ['that is itself expected', { certainty: 'expected' }],
    ['that was withdrawn', { status: 'withdrawn' }],
    ['without a day', { dueOn: null, lastSafeOn: null }],
  ] as [string, Partial<Deadline>][])('rests on no deadline %s', (_, change) => {
    expect(annualPlan(2027, { ...annualPlan2025, ...change })?.content.certainty).toBe('template');
  });

  it('rests on the newest year, and in one year on the earliest safe day', () => {
    const of2026 = { ...annualPlan2025, id: '1'.repeat(36), contractYear: 2026, dueOn: '2025-09-15', lastSafeOn: '2025-09-15' };
    const gpCare = { ...of2026, id: '2'.repeat(36), careType: 'gp_care' as const, dueOn: '2025-09-10', lastSafeOn: '2025-09-10' };
    expect(annualPlan(2027, annualPlan2025, of2026)?.days).toEqual({ dueOn: '2026-09-15', lastSafeOn: '2026-09-15' });
    expect(annualPlan(2027, gpCare, of2026, annualPlan2025)).toEqual(annualPlan(2027, annualPlan2025, of2026, gpCare));
    expect(annualPlan(2027, of2026, gpCare)).toMatchObject({ careType: 'gp_care', days: { dueOn: '2026-09-10' } });
  });

  it.each([
    ['2024-02-29', 2026, '2025-02-28'],
    ['2024-02-29', 2029, '2028-02-29'],
    ['2024-12-31', 2028, '2027-12-31'],
  ])('moves %s to contract year %i as %s', (dueOn, contractYear, expected) => {
    const days = annualPlan(contractYear, { ...annualPlan2025, dueOn, lastSafeOn: dueOn })?.days;
    expect(days).toEqual({ dueOn: expected, lastSafeOn: expected });
  });

  it('gives every insurer, year and activity an id of its own, the same each time', () => {
    const ids = [2027, 2028].flatMap((contractYear) =>
      [dsw, zz].flatMap((insurer) => projectTimeline({ insurer, contractYear, earlier: [] }).map(({ id }) => id)),
    );
    expect(new Set(ids).size).toBe(20);
    expect(annualPlan(2027)?.id).toBe(annualPlan(2027, annualPlan2025)?.id);
  });

  describe('beside a contract term', () => {
    const term = (from: number, to: number, careType: Deadline['careType']): Deadline => ({
      ...annualPlan2025,
      id: '3'.repeat(36),
      activity: 'contract_term',
      kind: 'term',
      careType,
      contractYear: from,
      rule: { kind: 'range', from: `${from}-01-01`, to: `${to}-12-31` },
      dueOn: `${to}-12-31`,
      lastSafeOn: `${to}-12-31`,
    });
    const projected = (contractYear: number, ...earlier: Deadline[]) => projectTimeline({ insurer: zz, contractYear, earlier });
    const activities = (contractYear: number, ...earlier: Deadline[]) =>
      projected(contractYear, ...earlier).map(({ activity }) => activity);
    const REST = ['accounts', 'contract_request', 'annual_plan'];

    it('has nothing to sign or to publish in its later years, and again after them', () => {
      const general = term(2026, 2027, 'general');
      expect(activities(2026, general)).toEqual([...RHYTHM]);
      expect(activities(2027, general)).toEqual(REST);
      expect(activities(2028, general)).toEqual([...RHYTHM]);
    });

    it('leaves out only what is of its own kind of care', () => {
      const signing: Deadline = { ...annualPlan2025, activity: 'signing', dueOn: '2024-12-31', lastSafeOn: '2024-12-31' };
      const care = term(2026, 2027, 'multidisciplinary_care');
      expect(activities(2027, care)).toEqual([...RHYTHM]);
      expect(activities(2027, care, signing)).toEqual(['publication', ...REST]);
      expect(activities(2027, term(2026, 2027, 'gp_care'), signing)).toEqual([...RHYTHM]);
    });

    it('counts only where it is stated and stands, and runs for more years', () => {
      const general = term(2026, 2027, 'general');
      for (const over of [{ status: 'withdrawn' }, { certainty: 'expected' }, { insurer: 'dsw' }] as Partial<Deadline>[])
        expect(activities(2027, { ...general, ...over })).toEqual([...RHYTHM]);
      expect(activities(2027, term(2027, 2027, 'general'))).toEqual([...RHYTHM]);
    });

    it('says of a request that an agreement runs, and of signing later that there may be nothing to sign', () => {
      const general = term(2026, 2027, 'general');
      const textOf = (contractYear: number, activity: string) =>
        projected(contractYear, general).find((one) => one.activity === activity)!.content.basis!.text;
      expect(textOf(2027, 'contract_request')).toMatch(
        / Er loopt een overeenkomst 2026-2027; of u tussentijds kunt instappen, staat er niet\.$/,
      );
      expect(textOf(2028, 'contract_request')).not.toContain('Er loopt');
      expect(textOf(2028, 'signing')).toMatch(
        / Voor 2026-2027 gold een overeenkomst voor meerdere jaren\. Mogelijk hoeft u dit jaar niets te tekenen\.$/,
      );
      expect(textOf(2026, 'signing')).not.toContain('voor meerdere jaren');
    });
  });

  it('writes content that the registry accepts', () => {
    const check = checkerFor(Content);
    for (const { content } of projectTimeline({ insurer: zz, contractYear: 2027, earlier: [annualPlan2025] })) {
      expect(check(content)).toEqual(content);
    }
  });
});
