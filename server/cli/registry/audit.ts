/** `audit`: whether the record of every change of the registry is whole. */
import type { Command } from 'commander';
import { AppError } from '../../../calendars/errors.ts';
import { auditHead, verifyAudit } from '../../../db/registry/audit.ts';
import { printOne, type OutputOptions } from '../output.ts';
import { inSession } from '../session.ts';

export function auditCommands(program: Command): void {
  const audit = program
    .command('audit')
    .description('the record of every change of the registry and of its editors, in which each row is bound to the one before');
  audit
    .command('verify')
    .description('read all of it, and name the first row that does not fit; exit code 1 where one does not')
    .option('--head <hash>', 'a head that was kept elsewhere: the only way to see that the last rows were cut off, and all traces of it')
    .option('--json')
    .action(verify);
  audit.command('head').description('the hash that stands for all rows: keep it elsewhere').option('--json').action(head);
}

async function verify({ head: kept, json = false }: OutputOptions & { head?: string }) {
  if (kept !== undefined && !/^[0-9a-f]{64}$/i.test(kept))
    throw new AppError('invalid', '--head must be the hash that "audit head" printed: 64 hexadecimal digits.');
  await inSession(async ({ read }) => {
    const { fault, rows } = await verifyAudit(read, kept?.toLowerCase());
    if (fault !== null) process.exitCode = 1;
    printOne({ rows, fault: fault ?? (json ? null : 'none') }, { json });
  });
}

async function head({ json = false }: OutputOptions) {
  await inSession(async ({ read }) => {
    const { hash, number } = await auditHead(read);
    printOne({ rows: number, head: hash }, { json });
  });
}
