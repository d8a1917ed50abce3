/** `dead` and `bounce`: mails that wait for a person, and mails that came back. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { AppError } from '../../calendars/errors.ts';
import { listDeadLetters, redriveMessage } from '../../db/dead-letters.ts';
import { importBounces } from '../../jobs/bounces.ts';
import { readSecret } from '../config.ts';
import { printOne, printRows, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

export function deliveryCommands(program: Command): void {
  const dead = program
    .command('dead')
    .description('mails that wait for a person: nobody knows whether they arrived, or the server refused them');
  dead.command('list').description('all of them, the newest first').option('--json').action(list);
  dead
    .command('redrive')
    .description('let the service send one once more; what may have arrived goes out as the very same mail')
    .argument('<id>')
    .option('--json')
    .action(redrive);

  program
    .command('bounce')
    .description('mails that were returned')
    .command('import')
    .description('read a mailbox with returned mails, and send nothing more to addresses that are no more')
    .argument('<file>', 'a mail or an mbox file; - is standard input')
    .option('--json')
    .action(importMailbox);
}

async function list({ json = false }: OutputOptions) {
  await inSession(async ({ store }) => {
    const { items } = await listDeadLetters(store.read, { page: 1, pageSize: 1000 });
    printRows(items, { json }, ({ id, reason, recipient, organisation, dueAt, response }) => ({
      id,
      reason,
      recipient,
      organisation: organisation.name,
      due: dueAt.toISOString(),
      response,
    }));
  });
}

async function redrive(id: string, { json = false }: OutputOptions) {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new AppError('not_found', 'No such dead letter.');
  await inSession(async ({ store, now }) => {
    const { recipient, subject } = await store.write((tx) => redriveMessage(tx, id.toLowerCase(), now));
    printOne({ id, recipient, subject, state: 'pending' }, { json });
  });
}

async function importMailbox(file: string, { json = false }: OutputOptions) {
  // As bytes, one character each: mails are ASCII where it matters.
  const mailbox = readFileSync(file === '-' ? 0 : file).toString('latin1');
  await inSession(async ({ store, config, now }) => {
    const { read, bounced, suppressed } = await importBounces(store, mailbox, readSecret(config.secret), now);
    printOne({ read, bounced, suppressed: suppressed.join(', ') }, { json });
  });
}
