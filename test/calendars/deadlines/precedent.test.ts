/** How it went before: of which deadline it is told, and what is arranged before which other. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { arrangedBefore, precedentFor } from '../../../calendars/deadlines/precedent.ts';
import { precedentText } from '../../../calendars/deadlines/precedent-text.ts';
import { contentOf, identityOf } from '../../helpers/cast.ts';

const deadline = (id: string, over: Partial<Deadline> = {}): Deadline => ({
  id,
  ...identityOf(),
  ...contentOf(),
  dueOn: '2024-10-01',
  lastSafeOn: '2024-09-30',
  revision: 1,
  revisedAt: new Date('2024-04-02T10:00:00Z'),
  status: 'published',
  checkedOn: null,
  checkedBy: null,
  precedent: null,
  ...over,
});
const ANYBODY = { ...contentOf().duty, contractStatus: 'any' as const };
const undated = (id: string, over: Partial<Deadline>): Deadline =>
  deadline(id, { certainty: 'unknown', rule: { kind: 'none' }, dueOn: null, lastSafeOn: null, ...over });

describe('a precedent', () => {
  const plan = deadline('plan');
  const newer = deadline('newer', { contractYear: 2026, channel: null });
  const place = { insurer: 'noord', contractYear: 2027, activity: 'annual_plan' } as const;

  it('is of the deadline that the basis names, also where there is a newer one', () => {
    const basis = { kind: 'earlier_year' as const, deadlineId: 'plan', text: 'Zo was het.' };
    expect(precedentFor({ ...place, basis }, [newer, plan])).toEqual({
      deadlineId: 'plan',
      contractYear: 2025,
      dueOn: '2024-10-01',
      lastSafeOn: '2024-09-30',
      channel: { kind: 'email', address: 'inkoop@verzekeraar.example', subject: null, hours: null },
      deliverable: 'Jaarplan en begroting',
      consequence: { text: 'Mogelijk een afslag op het tarief.', modality: 'possible', kind: 'penalty' },
      extension: { possible: false, text: 'Uitstel is niet mogelijk.' },
      conflict: null,
      sources: [{ document: 'Beleid 2025', section: '6.3', quote: '1 oktober 2024 Het jaarplan', url: null }],
    });
    expect(precedentFor({ ...place, basis: { ...basis, deadlineId: 'gone' } }, [plan])).toBeNull();
  });

  it('of a sector rule is the insurer’s own newest stated one, of an earlier year', () => {
    const basis = { kind: 'sector_rule' as const, deadlineId: null, text: 'Regel van de NZa.' };
    const publication = (id: string, over: Partial<Deadline> = {}) => deadline(id, { activity: 'publication', ...over });
    const known = [
      publication('older', { contractYear: 2024 }),
      publication('own'),
      publication('others', { insurer: 'oost', contractYear: 2026 }),
      publication('same year', { contractYear: 2027 }),
      publication('withdrawn', { contractYear: 2026, status: 'withdrawn' }),
      deadline('plan', { contractYear: 2026 }),
    ];
    expect(precedentFor({ ...place, activity: 'publication', basis }, known)?.deadlineId).toBe('own');
    expect(precedentFor({ ...place, activity: 'publication', basis }, [])).toBeNull();
  });

  it('is none of what is stated or only assumed', () => {
    const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Aanname.' };
    for (const one of [null, basis]) expect(precedentFor({ ...place, basis: one }, [plan])).toBeNull();
  });
});

describe('what is arranged before', () => {
  const signing = { insurer: 'noord', contractYear: 2027, activity: 'signing' } as const;
  const certificate = undated('certificate', { activity: 'certificate_request' });
  const ids = (...known: Deadline[]) => arrangedBefore(signing, known).map(({ id }) => id);

  it('has no day of its own, and is of the newest contract year that says so', () => {
    expect(ids(certificate)).toEqual(['certificate']);
    expect(ids(undated('older', { activity: 'certificate_request', contractYear: 2022 }), certificate)).toEqual(['certificate']);
    expect(ids(certificate, undated('own year', { activity: 'certificate_request', contractYear: 2027 }))).toEqual(['own year']);
    expect(ids(undated('later', { activity: 'certificate_request', contractYear: 2028 }))).toEqual([]);
    expect(ids(undated('others', { activity: 'certificate_request', insurer: 'oost' }))).toEqual([]);
    expect(ids(undated('withdrawn', { activity: 'certificate_request', status: 'withdrawn' }))).toEqual([]);
  });

  it('with a day stands in lists itself in its own year, and is shown from the next year on', () => {
    const bonus = (contractYear: number) => deadline('bonus', { activity: 'early_contracting', contractYear });
    expect(ids(undated('memo', { activity: 'early_contracting', contractYear: 2022 }), bonus(2027))).toEqual([]);
    expect(ids(undated('memo', { activity: 'early_contracting', contractYear: 2022 }), bonus(2026))).toEqual(['bonus']);
  });

  it('is each of the activities of the one that it precedes, and of no other', () => {
    const all = [
      'certificate_request',
      'register_check',
      'early_contracting',
      'signing_term',
      'wsv_plan_review',
      'innovation_request',
    ] as const;
    const known = all.map((activity) => undated(activity, { activity }));
    expect(ids(...known)).toEqual(['certificate_request', 'register_check', 'early_contracting', 'signing_term']);
    expect(arrangedBefore({ ...signing, activity: 'annual_plan' }, known).map(({ id }) => id)).toEqual(['wsv_plan_review']);
    expect(arrangedBefore({ ...signing, activity: 'accounts' }, known)).toEqual([]);
  });

  it('is of one contract year for each activity, whatever is known and in whatever order', () => {
    const anyKnown = fc.array(
      fc.record({
        activity: fc.constantFrom('certificate_request', 'register_check', 'signing_term', 'annual_plan'),
        contractYear: fc.integer({ min: 2022, max: 2029 }),
        certainty: fc.constantFrom('unknown', 'expected'),
        status: fc.constantFrom('published', 'withdrawn'),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(anyKnown, (rows) => {
        const known = rows.map((row, n) => undated(`${n}`, row as Partial<Deadline>));
        // By counting back from the year of signing until something is found.
        const naive = ['certificate_request', 'register_check', 'signing_term'].flatMap((activity) => {
          for (let year = 2027; year >= 2022; year--) {
            const found = known.filter(
              (one) => one.activity === activity && one.contractYear === year && one.status === 'published' && one.certainty === 'unknown',
            );
            if (found.length > 0) return found.map(({ id }) => id);
          }
          return [];
        });
        expect(ids(...known).sort()).toEqual(naive.sort());
        expect(ids(...known.toReversed())).toEqual(ids(...known));
      }),
    );
  });

  it('stands under its own contract year, and quotes one sentence in all', () => {
    const { id: deadlineId, duty, ...plan } = deadline('plan');
    const precedent = { ...plan, deadlineId, deliverable: duty.deliverable };
    const memo = undated('memo', {
      activity: 'early_contracting',
      contractYear: 2022,
      title: 'Contracteren per 1 november voor de bonusregeling',
      channel: null,
      consequence: { text: 'Een bonus van 4%.', modality: 'certain', kind: 'bonus' },
    });
    const own = undated('own', { activity: 'register_check', contractYear: 2027, title: 'Gegevens bij Vektis controleren' });
    const parts = precedentText({ precedent, contractYear: 2027, duty: ANYBODY }, [memo, own], 'nl');
    expect(parts.map(({ heading, rows, source }) => [heading, rows.at(-1)?.value, source?.document])).toEqual([
      ['Zo ging het voor contractjaar 2025', 'Uitstel is niet mogelijk.', 'Beleid 2025'],
      [
        null,
        'Gegevens bij Vektis controleren (inkoop@verzekeraar.example; alleen wie een contract heeft). Mogelijk een afslag op het tarief.',
        undefined,
      ],
      [
        'Zo ging het voor contractjaar 2022',
        'Contracteren per 1 november voor de bonusregeling (alleen wie een contract heeft). Een bonus van 4%.',
        undefined,
      ],
    ]);
    expect(precedentText({ precedent: null, contractYear: 2027, duty: ANYBODY }, [memo], 'en')[0]?.source?.quote).toBe(
      '1 oktober 2024 Het jaarplan',
    );
    expect(precedentText({ precedent: null, contractYear: 2027, duty: ANYBODY }, [], 'nl')).toEqual([]);
  });
});
