import { describe, expect, it } from 'vitest';
import { inputsOf } from '../../../../../../server/pages/desk/editions/form/inputs.ts';
import { contentSections } from '../../../../../../server/pages/desk/editions/form/sections.ts';

/** The boxes for who acts, in their order. */
function actorsOf(...chosen: string[]): string[] {
  const fields = new URLSearchParams(chosen.map((one): [string, string] => ['duty.actors', one]));
  const form = { inputs: inputsOf(fields, []), fields, isNew: true, isRequirement: false, documents: [], days: null };
  return [...String(contentSections(form)).matchAll(/name="duty\.actors" value="(\w+)"/g)].map(([, value]) => value!);
}

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
