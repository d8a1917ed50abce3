/** Why a document is not read: each has its sentence in `page:document_refused`. */
export const REFUSALS = [
  'not_a_pdf',
  'encrypted',
  'damaged',
  'too_many_pages',
  'script',
  'no_text',
  /** More than it may weigh, or more memory than reading may take. */
  'too_large',
  'too_slow',
] as const;
export type Refusal = (typeof REFUSALS)[number];
