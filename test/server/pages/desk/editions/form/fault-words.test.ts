import { describe, expect, it } from 'vitest';
import { entryFaults, type EntryText } from '../../../../../../calendars/editions/entry-faults.ts';
import type { Content, Deadline } from '../../../../../../calendars/deadlines/deadline.ts';
import { contentIn, fieldsOf } from '../../../../../../server/pages/desk/editions/form/content-fields.ts';
import { fieldOf } from '../../../../../../server/pages/desk/editions/form/inputs.ts';
import { wordFaults } from '../../../../../../server/pages/desk/editions/form/fault-words.ts';
import { contentOf, identityOf } from '../../../../../helpers/cast.ts';

const entry = (content: Partial<Content>, over: Partial<EntryText> = {}): EntryText => ({
  act: 'enter',
  activity: 'annual_plan',
  slot: null,
  requirementKey: null,
  content,
  reason: null,
  baseRevision: null,
  ...over,
});
const worded = (one: EntryText) => wordFaults(entryFaults(one, { standing: null, reason: null }), one.content, one.content.rule?.kind);
const rules: Content['rule'][] = [
  { kind: 'fixed', on: '2024-10-01' },
  { kind: 'range', from: '2024-10-02', to: '2024-10-01' },
  { kind: 'period', unit: 'quarter', year: 2024, number: 9 },
  { kind: 'offset', from: { activity: 'publication' }, amount: 6, unit: null, direction: 'after' },
  { kind: 'slot', every: 'quarter', lead: { amount: 3, unit: 'month' } },
  { kind: 'event', text: 'Ooit.' },
  { kind: 'none' },
];

describe('what is wrong with an entry', () => {
  it('is said in Dutch, beside a field that has a label, whatever was left out or typed wrong', () => {
    const told = new Set<string>();
    for (const rule of rules)
      for (const activity of ['annual_plan', 'contract_requirement', 'other', null] as const)
        for (const certainty of ['stated', 'unknown', 'expected', 'sector_rule'] as const) {
          const conflict = { kind: 'readings', days: ['2024-10-01', '2024-10-01'], text: 'Twee.' } as const;
          const fields = fieldsOf(
            contentOf({ rule, certainty, conflict: { ...conflict, days: [...conflict.days] }, strictness: 'hard' }),
            [],
          );
          for (const name of ['', ...new Set(fields.keys())])
            for (const value of ['', 'x'.repeat(2100), '-1']) {
              const typed = new URLSearchParams(fields);
              if (name !== '') typed.set(name, value);
              for (const fault of worded(entry(contentIn(typed), { activity, requirementKey: 'een' }))) {
                expect(fault.text).not.toMatch(/\b(must|is required|NOT|fewer|null)\b|\{\{/);
                if (fault.name !== '') expect(fieldOf(fault.name, [fault])).toMatchObject({ error: fault.text });
                told.add(fault.text);
              }
            }
        }
    expect(told.size).toBeGreaterThan(25);
  });

  it('is said of the whole entry where it is of no field', () => {
    const standing = {
      ...contentOf(),
      ...identityOf(),
      id: 'x',
      revision: 2,
      status: 'withdrawn',
      dueOn: null,
      lastSafeOn: null,
    } as unknown as Deadline;
    for (const [act, over, name, text] of [
      ['withdraw', { ...standing }, '', 'Dit is al vervallen.'],
      ['withdraw', { ...standing }, 'seen', 'Wat dit wijzigt, is intussen zelf veranderd.'],
      ['withdraw', { ...standing }, 'reason', 'Vul dit in: Reden voor lezers'],
      ['check', { ...standing }, '', 'Dit staat in geen document'],
      ['amend', null, '', 'Wat dit wijzigt, bestaat niet meer.'],
    ] as const) {
      const faults = entryFaults(entry({}, { act, baseRevision: 1 }), { standing: over, reason: null });
      expect(wordFaults(faults, {}, undefined)).toContainEqual({ name, text: expect.stringContaining(text) });
    }
  });

  it('stands beside the field of the rule that was chosen, and says what the sentences name instead', () => {
    const sources = [
      { document: 'Beleid', section: null, quote: 'Vóór 1 oktober, en binnen 6 weken na de tweede brief in juli 2024.', url: null },
    ];
    const [fault] = worded(entry(contentOf({ rule: { kind: 'fixed', on: '2024-11-01' }, sources })));
    expect(fault).toMatchObject({
      name: 'rule',
      text: expect.stringMatching(/De zinnen noemen: 1 oktober zonder jaar, juli 2024, .*6 weken/),
    });
    const ranged = worded(entry(contentOf({ rule: rules[1]! }))).find(({ name }) => name === 'range.to');
    expect(ranged?.text).toBe('De laatste dag is eerder dan de eerste dag.');
  });

  it('asks for the year of a day that lacks only that', () => {
    const said = (on: string) => worded(entry(contentOf({ rule: { kind: 'fixed', on } }))).find(({ name }) => name === 'fixed.on')?.text;
    expect(said('1 juli')).toMatch(/^Schrijf ook het jaar, bijvoorbeeld 1 juli 2027\./);
    expect(said('29 februari')).toMatch(/^Schrijf ook het jaar/);
    expect(said('32 juli')).toBe('Dit is geen dag die bestaat. Schrijf bijvoorbeeld 1 oktober 2027.');
  });
});
