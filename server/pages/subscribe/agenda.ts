/** The page that gives a calendar of one's own: a choice, what will stand in it, and a way into every app. */
import { selectionName, selectionQuery, type Buyers, type Selection } from '../../../calendars/agenda/selection.ts';
import { writeLongDay, addDays, amsterdamDay } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import type { FeedItem } from '../../../calendars/ics/feed-item.ts';
import { titleOfEntry } from '../../../calendars/ics/feed.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import { servePage } from '../page.ts';
import { shortDay } from '../parts/day-block.ts';
import { enrolAddress } from '../enrol/address.ts';
import { notice } from '../parts/notice.ts';
import { choiceErrors, choiceForm, readChoice, selectionOf } from './choice.ts';
import { appHelp, appRow, otherWays } from './ways.ts';

const PATH = '/agenda';
/** How many entries stand there as they will look. */
const NEXT = 5;
const YEAR_DAYS = 365;

export function agendaPage(deps: Deps) {
  return async (app: App) => {
    servePage(app, deps, PATH, async (ask) => {
      const { language, reply, request } = ask;
      const say = wordsIn(language);
      const { kinds, names } = await deps.cache.refresh();
      const now = deps.clock();
      const choice = readChoice(request.query, names);
      const selection = selectionOf(choice, names, language);
      const form = choiceForm(choice, names, addressAt(reply, pathIn(language, PATH)), language);
      // In which order apps stand hangs on the device.
      reply.header('vary', 'User-Agent');
      const shown =
        selection === null
          ? form
          : html`${calendarView({
                selection,
                buyers: { kinds, names },
                publicUrl: deps.publicUrl,
                userAgent: request.headers['user-agent'] ?? '',
                items: await deps.feeds.selectionItems(selection, now),
                today: amsterdamDay(now),
              })}
              <section aria-labelledby="choice" class="unprinted">
                <h2 id="choice">${say('page:agenda.other')}</h2>
                ${form}
              </section>`;
      const content = html`<h1>${say('page:agenda.title')}</h1>
        <p class="lead">${say(selection === null ? 'page:agenda.lead' : 'page:agenda.lead_chosen')}</p>
        ${mailInstead(enrolAddress(ask, deps, choice), language)} ${choiceErrors(choice, language)}
        ${choice.isOdd ? notice(say('page:choice.odd'), 'status') : ''} ${shown}`;
      const calendar = selection === null ? {} : { calendar: `/calendars/selection.ics?${selectionQuery(selection)}` };
      return { title: say('page:agenda.title'), description: say('page:agenda.lead'), content, ...calendar };
    });
  };
}

/** The way to mails for who rather has those; nothing where nobody is let in. */
function mailInstead(address: string | null, language: Language): SafeHtml | '' {
  const say = wordsIn(language);
  return address === null
    ? ''
    : html`<p class="unprinted"><a href="${address}">${say('page:enrol.link')}</a> ${say('page:enrol.link_text')}</p>`;
}

interface CalendarContent {
  selection: Selection;
  buyers: Buyers;
  publicUrl: string;
  userAgent: string;
  /** All that is in it, by day. */
  items: readonly FeedItem[];
  today: Day;
}

function calendarView({ buyers, items, publicUrl, selection, today, userAgent }: CalendarContent): SafeHtml {
  const { language } = selection;
  const say = wordsIn(language);
  const coming = items.filter(({ deadline }) => deadline.status === 'published' && countingDay(deadline) >= today);
  const first = coming[0];
  const name = `Inkoopkalender ${selectionName(selection, buyers)}`;
  const calendar = `${publicUrl}/calendars/selection.ics?${selectionQuery(selection)}`;
  // The page's own address says the language.
  const page = `${publicUrl}${pathIn(language, PATH)}?${selectionQuery({ ...selection, language: 'nl' })}`;
  const way = { calendar, page, name, publicUrl, userAgent, language };
  const sign =
    first &&
    say(`page:agenda.sign${isAssumed(first.deadline) ? '_around' : ''}`, {
      day: writeLongDay(countingDay(first.deadline), language),
      title: titleOfEntry(first, language),
    });
  return html`<p>${chosenLine(selection, buyers)} <a class="unprinted" href="#choice">${say('page:agenda.other')}</a></p>
    <section aria-labelledby="ways">
      <h2 id="ways">${say('page:agenda.ways')}</h2>
      ${appRow(way)}
    </section>
    <section aria-labelledby="preview">
      <h2 id="preview">${say('page:agenda.preview')}</h2>
      ${preview(coming, today, language)}
    </section>
    ${otherWays(way)} ${appHelp(way, sign ?? '')}`;
}

/** For whom it is: "Voor: huisartsenpraktijk, CZ en VGZ. Met contract." */
function chosenLine(selection: Selection, buyers: Buyers): string {
  const say = wordsIn(selection.language);
  return `${say('page:agenda.chosen', { name: selectionName(selection, buyers) })} ${say(`page:agenda.chosen_status.${selection.status}`)}`;
}

/** How many dates in a year and how far ahead, and the first of them as they will look. */
function preview(coming: readonly FeedItem[], today: Day, language: Language): SafeHtml {
  const say = wordsIn(language);
  const last = coming.at(-1);
  if (!last) return html`<p>${say('page:agenda.none')}</p>`;
  const [lastOn, untilNextYear] = [countingDay(last.deadline), addDays(today, YEAR_DAYS)];
  const count = coming.filter(({ deadline }) => countingDay(deadline) <= untilNextYear).length;
  // One that is not counted is none of those: the calendar goes on until then.
  const name = lastOn <= untilNextYear ? 'horizon' : 'beyond';
  const horizon = say(`page:agenda.${name}${isAssumed(last.deadline) ? '_around' : ''}`, { day: writeLongDay(lastOn, language) });
  return html`<p>${say('page:agenda.count', { count })} ${horizon}</p>
    <ol class="calendar-preview">
      ${coming.slice(0, NEXT).map(
        (item) =>
          html`<li>
            ${shortDay(countingDay(item.deadline), null, language, isAssumed(item.deadline))}
            <span class="title">${titleOfEntry(item, language)}</span>
          </li>`,
      )}
    </ol>`;
}
