/** `member`: the people of an organisation, for whoever runs the service. */
import type { Command } from 'commander';
import { OneOf } from '../../../calendars/deadlines/deadline.ts';
import { Type } from '../../../calendars/schema/typebox.ts';
import { checkerFor } from '../../../calendars/schema/validation.ts';
import { LanguageSchema } from '../../../calendars/schema/words.ts';
import { AppError } from '../../../calendars/errors.ts';
import { foldAddress } from '../../../calendars/mail-address.ts';
import { removeMember } from '../../../db/people/erasure.ts';
import { inviteMember } from '../../../db/people/invitations.ts';
import { addMember, changeRole, listMembers } from '../../../db/people/members.ts';
import { findPerson } from '../../../db/people/people.ts';
import { getOrganisation } from '../../../db/organisations/organisations.ts';
import { MEMBER_ROLES, type Person } from '../../../db/schema/schema.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import { Email } from '../../api/organisations/recipient-shapes.ts';
import { closed } from '../../api/shapes.ts';
import { printOne, printRows, type OutputOptions } from '../output.ts';
import { inSession } from '../session.ts';

export function memberCommands(program: Command): void {
  const member = program.command('member').description('people who sign in for an organisation');
  member
    .command('list')
    .description("an organisation's members, managers first")
    .requiredOption('--organisation <id>')
    .option('--json')
    .action(list);
  member
    .command('add')
    .description('make whoever has an address a member; they are sent nothing, and sign in with that address')
    .requiredOption('--organisation <id>')
    .requiredOption('--email <address>')
    .option('--role <role>', 'manager, who may change all of it, or reader', 'manager')
    .option('--language <language>', 'nl or en, for who is new here', 'nl')
    .option('--json')
    .action(add);
  member
    .command('role')
    .description('change what a member may do; one manager always stays')
    .requiredOption('--organisation <id>')
    .requiredOption('--email <address>')
    .requiredOption('--role <role>', 'manager, who may change all of it, or reader')
    .option('--json')
    .action(role);
  member
    .command('invite')
    .description('invite an address to become a member, by a mail whose link holds for seven days')
    .requiredOption('--organisation <id>')
    .requiredOption('--email <address>')
    .option('--role <role>', 'manager, who may change all of it, or reader', 'manager')
    .option('--json')
    .action(invite);
  member
    .command('remove')
    .description('take a member away, also the last manager; who belongs nowhere else is removed as a person')
    .requiredOption('--organisation <id>')
    .requiredOption('--email <address>')
    .option('--json')
    .action(remove);
}

type OrganisationOptions = OutputOptions & { organisation: string };

async function list({ organisation, json = false }: OrganisationOptions) {
  await inSession(async ({ read }) => {
    const { id } = await getOrganisation(read, organisation);
    const members = (await listMembers(read, id)).map((member) => ({ ...member, createdAt: member.createdAt.toISOString() }));
    printRows(members, { json }, ({ email, role, createdAt }) => ({ email, role, since: createdAt }));
  });
}

async function add({ organisation, json = false, ...given }: OrganisationOptions & { email: string; role: string; language: string }) {
  const input = checkMember(given);
  await inSession(async ({ change, now }) => {
    const { id, email } = await change((tx) => addMember(tx, organisation, input, now));
    printOne({ person: id, organisation, email, role: input.role }, { json });
  });
}

async function role({ organisation, json = false, ...given }: OrganisationOptions & { email: string; role: string }) {
  const input = checkMember({ ...given, language: 'nl' });
  await inSession(async ({ change, now }) => {
    const person = await change(async (tx) => {
      const found = await requirePerson(tx, input.email);
      await changeRole(tx, organisation, { personId: found.id, role: input.role }, { keepsManager: true }, now);
      return found;
    });
    printOne({ person: person.id, organisation, email: person.email, role: input.role }, { json });
  });
}

async function invite({ organisation, json = false, ...given }: OrganisationOptions & { email: string; role: string }) {
  const input = checkMember({ ...given, language: 'nl' });
  await inSession(async (session) => {
    const { change, now } = session;
    const secret = await session.secret();
    const email = foldAddress(input.email);
    const invitation = { email, role: input.role, invitedById: null };
    const { expiresAt, id } = await change((tx) => inviteMember(tx, organisation, invitation, secret, now));
    printOne({ invitation: id, organisation, email, role: input.role, expires: expiresAt.toISOString() }, { json });
  });
}

const MemberInput = Type.Object({ email: Email, role: OneOf(MEMBER_ROLES), language: LanguageSchema }, closed);
const checkMember = checkerFor(MemberInput, 'The member');

async function remove({ organisation, email, json = false }: OrganisationOptions & { email: string }) {
  await inSession(async (session) => {
    const { change, now } = session;
    const secret = await session.secret();
    const person = await change(async (tx) => {
      const found = await requirePerson(tx, email);
      // Whoever runs the service can add another.
      await removeMember(tx, { organisationId: organisation, personId: found.id, keepsManager: false }, secret, now);
      return found;
    });
    printOne({ person: person.id, organisation, email: person.email, removed: now.toISOString() }, { json });
  });
}

/** Throws `not_found`. */
export async function requirePerson(db: ReadDb, email: string): Promise<Person> {
  const person = await findPerson(db, email);
  if (!person) throw new AppError('not_found', 'Nobody has this address here.');
  return person;
}
