/** One edit that changes ten thousand feeds: whether all are new at their next poll, and what polls notice of it meanwhile. */
import { setTimeout } from 'node:timers/promises';
import { measureRound, median, type Target } from './measure.ts';
import { feedsOf, moveDeadline } from './requests.ts';
import type { FilledService } from './servers.ts';
import type { Turns } from './turns.ts';

export interface Storm {
  /** Polls while it happens, as a share of polls before. */
  polls: number;
  /** How long the event loop was blocked at most. */
  turns: Turns;
  /** How many feeds were asked right after the edit, and how many of them had it. */
  asked: number;
  fresh: number;
}

/** How long polls go on in each half of a round, and how far into the second one the edit is made. */
const [SECONDS, INTO_IT] = [2, 300];

/** Polls of every feed in turn, before an edit and around it, `rounds` times. */
export async function measureStorm(service: FilledService, polls: Target, rounds: number): Promise<Storm> {
  // The first change of a process also loads what changes need.
  await moveDeadline(service);
  await measureRound(polls, SECONDS);
  const shares: number[] = [];
  const turns: Turns[] = [];
  for (let i = 0; i < rounds; i++) {
    const before = await measureRound(polls, SECONDS);
    const began = service.output().length;
    process.kill(service.pid, 'SIGUSR2');
    const around = measureRound(polls, SECONDS);
    await setTimeout(INTO_IT);
    await moveDeadline(service);
    shares.push((await around).requestsPerSecond / before.requestsPerSecond);
    process.kill(service.pid, 'SIGUSR2');
    turns.push(await turnsIn(service, began));
  }
  const { id, on } = await moveDeadline(service);
  const feeds = await feedsOf(service, service.members);
  const fresh = feeds.filter((feed) => dayOf(feed, id) === on.replaceAll('-', ''));
  const [blocked, byCpu] = [turns.map((turn) => turn.blocked), turns.map((turn) => turn.byCpu)];
  console.log(`\nThe event loop was blocked for at most ${blocked.join(', ')} ms, round by round; by its CPU time ${byCpu.join(', ')} ms.`);
  return {
    polls: median(shares),
    turns: { blocked: Math.max(...blocked), byCpu: Math.max(...byCpu) },
    asked: feeds.length,
    fresh: fresh.length,
  };
}

async function turnsIn(service: FilledService, from: number): Promise<Turns> {
  for (;;) {
    const told = /blocked for ([\d.]+) ms, ([\d.]+) ms by CPU/.exec(service.output().slice(from));
    if (told) return { blocked: Number(told[1]), byCpu: Number(told[2]) };
    await setTimeout(10);
  }
}

/** The day of one event in a calendar's text. */
function dayOf(calendar: string, uid: string): string | undefined {
  const event = calendar.split('BEGIN:VEVENT').find((text) => text.includes(`UID:${uid}`));
  return event && /DTSTART;VALUE=DATE:(\d{8})/.exec(event)?.[1];
}
