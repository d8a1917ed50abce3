/** Checks input against a schema and words every fault for a person: the field, what is wrong, and what is allowed. */
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { Static, TSchema } from './typebox.ts';
import { SEEN } from '../clean-text.ts';
import { isDay } from '../days.ts';
import { AppError, type Fault } from '../errors.ts';
import { parseAddress } from '../mail-address.ts';

/** Asks for anything but space. */
const NOT_BLANK = String.raw`\S`;
/** What is blank to a reader is blank to a check, whatever characters it is made of. */
const PATTERNS = Object.assign((pattern: string) => new RegExp(pattern === NOT_BLANK ? SEEN : pattern, 'u'), { code: 'new RegExp' });

/** An Ajv that reports all faults together. `coerce` turns the text of a query string into numbers and booleans. */
export function createValidator({ coerce = false } = {}): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    coerceTypes: coerce,
    useDefaults: true,
    removeAdditional: false,
    // The types hold our schemas to their form, and the tests the API's document to its own.
    validateSchema: false,
    code: { regExp: PATTERNS },
  });
  // The default export is typed as a module namespace under nodenext; at run time it is the function itself.
  (addFormats as unknown as (ajv: Ajv, formats: string[]) => Ajv)(ajv, ['uri', 'uuid', 'date-time']);
  ajv.addFormat('day', isDay);
  ajv.addFormat('address', (text) => parseAddress(text).fault === null);
  return ajv;
}

/** A check that returns the value with its type, or throws `invalid` with every fault. */
export function checkerFor<T extends TSchema>(schema: T, what = 'The input'): (value: unknown) => Static<T> {
  const validate = createValidator().compile(schema);
  return (value) => {
    if (validate(value)) return value as Static<T>;
    const faults = explainFaults(validate.errors ?? []);
    throw new AppError('invalid', `${what} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.`, faults);
  };
}

/** All faults in Ajv's errors. Of alternatives, only the one that was meant is explained. */
export function explainFaults(errors: readonly ErrorObject[]): Fault[] {
  const faults = meant([...errors]).map((error) => ({ field: fieldOf(error), message: messageOf(error) }));
  const seen = new Set<string>();
  return faults.filter(({ field, message }) => {
    const key = `${field}\n${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Replaces each failed choice between schemas by the faults of the branch that fits its `kind` or type. */
function meant(errors: ErrorObject[]): ErrorObject[] {
  const choice = errors.filter((e) => e.keyword === 'anyOf').sort((a, b) => a.schemaPath.length - b.schemaPath.length)[0];
  if (!choice) return errors;
  const inside = (e: ErrorObject) => e.schemaPath.startsWith(`${choice.schemaPath}/`) && e.instancePath.startsWith(choice.instancePath);
  const outside = errors.filter((e) => e !== choice && !inside(e));
  const branches = (choice.schema as unknown[]).map((_, i) =>
    errors.filter((e) => inside(e) && e.schemaPath.startsWith(`${choice.schemaPath}/${i}/`)),
  );
  const fitting = branches.filter((branch) => branch.length > 0 && !branch.some((e) => excludes(e, choice)));
  const best = fitting.sort((a, b) => a.length - b.length)[0];
  return [...meant(outside), ...(best ? meant(best) : [choice])];
}

/** Whether an error says that a branch was not meant at all: another kind, or another type altogether. */
function excludes(error: ErrorObject, choice: ErrorObject): boolean {
  if (error.instancePath === choice.instancePath && error.keyword === 'type') return true;
  if (error.keyword === 'required' && error.instancePath === choice.instancePath && error.params['missingProperty'] === 'kind') return true;
  return error.keyword === 'const' && error.instancePath === `${choice.instancePath}/kind`;
}

function fieldOf({ instancePath, keyword, params }: ErrorObject): string {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'required') path.push(String(params['missingProperty']));
  if (keyword === 'additionalProperties') path.push(String(params['additionalProperty']));
  return path.join('.');
}

function messageOf(error: ErrorObject): string {
  const { keyword, params } = error;
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return `is not a known field; known are ${Object.keys((error.parentSchema as { properties?: object }).properties ?? {}).join(', ')}`;
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).map(String).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'format':
      if (params['format'] === 'address') return parseAddress(String(error.data)).fault ?? 'must be one mail address';
      return FORMATS[String(params['format'])] ?? `must be a ${String(params['format'])}`;
    case 'pattern':
      return params['pattern'] === NOT_BLANK ? 'must not be blank' : `must match ${String(params['pattern'])}`;
    case 'anyOf':
      return `must be ${alternatives(error.schema as Alternative[])}`;
    default:
      return error.message ?? 'is not allowed';
  }
}

const FORMATS: Record<string, string> = {
  day: 'must be a day that exists, as YYYY-MM-DD',
  uri: 'must be a full web address, as https://example.org/page',
  uuid: 'must be a UUID, as 123e4567-e89b-42d3-a456-426614174000',
};

interface Alternative {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, { const?: unknown }>;
}

function alternatives(schemas: Alternative[]): string {
  const kinds = schemas.map((s) => s.properties?.['kind']?.const).filter((kind) => kind !== undefined);
  if (kinds.length > 0) return `an object whose kind is one of ${kinds.map(String).join(', ')}`;
  return schemas
    .map(
      (s) =>
        s.enum?.map(String).join(', ') ?? (s.properties ? `an object with ${Object.keys(s.properties).join(', ')}` : (s.type ?? 'a value')),
    )
    .join(' or ');
}
