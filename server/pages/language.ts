/** In which language a page is shown to whoever asks. */
import type { FastifyRequest } from 'fastify';
import { LANGUAGES, type Language } from '../../calendars/terms.ts';

/** `?lang=` before the browser's own wish (Accept-Language); Dutch when neither names a language that we have. */
export function languageOf(request: FastifyRequest): Language {
  const { lang } = request.query as { lang?: unknown };
  const wished = request.accepts().language([...LANGUAGES]);
  return LANGUAGES.find((language) => language === lang) ?? LANGUAGES.find((language) => language === wished) ?? 'nl';
}
