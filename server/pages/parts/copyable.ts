/** A text that is to be used letter for letter: it can be selected, and with script be copied by a button. */
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';

/** `label` says what is copied: "Kopieer het onderwerp". `shown` stands in the place of the text, such as a link that has it. */
export function copyable(text: string, label: string, language: Language, shown?: SafeHtml): SafeHtml {
  const say = wordsIn(language);
  return html`<span class="copyable"
    >${shown ?? html`<span class="text" lang="nl">${text}</span>`}
    <button type="button" class="button small" data-copy="${text}" aria-label="${label}" hidden>${say('page:copy.button')}</button>
    <span class="said" role="status" data-done="${say('page:copy.done')}" data-failed="${say('page:copy.failed')}"></span
  ></span>`;
}
