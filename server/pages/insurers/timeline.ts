/** The dates of an insurer's year: by day, with who acts, where, how sure it is, and what proves it. */
import { nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import { upperFirst } from '../../../calendars/letter-case.ts';
import { addressLink, writeChannel } from '../../../calendars/channel-text.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { contractTerms, runningTerm, writeTerm } from '../../../calendars/deadlines/contract-terms.ts';
import { countingDay, type Channel, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import type { Day } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageAsk } from '../page.ts';
import { dayBlock, timeLeft } from '../parts/day-block.ts';
import { withDutch } from '../parts/dutch.ts';
import { writeWho } from '../parts/entries.ts';
import { isInsurersAct } from '../../../calendars/deadlines/listing.ts';
import { entriesOf, type Entry } from '../parts/entry-groups.ts';
import { certaintyMark } from '../parts/marks.ts';
import { entryLink } from '../parts/page-link.ts';
import { sharedLine, sharedSource, sourceLine, type SharedSource } from './source-line.ts';
import type { Shelf } from './section.ts';
import type { InsurerYear } from './insurer-year.ts';

/** What readers do, and below it what the insurer does itself. */
export function timelineShelves(ask: PageAsk, { all, bought, insurer, today }: InsurerYear, year: number): Shelf[] {
  const say = wordsIn(ask.language);
  const dated = all.filter((one) => one.contractYear === year && isCounted(one) && countingDay(one) !== null);
  const terms = contractTerms(all, insurer.slug);
  const names = new Map([[insurer.slug, insurer.name]]);
  const shared = sharedSource(dated);
  const itemsOf = (some: Deadline[]) =>
    entriesOf(some, names, ask.language).map((entry) => {
      const term = entry.lines[0].deadlines[0].activity === 'contract_request' ? runningTerm(terms, year) : null;
      const remark = term === null ? '' : say('page:insurer.term_runs', { term: writeTerm(term) });
      return entryItem(ask, entry, { bought, remark, shared, today });
    });
  return [
    { intro: sharedLine(shared, ask.language), items: itemsOf(dated.filter((one) => !isInsurersAct(one))), look: 'entries' },
    {
      heading: say('page:insurer.insurers_acts', { who: nameBuyer('the', { insurerKind: insurer.kind }, ask.language) }),
      items: itemsOf(dated.filter(isInsurersAct)),
      look: 'entries',
    },
  ];
}

interface Beside {
  today: Day;
  /** What else is to be known of it; empty where nothing is. */
  remark: string;
  shared: SharedSource | null;
  bought: number;
}

function entryItem(ask: PageAsk, { day, lines, title }: Entry, { bought, remark, shared, today }: Beside): SafeHtml {
  const { language } = ask;
  const [first] = lines[0].deadlines;
  const left = whenLeft(ask, { day, today, isBought: first.contractYear === bought, isOnlyAssumed: isAssumed(first) });
  const [channel] = lines.flatMap(({ deadlines }) => deadlines.flatMap((one) => one.channel ?? []));
  return html`${dayBlock(day, language, isAssumed(first))}
    <div>
      <h3>${entryLink(ask, first)}</h3>
      <p class="who">
        ${writeWho(first, `${title} ${first.contractYear}`, language)}${left === '' ? '' : html` <span class="left">${left}</span>`}
      </p>
      ${channel?.address ? html`<p class="who">${channelLine(channel, ask)}</p>` : ''} ${remark === '' ? '' : html`<p>${remark}</p>`}
      <ul class="sureness">
        ${lines.map(({ deadlines, named }) => html`<li>${certaintyMark(deadlines[0], language)} ${sureness(ask, deadlines[0], named, shared)}</li>`)}
      </ul>
    </div>`;
}

/** How long there is, or of the year that is being bought that it is past; of other years everybody sees that. */
function whenLeft(
  { language }: PageAsk,
  { day, isBought, isOnlyAssumed, today }: { day: Day; isBought: boolean; isOnlyAssumed: boolean; today: Day },
): string {
  if (day < today) return isBought ? wordsIn(language)('page:insurer.past') : '';
  return isOnlyAssumed ? '' : timeLeft(today, day, language);
}

/** What the source names, whether two readings compete, and where it stands. */
function sureness({ language }: PageAsk, deadline: Deadline, named: string, shared: SharedSource | null): SafeHtml {
  const say = wordsIn(language);
  const conflict = deadline.conflict === null ? '' : html`<strong>${upperFirst(say(`feed:conflict.${deadline.conflict.kind}`))}.</strong> `;
  return html`<span class="small">${conflict}${named} ${sourceLine(deadline, shared, language)}</span>`;
}

/** Where something is handed in or asked: a mailbox with its subject filled in. */
function channelLine(channel: Channel, { language }: Pick<PageAsk, 'language'>): SafeHtml {
  const words = upperFirst(writeChannel(channel, language));
  const link = addressLink(channel);
  if (link === null || !words.endsWith(link.text)) return html`${withDutch(words, [channel.address], language)}`;
  return html`${words.slice(0, -link.text.length)}<a href="${link.url}">${link.text}</a>`;
}

/** One line of what has no day to lead: its title, who acts, and how sure it is. */
export function plainItem(ask: PageAsk, deadline: Deadline, when: string, shared: SharedSource | null): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const isForAll = deadline.insurer === null ? html` <strong>${say('page:insurer.for_all')}</strong>` : '';
  const title = titleOf(deadline, language);
  const event = deadline.rule.kind === 'event' ? deadline.rule.text.replace(/\.$/, '') : null;
  return html`<p class="what">${entryLink(ask, deadline)}</p>
    <p class="small">
      ${when === '' ? '' : html`<strong>${withDutch(when, [event], language)}</strong> `}${writeWho(deadline, `${title} ${deadline.contractYear}`, language)}${isForAll}
      ${certaintyMark(deadline, language)} ${sourceLine(deadline, shared, language)}
    </p>`;
}
