/** Notices when the clock on the wall jumps, by one that cannot. */
const JUMP_MS = 3_600_000;
const PAUSE_MS = 10 * 60_000;

export interface ClockWatch {
  /** To be called in each round. Whether nothing may be done yet, because the clock jumped ahead: what is suddenly due or past may not be. */
  check: () => boolean;
  /** Until when nothing is sent, or null. */
  pausedUntil: () => Date | null;
}

/** Compares how far both clocks went since the last check. Back: said, and nothing else; what was sent is not sent again. Ahead by over an hour: ten minutes' pause. */
export function watchClock(clock: () => Date, monotonic: () => number, log: { error(fields: object, message: string): void }): ClockWatch {
  let last = { wall: clock().getTime(), steady: monotonic() };
  let pauseEnds: number | null = null;
  return {
    check() {
      const now = { wall: clock().getTime(), steady: monotonic() };
      const jumpMs = now.wall - last.wall - (now.steady - last.steady);
      last = now;
      if (jumpMs > JUMP_MS) {
        pauseEnds = now.steady + PAUSE_MS;
        log.error({ jumpMs }, 'the clock jumped ahead: no mail is sent for ten minutes');
      } else if (jumpMs < -60_000) log.error({ jumpMs }, 'the clock was set back');
      if (pauseEnds !== null && now.steady >= pauseEnds) pauseEnds = null;
      return pauseEnds !== null;
    },
    pausedUntil: () => (pauseEnds === null ? null : new Date(clock().getTime() + Math.max(0, pauseEnds - monotonic()))),
  };
}
