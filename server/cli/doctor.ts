/** `doctor`: looks at everything that the service rests on, and says of each what to do. */
import { InvalidArgumentError, type Command } from 'commander';
import { cleanLine } from '../../calendars/clean-text.ts';
import { parseAddress } from '../../calendars/mail-address.ts';
import type { Examination } from '../../db/store/opening/examination.ts';
import { examineAddresses, type Reached } from './doctor/addresses.ts';
import { examineBackups } from './doctor/backups.ts';
import { examineClock } from './doctor/clock.ts';
import { examineStore } from './doctor/database.ts';
import { examineDisk } from './doctor/disk.ts';
import { lookAt, type Finding } from './doctor/finding.ts';
import { examineMail } from './doctor/mail.ts';
import { examineNames } from './doctor/names.ts';
import { examineSettings, type Settings } from './doctor/settings.ts';
import { printJson, type OutputOptions } from './output.ts';
import { clock } from './session.ts';

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'look at settings, disk, database, backups, addresses, clock, the DNS of the sender and mail, also while the service is stopped, and say what to do; ends in 1 where something is at fault',
    )
    .option('--to <address>', 'also send a test mail to this address', readTo)
    .option('--json')
    .action(doctor);
}

interface DoctorOptions extends OutputOptions {
  to?: string;
}

async function doctor({ json = false, to }: DoctorOptions) {
  const findings: Finding[] = [];
  const tell = (some: readonly Finding[]) => {
    findings.push(...some);
    if (!json) for (const { level, part, says, todo } of some) console.log(lineFor(level, `${part}: ${says}`, todo));
  };
  let settings: Settings | undefined;
  tell(await lookAt('settings', (notes) => void (settings = examineSettings(notes, process.env)), 'mend the settings'));
  if (settings) {
    const all = settings;
    let database: Examination | null = null;
    let reached: Reached = { aheadMs: null };
    tell(await lookAt('disk', (notes) => examineDisk(notes, all.config), 'see that the folder can be used'));
    tell(
      await lookAt(
        'database',
        async (notes) => void (database = await examineStore(notes, all, clock)),
        'see that DATABASE_URL is right, and that the database is there and lets us in',
      ),
    );
    tell(await lookAt('backups', (notes) => examineBackups(notes, all.config, clock()), 'see that the folder of BACKUPS can be read'));
    tell(await lookAt('address', async (notes) => void (reached = await examineAddresses(notes, all, clock)), 'mend PUBLIC_URL'));
    tell(await lookAt('clock', (notes) => examineClock(notes, { database, publicAheadMs: reached.aheadMs }, clock()), 'set the clock'));
    tell(await lookAt('names', (notes) => examineNames(notes, all), 'look whether this machine reaches a name server'));
    tell(
      await lookAt('mail', (notes) => examineMail(notes, all, { isHeld: database?.isHeld ?? false, now: clock(), to }), 'mend MAIL_URL'),
    );
  }
  if (json) printJson(findings);
  if (findings.some(({ level }) => level === 'fault')) process.exitCode = 1;
}

function lineFor(level: Finding['level'], says: string, todo: string | null): string {
  return `${level.padEnd(7)}  ${cleanLine(says)}${todo === null ? '' : cleanLine(`. To do: ${todo}.`)}`;
}

function readTo(text: string): string {
  const { address, fault } = parseAddress(text, { localHost: true });
  if (address === null) throw new InvalidArgumentError(`It ${fault}.`);
  return address;
}
