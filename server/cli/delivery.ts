/** `dead` and `bounce`: mails that wait for a person, and mails that came back. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { AppError } from '../../calendars/errors.ts';
import { listDeadLetters, redriveMessage } from '../../db/messages/dead-letters.ts';
import { importBounces } from '../../jobs/sending/bounces.ts';
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
    .option('--yes', 'also when so many addresses would end at once that it looks like a fault')
    .option('--json')
    .action(importMailbox);
}

async function list({ json = false }: OutputOptions) {
  await inSession(async ({ read }) => {
    const { items } = await listDeadLetters(read, { page: 1, pageSize: 1000 });
    printRows(items, { json }, ({ id, reason, recipient, organisation, dueAt, response }) => ({
      id,
      reason,
      recipient,
      organisation: organisation?.name ?? null,
      due: dueAt.toISOString(),
      response,
    }));
  });
}

async function redrive(id: string, { json = false }: OutputOptions) {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new AppError('not_found', 'No such dead letter.');
  await inSession(async (session) => {
    const { change, now } = session;
    const secret = await session.secret();
    const { recipient, subject } = await change((tx) => redriveMessage(tx, id.toLowerCase(), secret, now));
    printOne({ id, recipient, subject, state: 'pending' }, { json });
  });
}

function readMailboxFile(file: string): Buffer {
  if (file === '-') return readFileSync(0);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AppError('invalid', `${file} cannot be read (${(error as NodeJS.ErrnoException).code}): give a mail or an mbox file`, [], {
      cause: error,
    });
  }
}

/** Ends in 3, with nothing written, where so many addresses would end that a person has to look. */
async function importMailbox(file: string, { json = false, yes = false }: OutputOptions & { yes?: boolean }) {
  const mailbox = readMailboxFile(file);
  await inSession(async ({ secret, now }, store) => {
    const imported = await importBounces(store, mailbox, { secret: await secret(), yes }, now);
    const { bounced, held, partly, read, suppressed, unreadable } = imported;
    const lists = { suppressed: suppressed.join(', '), partly: partly.join(', '), held: held.join(', ') };
    printOne({ read, unreadable, bounced, ...lists }, { json });
    if (held.length === 0) return;
    console.error(
      `Nothing was written: ${held.length} addresses would get no more mail, by ${bounced} reports at once. That looks like a fault of a mail server. Look at the addresses; if they are really gone, give --yes.`,
    );
    process.exitCode = 3;
  });
}
