/** The frame around every page. */
import { wordsIn } from '../../calendars/words.ts';
import type { Language } from '../../calendars/terms.ts';
import { html, type SafeHtml } from './html.ts';

/** A whole page; `title` is what the browser's tab shows. */
export function layout({ language, title, content }: { language: Language; title: string; content: SafeHtml }): string {
  const say = wordsIn(language);
  return String(
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title}</title>
          <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/assets/pico.css" />
          <link rel="stylesheet" href="/assets/site.css" />
        </head>
        <body>
          <a class="skip" href="#content">${say('page:frame.skip')}</a>
          <header>
            <nav aria-label="${say('page:frame.nav')}">
              <a href="/"><strong>Inkoopkalender</strong></a>
            </nav>
          </header>
          <main id="content" tabindex="-1">${content}</main>
          <footer><small>${say('page:frame.footer')}</small></footer>
        </body>
      </html> `,
  );
}
