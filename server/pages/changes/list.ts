/** All changes of the registry, or those of one insurer, the newest first. */
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { kindOfChange, newestChanges, type PublicChange } from '../../../db/registry/public/changes.ts';
import type { Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { dutch } from '../parts/dutch.ts';
import { selectField } from '../parts/field.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { FEED_TYPES, feedPath } from './feeds.ts';
import { daysOfChange, placeOfChange } from './told.ts';

const PAGE_SIZE = 25;

interface Choice {
  /** Undefined: all. */
  insurer: string | undefined;
  /** Only what is older than the change of that number. */
  below: number | undefined;
  /** Whether an insurer was asked for that there is not. */
  isOdd: boolean;
}

/** `?insurer=` chooses one, `?voor=` goes on below a number. */
export async function listText(ask: PageAsk, { cache, read }: Pick<Deps, 'cache' | 'read'>): Promise<PageText> {
  const { language } = ask;
  const say = wordsIn(language);
  const { names } = await cache.refresh();
  const choice = readChoice(ask.request.query, names);
  const [shown, isLast] = pageOf(await newestChanges(read, choice, PAGE_SIZE + 1));
  const insurer = choice.insurer === undefined ? undefined : names.get(choice.insurer);
  const title = insurer === undefined ? say('changes:title') : say('changes:title_of', { insurer });
  const feeds = FEED_TYPES.map(({ end, type }) => ({ type, path: pathIn(language, feedPath(choice.insurer, end)) }));
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('changes:lead')}</p>
    ${choice.isOdd ? notice(say('changes:odd'), 'status') : ''} ${choiceForm(ask, choice, names)}
    ${shown.length === 0 ? html`<p>${noneText(insurer, language)}</p>` : dayViews(ask, shown, names)}
    ${pageLinks(ask, choice, isLast ? undefined : shown.at(-1))}
    <section aria-labelledby="follow" class="unprinted">
      <h2 id="follow">${say('changes:follow')}</h2>
      <p>${say('changes:follow_text')}</p>
      <ul class="links">
        ${FEED_TYPES.map(
          ({ end, name }) => html`<li><a href="${addressAt(ask.reply, pathIn(language, feedPath(choice.insurer, end)))}">${name}</a></li>`,
        )}
      </ul>
    </section>
    <p class="small">${say('changes:since')}</p>`;
  return { title, description: say('changes:lead'), feeds, content };
}

function readChoice(query: unknown, names: ReadonlyMap<string, string>): Choice {
  const { insurer: asked, voor } = query as { insurer?: unknown; voor?: unknown };
  const insurer = typeof asked === 'string' && names.has(asked) ? asked : undefined;
  const below = typeof voor === 'string' && /^[1-9]\d{0,8}$/.test(voor) ? Number(voor) : undefined;
  return { insurer, below, isOdd: asked !== undefined && asked !== '' && insurer === undefined };
}

/** What fits on a page of those that were read, and whether that is all. */
function pageOf(changes: readonly PublicChange[]): [PublicChange[], boolean] {
  return [changes.slice(0, PAGE_SIZE), changes.length <= PAGE_SIZE];
}

function noneText(insurer: string | undefined, language: PageAsk['language']): string {
  return insurer === undefined ? wordsIn(language)('changes:none') : wordsIn(language)('changes:none_of', { insurer });
}

function choiceForm(ask: PageAsk, { insurer = '' }: Choice, names: ReadonlyMap<string, string>): SafeHtml {
  const say = wordsIn(ask.language);
  const sorted = [...names].sort(([, a], [, b]) => compareNames(a, b, ask.language));
  return html`<form
    class="choice unprinted"
    method="get"
    action="${pageAddress(ask, '/wijzigingen')}"
    aria-label="${say('changes:choose')}"
  >
    ${selectField({
      name: 'insurer',
      label: say('page:choice.insurer'),
      value: insurer,
      options: [{ value: '', label: say('page:choice.all_insurers') }, ...sorted.map(([value, label]) => ({ value, label }))],
    })}
    ${button(say('changes:show'), 'primary')}
  </form>`;
}

/** Day by day, as they became public. */
function dayViews(ask: PageAsk, changes: readonly PublicChange[], names: ReadonlyMap<string, string>): SafeHtml[] {
  const byDay = Map.groupBy(changes, ({ publicAt }) => amsterdamDay(publicAt));
  return [...byDay].map(
    ([day, some]) =>
      html`<section aria-labelledby="d${day}">
        <h2 id="d${day}"><time datetime="${day}">${writeDay(day, ask.language)}</time></h2>
        <ul class="lines">
          ${some.map((change) => lineView(ask, change, names))}
        </ul>
      </section>`,
  );
}

function lineView(ask: PageAsk, change: PublicChange, names: ReadonlyMap<string, string>): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const { reason } = change.after;
  const days = daysOfChange(change, language);
  return html`<li>
    <p class="what"><a href="${pageAddress(ask, `/wijzigingen/${change.id}`)}">${titleOf(change.after, language)}</a></p>
    <p>${placeOfChange(change, names, language)}</p>
    <p><strong>${say(`mail:change.kind.${kindOfChange(change)}`)}</strong>${days === '' ? '' : `: ${days}`}</p>
    ${reason === null ? '' : html`<p class="small">${dutch(reason)}</p>`}
  </li>`;
}

/** `last`: the last one on the page, where older ones follow. */
function pageLinks(ask: PageAsk, { below, insurer }: Choice, last: PublicChange | undefined): SafeHtml | '' {
  if (below === undefined && last === undefined) return '';
  const say = wordsIn(ask.language);
  const link = (label: string, query: Record<string, string>) => {
    const search = new URLSearchParams({ ...(insurer === undefined ? {} : { insurer }), ...query }).toString();
    return html`<li><a href="${pageAddress(ask, '/wijzigingen')}${search === '' ? '' : `?${search}`}">${label}</a></li>`;
  };
  return html`<nav class="pages unprinted" aria-label="${say('changes:pages')}">
    <ul>
      ${below === undefined ? '' : link(say('changes:newest'), {})}
      ${last === undefined ? '' : link(say('changes:older'), { voor: String(last.number) })}
    </ul>
  </nav>`;
}
