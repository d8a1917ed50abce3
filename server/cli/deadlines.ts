/** `deadlines`: what is due, by the same filters as GET /deadlines. */
import type { Command } from 'commander';
import { amsterdamDay, daysBetween } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import { createValidator, explainFaults } from '../../calendars/schema/validation.ts';
import { wordsIn } from '../../calendars/words.ts';
import { findDeadlines } from '../../db/registry/deadlines.ts';
import { insurerNames } from '../../db/registry/insurers.ts';
import type { Revision } from '../../db/registry/revisions.ts';
import { DeadlineQuery, filterOf, refuseContradictions } from '../api/registry/deadline-query.ts';
import { deadlineView } from '../api/registry/deadline-view.ts';
import { printJson, printRows, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

export function deadlineCommands(program: Command): void {
  program
    .command('deadlines')
    .description('list what is due, from today on unless --from, --to or --as-of says otherwise')
    .option('--insurer <slug>', 'one insurer, as zorg-en-zekerheid')
    .option('--contract-year <year>')
    .option('--activity <activity>', 'as annual_plan')
    .option('--role <role>', 'ro, wsv, practice, provider or insurer')
    .option('--contract-status <status>', 'contracted, uncontracted or any')
    .option('--certainty <certainty>', 'stated, sector_rule, expected, template or unknown')
    .option('--kind <kinds>', 'all, or some with commas between them: deadline, window, period, term, intention, commitment, requirement')
    .option('--from <day>', 'first day, YYYY-MM-DD')
    .option('--to <day>', 'last day')
    .option('--as-of <day>', 'upcoming from this day on')
    .option('--within-days <n>', 'until this many days after --as-of, or after today')
    .option('--include-undated', 'also what has no day, and then what is past too')
    .option('--sort <order>', 'dueOn, -dueOn, lastSafeOn, -lastSafeOn, revisedAt or -revisedAt')
    .option('--page <n>')
    .option('--page-size <n>', '1 to 100')
    .option('--json', 'the whole deadlines, as JSON')
    .action(listDeadlines);
}

async function listDeadlines({ json, ...options }: OutputOptions & Record<string, unknown>) {
  const query = checkQuery(options);
  await inSession(async ({ read, now }) => {
    refuseContradictions(await insurerNames(read), query);
    const today = amsterdamDay(now);
    const isUpcoming = [query.from, query.to, query.asOf, query.includeUndated].every((edge) => edge === undefined);
    const filter = filterOf(isUpcoming ? { ...query, asOf: today } : query);
    const { items, total } = await findDeadlines(read, filter, query, today);
    const { page, pageSize } = query;
    if (json) return printJson({ items: items.map(deadlineView), page, pageSize, total });
    printRows(items, {}, (deadline) => toRow(deadline, query.asOf ?? today));
    if (total === 0 && isUpcoming) console.log(`That is from ${today} on; --from shows what is past.`);
    if (total > items.length) console.log(`${items.length} of ${total}; --page and --page-size show more.`);
  });
}

/** Throws `invalid`, naming each option as it is typed. */
function checkQuery(options: Record<string, unknown>): DeadlineQuery {
  const query: unknown = { ...options };
  const validate = createValidator({ coerce: true }).compile<DeadlineQuery>(DeadlineQuery);
  if (validate(query)) return query;
  const faults = explainFaults(validate.errors ?? []).map(({ field, message }) => ({ field: asOption(field), message }));
  throw new AppError('invalid', 'An option is not right.', faults);
}

function asOption(field: string): string {
  return `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function toRow(deadline: Revision, from: string) {
  const { insurer, contractYear, title, dueOn, lastSafeOn, certainty, conflict } = deadline;
  return {
    insurer: insurer ?? 'sector',
    year: contractYear,
    title,
    due: dueOn,
    'safe until': lastSafeOn,
    // Nothing is counted down to what is only assumed.
    in: lastSafeOn === null ? null : daysUntil(from, lastSafeOn),
    certainty: conflict ? `${certainty}, conflict` : certainty,
    id: deadline.id,
  };
}

/** To the last day that is safe: a day that is only named may be too late. */
function daysUntil(from: string, lastSafeOn: string): string {
  const days = daysBetween(from, lastSafeOn);
  return days < 0 ? 'past' : wordsIn('en')('common:days_left', { count: days });
}
