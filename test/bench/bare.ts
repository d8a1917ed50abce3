/** The reference: a bare Fastify route that answers a fixed string, or what is in the file that `BENCH_BODY` names. */
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

const app = Fastify();
const file = process.env['BENCH_BODY'];
const text = file === undefined ? 'hello world' : readFileSync(file, 'utf8');
app.get('/', async () => text);
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
console.log('listening');
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
