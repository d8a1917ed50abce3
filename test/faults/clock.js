/** Preloaded into a real process: its clock starts at FAKE_NOW (milliseconds) and runs on from there. Nothing else of the process is changed. */
const RealDate = Date;
const startedAt = RealDate.now();
const base = Number(process.env['FAKE_NOW'] ?? startedAt);
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
