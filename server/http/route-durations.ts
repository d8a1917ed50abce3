/** How long routes take, as a histogram of Prometheus: counted by hand, since each answer pays for it. */

/** Upper bounds in seconds, as its clients have them by default. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const NAME = 'http_request_duration_seconds';

interface Series {
  /** How many fell in each bucket alone; the last one has no bound. */
  counts: number[];
  seconds: number;
}

export interface Durations {
  note(method: string, route: string, status: number, seconds: number): void;
  /** All series in the text format of Prometheus, version 0.0.4. */
  describe(): string;
}

export function openDurations(): Durations {
  const all = new Map<string, Series>();
  return {
    note(method, route, status, seconds) {
      const labels = `method="${method}",route="${route}",status_code="${status}"`;
      const series = all.get(labels) ?? { counts: Array.from({ length: BOUNDS.length + 1 }, () => 0), seconds: 0 };
      all.set(labels, series);
      const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
      series.counts[bucket < 0 ? BOUNDS.length : bucket]! += 1;
      series.seconds += seconds;
    },
    describe: () =>
      [
        `# HELP ${NAME} request duration in seconds`,
        `# TYPE ${NAME} histogram`,
        ...[...all].flatMap(([labels, series]) => linesOf(labels, series)),
        '',
      ].join('\n'),
  };
}

function linesOf(labels: string, { counts, seconds }: Series): string[] {
  let count = 0;
  const buckets = counts.map((one, i) => `${NAME}_bucket{le="${BOUNDS[i] ?? '+Inf'}",${labels}} ${(count += one)}`);
  return [...buckets, `${NAME}_sum{${labels}} ${seconds}`, `${NAME}_count{${labels}} ${count}`];
}
