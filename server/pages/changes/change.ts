/** The page of one change: what became of an entry, what was and is, why, and the sentences it rested on and rests on. */
import { sameText } from '../../../calendars/canonical.ts';
import { writeDay } from '../../../calendars/days.ts';
import { AppError } from '../../../calendars/errors.ts';
import type { Source } from '../../../calendars/deadlines/deadline.ts';
import { writeAloneReason } from '../../../calendars/editions/alone.ts';
import { groundOf } from '../../../calendars/deadlines/wording/grounds.ts';
import { placesOfDate } from '../../../calendars/quoted-days.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { getPublicChange, kindOfChange, type PublicChange } from '../../../db/registry/public/changes.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import type { Deps } from '../../deps.ts';
import { findEntry } from '../dates/entry-facts.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { dutch, groundView } from '../parts/dutch.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { quote } from '../parts/quote.ts';
import { rowList } from '../parts/rows.ts';
import { writeMoment } from '../people/moment.ts';
import { daysOfChange, placeOfChange, rowsOfChange } from './told.ts';

interface ChangeContent {
  change: PublicChange;
  names: ReadonlyMap<string, string>;
  /** The newest change of the same entry, where it is another one. */
  laterId: string | null;
}

/** The change that an address names; null where there is none that is public. */
export async function readChange({ cache, read }: Pick<Deps, 'cache' | 'read'>, { request }: PageAsk): Promise<ChangeContent | null> {
  const { changeId } = request.params as { changeId: string };
  const registry = await cache.refresh();
  try {
    const change = await getPublicChange(read, changeId);
    const newest = findEntry(registry, change.after.id)?.changeId ?? null;
    return { change, names: registry.names, laterId: newest === change.id ? null : newest };
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}

export function changeText(ask: PageAsk, { change, laterId, names }: ChangeContent): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const { after, aloneReason, before, publicAt } = change;
  const title = say('changes:heading', { kind: say(`mail:change.kind.${kindOfChange(change)}`), title: titleOf(after, language) });
  const place = placeOfChange(change, names, language);
  const days = daysOfChange(change, language);
  const rows = rowsOfChange(change, language);
  const announced = after.announcedOn === null ? '' : say('changes:announced', { day: writeDay(after.announcedOn, language) });
  const content = html`<nav class="back unprinted" aria-label="${say('changes:back')}">
      <a href="${pageAddress(ask, '/wijzigingen')}">${say('changes:back')}</a>
    </nav>
    <h1>${title}</h1>
    <p class="lead">${place}</p>
    ${laterId === null ? '' : laterNotice(ask, laterId)} ${aloneReason === null ? '' : aloneNotice(aloneReason, language)}
    <p>${say('changes:public_on', { moment: writeMoment(publicAt, language) })} ${announced}</p>
    <section aria-labelledby="what">
      <h2 id="what">${say(before === null ? 'changes:what_new' : 'changes:what')}</h2>
      ${rows.length === 0 ? html`<p>${say('changes:reworded')}</p>` : rowList(rows)}
    </section>
    <section aria-labelledby="why">
      <h2 id="why">${say('changes:why')}</h2>
      <p>${after.reason === null ? say('changes:no_reason') : dutch(after.reason)}</p>
    </section>
    ${proofSections(change, laterId === null, language)}
    <p class="unprinted">${buttonLink(pageAddress(ask, `/datums/${after.id}`), say('changes:entry'))}</p>`;
  return { title: `${title} – ${place}`, description: days === '' ? `${title}. ${place}.` : `${title}. ${place}: ${days}.`, content };
}

function laterNotice(ask: PageAsk, id: string): SafeHtml {
  const say = wordsIn(ask.language);
  return notice(
    html`${say('changes:later')} <a href="${pageAddress(ask, `/wijzigingen/${id}`)}">${say('changes:later_link')}</a>`,
    'caution',
  );
}

/** As long as one editor alone has seen it. */
function aloneNotice(reason: string, language: Language): SafeHtml {
  const { ours, typed } = writeAloneReason(reason, language);
  return notice(
    html`<strong>${wordsIn(language)('changes:alone')}</strong> ${ours.join(' ')} ${typed === null ? '' : dutch(typed)}`,
    'caution',
  );
}

/** What it rests on now, and what stood there before as far as that was something else. `isNow`: nothing changed since. */
function proofSections({ after, before }: PublicChange, isNow: boolean, language: Language): SafeHtml {
  const say = wordsIn(language);
  const gone = (before?.sources ?? []).filter((source) => !after.sources.some((one) => sameText(one, source)));
  return html`<section aria-labelledby="proof">
      <h2 id="proof">${say(isNow ? 'changes:proof' : 'changes:proof_then')}</h2>
      ${
        after.sources.length === 0
          ? html`<p>${say('changes:no_proof')}</p>`
          : quotesOf(after.sources, after, { checkedOn: isNow ? after.checkedOn : undefined, language })
      }
      ${groundView(groundOf(after, language))}
    </section>
    ${
      before === null || gone.length === 0
        ? ''
        : html`<section aria-labelledby="earlier">
            <h2 id="earlier">${say('changes:earlier_proof')}</h2>
            ${quotesOf(gone, before, { checkedOn: undefined, language })}
          </section>`
    }`;
}

/** First those that name the day, or else the first; the others behind a click. */
function quotesOf(
  sources: readonly Source[],
  revision: Revision,
  { checkedOn, language }: { checkedOn: Day | null | undefined; language: Language },
): SafeHtml {
  const all = sources.map((source) => ({ source, places: source.quote === null ? [] : placesOfDate(revision, source.quote) }));
  const naming = all.filter(({ places }) => places.length > 0);
  const first = naming.length > 0 ? naming : all.slice(0, 1);
  const others = all.filter((one) => !first.includes(one));
  const show = (some: typeof all) => some.map(({ places, source }) => quote(source, checkedOn, language, places));
  return html`${show(first)}
  ${
    others.length === 0
      ? ''
      : html`<details>
          <summary>${wordsIn(language)('changes:more_quotes', { count: others.length })}</summary>
          ${show(others)}
        </details>`
  }`;
}
