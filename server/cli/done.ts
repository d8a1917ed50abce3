/** `completion` and `event`: what an organisation did, and what happened to it, for whoever runs the service. */
import type { Command } from 'commander';
import { amsterdamDay } from '../../calendars/days.ts';
import { checkerFor } from '../../calendars/schema/validation.ts';
import { complete, listCompletions, reopen } from '../../db/organisations/completions.ts';
import { getOrganisation } from '../../db/organisations/organisations.ts';
import { listOwnEvents, recordOwnEvent, removeOwnEvent } from '../../db/organisations/own-events.ts';
import { CompletionInput } from '../api/organisations/completions.ts';
import { EventInput, eventViews } from '../api/organisations/events.ts';
import { printOne, printRows, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

type OrganisationOptions = OutputOptions & { organisation: string };

export function completionCommands(program: Command): void {
  const completion = program.command('completion').description('what an organisation has done with');
  completion
    .command('list')
    .description('what is done, or need not be, with who said so')
    .requiredOption('--organisation <id>')
    .option('--json')
    .action(listDone);
  completion
    .command('add')
    .description('a deadline was met, or does not hold for the organisation; corrects what was said before')
    .requiredOption('--organisation <id>')
    .requiredOption('--deadline <id>')
    .requiredOption('--by <name>', 'who says so')
    .option('--on <day>', 'the day on which it was done, YYYY-MM-DD (default: today)')
    .option('--evidence <text>', 'what proves it')
    .option('--not-applicable <reason>', 'it was not done, but does not hold for the organisation: why')
    .option('--json')
    .action(addDone);
  completion
    .command('remove')
    .description('not done after all: reminders that are still to come are planned again')
    .requiredOption('--organisation <id>')
    .requiredOption('--deadline <id>')
    .option('--json')
    .action(removeDone);
}

async function listDone({ organisation, json = false }: OrganisationOptions) {
  await inSession(async ({ read }) => {
    const { id } = await getOrganisation(read, organisation);
    printRows(await listCompletions(read, id), { json }, ({ deadlineId, title, completedOn, by, evidence, notApplicable }) => ({
      deadline: deadlineId,
      title,
      on: completedOn,
      by,
      evidence,
      'not applicable': notApplicable ?? null,
    }));
  });
}

type DoneOptions = OrganisationOptions & { deadline: string; by: string; on?: string; evidence?: string; notApplicable?: string };

async function addDone({ organisation, deadline, by, on, evidence, notApplicable, json = false }: DoneOptions) {
  await inSession(async ({ change, now }) => {
    const input = checkCompletion({ completedOn: on ?? amsterdamDay(now), by, ...(evidence === undefined ? {} : { evidence }) });
    const completion = { ...input, ...(notApplicable === undefined ? {} : { notApplicable }) };
    const said = await change((tx) => complete(tx, organisation, deadline, completion, now, { way: 'command' }));
    printOne({ organisation, deadline, ...said }, { json });
  });
}

const checkCompletion = checkerFor(CompletionInput, 'The completion');

async function removeDone({ organisation, deadline, json = false }: OrganisationOptions & { deadline: string }) {
  await inSession(async ({ change, now }) => {
    await change((tx) => reopen(tx, organisation, deadline, now, { way: 'command', by: null }));
    printOne({ organisation, deadline, removed: now.toISOString() }, { json });
  });
}

export function eventCommands(program: Command): void {
  const event = program.command('event').description('what happened at an organisation and starts a term');
  event
    .command('list')
    .description("an organisation's events, oldest first, with what follows from them")
    .requiredOption('--organisation <id>')
    .option('--json')
    .action(listEvents);
  event
    .command('add')
    .description('record what happened; says what must be done by when, or why nothing follows')
    .requiredOption('--organisation <id>')
    .requiredOption('--insurer <slug>')
    .requiredOption('--contract-year <year>')
    .requiredOption('--on <day>', 'the day on which it happened, YYYY-MM-DD')
    .option('--kind <kind>', 'what happened', 'contract_received')
    .option('--json')
    .action(addEvent);
  event
    .command('remove')
    .description('remove an event, and with it the dates that started from it')
    .argument('<id>', 'as event list shows it')
    .requiredOption('--organisation <id>')
    .option('--json')
    .action(removeEvent);
}

async function listEvents({ organisation, json = false }: OrganisationOptions) {
  await inSession(async ({ read }) => {
    const { id } = await getOrganisation(read, organisation);
    printRows(await eventViews(read, id, await listOwnEvents(read, id)), { json }, rowOf);
  });
}

type EventOptions = OrganisationOptions & { insurer: string; contractYear: string; on: string; kind: string };

async function addEvent({ organisation, insurer, contractYear, on, kind, json = false }: EventOptions) {
  const input = checkEvent({ kind, insurer, contractYear: Number(contractYear), occurredOn: on });
  await inSession(async ({ change, now }) => {
    const views = await change(async (tx) => {
      const { id } = await getOrganisation(tx, organisation);
      return eventViews(tx, id, [await recordOwnEvent(tx, id, input, now)]);
    });
    printRows(views, { json }, rowOf);
  });
}

const checkEvent = checkerFor(EventInput, 'The event');

async function removeEvent(id: string, { organisation, json = false }: OrganisationOptions) {
  await inSession(async ({ change, now }) => {
    await change((tx) => removeOwnEvent(tx, organisation, id.toLowerCase(), now));
    printOne({ id, organisation, removed: now.toISOString() }, { json });
  });
}

function rowOf({
  id,
  kind,
  insurer,
  contractYear,
  occurredOn,
  startedTerms,
  noTermReason,
}: Awaited<ReturnType<typeof eventViews>>[number]) {
  const term = startedTerms[0];
  return {
    id,
    kind,
    insurer,
    year: contractYear,
    on: occurredOn,
    deadline: term?.deadlineId ?? null,
    'do by': term?.lastSafeOn ?? term?.dueOn ?? noTermReason,
  };
}
