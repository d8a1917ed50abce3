/** What every calendar app must read alike in one feed. */
import ICAL from 'ical.js';

/** One event as an app shows it. */
export interface Row {
  uid: string;
  /** The day it stands on, `YYYY-MM-DD`. */
  on: string;
  title: string;
  /** Empty when there is none. */
  link: string;
}

/** What ical.js reads, by UID. */
export function rowsOf(body: string): Row[] {
  // ical.js types its parser's result as `any`; the constructor takes it as it comes.
  const calendar = new ICAL.Component(ICAL.parse(body) as unknown[]);
  const rows = calendar.getAllSubcomponents('vevent').map((event) => {
    const value = (name: string) => String(event.getFirstPropertyValue(name) ?? '');
    return { uid: value('uid'), on: value('dtstart'), title: value('summary'), link: value('url') };
  });
  return byUid(rows);
}

export const byUid = (rows: Row[]): Row[] => rows.sort((a, b) => compare(a.uid, b.uid));

/** What icalendar 4 makes of rows, and khal with it: it takes %2C and %3B in any value for its own escapes, and turns them back. The link leads to the same place. */
export const readByIcalendar = (rows: readonly Row[]): Row[] =>
  rows.map((row) => ({ ...row, link: row.link.replaceAll('%2C', ',').replaceAll('%3B', ';') }));

/** Of each row what an app without UIDs or links keeps, in an order of its own. */
export const withoutUid = (rows: readonly Row[]) => sorted(rows.map(({ on, title, link }) => ({ on, title, link })));
export const dayAndTitle = (rows: readonly Row[]) => sorted(rows.map(({ on, title }) => ({ on, title })));

function sorted<T extends { on: string; title: string }>(rows: T[]): T[] {
  return rows.sort((a, b) => compare(`${a.on} ${a.title}`, `${b.on} ${b.title}`));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
