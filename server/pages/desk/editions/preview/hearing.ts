/** Who hears of an edition, as counts; of people no more than how many they are. */
import { upperFirst } from '../../../../../calendars/letter-case.ts';
import type { Role } from '../../../../../calendars/terms.ts';
import { writeList } from '../../../../../calendars/words.ts';
import type { Hearing, ToldKind, Unreached } from '../../../../../db/sending/preview/hearing.ts';
import { html, type SafeHtml } from '../../../html.ts';
import { notice } from '../../../parts/notice.ts';
import { rowList } from '../../../parts/rows.ts';
import { say } from '../../frame.ts';

export function hearingSection({ told, uncounted, unreached, untouched }: Hearing): SafeHtml {
  const count = told.reduce((sum, { recipients }) => sum + recipients, 0);
  return html`<section aria-labelledby="hearing">
    <h2 id="hearing">${say('edition:preview.hearing')}</h2>
    ${uncounted === 0 ? '' : notice(say('edition:preview.uncounted', { count: uncounted }), 'caution')}
    <p>${count === 0 ? say('edition:preview.nobody') : say('edition:preview.told', { count })}</p>
    ${rowList(told.map((kind) => ({ label: rolesOf(kind.roles), value: toldWords(kind) })))} ${unreachedPart(unreached)}
    ${untouched === 0 ? '' : html`<p>${say('edition:preview.untouched', { count: untouched })}</p>`}
  </section>`;
}

/** "Regio-organisaties en huisartsenpraktijken". */
export function rolesOf(roles: readonly Role[]): string {
  const names = roles.map((role) => say(`page:entry.who.${role}`));
  return upperFirst(names.length === 0 ? say('edition:preview.no_role') : writeList(names, 'nl'));
}

function toldWords({ organisations, paused, recipients }: ToldKind): string {
  const people = say('edition:preview.recipients', { count: recipients });
  const where = say('edition:preview.organisations', { count: organisations });
  return [
    say('edition:preview.told_kind', { people, where }),
    ...(paused === 0 ? [] : [say('edition:preview.paused', { count: paused })]),
  ].join(' ');
}

/** So many organisations are named; the rest is counted. */
const MOST_NAMED = 50;

function unreachedPart(unreached: readonly Unreached[]): SafeHtml | '' {
  if (unreached.length === 0) return '';
  const rest = unreached.length - MOST_NAMED;
  return html`<h3>${say('edition:preview.unreached')}</h3>
    <p>${say('edition:preview.unreached_text', { count: unreached.length })}</p>
    <details ${unreached.length <= FEW ? html`open` : ''}>
      <summary>${say('edition:preview.unreached_open', { count: unreached.length })}</summary>
      <ul>
        ${unreached.slice(0, MOST_NAMED).map((one) => html`<li><strong>${one.name}</strong>: ${unreachedWords(one)}</li>`)}
      </ul>
      ${rest > 0 ? html`<p>${say('edition:preview.unreached_rest', { count: rest })}</p>` : ''}
    </details>`;
}

/** As many are seen at once. */
const FEW = 10;

function unreachedWords({ told, why }: Unreached): string {
  const reasons = Object.entries(why).map(([name, count]) => say(`edition:preview.why.${name}`, { count }));
  if (reasons.length === 0) return say('edition:preview.why.none');
  return `${writeList(reasons, 'nl')}. ${told === 0 ? say('edition:preview.why.nobody') : say('edition:preview.why.others', { count: told })}`;
}
