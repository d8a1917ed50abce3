/** The entries that are to come of the policy, as the API says them, and what differs between two of them. */
import { canonical } from '../../../calendars/canonical.ts';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import type { Activity } from '../../../calendars/terms.ts';

export interface Entry extends Content {
  id: string;
  activity: Activity;
  careType: string;
  key: string | null;
  slot: number | null;
  dueOn: string | null;
  lastSafeOn: string | null;
  revision: number;
  reason: string | null;
  announcedOn: string | null;
  status: string;
}

export const INSURER = 'zorg-en-zekerheid';
const CARE = 'multidisciplinary_care';

/** The five dates, the two rows that cannot be read, the term for signing, and three requirements: these have to be among them. */
const WANTED = [
  'publication',
  'accounts',
  'contract_request',
  'annual_plan',
  'signing',
  'review_meeting',
  'policy_supplement',
  'signing_term',
  'contract_requirement own-agreement',
  'contract_requirement wsv-agreement',
  'contract_requirement ro-joining-agreement',
];

/** What an entry is, beside its year and kind of care. */
export const nameOf = ({ activity, key }: Pick<Entry, 'activity' | 'key'>) => (key === null ? activity : `${activity} ${key}`);

/** All revisions of the entries that are wanted, the oldest first: all of the policy's kind of care, but for those of each quarter. */
export async function wantedAt(url: string): Promise<Entry[][]> {
  const all = await revisionsAt(url);
  for (const name of WANTED) if (!all.has(name)) throw new Error(`The bundled registry has no ${name}.`);
  return [...all.values()];
}

/** The revisions of each entry of the policy that was stated or has no day, by its name. */
export async function revisionsAt(url: string): Promise<Map<string, Entry[]>> {
  const query = `insurer=${INSURER}&contractYear=2025&includeUndated=true&pageSize=100&kind=all`;
  const { items } = (await answerOf(`${url}/api/v1/deadlines?${query}`)) as { items: Entry[] };
  const own = items.filter(
    ({ careType, certainty, slot }) => careType === CARE && slot === null && (certainty === 'stated' || certainty === 'unknown'),
  );
  const histories = await Promise.all(own.map(async ({ id }) => answerOf(`${url}/api/v1/deadlines/${id}/revisions`)));
  return new Map((histories as { items: Entry[] }[]).map(({ items: revisions }) => [nameOf(revisions[0]!), revisions]));
}

export async function answerOf(address: string): Promise<unknown> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Where the document of a quote is named otherwise, it is another file of the same policy. */
const FIELDS = [
  'careType',
  'kind',
  'title',
  'rule',
  'boundary',
  'certainty',
  'basis',
  'reportingYear',
  'dueOn',
  'lastSafeOn',
  'duty',
  'channel',
  'consequence',
  'extension',
  'conflict',
  'sources',
  'strictness',
  'slot',
  'reason',
  'announcedOn',
  'status',
] as const satisfies readonly (keyof Entry)[];

/** The parts in which an entry is not what it is to be. */
export function differencesBetween(wanted: Entry, reached: Entry): string[] {
  const said = (entry: Entry, field: (typeof FIELDS)[number]) =>
    canonical(field === 'sources' ? entry.sources.map(({ quote, section, url }) => ({ quote, section, url })) : entry[field]);
  return FIELDS.filter((field) => said(wanted, field) !== said(reached, field)).map(
    (field) => `${field} is ${said(reached, field)}, not ${said(wanted, field)}`,
  );
}
