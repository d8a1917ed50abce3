/** The CRC-32 of two pieces from the CRC-32 of each, so that a long one need not be read again behind every other short one. */

/** What so many zero bytes make of a CRC-32: a matrix over bits, by columns, the lowest bit first. */
export type Zeros = readonly number[];

/** The CRC-32 (ISO 3309) of one piece and then another, of which the length is known as `zeros`. */
export function crcAcross(first: number, zeros: Zeros, second: number): number {
  return (times(zeros, first) ^ second) >>> 0;
}

/** So many zero bytes. */
export function zerosOf(length: number): Zeros {
  let power = ONE_BYTE;
  let zeros = IDENTITY;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) zeros = product(power, zeros);
    power = product(power, power);
  }
  return zeros;
}

const POLYNOMIAL = 0xedb88320 | 0;
const BITS = Array.from({ length: 32 }, (_, bit) => bit);
const IDENTITY: Zeros = BITS.map((bit) => 1 << bit);
/** Every bit moves down by one, and the lowest comes back as the polynomial. */
const ONE_BIT: Zeros = BITS.map((bit) => (bit === 0 ? POLYNOMIAL : 1 << (bit - 1)));
const ONE_BYTE = [1, 2, 3].reduce<Zeros>((power) => product(power, power), ONE_BIT);

function product(left: Zeros, right: Zeros): Zeros {
  return right.map((column) => times(left, column));
}

function times(matrix: Zeros, bits: number): number {
  let sum = 0;
  for (let rest = bits, column = 0; rest !== 0; rest >>>= 1, column += 1) if (rest & 1) sum ^= matrix[column]!;
  return sum;
}
