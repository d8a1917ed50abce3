/** The one door to TypeBox: its types, and makers of our own for the few kinds of schemas that we have. Its own are 373 files, which took a start longer than any other package. */
import type { Static, TSchema, Type as TypeBox } from 'typebox';

export type { Static, TSchema };

/** What TypeBox's makers of these names make, with its types: the very same JSON Schema, which test/calendars/typebox.test.ts compares. */
export const Type = {
  Array: (items: object, options?: object) => ({ type: 'array', items, ...options }),
  Boolean: (options?: object) => ({ type: 'boolean', ...options }),
  Enum: (values: readonly string[], options?: object) => ({ enum: values, ...options }),
  Integer: (options?: object) => ({ type: 'integer', ...options }),
  Literal: (value: unknown, options?: object) => ({ type: typeof value, const: value, ...options }),
  Null: (options?: object) => ({ type: 'null', ...options }),
  Object: makeObject,
  Omit: ({ properties }: Shape, names: readonly string[], options?: object) =>
    makeObject(Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name))), options),
  Optional: makeOptional,
  Partial: ({ properties }: Shape, options?: object) =>
    makeObject(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, makeOptional(schema)])), options),
  String: (options?: object) => ({ type: 'string', ...options }),
  Union: (schemas: readonly object[], options?: object) => ({ anyOf: schemas, ...options }),
} satisfies Partial<Record<keyof typeof TypeBox, unknown>> as unknown as Pick<typeof TypeBox, Kind>;
// Cast because TypeBox marks its schemas by hidden fields, which only its own compiler looks at.

type Kind = 'Array' | 'Boolean' | 'Enum' | 'Integer' | 'Literal' | 'Null' | 'Object' | 'Omit' | 'Optional' | 'Partial' | 'String' | 'Union';

interface Shape {
  properties: Record<string, object>;
}

/** Which schemas may be left out of the object that they stand in: not a word of the schema itself. */
const optional = new WeakSet<object>();

function makeOptional(schema: object): object {
  const copy = { ...schema };
  optional.add(copy);
  return copy;
}

function makeObject(properties: Shape['properties'], options?: object): object {
  const required = Object.keys(properties).filter((name) => !optional.has(properties[name]!));
  return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options };
}
