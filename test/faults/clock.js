/**
 * Preloaded into a real process: its clock starts at FAKE_NOW (milliseconds) and runs on from there. At SIGWINCH it goes to what the file FAKE_CLOCK
 * names: `now`, the moment on the wall, and `passed`, the milliseconds that went by for the clock that cannot jump. Timers are not changed.
 */
import { readFileSync } from 'node:fs';

const RealDate = Date;
const steadily = performance.now.bind(performance);
let startedAt = RealDate.now();
let base = Number(process.env['FAKE_NOW'] ?? startedAt);
let passedBefore = 0;
const now = () => base + (RealDate.now() - startedAt);

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }
  static now() {
    return now();
  }
};
performance.now = () => steadily() + passedBefore;

const file = process.env['FAKE_CLOCK'];
if (file !== undefined)
  process.on('SIGWINCH', () => {
    const { now: moment, passed } = JSON.parse(readFileSync(file, 'utf8'));
    [base, startedAt] = [moment, RealDate.now()];
    passedBefore += passed;
    console.log(`the clock is at ${moment}`);
  });
