import { Type as TypeBox } from 'typebox';
import { expect, it } from 'vitest';
import { Type } from '../../../calendars/schema/typebox.ts';

/** The same schemas, made by TypeBox or by us. */
function schemasBy(by: typeof Type) {
  const closed = { additionalProperties: false } as const;
  const text = by.String({ minLength: 1, pattern: '\\S' });
  const optional = by.Optional(by.Integer({ minimum: 0, default: 3 }));
  const object = by.Object(
    { text, optional, list: by.Array(by.Boolean({ default: true }), { maxItems: 2 }) },
    { ...closed, title: 'Thing' },
  );
  return {
    text,
    optional,
    object,
    bare: [by.String(), by.Integer(), by.Boolean(), by.Null(), by.Array(by.Null()), by.Object({}), by.Union([text, by.Null()])],
    optionalTwice: by.Object({ twice: by.Optional(by.Optional(text)) }),
    spread: by.Object({ spread: { ...optional }, ...object.properties }),
    literals: [by.Literal('fixed'), by.Literal(3), by.Literal(true)],
    enum: by.Enum(['one', 'two'], { description: 'Of two' }),
    union: by.Union([object, by.Object({ kind: by.Literal('none') }, closed)], { description: 'Either' }),
    partial: by.Partial(object),
    partialClosed: by.Partial(object, { ...closed, minProperties: 1 }),
    partialInside: by.Object({ ...by.Partial(object).properties, text }),
    omit: by.Omit(object, ['text']),
    omitClosed: by.Omit(object, ['optional'], closed),
    omitAll: by.Omit(object, ['text', 'optional', 'list']),
  };
}

it('makes the schemas that TypeBox makes, to the letter', () => {
  expect(JSON.stringify(schemasBy(Type), null, 1)).toBe(JSON.stringify(schemasBy(TypeBox), null, 1));
});
