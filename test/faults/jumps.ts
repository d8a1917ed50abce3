/** The clock of the real process jumps, ahead and back: it goes on answering, and what is due once a day is done once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeWorld, START } from './world.ts';

const DAY = 86_400_000;
const YEAR = 366 * DAY;
const EDITOR_KEY = 'an editor of the faults, 24+'.replaceAll(' ', '-');

export interface JumpFigures {
  /** How often the timelines were made: at the start, after each jump, and on the day after. */
  turns: number;
  jumps: number;
  /** Statuses other than 200 of /health/live. */
  unwell: number;
  slowestMs: number;
}

/** A year ahead, ten years ahead, back, and one day further. `watchMs`: how long to ask after each jump whether it still lives. */
export async function jumpAboutInTime(watchMs: number): Promise<JumpFigures> {
  const world = await makeWorld(1);
  const file = join(world.folder, 'clock');
  const env = { EDITOR_KEY, FAKE_CLOCK: file };
  const service = await world.start(`file:${join(world.folder, 'mail')}`, START.getTime(), env);
  const figures: JumpFigures = { turns: 0, jumps: 0, unwell: 0, slowestMs: 0 };
  const turns = () => service.output().match(/projected timelines/g)?.length ?? 0;
  const untilTurn = (n: number) => service.printed(new RegExp(`(projected timelines[^]*){${n}}`));
  const live = async () => {
    const begun = performance.now();
    const { status } = await fetch(`${service.url}/health/live`);
    if (status !== 200) figures.unwell += 1;
    figures.slowestMs = Math.max(figures.slowestMs, Math.round(performance.now() - begun));
  };
  const watch = async () => {
    const until = performance.now() + watchMs;
    do await live();
    while (performance.now() < until && (await setTimeout(20, true)));
  };
  /** A change brings a round of work at once. */
  const ring = async () => {
    const headers = { authorization: `Bearer ${EDITOR_KEY}`, 'content-type': 'application/json' };
    const made = await fetch(`${service.url}/api/v1/organisations`, { method: 'POST', headers, body: '{"name":"Regio","roles":["ro"]}' });
    if (made.status !== 201) throw new Error(`a change got ${made.status}`);
  };
  /** A round that begins after this moment has ended: of two that end after a ring, the second did not begin before it. */
  const wholeRound = async () => {
    for (const _ of ['at hand', 'next']) {
      const rung = performance.now();
      await ring();
      for (let isOver = false; !isOver;) {
        const asked = performance.now();
        const metrics = await (await fetch(`${service.url}/metrics`)).text();
        isOver = asked - Number(/^last_round_seconds (\S+)$/m.exec(metrics)![1]) * 1000 > rung;
      }
    }
  };
  const setClock = async (now: number, passed: number) => {
    writeFileSync(file, JSON.stringify({ now, passed }));
    process.kill(service.pid, 'SIGWINCH');
    await service.printed(new RegExp(`the clock is at ${now}\\b`));
    await ring();
  };
  try {
    await untilTurn(1);
    for (const [n, years] of [1, 10].entries()) {
      const now = START.getTime() + years * YEAR;
      await setClock(now, 0);
      await service.printed(new RegExp(`(the clock jumped ahead[^]*){${n + 1}}`));
      figures.jumps += 1;
      await watch();
      // What is suddenly due waits as mail does; a clock that is mended by then has done nothing.
      if (turns() !== n + 1) throw new Error('a jump of the clock was believed at once');
      await setClock(now + 11 * 60_000, 11 * 60_000);
      await untilTurn(n + 2);
      await wholeRound();
    }
    await setClock(START.getTime(), 0);
    figures.jumps += 1;
    await untilTurn(4);
    await watch();
    await wholeRound();
    await setClock(START.getTime() + DAY, DAY);
    await untilTurn(5);
    await wholeRound();
    await service.stop();
    return { ...figures, turns: turns() };
  } finally {
    await service.stop();
    world.remove();
  }
}
