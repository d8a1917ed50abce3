/** The frame around every page, and how it is sent. */
import type { FastifyReply } from 'fastify';
import { wordsIn } from '../../calendars/words.ts';
import type { Language } from '../../calendars/terms.ts';
import { addressAt } from '../http/paths.ts';
import { assetAt } from './assets.ts';
import { dataScript, html, type SafeHtml } from './html.ts';
import { pathIn } from './language.ts';
import { sessionField } from './session/session.ts';

/** What a page says; `title` is what the browser's tab shows. */
export interface PageText {
  title: string;
  content: SafeHtml;
  /** For who finds it in a search engine. */
  description?: string;
  /** The path of the calendar with what stands on it. */
  calendar?: string;
  /** Feeds that tell of what is new on it: their type, and their path. */
  feeds?: readonly { type: string; path: string }[];
  /** What it is about, as JSON-LD. */
  data?: object;
}

export interface Page extends PageText {
  language: Language;
  /** Only of a page of the site: where it stands in each language. */
  alternates?: readonly { language: Language; path: string }[];
  /** What was asked for beside the path, from its question mark on: it is the same in each language. */
  search?: string;
  publicUrl?: string;
}

/** The pages that the header leads to, with their words in `page:menu`. One that is not registered is left out. */
const MENU = ['/datums', '/verzekeraars', '/geen-contract', '/agenda', '/inloggen'] as const;
/** The same for who is signed in, in words of their own. */
const ACCOUNT = ['/mijn', '/mijn/account'] as const;
/** The same for editors: it stands in Dutch alone. */
const EDITING = '/redactie';
/** The same for the footer. */
const FOOTER = ['/wijzigingen', '/open-data', '/privacy', '/toegankelijkheid', '/docs'] as const;

const LOCALES = { nl: 'nl_NL', en: 'en_GB' } as const satisfies Record<Language, string>;

/** Answers with a whole page. Of a page behind a secret address browsers tell nobody elsewhere, and to us its origin, by which a form is known to be ours. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return asPage(reply, page.language).send(writePage(reply, page));
}

/** Says what every page says in its headers. */
export function asPage(reply: FastifyReply, language: Language): FastifyReply {
  return reply.headers({ 'content-language': language, 'referrer-policy': 'same-origin' }).type('text/html; charset=utf-8');
}

/** The HTML of a whole page. */
export function writePage(reply: FastifyReply, page: Page): string {
  return String(frame(reply, page));
}

function frame(reply: FastifyReply, page: Page): SafeHtml {
  const { language, title, content, data, description, calendar, alternates = [], feeds = [] } = page;
  const say = wordsIn(language);
  const home = addressAt(reply, pathIn(language, '/'));
  const isHome = alternates.some(({ path }) => path === pathIn(language, '/'));
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title.includes('Inkoopkalender') ? title : `${title} – Inkoopkalender`}</title>
        ${description === undefined ? '' : html`<meta name="description" content="${description}" />`} ${alternateLinks(page)}
        ${calendar === undefined ? '' : html`<link rel="alternate" type="text/calendar" href="${addressAt(reply, calendar)}" />`}
        ${feeds.map(({ path, type }) => html`<link rel="alternate" type="${type}" title="${title}" href="${addressAt(reply, path)}" />`)}
        ${preview(page)} ${data === undefined ? '' : dataScript(data)}
        <link rel="icon" href="${addressAt(reply, '/favicon.ico')}" sizes="32x32" />
        <link rel="icon" href="${assetAt(reply, 'favicon.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assetAt(reply, 'site.css')}" />
        <script src="${assetAt(reply, 'site.js')}" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">${say('page:frame.skip')}</a>
        <header class="site">
          <div class="wide">
            <a class="name" href="${home}" ${isHome ? html`aria-current="page"` : ''}>${logo()}Inkoopkalender</a>
            ${languageSwitch(reply, page)} ${menu(reply, page)} ${account(reply, page)}
          </div>
        </header>
        <main id="content" class="wide" tabindex="-1">${content}</main>
        <footer class="site">
          <div class="wide">
            <p>${say('page:frame.footer')}</p>
            ${footerLinks(reply, language)}
          </div>
        </footer>
      </body>
    </html> `;
}

/** Where the page stands for good, and in the other language. Search engines want whole addresses. */
function alternateLinks({ language, alternates = [], publicUrl }: Page): SafeHtml[] {
  return alternates.flatMap((one) => [
    html`<link rel="alternate" hreflang="${one.language}" href="${publicUrl}${one.path}" />`,
    ...(one.language === language ? [html`<link rel="canonical" href="${publicUrl}${one.path}" />`] : []),
  ]);
}

/** What others show of a link to a page of the site (Open Graph), without a picture. */
function preview({ alternates = [], description, language, publicUrl, title }: Page): SafeHtml[] {
  const own = alternates.find((one) => one.language === language);
  if (!own) return [];
  const properties = {
    site_name: 'Inkoopkalender',
    type: 'website',
    title,
    description,
    url: `${publicUrl}${own.path}`,
    locale: LOCALES[language],
  };
  return Object.entries(properties).map(([name, value]) =>
    value === undefined ? html`` : html`<meta property="og:${name}" content="${value}" />`,
  );
}

function languageSwitch(reply: FastifyReply, { language, alternates = [], search = '' }: Page): SafeHtml | '' {
  const other = alternates.find((one) => one.language !== language);
  if (!other) return '';
  return html`<a class="language" href="${addressAt(reply, other.path)}${search}" lang="${other.language}" hreflang="${other.language}"
    >${wordsIn(other.language)('page:frame.language')}</a
  >`;
}

function menu(reply: FastifyReply, { language, alternates = [] }: Page): SafeHtml | '' {
  const { paths } = reply.server;
  const pages = MENU.filter((path) => paths.has(path) && !(path === '/inloggen' && reply.request.signedIn !== null));
  if (pages.length === 0) return '';
  const say = wordsIn(language);
  const links = pages.map((path) => {
    const address = pathIn(language, path);
    const isHere = alternates.some((one) => one.path === address || one.path.startsWith(`${address}/`));
    return html`<li>
      <a href="${addressAt(reply, address)}" ${isHere ? html`aria-current="page"` : ''}>${say(`page:menu.${path.slice(1)}`)}</a>
    </li>`;
  });
  return html`<nav aria-label="${say('page:frame.nav')}">
    <ul>
      ${links}
    </ul>
  </nav>`;
}

/** For who is signed in: what is one's own, and the way out. Everybody else is let in by the last link of the menu. */
function account(reply: FastifyReply, { language, alternates = [] }: Page): SafeHtml | '' {
  const { request } = reply;
  if (request.signedIn === null) return '';
  const say = wordsIn(language);
  const pages = [...(request.signedIn.session.editorLabel === null ? [] : [EDITING]), ...ACCOUNT];
  const links = pages
    .filter((path) => reply.server.paths.has(path))
    .map((path) => {
      const address = path === EDITING ? path : pathIn(language, path);
      const isHere = alternates.some((one) => one.path === address);
      return html`<li>
        <a href="${addressAt(reply, address)}" ${isHere ? html`aria-current="page"` : ''}>${say(`account:menu.${path.slice(1)}`)}</a>
      </li>`;
    });
  return html`<nav class="account" aria-label="${say('account:nav')}">
    <ul>
      ${links}
      <li>
        <form method="post" action="${addressAt(reply, pathIn(language, '/uitloggen'))}">
          ${sessionField({ request })}<button type="submit">${say('account:sign_out.button')}</button>
        </form>
      </li>
    </ul>
  </nav>`;
}

function footerLinks(reply: FastifyReply, language: Language): SafeHtml {
  const say = wordsIn(language);
  const pages = FOOTER.filter((path) => reply.server.paths.has(path));
  return html`<ul>
    ${pages.map((path) => {
      // The reference of the API is in English alone.
      const address = reply.server.paths.has(pathIn('en', path)) ? pathIn(language, path) : path;
      return html`<li><a href="${addressAt(reply, address)}">${say(`page:footer.${path.slice(1)}`)}</a></li>`;
    })}
  </ul>`;
}

/** The calendar with its tick, in the colours around it. */
function logo(): SafeHtml {
  return html`<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.5">
    <rect x="3" y="6" width="26" height="23" rx="4" />
    <path d="M3 13h26M10 3v6M22 3v6M10.5 21l4 4 7-8" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}
