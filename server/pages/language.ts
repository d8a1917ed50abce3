/** In which language a page is: its address says so. Dutch at its own path, English at the same below /en; a browser's wish is not guessed at. */
import type { FastifyRequest } from 'fastify';
import type { Language } from '../../calendars/terms.ts';

const ENGLISH = '/en';

/** The path of a page in a language: `/datums`, `/en/datums`. */
export function pathIn(language: Language, path: string): string {
  if (language === 'nl') return path;
  return path === '/' ? ENGLISH : ENGLISH + path;
}

/** The language of the address that is asked for. */
export function languageOf({ url }: Pick<FastifyRequest, 'url'>): Language {
  return /^\/en(?=[/?]|$)/.test(url) ? 'en' : 'nl';
}
