/** What an entry of a draft edition still lacks, or says that cannot be: field by field, before it can be published. */
import { amendedContent, isProvenAnew } from './amended.ts';
import { isTakenBack, isUnstated, retiresProjected } from '../deadlines/certainty.ts';
import { checkContent, UNSAID } from '../deadlines/content.ts';
import { Content, type Deadline } from '../deadlines/deadline.ts';
import { KIND_OF } from '../deadlines/kinds.ts';
import { checkRule } from '../deadlines/rules.ts';
import type { Fault } from '../errors.ts';
import { checkQuotedDays } from '../quoted-days.ts';
import { Type } from '../schema/typebox.ts';
import { createValidator, explainFaults } from '../schema/validation.ts';
import type { Activity } from '../terms.ts';
import { canBeChecked } from '../upkeep/upkeep.ts';

/** What an entry of an edition does: a new deadline, another content, an end, or saying that it still is so. */
export type EditionAct = 'enter' | 'amend' | 'withdraw' | 'check';

/** An entry as far as it is written. */
export interface EntryText {
  act: EditionAct;
  /** Of what is entered. */
  activity: Activity | null;
  slot: number | null;
  requirementKey: string | null;
  /** Of what is entered all that it says; of what is amended what changes. */
  content: Partial<Content>;
  /** Null: that of the edition holds. */
  reason: string | null;
  /** The revision that was read. */
  baseRevision: number | null;
}

/** What an entry meets. */
export interface EntryGround {
  /** The deadline that it changes as it stands, or which has the place of what is entered; null where there is none. */
  standing: Deadline | null;
  /** Why the edition changes what it does, where that is said. */
  reason: string | null;
}

/**
 * Every fault together; none: it can be published. Fields are those of the content (`rule.on`, `sources`, `duty.actors`), and `activity`, `slot`,
 * `key`, `reason` and `baseRevision`; an empty field is the whole entry. Whether a deadline that it rests on exists is asked when it is published.
 */
export function entryFaults(entry: EntryText, ground: EntryGround): Fault[] {
  const { standing } = ground;
  if (entry.act === 'enter') return faultsOfNew(entry, standing);
  if (!standing) return [{ field: '', message: 'must name the deadline that it changes' }];
  const unread = entry.baseRevision === standing.revision ? [] : [readFault(entry.baseRevision, standing)];
  switch (entry.act) {
    case 'check':
      return [
        ...unread,
        ...(canBeChecked(standing) ? [] : [{ field: '', message: 'must be of a deadline that can be compared with a document' }]),
      ];
    case 'withdraw':
      return [...unread, ...withoutReason(entry, ground), ...(standing.status === 'withdrawn' ? [WITHDRAWN] : [])];
    default:
      entry.act satisfies 'amend';
      return [...unread, ...withoutReason(entry, ground), ...faultsOfChange(entry.content, standing)];
  }
}

/** The whole content of what is entered: what is not said is null, lists are empty, the kind is that of the activity. */
export function enteredContent({ activity, content }: Pick<EntryText, 'activity' | 'content'>): Partial<Content> {
  const { duty } = content;
  return {
    ...UNSAID,
    boundary: null,
    basis: null,
    reportingYear: null,
    ...(activity === null ? {} : { kind: KIND_OF[activity] }),
    ...content,
    duty: { actors: [], onBehalfOf: [], contractStatus: 'any', deliverable: null, ...duty },
  };
}

/** Whether a content has all its fields, each in its shape; what it says may contradict itself. */
export function isWholeContent(content: Partial<Content>): content is Content {
  return CHECKS.whole(content);
}

const WITHDRAWN: Fault = { field: '', message: 'must be of a deadline that is not withdrawn' };

const readFault = (base: number | null, { revision }: Deadline): Fault => ({
  field: 'baseRevision',
  message: `must be ${revision}, the revision that the deadline is at; the entry was written on top of ${base ?? 'none'}`,
});

function withoutReason({ reason }: EntryText, ground: EntryGround): Fault[] {
  return (reason ?? ground.reason ?? '').trim() === '' ? [{ field: 'reason', message: 'is required' }] : [];
}

function faultsOfNew(entry: EntryText, standing: Deadline | null): Fault[] {
  const { activity, requirementKey: key, slot } = entry;
  const content = enteredContent(entry);
  const unchosen = activity === null ? [{ field: 'activity', message: 'is required' }] : [];
  const taken =
    standing !== null && isTaken(content, standing) ? [{ field: 'activity', message: 'has an entry already; amend that one' }] : [];
  // Its kind follows from the activity.
  const misshapen = shapeFaults(content, 'whole').filter(({ field }) => activity !== null || field !== 'kind');
  if (activity === null || misshapen.length > 0) return [...unchosen, ...taken, ...misshapen];
  return [...taken, ...contradictions(content as Content, { activity, key, slot }, true)];
}

/** Whether an entry stands where one is to be entered, and does not go by that; one that is not written so far may become one that it goes by. */
function isTaken({ certainty = 'stated' }: Partial<Content>, standing: Deadline): boolean {
  if (isTakenBack(standing)) return false;
  const { activity, insurer, slot } = standing;
  const mayGo = insurer !== null && slot === null && activity !== 'contract_requirement' && isUnstated(standing);
  return !mayGo || !retiresProjected({ certainty });
}

function faultsOfChange(change: Partial<Content>, standing: Deadline): Fault[] {
  const misshapen = shapeFaults(change, 'part');
  if (misshapen.length > 0) return misshapen;
  return contradictions(amendedContent(standing, change), standing, isProvenAnew(change));
}

function contradictions(content: Content, identity: Parameters<typeof checkContent>[1], isProven: boolean): Fault[] {
  const unquoted = isProven && checkRule(content.rule).length === 0 ? checkQuotedDays(content) : [];
  return [...checkContent(content, identity), ...unquoted];
}

const validator = createValidator();
const CHECKS = { whole: validator.compile(Content), part: validator.compile(Type.Partial(Content)) };

/** What does not have the shape of a content, or is missing from it. */
function shapeFaults(content: Partial<Content>, what: keyof typeof CHECKS): Fault[] {
  const check = CHECKS[what];
  return check(content) ? [] : explainFaults(check.errors ?? []);
}
