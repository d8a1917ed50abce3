/** An entry of an edition as the fields of its form, and what the fields say of it. */
import { changeOf } from '../../../../../calendars/editions/change.ts';
import { contentOfEntry } from '../../../../../calendars/editions/entry-content.ts';
import type { EditionAct } from '../../../../../calendars/editions/entry-faults.ts';
import type { Deadline } from '../../../../../calendars/deadlines/deadline.ts';
import { isKeyed } from '../../../../../calendars/deadlines/kinds.ts';
import { ACTIVITIES, type Activity } from '../../../../../calendars/terms.ts';
import type { EditionEntry, EntryInput } from '../../../../../db/registry/editions/drafts.ts';
import { contentIn, fieldsOf } from './content-fields.ts';
import { textIn, textOrNull } from './field-text.ts';
import type { OfferedDocument } from './source-fields.ts';

/** What an entry changes: nothing is on top of what it enters. */
export interface Ground {
  act: EditionAct;
  /** The revision that its text is compared with. */
  base: Deadline | null;
  documents: readonly OfferedDocument[];
}

type Written = Pick<EditionEntry, 'activity' | 'content' | 'reason' | 'requirementKey' | 'slot'>;

export function fieldsOfEntry(entry: Written, { act, base, documents }: Ground): URLSearchParams {
  const fields = act === 'enter' ? fieldsOf(entry.content, documents) : fieldsOf(contentOfEntry({ ...entry, act }, base), documents);
  const { activity, reason, requirementKey, slot } = entry;
  const own = { activity, reason, requirementKey, slot: slot === null ? null : String(slot) };
  for (const [name, value] of Object.entries(own)) if (value !== null) fields.set(name, value);
  return fields;
}

/** What is to be kept of what the fields say. */
export function inputIn(fields: URLSearchParams, { act, base }: Pick<Ground, 'act' | 'base'>): Omit<EntryInput, 'act'> {
  const reason = textOrNull(fields, 'reason');
  if (act === 'enter') {
    const content = contentIn(fields);
    const activity = ACTIVITIES.find((one) => one === textIn(fields, 'activity')) ?? null;
    const isRequirement = activity === 'contract_requirement';
    const slot = content.rule?.kind === 'slot' ? [1, 2, 3, 4].find((one) => String(one) === textIn(fields, 'slot')) : undefined;
    // What only a requirement has, or a rule that was not chosen, is not seen then either.
    return {
      activity,
      slot: slot ?? null,
      requirementKey: activity !== null && isKeyed(activity) ? keyIn(fields, activity) : null,
      content: isRequirement ? content : { ...content, strictness: null },
      reason,
    };
  }
  return { reason, ...(act === 'amend' && base !== null ? { content: changeOf(base, contentIn(fields)) } : {}) };
}

/** What tells it from others of its activity: as it was typed, else what has no activity of its own by its title. */
function keyIn(fields: URLSearchParams, activity: Activity): string | null {
  return keyOf(textIn(fields, 'requirementKey')) ?? (activity === 'other' ? keyOf(textIn(fields, 'title')) : null);
}

/** Small letters, digits and hyphens, of whatever was typed. */
function keyOf(typed: string): string | null {
  const words = typed
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/\p{M}|['’‘]/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return words.slice(0, 60).replace(/-$/, '') || null;
}

/** The fields as they stand in the form once they are saved: by this two ways to type the same are the same. */
export function settled(fields: URLSearchParams, ground: Ground): URLSearchParams {
  const { activity = null, content = {}, reason = null, requirementKey = null, slot = null } = inputIn(fields, ground);
  return fieldsOfEntry({ activity, content, reason, requirementKey, slot }, ground);
}
