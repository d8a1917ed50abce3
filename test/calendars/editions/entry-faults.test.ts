/** What keeps an entry of an edition from being published: by field, all together, and nothing where all is said. */
import { describe, expect, it } from 'vitest';
import { faultsByEntry } from '../../../calendars/editions/draft-faults.ts';
import { enteredContent, entryFaults, type EntryText } from '../../../calendars/editions/entry-faults.ts';
import { DATED_KINDS } from '../../../calendars/terms.ts';
import { contentOf } from '../../helpers/cast.ts';
import { entry as deadline } from '../../helpers/entry.ts';

const standing = deadline(2025, { dueOn: '2024-10-01', lastSafeOn: '2024-10-01', revision: 3 });
const text = (over: Partial<EntryText> = {}): EntryText => ({
  act: 'amend',
  activity: null,
  slot: null,
  requirementKey: null,
  content: {},
  reason: 'De verzekeraar verschoof de datum.',
  baseRevision: 3,
  ...over,
});
const faultsOf = (over: Partial<EntryText>, ground: Partial<Parameters<typeof entryFaults>[1]> = {}) =>
  entryFaults(text(over), { standing, reason: null, ...ground });
const fieldsOf = (...given: Parameters<typeof faultsOf>) => faultsOf(...given).map(({ field }) => field);

describe('an entry of a draft', () => {
  it('that enters a deadline needs a title, a rule, a certainty, an actor and a quote that names the day', () => {
    const enter = { act: 'enter', activity: 'annual_plan', baseRevision: null, reason: null } as const;
    const alone = { standing: null };
    expect(fieldsOf({ ...enter, activity: null }, alone)).toEqual(['activity', 'title', 'rule', 'certainty', 'duty.actors']);
    expect(fieldsOf({ ...enter, content: { ...contentOf(), sources: [] } }, alone)).toEqual(['sources']);
    expect(faultsOf({ ...enter, content: contentOf({ rule: { kind: 'fixed', on: '2024-11-01' } }) }, alone)).toEqual([
      { field: 'rule', message: expect.stringContaining('not 1 november 2024') },
    ]);
    expect(fieldsOf({ ...enter, content: contentOf() }, alone)).toEqual([]);
    const { kind: _, ...unsaid } = contentOf();
    expect(enteredContent({ activity: 'signing', content: unsaid })).toMatchObject({ kind: 'deadline' });
  });

  it('says which part of a half-written rule is missing', () => {
    const half = { kind: 'fixed', on: '2024-02-31' } as const;
    expect(faultsOf({ content: { rule: half } })).toEqual([{ field: 'rule.on', message: 'must be a day that exists, as YYYY-MM-DD' }]);
    expect(fieldsOf({ content: { rule: { kind: 'range', from: '2024-02-01' } as never } })).toEqual(['rule.to']);
  });

  it('may not enter what is stated already, and may where it was only assumed', () => {
    const enter = { act: 'enter', activity: 'annual_plan', content: contentOf() } as const;
    expect(faultsOf(enter)).toEqual([{ field: 'activity', message: 'has an entry already; amend that one' }]);
    expect(faultsOf(enter, { standing: { ...standing, certainty: 'template' } })).toEqual([]);
  });

  it('that amends needs a reason of its own or the edition’s, and proof as soon as it is dated anew', () => {
    expect(fieldsOf({ content: { title: 'Anders' } })).toEqual([]);
    expect(fieldsOf({ content: { title: 'Anders' }, reason: ' ' })).toEqual(['reason']);
    expect(fieldsOf({ content: { title: 'Anders' }, reason: null }, { reason: 'Zo staat het er.' })).toEqual([]);
    expect(fieldsOf({ content: { rule: { kind: 'fixed', on: '2024-11-01' } } })).toEqual(['sources']);
  });

  it('was written on top of a revision, and is faulty when there is a newer one', () => {
    for (const act of ['amend', 'withdraw', 'check'] as const)
      expect(faultsOf({ act, baseRevision: 2 })).toEqual([
        { field: 'baseRevision', message: 'must be 3, the revision that the deadline is at; the entry was written on top of 2' },
      ]);
    expect(fieldsOf({ act: 'check' }, { standing: null })).toEqual(['']);
  });

  it('checks what stands in a document alone, and withdraws what is not withdrawn', () => {
    expect(fieldsOf({ act: 'check', reason: null })).toEqual([]);
    expect(fieldsOf({ act: 'check' }, { standing: { ...standing, certainty: 'template' } })).toEqual(['']);
    expect(fieldsOf({ act: 'withdraw', reason: null })).toEqual(['reason']);
    expect(fieldsOf({ act: 'withdraw' }, { standing: { ...standing, status: 'withdrawn' } })).toEqual(['']);
  });

  it('is the only one of its edition about a deadline', () => {
    const one = { id: 'a', deadlineId: standing.id, ...text({ content: { title: 'Anders' } }) };
    const faults = faultsByEntry(
      [
        { entry: one, standing },
        { entry: { ...one, id: 'b' }, standing },
      ],
      null,
    );
    expect([...faults.values()].map((some) => some.map(({ message }) => message))).toEqual([
      ['must be the only entry of the edition about this deadline; so is "Anders"'],
      ['must be the only entry of the edition about this deadline; so is "Anders"'],
    ]);
  });

  it('stands beside others of the activity other, each with a key of its own, of any kind but a requirement', () => {
    const enter = { act: 'enter', activity: 'other', baseRevision: null, reason: null, content: contentOf() } as const;
    const alone = { standing: null };
    const entries = (['vragen-stellen', 'eindafrekening', 'eindafrekening', null, null] as const).map((requirementKey, at) => ({
      entry: { id: String(at), deadlineId: null, ...text({ ...enter, requirementKey }) },
      standing: null,
    }));
    expect([...faultsByEntry(entries, null).values()].map((some) => some.map(({ field }) => field))).toEqual([
      [],
      [''],
      [''],
      ['key'],
      ['key'],
    ]);
    const keyed = { ...enter, requirementKey: 'vragen-stellen' };
    for (const kind of DATED_KINDS) expect(fieldsOf({ ...keyed, content: contentOf({ kind }) }, alone)).toEqual([]);
    expect(fieldsOf({ ...keyed, content: contentOf({ kind: 'requirement', strictness: 'hard' }) }, alone)).toEqual(['kind', 'strictness']);
    expect(fieldsOf({ ...keyed, activity: 'annual_plan' }, alone)).toEqual(['key']);
    const rule = { kind: 'offset', from: { activity: 'other' }, amount: 2, unit: 'week', direction: 'after' } as const;
    expect(fieldsOf({ ...keyed, content: contentOf({ rule }) }, alone)).toEqual(['rule.from.activity']);
  });
});
