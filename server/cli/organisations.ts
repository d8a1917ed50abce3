/** `organisation`, `feed` and `recipient`: what an organisation is given by whoever runs the service. */
import type { Command } from 'commander';
import type { RelationStatus } from '../../calendars/terms.ts';
import { checkerFor } from '../../calendars/schema/validation.ts';
import { foldAddress } from '../../calendars/mail-address.ts';
import { releaseAddress } from '../../db/recipients/declines.ts';
import { createFeed } from '../../db/feeds/feeds.ts';
import { createOrganisation, listOrganisations } from '../../db/organisations/organisations.ts';
import { addRecipient } from '../../db/recipients/recipients.ts';
import { OrganisationInput } from '../api/organisations/organisations.ts';
import { RecipientInput } from '../api/organisations/recipient-shapes.ts';
import { viewOf } from '../api/organisations/recipient-view.ts';
import { FeedInput } from '../api/organisations/feeds.ts';
import { removalCommands } from './removal.ts';
import { printOne, printRows, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

export function organisationCommands(program: Command): void {
  const organisation = program.command('organisation').description('organisations');
  organisation
    .command('add')
    .description('make an organisation; its key is shown this once')
    .requiredOption('--name <name>')
    .requiredOption('--role <role...>', 'ro, wsv, practice or provider; may be given more than once')
    .option(
      '--insurer <slug...>',
      'slug, or slug:status, or slug:status:preferred, as zorg-en-zekerheid:contracted:preferred; status is contracted, uncontracted or unknown',
    )
    .option('--language <language>', 'nl or en', 'nl')
    .option('--parent <id>', 'the RO that delivers on behalf of this WSV')
    .option('--json')
    .action(add);
  organisation.command('list').description('all organisations').option('--json').action(list);
  removalCommands(organisation);

  program
    .command('feed')
    .description('calendar links')
    .command('create')
    .description('make a secret calendar link; it is shown this once')
    .requiredOption('--organisation <id>')
    .requiredOption('--label <label>', 'as "Agenda kantoor"')
    .option('--json')
    .action(createLink);

  const recipient = program.command('recipient').description('addresses for reminders');
  recipient
    .command('release')
    .description('an address that the mail server did not know works again: it gets mail again, or is asked, wherever it stands')
    .requiredOption('--email <address>')
    .option('--json')
    .action(release);
  recipient
    .command('add')
    .description('add an address; the service mails it to ask for confirmation, when the limit on such mails allows')
    .requiredOption('--organisation <id>')
    .requiredOption('--email <address>')
    .option('--lead-days <days...>', 'how many days before the last safe day, as 42 14 3 0')
    .option('--digest <digest>', 'daily or weekly')
    .option('--json')
    .action(addAddress);
}

interface AddOptions extends OutputOptions {
  name: string;
  role: string[];
  insurer?: string[];
  language: string;
  parent?: string;
}

async function add({ name, role, insurer = [], language, parent, json = false }: AddOptions) {
  const insurers = insurer.map(readRelation);
  const input = checkOrganisation({ name, language, roles: role, parent: parent ?? null, insurers });
  await inSession(async ({ change, now }) => {
    const { id, key } = await change((tx) => createOrganisation(tx, input, now));
    printOne({ id, name: input.name, key }, { json });
  });
}

const checkOrganisation = checkerFor(OrganisationInput, 'The organisation');

/** `slug:status:preferred`, of which only the slug must be given. */
function readRelation(text: string) {
  const [insurer, contractStatus = 'unknown', preferred] = text.split(':');
  return {
    insurer,
    contractStatus: contractStatus as RelationStatus,
    preferred: preferred === undefined ? false : preferred === 'preferred' || preferred,
  };
}

async function list({ json = false }: OutputOptions) {
  await inSession(async ({ read }) => {
    const organisations = await listOrganisations(read);
    printRows(organisations, { json }, ({ id, name, roles, language, parentId }) => ({
      id,
      name,
      roles: roles.join(', '),
      language,
      parent: parentId,
    }));
  });
}

async function createLink({ organisation, label, json = false }: OutputOptions & { organisation: string; label: string }) {
  const input = checkFeed({ label });
  await inSession(async ({ change, config, now }) => {
    const { id, token } = await change((tx) => createFeed(tx, organisation, input, now));
    printOne({ id, label: input.label, url: `${config.publicUrl}/feeds/${token}.ics` }, { json });
  });
}

const checkFeed = checkerFor(FeedInput, 'The feed');

interface AddressOptions extends OutputOptions {
  organisation: string;
  email: string;
  leadDays?: string[];
  digest?: string;
}

async function addAddress({ organisation, email: address, leadDays, digest, json = false }: AddressOptions) {
  const input = checkRecipient({ email: address, ...(leadDays ? { leadDays: leadDays.map(Number) } : {}), ...(digest ? { digest } : {}) });
  await inSession(async (session) => {
    const { change, now } = session;
    const secret = await session.secret();
    const added = await change(async (tx) => viewOf(tx, secret, await addRecipient(tx, organisation, input, now), now));
    const { id, email, status, question } = added;
    printOne({ id, email, status, question }, { json });
  });
}

async function release({ email: address, json = false }: OutputOptions & { email: string }) {
  const { email } = checkRecipient({ email: address });
  await inSession(async (session) => {
    const { change, now } = session;
    const secret = await session.secret();
    const released = await change((tx) => releaseAddress(tx, email, secret, now));
    printOne({ email: foldAddress(email), released }, { json });
  });
}

const checkRecipient = checkerFor(RecipientInput, 'The recipient');
