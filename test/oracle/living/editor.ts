/** What an editor does with the registry: entries that were projected are stated, moved, withdrawn, and new ones are entered. */
import type { Edit } from './course.ts';
import { countingDay, type Registry, type Row } from '../registry.ts';
import { shift } from '../../helpers/mail-year.ts';
import type { Day } from '../working-days.ts';

/** A call of the API; null where there is nothing to do it with. */
interface Call {
  method: 'POST' | 'PUT';
  path: string;
  body: Record<string, unknown>;
}

/** The call that does it on a day. `recent`: entries that were changed of late, which stay as they are for a while. */
export function callFor(edit: Edit, registry: Registry, today: Day, recent: ReadonlySet<string>): Call | null {
  const rows = [...registry.rows.values()]
    .filter(({ id, insurer }) => insurer !== null && !recent.has(id))
    .sort((a, b) => compare(nameOf(a), nameOf(b)));
  const chosen = (fits: (row: Row) => boolean) => {
    const some = rows.filter(fits);
    return some[edit.pick % Math.max(1, some.length)];
  };
  const ahead = (row: Row, from: number, to: number) => {
    const day = countingDay(row);
    return day !== null && day >= shift(today, from) && day <= shift(today, to);
  };
  const stated = chosen((row) => row.certainty === 'stated' && ahead(row, 2, 200));
  const open = chosen((row) => row.certainty !== 'stated' && YEARLY.includes(row.activity) && ahead(row, 3, 250));
  const near = chosen((row) => ['stated', 'expected'].includes(row.certainty) && ahead(row, 2, 25));
  if (edit.does === 'enter') return entering(edit, rows, today);
  if (edit.does === 'bind') return binding(edit, registry, rows, today);
  if (edit.does === 'hurry' && near) return amending(near, otherThan(near.dueOn, shift(today, 2 + (edit.pick % 9))));
  if (edit.does === 'move' && stated)
    return amending(stated, otherThan(stated.dueOn, notBefore(shift(stated.dueOn!, edit.days), shift(today, 1))));
  if (edit.does === 'withdraw' && stated)
    return { method: 'PUT', path: `deadlines/${stated.id}/withdrawal`, body: { reason: 'Vervallen.' } };
  if (edit.does === 'touch' && stated) return touching(stated, edit);
  if (!open) return null;
  return stating(open, edit, edit.does === 'confirm' ? open.dueOn! : notBefore(shift(open.dueOn!, edit.days), shift(today, 1)));
}

/** What every insurer has every year. */
const YEARLY = ['publication', 'accounts', 'contract_request', 'annual_plan', 'signing'];
const CARE = ['general', 'multidisciplinary_care', 'gp_care'];
/** What is not projected: who acts, and for whom it holds. */
const OTHERS = [
  { activity: 'regional_plan', title: 'Regioplan indienen', actors: ['ro'], onBehalfOf: [], contractStatus: 'contracted' },
  { activity: 'wsv_plan_review', title: 'WSV-plannen beoordelen', actors: ['wsv'], onBehalfOf: [], contractStatus: 'any' },
  { activity: 'programme_change', title: 'Zorgprogramma’s aanpassen', actors: ['provider'], onBehalfOf: [], contractStatus: 'any' },
  { activity: 'policy_supplement', title: 'Aanvullingen op het beleid', actors: ['insurer'], onBehalfOf: [], contractStatus: 'any' },
];

/** A document says it: by a new entry, which takes the place of the projected one, or as its next revision. */
function stating(row: Row, { pick }: Edit, on: Day): Call {
  if (pick % 2 === 0) return amending(row, on);
  const { activity, contractYear, duty, insurer, title } = row;
  // Beside what is expected for one kind of care, what is stated for another stands by itself.
  const careType = row.certainty === 'expected' ? row.careType : CARE[pick % 3];
  return { method: 'POST', path: 'deadlines', body: { insurer, contractYear, careType, activity, title, duty, ...statedOn(on) } };
}

function amending({ id, revision }: Row, on: Day): Call {
  return { method: 'POST', path: `deadlines/${id}/revisions`, body: { baseRevision: revision, reason: 'Nieuw beleid.', ...statedOn(on) } };
}

function touching({ id, revision }: Row, { pick }: Edit): Call {
  const channel = { kind: 'email', address: `inkoop${pick}@verzekeraar.example` };
  return { method: 'POST', path: `deadlines/${id}/revisions`, body: { baseRevision: revision, reason: 'Ander adres.', channel } };
}

function entering({ pick }: Edit, rows: readonly Row[], today: Day): Call | null {
  const { activity, title, ...duty } = OTHERS[pick % OTHERS.length]!;
  const on = shift(today, 20 + (pick % 60));
  const contractYear = Number(on.slice(0, 4)) + 1;
  const insurers = insurersOf(rows).filter((insurer) => !rows.some((row) => row.insurer === insurer && row.activity === activity));
  if (insurers.length === 0) return null;
  const insurer = insurers[pick % insurers.length]!;
  return { method: 'POST', path: 'deadlines', body: { insurer, contractYear, activity, title, duty, ...statedOn(on) } };
}

/** A contract for two years, the next one and the one after. */
function binding({ pick }: Edit, { terms }: Registry, rows: readonly Row[], today: Day): Call | null {
  const first = Number(today.slice(0, 4)) + 1;
  const careType = CARE[pick % 3];
  const free = insurersOf(rows).filter((insurer) => !terms.some((term) => term.insurer === insurer && term.contractYear >= first - 1));
  if (free.length === 0) return null;
  return {
    method: 'POST',
    path: 'deadlines',
    body: {
      insurer: free[pick % free.length]!,
      contractYear: first,
      careType,
      activity: 'contract_term',
      title: `Looptijd van de overeenkomst: ${first} en ${first + 1}`,
      rule: { kind: 'range', from: `${first}-01-01`, to: `${first + 1}-12-31` },
      boundary: 'by',
      certainty: 'stated',
      duty: { actors: ['insurer', 'provider'], contractStatus: 'any' },
      sources: [{ document: `Beleid ${first}`, section: '1', quote: `van 1 januari ${first} tot en met 31 december ${first + 1}` }],
    },
  };
}

function statedOn(on: Day) {
  return {
    rule: { kind: 'fixed', on },
    boundary: 'by',
    certainty: 'stated',
    sources: [{ document: 'Zorginkoopbeleid', section: '2', quote: `uiterlijk ${DUTCH.format(new Date(`${on}T12:00:00Z`))}` }],
  };
}

const DUTCH = new Intl.DateTimeFormat('nl-NL', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
const insurersOf = (rows: readonly Row[]) => [...new Set(rows.flatMap(({ insurer }) => insurer ?? []))].sort();
const nameOf = ({ activity, careType, contractYear, id, insurer }: Row) => `${insurer} ${contractYear} ${activity} ${careType} ${id}`;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const notBefore = (day: Day, first: Day) => (day < first ? first : day);
const otherThan = (before: Day | null, day: Day) => (day === before ? shift(day, 1) : day);
