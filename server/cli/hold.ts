/** `hold`: no mail leaves until an operator says so; what would leave is listed, and can be struck out. */
import type { Command } from 'commander';
import { AppError } from '../../calendars/errors.ts';
import { endHold, holdMail, readHold, type Hold } from '../../db/messages/hold.ts';
import { strikeMail } from '../../db/sending/striking.ts';
import type { ReadDb } from '../../db/store/store.ts';
import { listHeld } from '../../jobs/sending/held-mail.ts';
import { printOne, printRows, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

export function holdCommands(program: Command): void {
  const hold = program.command('hold').description('hold all mail, as a restore does; what somebody asks for at that moment still leaves');
  hold
    .command('on')
    .description('from now on no mail leaves, on every instance')
    .option('--why <text>', 'said wherever the hold is told', 'an operator asked for it')
    .option('--json')
    .action(on);
  hold
    .command('off')
    .description('let mail leave again: one mail per recipient, with what is still ahead')
    .option('--yes', 'also where it is not known who wanted no more mail')
    .option('--json')
    .action(off);
  hold
    .command('list')
    .description('what would leave today, by recipient and deadline, and what never will because its deadline passed')
    .option('--json')
    .action(list);
  hold
    .command('strike')
    .description('take mails out of what would leave')
    .argument('<mail-or-address...>', 'ids of mails as in the list, or addresses of recipients')
    .option('--deadline <id>', 'only what they tell of this deadline')
    .option('--json')
    .action(strike);
}

async function on({ json = false, why }: OutputOptions & { why: string }) {
  await inSession(async ({ change, now, read }) => {
    const before = await readHold(read);
    const hold = before ?? { since: now, why, by: 'npm run cli -- hold on', from: now, doubt: null };
    if (before === null) await change((tx) => holdMail(tx, hold));
    printHold(hold, json);
  });
}

function printHold({ by, since, why }: Hold, json: boolean) {
  printOne({ held: 'on', since: since.toISOString(), why, by }, { json });
}

async function off({ json = false, yes = false }: OutputOptions & { yes?: boolean }) {
  await inSession(async ({ change, read }) => {
    const hold = await requireHold(read);
    if (hold.doubt !== null && !yes)
      throw new AppError('conflict', `${hold.doubt} Look at "npm run cli -- hold list", strike out what must not leave, then give --yes.`);
    await change(endHold);
    printOne({ held: 'off', since: hold.since.toISOString() }, { json });
  });
}

async function list({ json = false }: OutputOptions) {
  await inSession(async ({ now, read }, store) => {
    const rows = await listHeld(store, await requireHold(read), now);
    printRows(rows, { json }, ({ dueAt, id, insurer, kind, lastSafeOn, outcome, recipient, title, to }) => ({
      recipient: recipient ?? to,
      kind,
      deadline: title === null ? null : `${insurer ?? ''} ${title}`.trim(),
      'last safe day': lastSafeOn,
      outcome: outcome === 'passed' ? 'passed: not sent' : outcome,
      due: dueAt?.toISOString() ?? null,
      mail: id,
    }));
  });
}

async function strike(targets: string[], { deadline, json = false }: OutputOptions & { deadline?: string }) {
  await inSession(async ({ change, now, read }) => {
    await requireHold(read);
    const mails = await change((tx) => strikeMail(tx, { targets, deadlineId: deadline?.toLowerCase() }, now));
    printOne({ 'struck out of mails': mails }, { json });
  });
}

async function requireHold(read: ReadDb): Promise<Hold> {
  const hold = await readHold(read);
  if (hold) return hold;
  throw new AppError('conflict', 'Mail is not held. What would leave: npm run cli -- remind --dry-run');
}
