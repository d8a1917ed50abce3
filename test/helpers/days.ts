/** The service through some days: its rounds of work, with a real mail server at the other end. */
import type { Store } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { mailerTo, SETTINGS, startSink } from './mail.ts';

/** A mail that arrived: when, and at which address. */
export interface Arrival {
  at: Date;
  to: string;
  raw: Buffer;
}

export interface Service {
  /** Runs the rounds from a moment up to another one, and gives what arrived in them. */
  run(from: Date, until: Date, everyMinutes?: number): Promise<Arrival[]>;
  /** Runs one round. */
  round(now: Date): Promise<Arrival[]>;
}

/** A round this often is enough where nothing is promised to the minute. */
const EVERY_MINUTES = 10;

/** Opens the rounds of work of a store. */
export async function openService(store: Store): Promise<Service> {
  const sink = await startSink();
  const mailer = mailerTo(sink.url);
  const round = async (now: Date) => {
    const before = sink.taken.length;
    await planNow({ store }, now);
    await sendDue({ store, mailer, settings: SETTINGS }, now);
    return sink.taken.slice(before).map(({ to, raw }) => ({ at: now, to: to[0]!, raw }));
  };
  return {
    round,
    async run(from, until, everyMinutes = EVERY_MINUTES) {
      const arrived: Arrival[] = [];
      for (let now = from; now < until; now = new Date(now.getTime() + everyMinutes * 60_000)) arrived.push(...(await round(now)));
      return arrived;
    },
  };
}
