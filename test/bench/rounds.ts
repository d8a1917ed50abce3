/** How often everything is measured. */

export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);
/** Of what takes long. */
export const LONG_ROUNDS = Math.ceil(ROUNDS / 3);
