/** Sends what is due from a database to a mail server and ends: small enough that its every system call can be read. `node send-one.ts DATABASE_URL MAIL_URL`. */
import { openStore } from '../../db/store/store.ts';
import { openMailer } from '../../jobs/transport/mailer.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { SETTINGS } from './servers.ts';
import { START } from './world.ts';

const [, , databaseUrl = '', mailUrl = ''] = process.argv;
const store = await openStore(databaseUrl);
const mailer = openMailer(mailUrl);
const results = await sendDue({ store, mailer, settings: SETTINGS, lanes: 1 }, START);
mailer.close();
await store.close();
process.exit(results.every(({ kind }) => kind === 'sent') ? 0 : 1);
