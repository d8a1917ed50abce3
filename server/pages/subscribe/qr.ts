/** An address as a QR code, drawn in the page itself: no request, and as sharp as the screen or the paper is. */
import { encode } from 'uqr';
import { html, type SafeHtml } from '../html.ts';

/** Modules of white around it, without which cameras do not find it (ISO/IEC 18004). */
const QUIET = 4;

/** `label` says to who cannot see it what it holds. */
export function qrCode(address: string, label: string): SafeHtml {
  const { data, size } = encode(address, { ecc: 'M', border: QUIET });
  const rows = data.map((row, y) => rowPath(row, y)).join('');
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges">
    <path d="${rows}" />
  </svg>`;
}

/** The dark modules of a row, each stretch of them in one piece. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const from = x;
    while (row[x]) x += 1;
    path += `M${from} ${y}h${x - from}v1h-${x - from}z`;
  }
  return path;
}
