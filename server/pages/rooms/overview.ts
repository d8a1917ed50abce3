/** An organisation's first page: what it has to do next, what it let pass, what it has done with, and its year. */
import type { AgendaItem } from '../../../calendars/agenda/concern.ts';
import { isOpenStep, type Step } from '../../../calendars/agenda/step.ts';
import { notesOf, requestNotes } from '../../../calendars/agenda/item-notes.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn, writeList } from '../../../calendars/words.ts';
import { readReminded, type Reminded } from '../../../db/recipients/reminded.ts';
import type { App, Deps } from '../../deps.ts';
import type { OwnDate } from '../parts/year/year-picture.ts';
import { yearSection } from '../parts/year/year-section.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { shortDay, timeLeft } from '../parts/day-block.ts';
import { entryList } from '../parts/entries.ts';
import { entriesOf, type UndatedEntry } from '../parts/entry-groups.ts';
import { writeInsurers } from '../parts/insurers.ts';
import { notice } from '../parts/notice.ts';
import { doneOf, openOf, passedOf, readRoomAgenda, type RoomAgenda } from './agenda-facts.ts';
import { roomAddress, roomText } from './frame.ts';
import { serveMemberPage, type MemberAsk } from '../session/guards.ts';

/** How many entries stand there at once; the others unfold. */
const NEXT = 6;
const DONE = 20;
const STEPS = 3;

export function overviewPage(deps: Deps) {
  const { clock, read, secret } = deps;
  return async (app: App) => {
    serveMemberPage(app, deps, '/o/:id', async (ask) => {
      const { id } = ask.organisation;
      const agenda = await readRoomAgenda(deps, id);
      return overviewText(ask, agenda, { reminded: await readReminded(read, id, secret, clock()), today: amsterdamDay(clock()) });
    });
  };
}

function overviewText(
  ask: MemberAsk,
  { items, names, steps }: RoomAgenda,
  { reminded, today }: { reminded: Reminded; today: Day },
): PageText {
  const { language, organisation } = ask;
  const say = wordsIn(language);
  const shown = { names, today };
  const open = openOf(items, today);
  const ours = open.filter(({ as }) => as !== 'informed');
  const theirs = open.filter(({ as }) => as === 'informed');
  const requests = requestNotes(items, today, language);
  const content = html`${remindedNotice(ask, reminded)}
    ${
      organisation.relations.length === 0
        ? notice(
            html`${say('room:next.no_insurers')} <a href="${roomAddress(ask, 'verzekeraars')}">${say('room:next.choose')}</a>`,
            'caution',
          )
        : ''
    }
    <section aria-labelledby="next">
      <h2 id="next">${say('room:next.ours')}</h2>
      ${ours.length === 0 ? html`<p>${say(isAllDone(items, steps, today) ? 'room:next.all_done' : 'room:next.none')}</p>` : unfolding(ask, ours, shown)}
      ${requests.map((text) => notice(text))}
    </section>
    ${stepSection(ask, steps, today)} ${passedSection(ask, passedOf(items, today), shown)}
    ${
      theirs.length === 0
        ? ''
        : html`<section aria-labelledby="theirs">
            <h2 id="theirs">
              ${say('room:next.theirs', {
                who: nameBuyer(
                  'plural',
                  theirs.map(({ deadline }) => deadline),
                  language,
                ),
              })}
            </h2>
            ${unfolding(ask, theirs, shown, 2)}
          </section>`
    }
    ${yearSection(
      items.flatMap(({ deadline }) => (isCounted(deadline) ? deadline : [])),
      { names, today, language, own: steps.map((step) => ownDate(step, language)) },
    )}
    ${doneSection(ask, doneOf(items), today)}`;
  return roomText(ask, { page: '', title: say('room:next.title'), lead: say('room:next.lead'), content });
}

function remindedNotice(ask: MemberAsk, { by }: Reminded): SafeHtml | '' {
  if (by === 'email') return '';
  const say = wordsIn(ask.language);
  return notice(html`${say('room:next.nobody')} <a href="${roomAddress(ask, 'ontvangers')}">${say('room:next.recipients')}</a>`, 'caution');
}

interface Shown {
  names: ReadonlyMap<string, string>;
  today: Day;
}

/** The first entries; those after them where somebody asks for them. */
function unfolding(ask: MemberAsk, items: readonly AgendaItem[], shown: Shown, most = NEXT): SafeHtml {
  const say = wordsIn(ask.language);
  const entries = entriesIn(ask, items, shown);
  const later = entries.slice(most);
  return html`${entryRows(ask, entries.slice(0, most), items, shown)}
  ${
    later.length === 0
      ? ''
      : html`<details>
          <summary>${say('room:next.later', { count: later.length })}</summary>
          ${entryRows(ask, later, items, shown)}
        </details>`
  }`;
}

function entriesIn({ language }: MemberAsk, items: readonly AgendaItem[], { names }: Shown) {
  return entriesOf(
    items.map(({ deadline }) => deadline),
    names,
    language,
  );
}

function entryRows(ask: MemberAsk, entries: ReturnType<typeof entriesIn>, items: readonly AgendaItem[], { today }: Shown): SafeHtml {
  const { language } = ask;
  const byDeadline = new Map<Deadline, AgendaItem>(items.map((item) => [item.deadline, item]));
  return entryList(entries, {
    language,
    today,
    addressOf: (id) => roomAddress(ask, 'datums', id),
    whyOf: (entry) => notesIn(ask, entry, byDeadline),
  });
}

/** What has to be read beside an entry: for whom it is delivered, and what its day alone does not say. */
function notesIn({ language, organisation }: MemberAsk, { lines }: UndatedEntry, byDeadline: ReadonlyMap<Deadline, AgendaItem>): string {
  const items = lines.flatMap(({ deadlines }) => deadlines.flatMap((deadline) => byDeadline.get(deadline) ?? []));
  const others = items.flatMap(({ organisations }) => organisations).filter(({ id }) => id !== organisation.id);
  const whose = [...new Set(others.map(({ name }) => name))];
  const forWhom = whose.length === 0 ? [] : [wordsIn(language)('room:next.for', { names: writeList(whose, language) })];
  const noted = items.flatMap((item) => notesOf(item, language).map((note) => ({ note, insurer: item.insurerName })));
  const alike = [...Map.groupBy(noted, ({ note }) => note)];
  // What holds of some of them only, names them.
  const insurers = (some: typeof noted) =>
    alike.length > 1
      ? `${writeInsurers(
          some.map(({ insurer }) => insurer),
          language,
        )}: `
      : '';
  return [...forWhom, ...alike.map(([note, some]) => insurers(some) + note)].join(' ');
}

/** Whether something was said to be done, and nothing waits for that: no duty, and no own date. */
function isAllDone(items: readonly AgendaItem[], steps: readonly Step[], today: Day): boolean {
  const isOver = passedOf(items, today).length === 0 && steps.every(({ completion }) => completion !== null);
  return isOver && doneOf(items).length + steps.length > 0;
}

/** The next own dates, with the way to all. */
function stepSection(ask: MemberAsk, steps: readonly Step[], today: Day): SafeHtml | '' {
  const { language } = ask;
  const open = steps.filter((step) => isOpenStep(step, today));
  if (open.length === 0) return '';
  const say = wordsIn(language);
  return html`<section aria-labelledby="own-dates">
    <h2 id="own-dates">${say('room:steps.title')}</h2>
    <ul class="lines">
      ${open.slice(0, STEPS).map(
        ({ dueOn, title }) =>
          html`<li>
            <p class="what">${title}</p>
            <p class="small">${shortDay(dueOn, today, language)}. ${timeLeft(today, dueOn, language)}</p>
          </li>`,
      )}
    </ul>
    <p><a href="${roomAddress(ask, 'eigen-datums')}">${say('room:steps.all')}</a></p>
  </section>`;
}

/** An own date as it stands in the year: of one that is done it says so. */
function ownDate({ completion, dueOn, title }: Step, language: Language): OwnDate {
  return { day: dueOn, title: completion === null ? title : wordsIn(language)('room:steps.done_title', { title }) };
}

function passedSection(ask: MemberAsk, passed: readonly AgendaItem[], shown: Shown): SafeHtml | '' {
  if (passed.length === 0) return '';
  const say = wordsIn(ask.language);
  return html`<section aria-labelledby="passed">
    <h2 id="passed">${say('room:next.passed')}</h2>
    <p>${say('room:next.passed_text')}</p>
    ${unfolding(ask, passed.toReversed(), shown, 3)}
  </section>`;
}

function doneSection(ask: MemberAsk, done: readonly AgendaItem[], today: Day): SafeHtml | '' {
  if (done.length === 0) return '';
  const { language } = ask;
  const say = wordsIn(language);
  return html`<section aria-labelledby="done">
    <h2 id="done">${say('room:next.done')}</h2>
    <ul class="lines">
      ${done.slice(0, DONE).map(
        ({ completion, deadline, insurerName }) =>
          html`<li>
            <p class="what">
              <a href="${roomAddress(ask, 'datums', deadline.id)}">${titleOf(deadline, language)}</a>
              ${insurerName ?? say('common:sector')}
            </p>
            <p class="small">
              ${say(completion!.notApplicable === undefined ? 'room:duty.submitted_short' : 'room:duty.not_applicable_short')}
              ${shortDay(completion!.completedOn, today, language)}. ${say('room:duty.by', { by: completion!.by })}
            </p>
          </li>`,
      )}
    </ul>
  </section>`;
}
