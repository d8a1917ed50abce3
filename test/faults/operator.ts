/** The real process is killed each time the summary for who runs the service has left and is not answered yet. */
import { eq } from '../../db/store/drizzle.ts';
import { OPERATOR } from '../../db/schema/schema.ts';
import { startRawSink } from './sink.ts';
import { AFTER_LEASE_MS, makeWorld, START, untilTried } from './world.ts';

const TO = 'beheer@example.org';
/** A process takes some seconds until it has sent: a lease must have ended all the same. */
const BETWEEN_MS = 2 * AFTER_LEASE_MS;

interface TellingFigures {
  kills: number;
  copies: number;
  /** How many of the copies are not the same as the first. */
  different: string[];
  /** What became of the summaries: state and reason. */
  summaries: string[];
}

/** A life after each lease, until the third copy has left and one more that finds it. */
export async function killWhileTelling(): Promise<TellingFigures> {
  const sink = await startRawSink();
  const world = await makeWorld(1);
  const store = await world.look();
  try {
    let kills = 0;
    for (; kills < 3; kills += 1) {
      const { promise: left, resolve: leave } = Promise.withResolvers<void>();
      sink.rules.body = ({ to }) => {
        if (to !== TO) return undefined;
        leave();
        return 'hang';
      };
      const service = await world.start(sink.url, START.getTime() + kills * BETWEEN_MS, { OPERATOR_EMAIL: TO });
      await left;
      process.kill(service.pid, 'SIGKILL');
      await service.ended();
    }
    delete sink.rules.body;
    const last = START.getTime() + kills * BETWEEN_MS;
    const service = await world.start(sink.url, last, { OPERATOR_EMAIL: TO });
    await untilTried(store, new Date(last));
    await service.stop();
    const { messages } = store.read.tables;
    const rows = await store.read.select().from(messages).where(eq(messages.kind, OPERATOR));
    const raws = sink.taken.filter(({ to }) => to === TO).map(({ raw }) => raw);
    return {
      kills,
      copies: raws.length,
      different: raws.filter((raw) => raw !== raws[0]),
      summaries: rows.map(({ reason, state }) => `${state} ${reason}`),
    };
  } finally {
    await store.close();
    world.remove();
    await sink.close();
  }
}
