/** What a schema tells its reader: a sentence, an example, and the name under which others refer to it. */
import { Type, type TSchema } from './typebox.ts';

/** One of a closed list of words. */
export const OneOf = <T extends string>(words: readonly T[]) => Type.Enum([...words]);
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * The same schema with a sentence and perhaps an example. One that has a name is referred to, so that the sentence is of this place alone; its
 * own parts, such as `properties`, are then to be taken from the schema itself.
 */
export function described<T extends TSchema>(schema: T, description: string, ...examples: readonly unknown[]): T {
  return beside(schema, examples.length > 0 ? { description, examples } : { description });
}

/** The same schema with what it is when it is not given. */
export function defaulted<T extends TSchema>(schema: T, value: unknown): T {
  return beside(schema, { default: value });
}

/** The same schema under a name that is its own: every place that holds it refers to it. */
export function named<T extends TSchema>(title: string, schema: T, description: string, ...examples: readonly unknown[]): T {
  return { ...described(schema, description, ...examples), title };
}

/** What stands beside a schema changes nothing of what fits it, so that its type is the same. */
function beside<T extends TSchema>(schema: T, words: object): T {
  return 'title' in schema ? ({ allOf: [schema], ...words } as unknown as T) : { ...schema, ...words };
}

/** A text of at least one character that is no space. */
export const Text = (maxLength: number, description: string, example: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', description, examples: [example] });
