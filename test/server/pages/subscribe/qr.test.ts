import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { qrCode } from '../../../../server/pages/subscribe/qr.ts';

const ADDRESS = 'https://kalender.example/agenda?role=practice&status=contracted&insurer=cz,vgz';

it('draws every dark module of a QR code and no other, with white around it', () => {
  const svg = String(qrCode(ADDRESS, 'De code'));
  const { data, size } = encode(ADDRESS, { ecc: 'M', border: 0 });
  expect(svg).toContain(`viewBox="0 0 ${size + 8} ${size + 8}" role="img" aria-label="De code"`);
  const drawn = new Set<string>();
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let i = 0; i < Number(width); i += 1) drawn.add(`${Number(x) + i} ${y}`);
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x + 4} ${y + 4}`] : [])));
  expect([...drawn].sort()).toEqual(dark.sort());
  expect(svg).not.toContain('style=');
});
