/** How a consequence is announced. */
import type { Consequence } from './deadline.ts';
import type { Language } from '../terms.ts';

/** The name of its label in `common:consequence`. What is only possible says so once: not again in the label of a text that does. */
export function consequenceLabel({ kind, modality, text }: Consequence, language: Language): string {
  // The registry's own texts are Dutch.
  const isSaid = language === 'nl' && /\bmogelijk\b/i.test(text);
  return kind !== 'note' && modality === 'possible' && !isSaid ? `possible_${kind}` : kind;
}
