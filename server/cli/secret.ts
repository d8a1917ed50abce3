/** `secret accept`: go on with another secret than the one that signed the database's links. */
import type { Command } from 'commander';
import { acceptSecret, compareSecret } from '../../db/store/secret-digest.ts';
import { makeSecret, nameOfSecret, readSecret } from '../starting/secret.ts';
import { printJson, type OutputOptions } from './output.ts';
import { inSession } from './session.ts';

export function secretCommands(program: Command): void {
  program
    .command('secret')
    .description('the secret that signs the links in mails')
    .command('accept')
    .description(
      'go on with the secret in SECRET or data/secret, or with a new one where there is none, though the links of this database were signed with another; links in mails that were sent before stop working',
    )
    .option('--json')
    .action(accept);
}

async function accept({ json = false }: OutputOptions) {
  await inSession(async ({ read, change, config }) => {
    const secret = readSecret(config.secret) ?? makeSecret();
    const isOther = (await compareSecret(read, secret)) !== 'same';
    if (isOther) await change((tx) => acceptSecret(tx, secret));
    const name = nameOfSecret(config.secret);
    if (json) return printJson({ secret: name, changed: isOther });
    console.log(isOther ? accepted(name) : `${name} is this database's secret already; nothing was changed.`);
  });
}

const accepted = (name: string) =>
  [
    `${name} is this database's secret from now on. Restart every instance of the service with it.`,
    'Links in mails that were sent before no longer work: to confirm, to say that something is done, to get less mail or none. Each new mail has links that do.',
    'Who has not confirmed yet must be removed and added again. A mail sent before that comes back is not recognised.',
    'Calendar links and keys are not concerned.',
  ].join('\n');
