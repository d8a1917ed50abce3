/** How the API shows a step, an organisation's own date, and what it takes of one. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { DaySchema, Nullable } from '../../../calendars/deadlines/deadline.ts';
import type { Step } from '../../../calendars/agenda/step.ts';
import { closed, defaulted, described, Id, named, Text } from '../shapes.ts';

const title = Text(200, 'What is to be done by then', 'Begroting rond');
const dueOn = described(DaySchema, 'By which day', '2024-09-01');
const ownerId = described(Nullable(Id('The recipient')), 'Which recipient sees to it; null: nobody in particular, all are reminded');
const deadlineId = described(Nullable(Id('The deadline')), 'The deadline that it is before; null: it stands by itself');

export const StepCompletionSchema = named(
  'StepCompletion',
  Type.Object(
    {
      completedOn: described(DaySchema, 'The day on which it was done', '2024-08-30'),
      by: Text(200, 'Who did it', 'A. de Vries'),
    },
    closed,
  ),
  'Who did what stood for an own date, and when',
);

export const StepView = named(
  'Step',
  Type.Object(
    {
      id: Id('The step'),
      deadlineId,
      title,
      dueOn,
      ownerId,
      completion: described(Nullable(StepCompletionSchema), 'Who did it, and when; null where it is not done'),
    },
    closed,
  ),
  'An own date of the organisation, before a deadline or by itself',
);

export const StepBeforeInput = named(
  'StepInput',
  Type.Object({ title, dueOn, ownerId: defaulted(ownerId, null) }, closed),
  'An own date before a deadline',
);

export const StepInput = named(
  'OwnStepInput',
  Type.Object({ title, dueOn, deadlineId: defaulted(deadlineId, null), ownerId: defaulted(ownerId, null) }, closed),
  'An own date, before a deadline or by itself',
);

export const StepChange = named(
  'StepChange',
  Type.Partial(Type.Object({ title, dueOn, deadlineId, ownerId }), closed),
  'What is to be another; what is not given stays',
);

export function stepView({ id, deadlineId, title, dueOn, ownerId, completion }: Step): Static<typeof StepView> {
  return { id, deadlineId, title, dueOn, ownerId, completion };
}
