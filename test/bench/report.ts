/** What was measured, as tables for docs/performance.md. */
import { median, type Round, type Target } from './measure.ts';

/** Requests and CPU time of one target, as ratios to another: round by round against it, then the median. */
export interface Ratio {
  requests: number;
  /** How many times as cheap. */
  cpu: number;
}

export type Rounds = ReadonlyMap<string, readonly Round[]>;

export function ratioOf(rounds: Rounds, name: string, reference: string): Ratio {
  const [own, other] = [rounds.get(name)!, rounds.get(reference)!];
  return {
    requests: median(own.map((round, i) => round.requestsPerSecond / other[i]!.requestsPerSecond)),
    cpu: median(own.map((round, i) => other[i]!.cpuMicroseconds / round.cpuMicroseconds)),
  };
}

/** Every target beside the first one, the reference. */
export function printRounds(targets: readonly Target[], rounds: Rounds): void {
  console.log('\n| answer | requests/s | F | CPU µs | F by CPU |\n|---|---|---|---|---|');
  for (const { name } of targets) {
    const own = rounds.get(name)!;
    const { requests, cpu } = ratioOf(rounds, name, targets[0]!.name);
    const [perSecond, micros] = [median(own.map((r) => r.requestsPerSecond)), median(own.map((r) => r.cpuMicroseconds))];
    console.log(`| ${name} | ${Math.round(perSecond)} | ${requests.toFixed(3)} | ${micros.toFixed(1)} | ${cpu.toFixed(3)} |`);
  }
}

/** A goal, what was reached by requests and by CPU time, and whether one of them is at least the goal. */
export interface Result {
  what: string;
  /** At least, or with `most` at most. */
  goal: number;
  most?: boolean;
  reached: number;
  byCpu?: number;
  unit?: string;
}

export function printResults(results: readonly Result[]): void {
  console.log('\n| goal | wanted | reached | by CPU | |\n|---|---|---|---|---|');
  for (const { what, goal, most = false, reached, byCpu, unit = '' } of results) {
    const fits = (value: number) => (most ? value <= goal : value >= goal);
    const met =
      fits(reached) && (byCpu === undefined || fits(byCpu))
        ? 'yes'
        : fits(reached) || (byCpu !== undefined && fits(byCpu))
          ? 'in part'
          : 'no';
    console.log(
      `| ${what} | ${most ? '≤' : '≥'} ${goal}${unit} | ${shown(reached)}${unit} | ${byCpu === undefined ? '' : shown(byCpu) + unit} | ${met} |`,
    );
  }
}

const shown = (value: number) => (value >= 100 ? Math.round(value).toString() : value.toPrecision(3));
