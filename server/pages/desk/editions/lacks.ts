/** What an edition says nothing of yet: dates to confirm one by one, what last year had, and all else that stands in its year. */
import { upperFirst } from '../../../../calendars/letter-case.ts';
import { canBeChecked } from '../../../../calendars/upkeep/upkeep.ts';
import { workLines, workOf } from '../../../../calendars/upkeep/work.ts';
import type { Revision } from '../../../../db/registry/revisions.ts';
import { html, type SafeHtml } from '../../html.ts';
import { button, buttonLink, labelAbout } from '../../parts/button.ts';
import { certaintyMark } from '../../parts/marks.ts';
import { entryLink, pageAddress } from '../../parts/page-link.ts';
import { quote } from '../../parts/quote.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { deskForm, deskPath, say } from '../frame.ts';
import { whenWords } from '../rule-words.ts';
import type { EditionFacts } from './facts.ts';

type Ways = (deadline: Revision) => SafeHtml;

/** `today`: for what the insurer's newest year lacks. */
export function lackSections(ask: EditorAsk, facts: EditionFacts, today: string): SafeHtml {
  const { current, edition, entries, lacking } = facts;
  const gathered = new Set(entries.map(({ standing }) => standing?.id));
  const rest = current.filter((one) => canBeChecked(one) && !gathered.has(one.id));
  const lines = lacksLines(facts, today);
  const form = (query: string, label: SafeHtml) =>
    buttonLink(`${pageAddress(ask, deskPath('edities', edition.id, 'nieuw'))}?${query}`, label);
  const confirm: Ways = ({ id, title }) => form(`neem-over=${id}`, labelAbout(say('edition:lacks.take_over'), title));
  const follow: Ways = ({ id, title }) => form(`zoals=${id}`, labelAbout(say('edition:lacks.like'), title));
  const change: Ways = ({ id, revision, title }) =>
    html`${form(`wijzig=${id}`, labelAbout(say('edition:lacks.change'), title))}
    ${form(`vervalt=${id}`, labelAbout(say('edition:lacks.end'), title))}
    ${deskForm(
      ask,
      deskPath('edities', edition.id),
      button(labelAbout(say('edition:lacks.still'), title), 'plain', { name: 'check', value: `${id}.${revision}` }),
    )}`;
  return html`<section aria-labelledby="lacks">
      <h2 id="lacks">${say('edition:lacks.title')}</h2>
      ${
        lines.length === 0
          ? ''
          : html`<ul>
              ${lines.map((line) => html`<li>${line}</li>`)}
            </ul>`
      }
      ${lines.length + lacking.unstated.length + lacking.unfollowed.length === 0 ? html`<p>${say('edition:lacks.nothing')}</p>` : ''}
      ${group(ask, 'unstated', lacking.unstated, confirm)} ${group(ask, 'unfollowed', lacking.unfollowed, follow)}
    </section>
    ${
      rest.length === 0
        ? ''
        : html`<section aria-labelledby="rest">
            <h2 id="rest">${say('edition:lacks.rest')}</h2>
            <details>
              <summary>${say('edition:lacks.rest_open', { count: rest.length })}</summary>
              ${list(ask, rest, change)}
            </details>
          </section>`
    }`;
}

/** What its year lacks once the edition counts. What is assumed or expected stands below one by one, and of another year's policy nothing is said here. */
function lacksLines({ current, earlier, edition, entries }: EditionFacts, today: string): string[] {
  const replaced = new Set(entries.map(({ entry }) => entry.deadlineId));
  const deadlines = [
    ...current.filter(({ id }) => !replaced.has(id)),
    ...entries.flatMap(({ entry, foretold, standing }) => (entry.act === 'withdraw' ? [] : (foretold ?? standing ?? []))),
    ...earlier,
  ];
  const work = workOf({ deadlines, newestDocumentOn: null, isSector: edition.insurerSlug === null }, today);
  const isMissing = work.policyOf === edition.contractYear && entries.length === 0;
  return workLines({ ...work, check: 0, assumed: 0, outdated: 0, policyOf: isMissing ? work.policyOf : null }, say);
}

function group(ask: EditorAsk, name: string, deadlines: readonly Revision[], ways: Ways): SafeHtml | '' {
  if (deadlines.length === 0) return '';
  return html`<h3>${say(`edition:lacks.${name}`)}</h3>
    <p>${say(`edition:lacks.${name}_text`)}</p>
    ${list(ask, deadlines, ways)}`;
}

function list(ask: EditorAsk, deadlines: readonly Revision[], ways: Ways): SafeHtml {
  return html`<ul class="lines">
    ${deadlines.map(
      (one) =>
        html`<li>
          <p class="what">${entryLink(ask, one)}</p>
          <p>${upperFirst(whenWords(one))} ${certaintyMark(one, 'nl')}</p>
          ${one.sources.slice(0, 1).map((source) => quote(source, one.checkedOn, 'nl'))}
          <div class="buttons">${ways(one)}</div>
        </li>`,
    )}
  </ul>`;
}
