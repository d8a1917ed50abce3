/** `report`: what readers say is wrong with an entry. */
import type { Command } from 'commander';
import { AppError } from '../../calendars/errors.ts';
import { closeReport, listReports } from '../../db/registry/reports.ts';
import { printOne, printRows, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

export function reportCommands(program: Command): void {
  const report = program
    .command('report')
    .description('what readers say is wrong with an entry; nothing changes by it until somebody looks');
  report
    .command('list')
    .description('those that wait, the oldest first')
    .option('--all', 'also those that were closed; none is kept longer than a year')
    .option('--json')
    .action(list);
  report
    .command('close')
    .description('somebody saw to it: it leaves the list, and the mail address in it is erased')
    .argument('<id>')
    .option('--json')
    .action(close);
}

async function list({ all = false, json = false }: OutputOptions & { all?: boolean }) {
  await inSession(async ({ config, read }) => {
    const reports = await listReports(read, { withClosed: all });
    const items = reports.map((report) => ({ ...report, page: `${config.publicUrl}/datums/${report.deadlineId}` }));
    printRows(items, { json }, ({ closedAt, contractYear, correct, createdAt, email, id, insurer, page, proof, title, wrong }) => ({
      id,
      since: createdAt.toISOString(),
      about: `${insurer ?? 'sector'} ${contractYear}: ${title}`,
      wrong,
      right: correct,
      where: proof,
      email,
      page,
      ...(all ? { closed: closedAt?.toISOString() ?? null } : {}),
    }));
  });
}

async function close(id: string, { json = false }: OutputOptions) {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new AppError('not_found', 'No such report.');
  await inSession(async ({ change, now }) => {
    await change((tx) => closeReport(tx, id.toLowerCase(), now));
    printOne({ id: id.toLowerCase(), state: 'closed' }, { json });
  });
}
