/** The form of a purchaser: each entry with its day, how sure it is, and its quote; below it whether that is right. */
import { compareNames } from '../../../calendars/collation.ts';
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { groundOf } from '../../../calendars/deadlines/wording/grounds.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import type { lastAnswers } from '../../../db/registry/purchasers/answers.ts';
import type { PurchaserLink } from '../../../db/registry/purchasers/links.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { shortDay } from '../parts/day-block.ts';
import { dutch, groundView } from '../parts/dutch.ts';
import { errorSummary, textArea, type Field } from '../parts/field.ts';
import { certaintyMark } from '../parts/marks.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { quote } from '../parts/quote.ts';
import { writeMoment } from '../people/moment.ts';
import { RIGHT, SEEN, seenOf, wrongName, type Faults, type Typed } from './typed.ts';

export interface PurchaserFacts {
  link: PurchaserLink;
  insurerName: string;
  /** All that is kept of the insurer, withdrawn entries too. */
  all: readonly Revision[];
  /** The contract year that is being bought, and the next. */
  years: readonly number[];
  /** What was said last by this link, by the entry's id. */
  answers: Awaited<ReturnType<typeof lastAnswers>>;
  today: Day;
}

export interface Shown {
  typed: Typed;
  faults: Faults;
  /** What is wrong with the form as a whole. */
  fault: string;
}

const NOTHING: Shown = { typed: new Map(), faults: new Map(), fault: '' };

export function formText(ask: PageAsk, facts: PurchaserFacts, given: Partial<Shown> = {}): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const shown = { ...NOTHING, ...given };
  const { insurerName, link, years } = facts;
  const entries = entriesIn(facts, shown.typed);
  const title = say('page:purchaser.title', { insurer: insurerName });
  const until = writeDay(amsterdamDay(link.expiresAt), language);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:purchaser.lead')}</p>
    <p>${say('page:purchaser.until', { day: until })}</p>
    ${saidBefore(facts, shown, language)} ${shown.fault === '' ? '' : html`<div role="alert">${notice(shown.fault, 'caution')}</div>`}
    ${errorSummary(
      entries.map((one) => fieldOf(one, shown.faults, language)),
      language,
    )}
    ${
      entries.length === 0
        ? html`<p>${say('page:purchaser.none')}</p>`
        : html`<form method="post" novalidate>
            <p>${button(say('page:purchaser.tick_all'), 'plain', { name: 'doe', value: 'alles' })}</p>
            ${years.map((year) => yearSection(ask, { year, entries: entries.filter((one) => one.contractYear === year) }, facts, shown))}
            <p class="small">${say('page:purchaser.kept')}</p>
            ${button(say('page:purchaser.send'), 'primary')}
          </form>`
    }`;
  return { title, content };
}

/** When something was last kept, wherever that is true; not while something else is told. */
function saidBefore({ link: { lastUsedAt } }: PurchaserFacts, { fault, faults, typed }: Shown, language: Language): SafeHtml | '' {
  if (lastUsedAt === null || fault !== '' || faults.size > 0 || typed.size > 0) return '';
  return notice(wordsIn(language)('page:purchaser.said', { moment: writeMoment(lastUsedAt, language) }), 'status');
}

/** What is published of these years, and what was typed about on a page from before it was withdrawn. */
function entriesIn({ all, years }: PurchaserFacts, typed: Typed): Revision[] {
  return all
    .filter(
      ({ contractYear, id, status }) => years.includes(contractYear) && (status === 'published' || (typed.get(id)?.wrong ?? '') !== ''),
    )
    .toSorted(compareEntries);
}

function compareEntries(a: Revision, b: Revision): number {
  const [one, other] = [countingDay(a) ?? '9', countingDay(b) ?? '9'];
  return one < other ? -1 : one > other ? 1 : compareNames(a.title, b.title, 'nl') || (a.id < b.id ? -1 : 1);
}

interface YearShelf {
  year: number;
  entries: readonly Revision[];
}

function yearSection(ask: PageAsk, { entries, year }: YearShelf, facts: PurchaserFacts, shown: Shown): SafeHtml {
  const say = wordsIn(ask.language);
  return html`<section aria-labelledby="y-${year}">
    <h2 id="y-${year}">${say('page:purchaser.year', { year })}</h2>
    ${entries.length === 0 ? html`<p>${say('page:purchaser.none_in_year')}</p>` : ''}
    <ul class="lines answers">
      ${entries.map((one) => html`<li>${entryView(ask, one, facts, shown)}</li>`)}
    </ul>
  </section>`;
}

function entryView(ask: PageAsk, entry: Revision, { answers, today }: PurchaserFacts, { faults, typed }: Shown): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const { checkedOn, id, revision, sources, status } = entry;
  const was = typed.get(id);
  const isChanged = was !== undefined && was.revision !== revision && (was.isRight || was.wrong !== '');
  const field = fieldOf(entry, faults, language);
  const isOpen = field.error !== undefined || (was?.wrong ?? '') !== '';
  return html`<fieldset>
    <legend class="what">${titleView(entry, language)}</legend>
    <input type="hidden" name="${SEEN}" value="${seenOf(entry)}" />
    <p>${dayView(entry, today, language)} ${certaintyMark(entry, language)}</p>
    ${sources.map((source) => quote(source, checkedOn, language))} ${groundView(groundOf(entry, language), 'small')}
    ${status === 'withdrawn' ? notice(say('page:purchaser.withdrawn'), 'caution') : ''}
    ${isChanged ? notice(say('page:purchaser.changed'), 'caution') : ''} ${answerLine(answers.get(id), revision, language)}
    <label class="tick"
      ><input type="checkbox" name="${RIGHT}" value="${id}" ${was?.isRight === true ? html`checked` : ''} />
      ${say('page:purchaser.right')}</label
    >
    <details ${isOpen ? html`open` : ''}>
      <summary>${say('page:purchaser.not_right')}</summary>
      ${textArea({ ...field, value: was?.wrong ?? '', rows: 3 })}
    </details>
    <p class="small">
      <a href="${pageAddress(ask, `/datums/${id}`)}" target="_blank" rel="noopener noreferrer"
        >${say('page:purchaser.open')}<span class="unseen">: ${titleOf(entry, language)}</span></a
      >
    </p>
  </fieldset>`;
}

const fieldOf = ({ id }: Revision, faults: Faults, language: Language): Field => ({
  name: wrongName(id),
  label: wordsIn(language)('page:purchaser.wrong'),
  error: faults.get(id),
});

/** In English the words of the registry stand beside what it is: they are what has to be right. */
function titleView(entry: Revision, language: Language): SafeHtml | string {
  return language === 'nl' ? entry.title : html`${titleOf(entry, language)} (${dutch(entry.title)})`;
}

function dayView(entry: Revision, today: Day, language: Language): SafeHtml | string {
  const day = countingDay(entry);
  return day === null ? wordsIn(language)('page:purchaser.no_day') : shortDay(day, today, language, isAssumed(entry));
}

/** What this link said last of the entry, and whether it has changed since. */
function answerLine(
  answer: { createdAt: Date; revision: number; wrong: string | null } | undefined,
  revision: number,
  language: Language,
): SafeHtml | '' {
  if (answer === undefined) return '';
  const say = wordsIn(language);
  const said = say(`page:purchaser.answered.${answer.wrong === null ? 'right' : 'wrong'}`, {
    day: writeDay(amsterdamDay(answer.createdAt), language),
  });
  return html`<p class="small"><strong>${said}</strong> ${answer.revision < revision ? say('page:purchaser.answered.older') : ''}</p>`;
}
