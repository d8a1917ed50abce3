import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../../../../calendars/terms.ts';
import { inputsOf } from '../../../../../../server/pages/desk/editions/form/inputs.ts';
import { contentSections } from '../../../../../../server/pages/desk/editions/form/sections.ts';

/** The boxes for who acts, in their order. */
function actorsOf(...chosen: string[]): string[] {
  const fields = new URLSearchParams(chosen.map((one): [string, string] => ['duty.actors', one]));
  const form = {
    inputs: inputsOf(fields, []),
    fields,
    isNew: true,
    isRequirement: false,
    kind: 'deadline' as const,
    documents: [],
    days: null,
  };
  return [...String(contentSections(form)).matchAll(/name="duty\.actors" value="(\w+)"/g)].map(([, value]) => value!);
}

describe('the day that follows', () => {
  const followingOf = (kind: Kind) => {
    const fields = new URLSearchParams({ rule: 'range', 'range.from': '1 januari 2027', 'range.to': '31 december 2028' });
    const days = { dueOn: '2028-12-31', lastSafeOn: '2028-12-31' };
    const form = { inputs: inputsOf(fields, []), fields, isNew: true, isRequirement: false, kind, documents: [], days };
    return String(contentSections(form));
  };

  it('is the last safe one of what is due, and of how long a contract runs both its days', () => {
    expect(followingOf('window')).toContain('Hieruit volgt: de laatste veilige dag is zondag 31 december 2028.');
    expect(followingOf('term')).toContain('Hieruit volgt: van 1 januari 2027 tot en met 31 december 2028. Dit is geen deadline');
    expect(followingOf('term')).not.toContain('Hieruit volgt: de laatste veilige dag');
  });
});

describe('who acts', () => {
  const usual = ['insurer', 'ro', 'wsv', 'practice', 'provider'];

  it('is ticked in one order, so that who is added to one that was proposed takes its place in it', () => {
    expect(actorsOf('wsv')).toEqual(usual);
    expect(actorsOf('ro', 'wsv')).toEqual(usual);
  });

  it('keeps another order where that stands there', () => {
    expect(actorsOf('practice', 'ro')).toEqual(['practice', 'ro', 'insurer', 'wsv', 'provider']);
  });
});
