/** The database: whether it opens, is whole, keeps what is relied on and takes changes. */
import { examineDatabase, type Examination } from '../../../db/store/opening/examination.ts';
import { compareDigest } from '../../../db/store/secret-digest.ts';
import { nameOfSecret } from '../../starting/secret.ts';
import type { Notes } from './finding.ts';
import type { Settings } from './settings.ts';

/** Gives what was found in it. Throws where it cannot be opened. */
export async function examineStore(notes: Notes, { config, secret }: Settings, clock: () => Date): Promise<Examination> {
  const { fault, ok, warn } = notes;
  const database = await examineDatabase(config.databaseUrl, clock);
  const { behind, damage, dialect, kept, refusal, version } = database;
  ok(`${dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL'} ${version} opens, and is this service's`);
  if (behind > 0)
    warn(`${behind} migrations of this release are not made yet`, 'copy the database, then start the service, which makes them');
  for (const { isRight, name, value } of kept) {
    if (isRight) continue;
    if (name === 'journal_mode') warn(`${name} is ${value}`, 'stop what else has it open and start the service, which makes it wal');
    else fault(`${name} is ${value}`, 'set it as it is by default: what was sent may be forgotten with the power, and sent again');
  }
  if (kept.every(({ isRight }) => isRight)) ok(kept.map(({ name, value }) => `${name} ${value}`).join(', '));
  if (damage !== null) fault(`it is damaged: ${damage}`, 'stop the service and put back a backup');
  else if (dialect === 'sqlite') ok('quick_check and foreign_key_check find nothing');
  if (refusal !== null)
    fault(`it takes no changes: ${refusal}`, 'make room, give the user of the service leave to write, or end what holds its lock');
  else ok('it takes changes');
  examineSecret(notes, database.secretDigest, { config, secret });
  return database;
}

function examineSecret({ fault, ok, warn }: Notes, digest: string | undefined, { config, secret }: Omit<Settings, 'signingKey'>) {
  const name = nameOfSecret(config.secret);
  if (secret === null) {
    if (digest === undefined) warn(`there is no secret yet (${name})`, 'start the service, which makes one');
    else
      fault(`${name} is not there, or cannot be read`, 'put back the secret that signed the links, or see: npm run cli -- secret accept');
    return;
  }
  if (compareDigest(digest, secret) === 'other')
    fault(`${name} did not sign this database's links`, 'put that one back, or see: npm run cli -- secret accept');
  else ok(`${name} is the one that signs its links`);
}
