/** Who runs the service, and how to reach them: as far as they filled it in. */
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { notice } from '../parts/notice.ts';

/** Who answers for the service; a notice where nobody is named. */
export function operatorLine({ operator = null }: Pick<Deps, 'operator'>, language: Language): SafeHtml {
  const say = wordsIn(language);
  if (operator === null) return notice(say('page:operator.missing'), 'caution');
  return html`<p>
    ${say('page:operator.is', { name: operator.name })}<br />${say('page:operator.address', { address: operator.address })}
  </p>`;
}

/** Where to write to; where nothing was filled in it says so. */
export function contactLines({ contact = {} }: Pick<Deps, 'contact'>, language: Language): SafeHtml {
  const say = wordsIn(language);
  const { email, url } = contact;
  if (email === undefined && url === undefined) return notice(say('page:operator.no_contact'), 'caution');
  return html`<ul class="links">
    ${email === undefined ? '' : html`<li>${say('page:operator.email')} <a href="mailto:${email}">${email}</a></li>`}
    ${url === undefined ? '' : html`<li>${say('page:operator.web')} <a href="${url}">${url}</a></li>`}
  </ul>`;
}
