/** What stands in a field of a form, and what it says: nothing that was typed is lost, also where it is no day or number. */
import { isDay, writeDay } from '../../../../../calendars/days.ts';
import { readDay } from '../../../../../calendars/typed-day.ts';

/** What was typed, without the space around it. */
export function textIn(fields: URLSearchParams, name: string): string {
  return (fields.get(name) ?? '').replaceAll(/\r\n?/g, '\n').trim();
}

/** Null where nothing was typed. */
export function textOrNull(fields: URLSearchParams, name: string): string | null {
  return textIn(fields, name) || null;
}

/** The day that was typed in any way that people write one; else what was typed. */
export function dayIn(fields: URLSearchParams, name: string): string {
  const typed = textIn(fields, name);
  return readDay(typed) ?? typed;
}

/** The number that was typed, null for nothing; else what was typed. */
export function numberIn(fields: URLSearchParams, name: string): number | string | null {
  const typed = textIn(fields, name);
  return /^\d{1,9}$/.test(typed) ? Number(typed) : typed || null;
}

/** A value as it stands in a field: a day is written out. */
export function written(value: unknown): string {
  if (typeof value === 'string') return isDay(value) ? writeDay(value, 'nl') : value;
  return typeof value === 'number' ? String(value) : '';
}
