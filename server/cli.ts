/** The command line: the same changes and questions as the service, for who runs it. */
import { Command } from 'commander';
import { auditCommands } from './cli/registry/audit.ts';
import { backupCommand } from './cli/backups/backup.ts';
import { deadlineCommands } from './cli/deadlines.ts';
import { deliveryCommands } from './cli/delivery.ts';
import { doctorCommand } from './cli/doctor.ts';
import { holdCommands } from './cli/hold.ts';
import { keyCommands } from './cli/keys.ts';
import { organisationCommands } from './cli/organisations.ts';
import { printError, watchOutput } from './cli/output.ts';
import { completionCommands, eventCommands } from './cli/done.ts';
import { editorCommands } from './cli/people/editors.ts';
import { memberCommands } from './cli/people/members.ts';
import { sessionCommands } from './cli/people/sessions.ts';
import { remindCommand } from './cli/remind.ts';
import { registryCommands } from './cli/registry/exchange.ts';
import { reportCommands } from './cli/reports.ts';
import { restoreCommand } from './cli/backups/restore.ts';
import { stepCommands } from './cli/steps.ts';
import { secretCommands } from './cli/secret.ts';
import { seedCommands } from './cli/seed.ts';
import { VERSION } from './version.ts';

const program = new Command('inkoopkalender')
  .description('Deadlines of Dutch care purchasing, from the command line. Uses the same settings as the service.')
  .version(VERSION)
  .showHelpAfterError('(--help shows what is allowed)');
deadlineCommands(program);
organisationCommands(program);
keyCommands(program);
memberCommands(program);
editorCommands(program);
sessionCommands(program);
completionCommands(program);
eventCommands(program);
stepCommands(program);
remindCommand(program);
deliveryCommands(program);
reportCommands(program);
auditCommands(program);
registryCommands(program);
holdCommands(program);
secretCommands(program);
seedCommands(program);
backupCommand(program);
doctorCommand(program);
restoreCommand(program);

watchOutput(process);
try {
  await program.parseAsync();
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
