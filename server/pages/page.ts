/** A page of the site: registered once, served in Dutch at its path and in English at the same path below /en. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LANGUAGES, type Language } from '../../calendars/terms.ts';
import { LINK_PAGES } from '../base-path.ts';
import type { App, Deps } from '../deps.ts';
import { pathIn } from './language.ts';
import { asPage, sendPage, writePage, type Page, type PageText } from './layout.ts';
import { openPageMemo } from './memo.ts';
import { answerPageNotFound } from './not-found.ts';
import { isOwnPath } from './session/onward.ts';

/** Where a page, or a form that was sent, leads on to: a path in the site map, so that opening that page again sends nothing. */
export interface Onward {
  onward: string;
}

/** A file that a page gives to keep; JSON, unless its type says otherwise. */
export interface Download {
  download: string | Buffer;
  /** Of letters, digits, hyphens and dots. */
  name: string;
  type?: string;
}

/** What a page is asked with. */
export interface PageAsk {
  language: Language;
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface PageOptions {
  /** In which languages it is there; both, unless said otherwise. */
  languages?: readonly Language[];
  /** What a page rests on beside its address: where that is the registry and the day alone, it is remembered until one of them changes. */
  restsOn?: 'registry';
}

/**
 * Serves a page. `path` is its path in the site map, `make` what stands on it, or where it leads on to; null where there is nothing. An address
 * with `?lang=`, as it was linked to before, leads to the page in that language.
 */
export function servePage(
  app: App,
  deps: Pick<Deps, 'publicUrl' | 'cache' | 'clock'>,
  path: string,
  make: (ask: PageAsk) => Promise<PageText | Onward | Download | null>,
  { languages = LANGUAGES, restsOn }: PageOptions = {},
): void {
  const { publicUrl } = deps;
  const isSecret = LINK_PAGES.includes(path.split('/')[1]!);
  const memo = restsOn === 'registry' ? openPageMemo(deps) : null;
  for (const language of languages)
    app.get(pathIn(language, path), async (request, reply) => {
      const { pathname, searchParams } = new URL(request.url, publicUrl);
      const lang = searchParams.get('lang');
      if (lang !== null) {
        searchParams.delete('lang');
        // A redirect of this kind is kept by caches unless it says otherwise, with the address that it leads to.
        if (isSecret) reply.header('cache-control', 'no-store');
        const path = inLanguage(pathname, language, languages.find((one) => one === lang) ?? language);
        return reply.redirect(searchParams.size > 0 ? `${path}?${searchParams.toString()}` : path, 301);
      }
      const ask = { language, request, reply };
      // With a question behind it everybody could make pages that push out the others; and who is signed in is greeted.
      if (!memo || request.url.includes('?') || request.signedIn !== null) return answerPage(ask, publicUrl, make);
      asPage(reply.header('cache-control', 'no-cache'), language);
      return memo(reply, async () => {
        const page = await make(ask);
        if (page !== null && !('content' in page)) throw new Error(`a page that is remembered leads nowhere: ${request.url}`);
        return page && writePage(reply, pageAt(ask, publicUrl, page));
      });
    });
}

/** Answers with a page, as it stands at the address that was asked for. */
export async function answerPage(
  ask: PageAsk,
  publicUrl: string,
  make: (ask: PageAsk) => Promise<PageText | Onward | Download | null>,
): Promise<FastifyReply> {
  const { language, reply, request } = ask;
  const page = await make(ask);
  if (page !== null && 'onward' in page) {
    if (!isOwnPath(page.onward)) throw new Error(`a page leads on to our own pages alone: ${page.onward}`);
    return reply.redirect(pathIn(language, page.onward), 303);
  }
  if (page !== null && 'download' in page) return sendFile(reply, page);
  if (page === null) return answerPageNotFound(request, reply);
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache');
  return sendPage(reply, pageAt(ask, publicUrl, page));
}

function sendFile(reply: FastifyReply, { download, name, type = 'application/json; charset=utf-8' }: Download): FastifyReply {
  return reply.header('content-disposition', `attachment; filename="${name}"`).type(type).send(download);
}

/** A page with where it stands in each language that it is there in. */
function pageAt({ language, reply, request }: PageAsk, publicUrl: string, page: PageText): Page {
  const { pathname, search } = new URL(request.url, publicUrl);
  const route = request.routeOptions.url ?? '';
  const alternates = LANGUAGES.filter((other) => reply.server.paths.has(inLanguage(route, language, other))).map((other) => ({
    language: other,
    path: inLanguage(pathname, language, other),
  }));
  return { ...page, language, publicUrl, alternates, search: request.method === 'GET' ? search : '' };
}

/** The path of the same page in another language. */
function inLanguage(path: string, from: Language, to: Language): string {
  return pathIn(to, from === 'nl' ? path : path.slice(pathIn(from, '/').length) || '/');
}
