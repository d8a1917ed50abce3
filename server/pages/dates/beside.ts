/** What stands beside an entry: the same of other insurers, and the way into a calendar. */
import type { Language } from '../../../calendars/terms.ts';
import { countBuyers } from '../../../calendars/deadlines/wording/buyers.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { buttonLink } from '../parts/button.ts';
import { compareNames } from '../../../calendars/collation.ts';
import type { EntryFacts } from './entry-facts.ts';

/** The same of other insurers, each with a link. */
export function siblingSection(
  { deadline, names, siblings }: EntryFacts,
  { addressOf, language }: { addressOf: (id: string) => string; language: Language },
): SafeHtml | '' {
  if (siblings.length === 0) return '';
  const say = wordsIn(language);
  const named = siblings
    .map(({ id, insurer }) => ({ id, name: names.get(insurer ?? '') ?? insurer ?? '' }))
    .sort((a, b) => compareNames(a.name, b.name, language));
  return html`<section aria-labelledby="siblings">
    <h2 id="siblings">${say('page:date.siblings.title')}</h2>
    <p>
      ${say(`page:date.siblings.${deadline.certainty}`, { whom: countBuyers(siblings, language) })}
      ${named.map(({ id, name }, i) => html`<a href="${addressOf(id)}">${name}</a>${i < named.length - 1 ? ', ' : '.'}`)}
    </p>
  </section>`;
}

/** How it gets into a calendar: by a subscription that changes with it, or as a copy. */
export function agendaSection(
  { deadline, insurerName }: EntryFacts,
  { at, language }: { at: (path: string) => string; language: Language },
): SafeHtml | '' {
  const { dueOn, id, insurer } = deadline;
  if (dueOn === null) return '';
  const say = wordsIn(language);
  return html`<section class="unprinted" aria-labelledby="agenda">
    <h2 id="agenda">${say('page:date.agenda')}</h2>
    ${
      insurer === null || insurerName === null
        ? ''
        : html`<p>${say('page:date.subscribe_text', { insurer: insurerName })}</p>
            <p>${buttonLink(at(`/agenda?insurer=${insurer}`), say('page:date.subscribe', { insurer: insurerName }))}</p>`
    }
    <p><a href="${at(`/datums/${id}/datum.ics`)}">${say('page:date.ics')}</a><br />${say('page:date.ics_text')}</p>
  </section>`;
}
