/** The reference for starts: a bare Fastify app with better-sqlite3 that answers one query. */
import Sqlite from 'better-sqlite3';
import Fastify from 'fastify';

const store = new Sqlite(process.env['BENCH_DATABASE']);
const ready = store.prepare('select 1 as ready');
const app = Fastify();
app.get('/health/ready', async () => ready.get());
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
console.log('listening');
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
