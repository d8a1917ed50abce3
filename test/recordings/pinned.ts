/** Randomness that is the same in every run: ids, keys and tokens follow from the step in which they are made. */
import crypto, { hash } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const { randomBytes } = crypto;
let place = { step: '', drawn: 0 };

/** From now on everything in this process that asks node:crypto for something random gets what follows from the step. */
export function pinRandomness(): void {
  Object.assign(crypto, {
    randomUUID: pinnedUuid,
    randomBytes: (size: number, done?: (error: Error | null, bytes: Buffer) => void) =>
      done ? randomBytes(size, done) : pinnedBytes(size),
    randomInt: (a: number, b?: number) => {
      const [from, to] = b === undefined ? [0, a] : [a, b];
      return from + (pinnedBytes(6).readUIntBE(0, 6) % (to - from));
    },
  });
  // Without it, who imports these by name keeps the real ones.
  syncBuiltinESMExports();
}

/** Begins a step. What is drawn in it does not depend on how much was drawn before, so that one draw more or less changes nothing further on. */
export function beginStep(step: string): void {
  place = { step, drawn: 0 };
}

function pinnedBytes(size: number): Buffer {
  place.drawn += 1;
  const parts: Buffer[] = [];
  for (let i = 0; i * 32 < size; i += 1) parts.push(hash('sha256', `${place.step}/${place.drawn}/${i}`, 'buffer'));
  return Buffer.concat(parts).subarray(0, size);
}

function pinnedUuid(): string {
  const hex = pinnedBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
