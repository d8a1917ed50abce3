/** All insurers: for each what comes next, and how much the registry knows of it. */
import { amsterdamDay } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { newestKnown } from '../../../calendars/deadlines/knowledge.ts';
import { fitting } from '../../../calendars/deadlines/listing.ts';
import type { Day } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { listInsurers } from '../../../db/registry/insurers.ts';
import type { Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { shortDay } from '../parts/day-block.ts';
import { isInsurersAct } from '../../../calendars/deadlines/listing.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { certaintyMark } from '../parts/marks.ts';
import { entryLink, pageAddress } from '../parts/page-link.ts';
import { withoutSource } from './requirements.ts';

interface Lines {
  today: Day;
  insurers: readonly { slug: string; name: string; remarks: readonly string[]; deadlines: readonly Deadline[] }[];
}

export async function readLines({ cache, clock, read }: Pick<Deps, 'cache' | 'clock' | 'read'>): Promise<Lines> {
  const { parts } = await cache.refresh();
  const insurers = await listInsurers(read);
  const published = (slug: string) => (parts.get(slug)?.deadlines ?? []).filter(({ status }) => status === 'published');
  return {
    today: amsterdamDay(clock()),
    insurers: insurers.map(({ slug, name, remarks }) => ({ slug, name, remarks, deadlines: published(slug) })),
  };
}

export function listText(ask: PageAsk, { insurers, today }: Lines): PageText {
  const say = wordsIn(ask.language);
  const sorted = insurers.toSorted((a, b) => compareNames(a.name, b.name, ask.language));
  const content = html`<h1>${say('page:insurers.title')}</h1>
    <p class="lead">${say('page:insurers.lead')}</p>
    ${sorted.length === 0 ? html`<p>${say('page:insurers.none')}</p>` : ''}
    <ul class="insurer-list">
      ${sorted.map(
        ({ deadlines, name, remarks, slug }) =>
          html`<li>
            <h2><a href="${pageAddress(ask, `/verzekeraars/${slug}`)}">${name}</a></h2>
            <p>${nextView(ask, deadlines, today)}</p>
            <p class="small">${knownView(ask, deadlines, remarks)}</p>
          </li>`,
      )}
    </ul>`;
  return { title: say('page:insurers.title'), description: say('page:insurers.lead'), content };
}

/** The next that readers have to do; where there is none, what the insurer does. */
function nextView(ask: PageAsk, deadlines: readonly Deadline[], today: Day): SafeHtml {
  const upcoming = deadlines.filter(fitting({ upcoming: true }, today)).sort((a, b) => compare(countingDay(a) ?? '', countingDay(b) ?? ''));
  const next = upcoming.find((one) => !isInsurersAct(one)) ?? upcoming[0];
  if (next === undefined) return html`${wordsIn(ask.language)('page:insurers.no_next')}`;
  return html`<strong>${shortDay(countingDay(next)!, today, ask.language, isAssumed(next))}</strong> ${entryLink(ask, next)}
    ${certaintyMark(next, ask.language)}`;
}

/** "Beleid 2025 ingevoerd", or why there is nothing, in the registry's own words. */
function knownView({ language }: PageAsk, deadlines: readonly Deadline[], remarks: readonly string[]): SafeHtml {
  const say = wordsIn(language);
  const known = newestKnown(deadlines);
  if (known !== null) return html`${say(`page:insurers.known.${known.from}`, { year: known.year })}`;
  const reasons = remarks.map(withoutSource).join(' ');
  return html`${say('page:insurers.nothing')} <span lang="nl">${reasons}</span>`;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
