/** The shapes that several calls of the API share. */
import { Type, type TSchema } from '../../calendars/schema/typebox.ts';

export const closed = { additionalProperties: false } as const;

export const PageQuery = {
  page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
  pageSize: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
};

/** One page of a list. */
export const ListOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), page: Type.Integer(), pageSize: Type.Integer(), total: Type.Integer() });

/** A moment in UTC, RFC 3339. */
export const MomentSchema = Type.String({ format: 'date-time' });

/** The short name of an insurer in addresses. */
export const Slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 64, description: 'Slug of an insurer' });

/** A text that says something. */
export const Text = (maxLength: number) => Type.String({ maxLength, pattern: '\\S' });

/** What a field is when it is not given. */
export const defaulted = <T extends TSchema>(schema: T, value: unknown): T => ({ ...schema, default: value });

/** The answer to what leaves nothing to show. */
export const Done = Type.Null({ description: 'Done' });

/** The call needs a key. */
export const withKey = [{ key: [] }];

export const OrganisationPath = { id: Type.String({ format: 'uuid' }) };

const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String(), in: Type.Optional(Type.String()) }))),
  },
  { title: 'Problem', description: 'RFC 9457 problem details; errors holds every fault of the input' },
);

/** Responses for the errors that a call can answer, beside its own. */
export const problems = <const S extends number>(...statuses: S[]) =>
  Object.fromEntries(statuses.map((status) => [status, ProblemSchema])) as Record<S, typeof ProblemSchema>;

/** A list that is short by nature, as one page of a list. */
export function pageOf<T>(items: readonly T[], { page, pageSize }: { page: number; pageSize: number }) {
  return { items: items.slice((page - 1) * pageSize, page * pageSize), page, pageSize, total: items.length };
}
