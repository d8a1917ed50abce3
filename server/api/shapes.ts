/** The shapes that several calls of the API share. */
import { named } from '../../calendars/schema/described.ts';
import { Type, type TSchema } from '../../calendars/schema/typebox.ts';

export { defaulted, described, named } from '../../calendars/schema/described.ts';

export const closed = { additionalProperties: false } as const;

export const PageQuery = {
  page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1, description: 'Which page of the list, counted from 1', examples: [1] }),
  pageSize: Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'How many items a page holds', examples: [20] }),
};

/** One page of a list, under the name of what it lists. */
export const ListOf = <T extends TSchema & { title?: string }>(item: T) =>
  named(
    `${item.title}List`,
    Type.Object(
      {
        items: Type.Array(item, { description: 'What is on this page' }),
        page: Type.Integer({ description: 'Which page this is, counted from 1', examples: [1] }),
        pageSize: Type.Integer({ description: 'How many items a page holds', examples: [20] }),
        total: Type.Integer({ description: 'How many items there are on all pages together', examples: [57] }),
      },
      closed,
    ),
    'One page of a list',
  );

/** A moment in UTC, RFC 3339. */
export const MomentSchema = Type.String({ format: 'date-time', description: 'A moment in UTC', examples: ['2024-09-16T05:30:00.000Z'] });

/** The id of a thing: one per thing, for ever. */
export const Id = (description: string) => Type.String({ format: 'uuid', description, examples: ['96e0ae4c-9c06-4b58-a0f8-9b8bb9a5f3a1'] });

/** The short name of an insurer in addresses. */
export const Slug = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  maxLength: 64,
  description: 'Slug of an insurer',
  examples: ['zorg-en-zekerheid'],
});

/** A text that says something. */
export const Text = (maxLength: number, description: string, example: string) =>
  Type.String({ maxLength, pattern: '\\S', description, examples: [example] });

/** A text as it was once taken: what it may be was checked then. */
export const Words = (description: string, example: string) => Type.String({ description, examples: [example] });

/** The answer to what leaves nothing to show. */
export const Done = Type.Null({ description: 'Done' });

/** The call needs a key. */
export const withKey = [{ key: [] }];
/** The call needs none. */
export const withoutKey: [] = [];

export const OrganisationPath = { id: Id('The organisation, as the key says') };

export const NamedOrganisation = named(
  'NamedOrganisation',
  Type.Object({ id: Id('The organisation'), name: Words('What it is called', 'Regio Zuid') }, closed),
  'Which organisation it is',
);

const FaultSchema = named(
  'Fault',
  Type.Object({
    field: Words('Which field, with dots between what is nested; empty where it is all of it', 'duty.actors'),
    message: Words('What is wrong, and what is allowed', 'is required'),
    in: Type.Optional(Words('In which part of the request: body, query, path or headers', 'body')),
  }),
  'One fault of the input',
);

const ProblemSchema = named(
  'Problem',
  Type.Object({
    type: Words('Always about:blank: the status says what kind of problem it is', 'about:blank'),
    title: Words('The status in words', 'Bad Request'),
    status: Type.Integer({ description: 'The status of the answer', examples: [400] }),
    detail: Words('What is wrong, for a person', 'The body has 2 faults.'),
    errors: Type.Optional(Type.Array(FaultSchema, { description: 'Every fault of the input, all together' })),
  }),
  'RFC 9457 problem details; errors holds every fault of the input',
);

/** What any call may answer: its input has a fault, its asker asked too often, the database is away. */
const ALWAYS = [400, 429, 503] as const;

/** Responses for the errors that a call can answer, beside those that every call can. */
export const problems = <const S extends number>(...statuses: S[]) =>
  Object.fromEntries([...ALWAYS, ...statuses].map((status) => [status, ProblemSchema])) as Record<
    S | (typeof ALWAYS)[number],
    typeof ProblemSchema
  >;

/** A list that is short by nature, as one page of a list. */
export function pageOf<T>(items: readonly T[], { page, pageSize }: { page: number; pageSize: number }) {
  return { items: items.slice((page - 1) * pageSize, page * pageSize), page, pageSize, total: items.length };
}
