/** The planner: which reminders of many organisations are to be added or dropped. It reads in a few queries, and plans once for organisations that are alike. */
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { addDays, amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import { mayRemind } from '../../calendars/agenda/open-duties.ts';
import { planFor, type PlanInput, type ReminderPlan } from '../../calendars/reminders/reminder-plan.ts';
import { planSteps, type StepPlan, type StepReader } from '../../calendars/reminders/step-plan.ts';
import type { Day } from '../../calendars/terms.ts';
import { agendaFrom } from '../organisations/agendas.ts';
import { answerOf, recordedOf, type AgendaInput } from '../organisations/agenda-input.ts';
import { deadlinesOf, type Snapshot } from '../registry/snapshot.ts';
import type { Organisation, Recipient } from '../schema/schema.ts';
import type { ReadDb } from '../store/store.ts';
import { reachableAmong, silenceOf } from '../recipients/pauses.ts';
import { NO_HISTORY, readHistories, readSlice, type History, type Slice } from './plan-facts.ts';

/** What should change for one recipient. */
export interface RecipientPlan {
  organisation: Organisation;
  recipient: Recipient;
  /** Of deadlines. */
  plan: ReminderPlan;
  /** Of the organisation's own dates. */
  steps: StepPlan;
}

export interface Planner {
  /** Plans for every confirmed recipient of these organisations, in their order; those for whom nothing is or should be planned are left out. */
  plan(db: ReadDb, organisationIds: readonly string[]): Promise<RecipientPlan[]>;
}

/** Longer ago than this, a confirmation bars no reminder: leads go back a year, and days off move them by less than two weeks. */
const LONG_AGO_DAYS = 380;
const LONG_AGO = '0000-01-01';

/** A planner for one day and one state of the registry. */
export function openPlanner(registry: Snapshot, today: Day): Planner {
  const alike: Alike = { registry, today, agendas: new Map(), dues: new Map() };
  return {
    async plan(db, organisationIds) {
      const candidates = candidatesIn(await readSlice(db, organisationIds), alike);
      const histories = await readHistories(
        db,
        candidates.map(({ recipient }) => recipient.id),
        today,
      );
      return candidates.flatMap((candidate) => planCandidate(candidate, registry, histories.get(candidate.recipient.id)));
    },
  };
}

/** What is worked out once for all that are alike. */
interface Alike {
  registry: Snapshot;
  today: Day;
  /** By who an organisation is and whom it deals with: many organisations are alike. */
  agendas: Map<string, AgendaItem[]>;
  /** By agenda and choices: what may be due. */
  dues: Map<string, AgendaItem[]>;
}

/** What a plan depends on beside the agenda and earlier reminders. */
type Conditions = Omit<PlanInput, 'items' | 'stored'>;

/** A recipient for whom something may have to change. */
interface Candidate {
  recipient: Recipient;
  agendaInput: AgendaInput;
  items: AgendaItem[];
  conditions: Conditions;
  /** Whether the items are made for all that are alike. */
  isShared: boolean;
  stepReader: StepReader;
}

function candidatesIn(slice: Slice, alike: Alike): Candidate[] {
  const { today } = alike;
  const longAgoAt = amsterdamMoment(addDays(today, -LONG_AGO_DAYS), '00:00');
  return slice.recipients.flatMap((recipient) => {
    const agendaInput = slice.agendaInputs.get(recipient.organisationId)!;
    const { key, items } = agendaFor(agendaInput, alike);
    const { confirmedAt } = recipient;
    // Asking the calendar what day a moment was takes longer than all the rest.
    const confirmedOn = confirmedAt !== null && confirmedAt < longAgoAt ? LONG_AGO : confirmedBy(recipient, today);
    const conditions = { ...conditionsFor(recipient, slice, today), confirmedOn };
    const stepReader = stepReaderFor(recipient, slice, conditions);
    const candidate = { recipient, agendaInput, items, conditions, isShared: key !== null, stepReader };
    if (key === null || slice.waiting.has(recipient.id)) return [candidate];
    const due = dueFor(key, items, { ...conditions, muted: new Set(), silence: null }, alike);
    const mayHaveStep = stepsOf(candidate, NO_HISTORY).missing.length > 0;
    return due.length > 0 || mayHaveStep ? [{ ...candidate, items: due }] : [];
  });
}

function agendaFor(agendaInput: AgendaInput, { agendas, registry }: Alike): { key: string | null; items: AgendaItem[] } {
  const { members, ownEvents, parentPreferred } = agendaInput;
  // Who delivers for others, or counts from an own event, is like nobody else.
  if (members.length !== 1 || ownEvents.length > 0) return { key: null, items: agendaFrom(registry, agendaInput) };
  const { relations, roles } = members[0]!;
  const standing = relations.map(({ insurerSlug, contractStatus, preferred }) => [insurerSlug, contractStatus, preferred]);
  const key = JSON.stringify([roles, standing, parentPreferred]);
  // Who is alike has not done the same.
  const items = agendas.get(key) ?? agendaFrom(registry, { ...agendaInput, completions: new Map(), steps: [] });
  agendas.set(key, items);
  return { key, items };
}

/** The items of which something may be due: for most recipients none. Completions and what was sent before come after. */
function dueFor(key: string, items: AgendaItem[], conditions: Conditions, { dues, today }: Alike): AgendaItem[] {
  const { confirmedOn, digest, leadDays } = conditions;
  const dueKey = JSON.stringify([key, leadDays, digest, confirmedOn]);
  const due =
    dues.get(dueKey) ??
    planFor({ ...conditions, items: items.filter((item) => mayRemind(item, today)), stored: [], mailLeft: false }).missing.map(
      ({ item }) => item,
    );
  dues.set(dueKey, due);
  return due;
}

/** The plan of one recipient; none where nothing is or should be planned. */
function planCandidate(candidate: Candidate, registry: Snapshot, history: History = NO_HISTORY): RecipientPlan[] {
  const { recipient, agendaInput, items, conditions, isShared } = candidate;
  const ownItems = isShared && agendaInput.completions.size > 0 ? items.map((item) => withCompletion(item, agendaInput, registry)) : items;
  const { rows, mailLeft } = history;
  const plan = planFor({ ...conditions, items: ownItems, stored: rows, mailLeft });
  const steps = stepsOf(candidate, history);
  return isEmpty(plan) && isEmpty(steps) ? [] : [{ organisation: agendaInput.members[0]!, recipient, plan, steps }];
}

function isEmpty({ drop, merged, missing, waiting }: ReminderPlan | StepPlan): boolean {
  return drop.length + merged.length + missing.length + waiting.length === 0;
}

/** The plan of the organisation's own dates. */
function stepsOf({ agendaInput, conditions, stepReader }: Candidate, { mailLeft, steps: stored }: History): StepPlan {
  const { confirmedOn, digest } = conditions;
  return planSteps({ ...stepReader, steps: agendaInput.steps, stored, digest, confirmedOn, mailLeft });
}

function withCompletion(item: AgendaItem, { completions, members }: AgendaInput, registry: Snapshot): AgendaItem {
  const { deadline } = item;
  const recorded = recordedOf(completions, members[0]!.id, deadline, deadlinesOf(registry, deadline.insurer));
  return recorded === null ? item : { ...item, ...answerOf(recorded, deadline) };
}

function conditionsFor(recipient: Recipient, { mutes }: Slice, today: Day): Omit<PlanInput, 'items' | 'stored' | 'confirmedOn'> {
  return {
    readerId: recipient.organisationId,
    leadDays: recipient.leadDays,
    digest: recipient.digest,
    muted: mutes.get(recipient.id) ?? NONE,
    silence: silenceOf(recipient, today),
    today,
    mailLeft: false,
  };
}

const NONE: ReadonlySet<string> = new Set();

/** Whether a recipient is reminded of an own date depends on who else of its organisation is reminded on that day. */
function stepReaderFor({ id, organisationId }: Recipient, { recipients }: Slice, { silence = null, today }: Conditions): StepReader {
  const colleagues = recipients.filter((one) => one.organisationId === organisationId);
  return { recipientId: id, reachableIds: reachableAmong(colleagues, today), silence, today };
}

/** A run for a day before the confirmation is a rehearsal: there the recipient counts as confirmed since that day. */
function confirmedBy({ confirmedAt }: Recipient, today: Day): Day {
  const day = confirmedAt === null ? today : amsterdamDay(confirmedAt);
  return day < today ? day : today;
}
