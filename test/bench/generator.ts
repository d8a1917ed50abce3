/** A peer: Fastify that makes the calendar anew for each request, by ical-generator, from the same events. */
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import ical, { ICalEventTransparency } from 'ical-generator';

/** One event, as it stands in the feed that is compared. */
export interface PeerEvent {
  uid: string;
  on: string;
  until: string;
  title: string;
  description: string;
}

const events = JSON.parse(readFileSync(process.env['BENCH_EVENTS']!, 'utf8')) as PeerEvent[];
const app = Fastify();
app.get('/', async (_request, reply) => {
  const calendar = ical({ name: 'Inkoopkalender' });
  for (const { uid, on, until, title, description } of events) {
    calendar.createEvent({
      id: uid,
      start: on,
      end: until,
      allDay: true,
      summary: title,
      description,
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return reply.type('text/calendar; charset=utf-8').send(calendar.toString());
});
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
console.log('listening');
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
