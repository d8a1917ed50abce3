/** The ways of a calendar into an app: a row of equal buttons, its address, a QR code, a file, and what to know of each app. */
import { isLoopback } from '../../loopback.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { buttonLink } from '../parts/button.ts';
import { copyable } from '../parts/copyable.ts';
import { notice } from '../parts/notice.ts';
import { qrCode } from './qr.ts';
import { addressesFor, appsFor } from './apps.ts';

export interface Way {
  /** The whole address of the calendar. */
  calendar: string;
  /** The whole address of this page with the choice. */
  page: string;
  name: string;
  publicUrl: string;
  userAgent: string;
  language: Language;
}

/** One button for each app, all alike; the likeliest on this device first. */
export function appRow({ calendar, language, name, publicUrl, userAgent }: Way): SafeHtml {
  const say = wordsIn(language);
  const isReachable = !isLoopback(new URL(publicUrl).hostname);
  const addresses = addressesFor(calendar, name);
  return html`<ul class="apps">
      ${appsFor(userAgent, isReachable).map((app) => html`<li>${buttonLink(addresses[app], say(`page:agenda.apps.${app}.name`))}</li>`)}
    </ul>
    ${isReachable ? '' : notice(say('page:agenda.loopback'), 'caution')}
    <p>${say('page:agenda.android')}</p>`;
}

/** The plain address, the QR code, and apart from them the file that stays as it is. */
export function otherWays({ calendar, language, page, publicUrl }: Way): SafeHtml {
  const say = wordsIn(language);
  const isReachable = !isLoopback(new URL(publicUrl).hostname);
  return html`<div class="other-ways">
    <div>
      <section aria-labelledby="link">
        <h2 id="link">${say('page:agenda.link')}</h2>
        <p>${say('page:agenda.link_text')}</p>
        <p>${copyable(calendar, say('page:agenda.copy'), language)}</p>
      </section>
      <section aria-labelledby="file">
        <h2 id="file">${say('page:agenda.file')}</h2>
        ${notice(say('page:agenda.file_text'), 'caution')}
        <p><a href="${calendar}&amp;download=1">${say('page:agenda.file_link')}</a></p>
      </section>
    </div>
    ${
      isReachable
        ? html`<section aria-labelledby="phone">
            <h2 id="phone">${say('page:agenda.phone')}</h2>
            <p>${say('page:agenda.phone_text')}</p>
            ${qrCode(page, say('page:agenda.phone_label'))}
          </section>`
        : ''
    }
  </div>`;
}

/** Of each app how fresh it is, how to see that it worked, and how to undo it. */
export function appHelp({ language, publicUrl, userAgent }: Way, sign: string): SafeHtml {
  const say = wordsIn(language);
  return html`<section aria-labelledby="help">
    <h2 id="help">${say('page:agenda.help')}</h2>
    <p>${say('page:agenda.worked')} ${sign}</p>
    <div class="app-help">
      ${appsFor(userAgent, !isLoopback(new URL(publicUrl).hostname)).map(
        (app) =>
          html`<div>
            <h3>${say(`page:agenda.apps.${app}.name`)}</h3>
            <dl>
              ${(['fresh', 'see', 'undo'] as const).map(
                (what) =>
                  html`<dt>${say(`page:agenda.${what}`)}</dt>
                    <dd>${say(`page:agenda.apps.${app}.${what}`)}</dd>`,
              )}
            </dl>
          </div>`,
      )}
    </div>
  </section>`;
}
