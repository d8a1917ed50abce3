/** `organisation show` and `organisation delete`: what an organisation has, and its end. */
import type { Command } from 'commander';
import { AppError } from '../../calendars/errors.ts';
import { getOrganisation } from '../../db/organisations/organisations.ts';
import { countBelongings } from '../../db/recipients/belongings.ts';
import { eraseOrganisationAndMembers } from '../../db/people/erasure.ts';
import type { ReadDb } from '../../db/store/store.ts';
import { watchErasures } from '../../jobs/removing/erasing.ts';
import { openMailer } from '../../jobs/transport/mailer.ts';
import { printOne, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

/** Adds both to `organisation`. */
export function removalCommands(organisation: Command): void {
  organisation
    .command('show')
    .description('one organisation, and how much it has')
    .requiredOption('--id <id>')
    .option('--json')
    .action(show);
  organisation
    .command('delete')
    .description('remove an organisation with all that is its own; says what that is, and does it with --yes')
    .requiredOption('--id <id>')
    .option('--yes', 'really do it')
    .option('--json')
    .action(remove);
}

interface OneOptions extends OutputOptions {
  id: string;
}

async function show({ id, json = false }: OneOptions) {
  await inSession(async ({ read }) => printOne(await rowOf(read, id), { json }));
}

/** Ends in 3 where nothing was done yet. */
async function remove({ id, yes = false, json = false }: OneOptions & { yes?: boolean }) {
  await inSession(async (session, store) => {
    const { change, config, now, read } = session;
    const row = await rowOf(read, id);
    if (!yes) {
      printOne({ ...row, deleted: 'no' }, { json });
      console.error('Nothing was deleted. All of this goes, for good, with --yes; organisations that it delivers for stay.');
      process.exitCode = 3;
      return;
    }
    const secret = await session.secret();
    await change((tx) => eraseOrganisationAndMembers(tx, row.id, secret, now));
    const mailer = openMailer(config.mailUrl);
    await watchErasures(store, mailer).check(now);
    mailer.close();
    printOne({ ...row, deleted: 'yes' }, { json });
  });
}

/** Throws `not_found`. */
async function rowOf(db: ReadDb, id: string) {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) throw new AppError('not_found', 'No such organisation.');
  const organisation = await getOrganisation(db, id.toLowerCase());
  const { name, roles, language, parentId, createdAt } = organisation;
  const own = { name, roles: roles.join(', '), language, parent: parentId, createdAt: createdAt.toISOString() };
  return { id: organisation.id, ...own, ...(await countBelongings(db, organisation.id)) };
}
