/** Text within XML. */
import { cleanText } from '../../calendars/clean-text.ts';

/** A text as it stands between two elements or in an attribute, without the characters that no XML may hold. */
export function escapeXml(text: string): string {
  return cleanText(text)
    .replaceAll('&', '&amp;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
