/** The thread that moves SQLite's log into the database (see `checkpoints.ts`). Plain JavaScript: to strip types would cost it twice the memory. */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const Sqlite = createRequire(import.meta.url)('better-sqlite3');
const connection = new Sqlite(workerData, { fileMustExist: true });
// What is moved must be on the disk before the log is overwritten.
connection.pragma('synchronous = full');

parentPort.on('message', (wish) => {
  if (wish === 'end') {
    connection.close();
    parentPort.close();
    return;
  }
  try {
    // `empty` waits for who reads, but not for long: meanwhile nobody writes.
    connection.pragma(`busy_timeout = ${wish === 'empty' ? 200 : 0}`);
    connection.pragma(`wal_checkpoint(${wish === 'empty' ? 'truncate' : 'passive'})`);
  } catch {
    // A full disk, a folder that may only be read: the log keeps everything, and the next commit asks again.
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is about windows
  parentPort.postMessage('done');
});
