/** Does one act of publishing when told to, and kills itself at a point of it: `node publish-one.ts '{"databaseUrl": …, "act": …, "now": …, "death": …}'`. */
import { once } from 'node:events';
import { openStore } from '../../db/store/store.ts';
import { perform, withPoints, type Act, type Death } from './publishing.ts';

const said = JSON.parse(process.argv[2]!) as { databaseUrl: string; act: Act; now: string; death: Death };
const store = await openStore(said.databaseUrl);
const die = () => void process.kill(process.pid, 'SIGKILL');
let points = 0;
const dying = withPoints(store, () => {
  points += 1;
  if (points !== said.death.point) return;
  // SQLite's statements are on their way nowhere: by the next turn all of it is done.
  if (said.death.inFlight && store.dialect === 'pg') setImmediate(die);
  else die();
});
process.stdout.write('ready\n');
await once(process.stdin, 'data');
await perform(dying, said.act, new Date(said.now));
await store.close();
