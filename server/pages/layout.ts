/** The frame around every page. */
import type { FastifyReply } from 'fastify';
import { wordsIn } from '../../calendars/words.ts';
import type { Language } from '../../calendars/terms.ts';
import { addressAt } from '../http/paths.ts';
import { html, type SafeHtml } from './html.ts';

/** What a page is made of; `title` is what the browser's tab shows. */
interface Page {
  language: Language;
  title: string;
  content: SafeHtml;
}

/** A whole page, for the service that answers with it. */
export function layout(reply: FastifyReply, { language, title, content }: Page): string {
  const say = wordsIn(language);
  return String(
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title}</title>
          <link rel="icon" href="${addressAt(reply, '/assets/favicon.svg')}" type="image/svg+xml" />
          <link rel="stylesheet" href="${addressAt(reply, '/assets/pico.css')}" />
          <link rel="stylesheet" href="${addressAt(reply, '/assets/site.css')}" />
        </head>
        <body>
          <a class="skip" href="#content">${say('page:frame.skip')}</a>
          <header>
            <nav aria-label="${say('page:frame.nav')}">
              <a href="${addressAt(reply, '/')}"><strong>Inkoopkalender</strong></a>
            </nav>
          </header>
          <main id="content" tabindex="-1">${content}</main>
          <footer><small>${say('page:frame.footer')}</small></footer>
        </body>
      </html> `,
  );
}
