/** A page of the site: registered once, served in Dutch at its path and in English at the same path below /en. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LANGUAGES, type Language } from '../../calendars/terms.ts';
import type { App, Deps } from '../deps.ts';
import { pathIn } from './language.ts';
import { sendPage, type PageText } from './layout.ts';
import { answerPageNotFound } from './not-found.ts';

/** What a page is asked with. */
export interface PageAsk {
  language: Language;
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * Serves a page. `path` is its path in the site map, `make` what stands on it; null where there is nothing. An address with `?lang=`, as it was linked to before, leads to
 * the page in that language.
 */
export function servePage(
  app: App,
  { publicUrl }: Pick<Deps, 'publicUrl'>,
  path: string,
  make: (ask: PageAsk) => Promise<PageText | null>,
): void {
  for (const language of LANGUAGES)
    app.get(pathIn(language, path), async (request, reply) => {
      const { pathname, searchParams } = new URL(request.url, publicUrl);
      const lang = searchParams.get('lang');
      if (lang !== null) {
        searchParams.delete('lang');
        const path = inLanguage(pathname, language, LANGUAGES.find((one) => one === lang) ?? language);
        return reply.redirect(searchParams.size > 0 ? `${path}?${searchParams.toString()}` : path, 301);
      }
      return answerPage({ language, request, reply }, publicUrl, make);
    });
}

/** Answers with a page, as it stands at the address that was asked for. */
export async function answerPage(ask: PageAsk, publicUrl: string, make: (ask: PageAsk) => Promise<PageText | null>): Promise<FastifyReply> {
  const { language, reply, request } = ask;
  const page = await make(ask);
  if (page === null) return answerPageNotFound(request, reply);
  const { pathname } = new URL(request.url, publicUrl);
  const alternates = LANGUAGES.map((other) => ({ language: other, path: inLanguage(pathname, language, other) }));
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache');
  return sendPage(reply, { ...page, language, publicUrl, alternates });
}

/** The path of the same page in another language. */
function inLanguage(path: string, from: Language, to: Language): string {
  return pathIn(to, from === 'nl' ? path : path.slice(pathIn(from, '/').length) || '/');
}
