/** What most people would write: Fastify, and an organisation's list by one prepared drizzle query, over the service's own database. */
import Fastify from 'fastify';
import { and, asc, eq, isNotNull, or, sql } from '../../db/store/drizzle.ts';
import { openStore } from '../../db/store/store.ts';

const { read } = await openStore(process.env['BENCH_DATABASE']!);
const { deadlines, relations, revisions } = read.tables;

const upcoming = read
  .select({ deadline: deadlines, revision: revisions })
  .from(deadlines)
  .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
  .innerJoin(relations, eq(relations.insurerSlug, deadlines.insurerSlug))
  .where(
    and(
      eq(relations.organisationId, sql.placeholder('id')),
      eq(revisions.status, 'published'),
      isNotNull(revisions.dueOn),
      or(
        eq(revisions.contractStatus, 'any'),
        eq(relations.contractStatus, 'unknown'),
        eq(revisions.contractStatus, relations.contractStatus),
      ),
    ),
  )
  .orderBy(asc(revisions.dueOn), asc(deadlines.insurerSlug), asc(deadlines.activity), asc(deadlines.id))
  .limit(20)
  .prepare('upcoming');

const app = Fastify();
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Fastify awaits its handlers
app.get('/organisations/:id/deadlines', async (request) => {
  const { id } = request.params as { id: string };
  return { items: (await upcoming.execute({ id })).map(({ deadline, revision }) => ({ ...deadline, ...revision })) };
});
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
console.log('listening');
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
