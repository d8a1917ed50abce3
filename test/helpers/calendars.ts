/** Reading a calendar back in tests: always through our own linter and through ical.js, which must agree. */
import { gunzipSync } from 'node:zlib';
import type { InjectOptions } from 'fastify';
import ICAL from 'ical.js';
import { expect } from 'vitest';
import type { App } from '../../server/deps.ts';
import { lintCalendar } from './ical-lint.ts';

/** One event as a calendar app would read it. */
export interface ReadEvent {
  uid: string;
  sequence: number;
  changedAt: string;
  on: string;
  title: string;
  description: string;
  status: string;
  categories: string[];
  url: string | null;
}

/** A sound calendar's name and events, in the order in which they stand. Fails the test when it is not sound. */
export function readCalendar(bytes: Buffer): { name: string; events: ReadEvent[] } {
  expect(lintCalendar(bytes)).toEqual([]);
  // ical.js types its parser's result as `any`; the constructor takes it as it comes.
  const calendar = new ICAL.Component(ICAL.parse(bytes.toString()) as unknown[]);
  return {
    name: String(calendar.getFirstPropertyValue('x-wr-calname')),
    events: calendar.getAllSubcomponents('vevent').map((event) => {
      const value = (name: string) => event.getFirstPropertyValue(name);
      return {
        uid: String(value('uid')),
        sequence: Number(value('sequence')),
        changedAt: String(value('last-modified')),
        on: String(value('dtstart')),
        title: String(value('summary')),
        description: String(value('description')),
        status: String(value('status')),
        categories: event.getFirstProperty('categories')?.getValues().map(String) ?? [],
        url: value('url') === null ? null : String(value('url')),
      };
    }),
  };
}

/** From now on every calendar that the app answers is read back, whichever test asks for it. */
export function readEveryCalendar(app: App): void {
  const inject = app.inject.bind(app);
  const readingInject = async (asked: InjectOptions | string) => {
    const response = await inject(asked);
    const { statusCode, headers, rawPayload, raw } = response;
    const isCalendar = statusCode === 200 && raw.req.method === 'GET' && String(headers['content-type']).startsWith('text/calendar');
    if (isCalendar) readCalendar(headers['content-encoding'] === 'gzip' ? gunzipSync(rawPayload) : rawPayload);
    return response;
  };
  // Of the forms of `inject`, our tests use this one.
  app.inject = readingInject as App['inject'];
}

/** What was seen of an event: its numbers, and its bytes without them. */
export interface Seen {
  sequence: number;
  changedAt: string;
  look: string;
}

/** What is seen of the events of a calendar, by UID. Read by hand, for who reads very many. */
export function seenIn(bytes: Buffer): Map<string, Seen> {
  const fragments = bytes.toString().replaceAll('\r\n ', '').replace('END:VCALENDAR\r\n', '').split('BEGIN:VEVENT\r\n').slice(1);
  return new Map(
    fragments.map((fragment) => {
      const valueOf = (name: string) => new RegExp(`^${name}:(.*)\r$`, 'm').exec(fragment)![1]!;
      const look = fragment.replace(/^(SEQUENCE|DTSTAMP|LAST-MODIFIED):.*\r\n/gm, '');
      return [valueOf('UID'), { sequence: Number(valueOf('SEQUENCE')), changedAt: valueOf('LAST-MODIFIED'), look }];
    }),
  );
}
