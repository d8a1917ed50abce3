/** How often everything is measured. */

export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
/** Of what takes long. */
export const LONG_ROUNDS = Math.ceil(ROUNDS / 3);
