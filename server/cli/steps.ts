/** `step`: an organisation's own dates, for whoever runs the service. */
import type { Command } from 'commander';
import type { Step } from '../../calendars/agenda/step.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import { checkerFor } from '../../calendars/schema/validation.ts';
import { getOrganisation } from '../../db/organisations/organisations.ts';
import { addStep, changeStep, completeStep, listSteps, removeStep, reopenStep } from '../../db/organisations/steps/steps.ts';
import { StepChange, StepCompletionSchema, StepInput, stepView } from '../api/organisations/step-shapes.ts';
import { printOne, printRows, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

type OrganisationOptions = OutputOptions & { organisation: string };

export function stepCommands(program: Command): void {
  const step = program.command('step').description("an organisation's own dates, which no document names");
  const below = (name: string, description: string) =>
    step.command(name).description(description).requiredOption('--organisation <id>').option('--json');
  below('list', 'all of them by day, done ones too').action(list);
  below('add', 'add one, before a deadline or by itself')
    .requiredOption('--title <text>', 'what is to be done by then')
    .requiredOption('--due <day>', 'by which day, YYYY-MM-DD')
    .option('--deadline <id>', 'the deadline that it is before')
    .option('--owner <recipient id>', 'which recipient sees to it')
    .action(add);
  below('change', 'change one; what is not given stays')
    .argument('<id>', 'as step list shows it')
    .option('--title <text>')
    .option('--due <day>')
    .option('--deadline <id>', 'none: it stands by itself')
    .option('--owner <recipient id>', 'none: nobody in particular sees to it')
    .action(alter);
  below('done', 'one is done; corrects what was said before')
    .argument('<id>', 'as step list shows it')
    .requiredOption('--by <name>', 'who says so')
    .option('--on <day>', 'the day on which it was done, YYYY-MM-DD (default: today)')
    .action(finish);
  below('reopen', 'one is not done after all').argument('<id>', 'as step list shows it').action(reopen);
  below('remove', 'remove one').argument('<id>', 'as step list shows it').action(remove);
}

async function list({ organisation, json = false }: OrganisationOptions) {
  await inSession(async ({ read }) => {
    const { id } = await getOrganisation(read, organisation);
    printRows((await listSteps(read, id)).map(stepView), { json }, rowOf);
  });
}

type Given = OrganisationOptions & { title?: string; due?: string; deadline?: string; owner?: string };

async function add(given: Given) {
  const input = checkInput(fieldsOf(given));
  await inSession(async ({ change, now }) => {
    const step = await change(async (tx) => addStep(tx, (await getOrganisation(tx, given.organisation)).id, input, now));
    print(step, given);
  });
}

async function alter(id: string, given: Given) {
  const input = checkChange(fieldsOf(given));
  await inSession(async ({ change, now }) => print(await change((tx) => changeStep(tx, given.organisation, idOf(id), input, now)), given));
}

async function finish(id: string, { by, on, organisation, ...output }: OrganisationOptions & { by: string; on?: string }) {
  await inSession(async ({ change, now }) => {
    const completion = checkCompletion({ completedOn: on ?? amsterdamDay(now), by });
    print(await change((tx) => completeStep(tx, organisation, idOf(id), completion, now, { way: 'command' })), output);
  });
}

async function reopen(id: string, { organisation, ...output }: OrganisationOptions) {
  await inSession(async ({ change, now }) =>
    print(await change((tx) => reopenStep(tx, organisation, idOf(id), now, { way: 'command', by: null })), output),
  );
}

async function remove(id: string, { organisation, json = false }: OrganisationOptions) {
  await inSession(async ({ change, now }) => {
    await change((tx) => removeStep(tx, organisation, idOf(id), now));
    printOne({ id: idOf(id), removed: now.toISOString() }, { json });
  });
}

const checkInput = checkerFor(StepInput, 'The own date');
const checkChange = checkerFor(StepChange, 'The change of an own date');
const checkCompletion = checkerFor(StepCompletionSchema, 'What is said of an own date');

/** The fields that were given, by the names that the API has for them. */
function fieldsOf({ deadline, due, owner, title }: Given): Record<string, string | null> {
  return {
    ...(title === undefined ? {} : { title }),
    ...(due === undefined ? {} : { dueOn: due }),
    ...(deadline === undefined ? {} : { deadlineId: orNone(deadline) }),
    ...(owner === undefined ? {} : { ownerId: orNone(owner) }),
  };
}

const idOf = (typed: string) => typed.toLowerCase();
const orNone = (id: string) => (id === 'none' ? null : idOf(id));

function print(step: Step, { json = false }: OutputOptions) {
  printOne(rowOf(stepView(step)), { json });
}

function rowOf({ completion, deadlineId, dueOn, id, ownerId, title }: ReturnType<typeof stepView>) {
  return { id, due: dueOn, title, deadline: deadlineId, owner: ownerId, done: completion?.completedOn ?? null, by: completion?.by ?? null };
}
