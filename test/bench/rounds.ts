/** How often everything is measured. */

/** So many that the machine's pace, which changes for seconds at a time, weighs little in the median. */
export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 15);
/** Of what takes long. */
export const LONG_ROUNDS = Math.ceil(ROUNDS / 3);
