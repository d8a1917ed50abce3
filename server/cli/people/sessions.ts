/** `session` and `invite`: who is signed in, and who may enrol, for whoever runs the service. */
import type { Command } from 'commander';
import { AppError } from '../../../calendars/errors.ts';
import { signUpAt } from '../../access.ts';
import { inviteToEnrol } from '../../../db/people/invitations.ts';
import { endAllSessions, listSessions, revokeSession } from '../../../db/people/sessions.ts';
import { printOne, printRows, type OutputOptions } from '../output.ts';
import { inSession } from '../session.ts';
import { requirePerson } from './members.ts';

export function sessionCommands(program: Command): void {
  const session = program.command('session').description('browsers in which somebody is signed in');
  session
    .command('list')
    .description('the sessions that hold, of everybody or of one person; never the tokens themselves')
    .option('--email <address>')
    .option('--json')
    .action(list);
  session
    .command('revoke')
    .description('end one session, or all of a person: the next request in that browser is refused')
    .argument('[id]', 'as session list shows it')
    .option('--email <address>', 'all of this person')
    .option('--json')
    .action(revoke);
  program
    .command('invite')
    .description('make a link by which one organisation may be enrolled within seven days, where SIGN_UP is invited; it is shown this once')
    .option('--json')
    .action(invite);
}

type WhoseOptions = OutputOptions & { email?: string };

async function list({ email, json = false }: WhoseOptions) {
  await inSession(async ({ read, now }) => {
    const personId = email === undefined ? null : (await requirePerson(read, email)).id;
    const sessions = (await listSessions(read, personId, now)).map(({ createdAt, expiresAt, lastUsedAt, ...session }) => ({
      ...session,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
    printRows(sessions, { json }, ({ id, email, createdAt, lastUsedAt, expiresAt }) => ({
      id,
      email,
      since: createdAt,
      // It is not known any closer.
      'last used': `${lastUsedAt.slice(0, 13).replace('T', ' ')}h UTC`,
      ends: expiresAt,
    }));
  });
}

async function revoke(id: string | undefined, { email, json = false }: WhoseOptions) {
  if ((id === undefined) === (email === undefined)) throw new AppError('invalid', 'Give either the id of a session, or --email.');
  await inSession(async ({ change, now }) => {
    const revoked = await change(async (tx) => {
      if (email !== undefined) return endAllSessions(tx, (await requirePerson(tx, email)).id, now);
      await revokeSession(tx, id!.toLowerCase(), now);
      return 1;
    });
    printOne({ revoked, at: now.toISOString() }, { json });
  });
}

async function invite({ json = false }: OutputOptions) {
  await inSession(async ({ change, config, now }) => {
    if (signUpAt(config) === 'closed')
      throw new AppError('invalid', 'Nobody can enrol here, by an invitation neither: see SIGN_UP, OPERATOR_NAME and PUBLIC_URL.');
    const { id, token, expiresAt } = await change((tx) => inviteToEnrol(tx, now));
    printOne({ id, url: `${config.publicUrl}/aanmelden/uitnodiging/${token}`, expires: expiresAt.toISOString() }, { json });
  });
}
