/** The thread in which the backup of a day is made (see `automatic.ts`): to copy a database and read it back takes as long as its disk does. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeKept, type BackupOrder } from './automatic.ts';

const { now, ...source } = workerData as BackupOrder;
const made = await makeKept(source, 'daily', now);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is about windows
parentPort!.postMessage(made);
