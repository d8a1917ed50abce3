/** What stands in an insurer's year beside its dates: what has no day, periods, how long a contract runs, and what is promised or planned. */
import { upperFirst } from '../../../calendars/letter-case.ts';
import { writeDay } from '../../../calendars/days.ts';
import { contractTerms, runningTerm, writeTerm } from '../../../calendars/deadlines/contract-terms.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { newestUpTo } from '../../../calendars/deadlines/knowledge.ts';
import type { Kind, Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageAsk } from '../page.ts';
import { compareNames } from '../../../calendars/collation.ts';
import type { InsurerYear } from './insurer-year.ts';
import type { Section, Shelf } from './section.ts';
import { sharedLine, sharedSource } from './source-line.ts';
import { plainItem } from './timeline.ts';

/** What has no day, or waits for something; the sector's too. */
export function undatedSection(ask: PageAsk, { all, sector }: InsurerYear, year: number): Section {
  const say = wordsIn(ask.language);
  const undated = [...all, ...sector].filter((one) => one.contractYear === year && isCounted(one) && countingDay(one) === null);
  return {
    id: 'undated',
    title: say('page:insurer.undated'),
    intro: html`<p class="small">${say('page:insurer.undated_text')}</p>`,
    shelves: [lines(ask, undated, whenOf)],
  };
}

/** What happens within a period. */
export function periodsSection(ask: PageAsk, { all, sector }: InsurerYear, year: number): Section {
  const periods = [...all, ...sector].filter((one) => one.contractYear === year && one.kind === 'period');
  return {
    id: 'periods',
    title: wordsIn(ask.language)('page:insurer.periods'),
    shelves: [lines(ask, periods, whenOf)],
  };
}

/** How long contracts run: the newest that are known up to the year, and what that leaves out of it. */
export function termsSection(ask: PageAsk, { all, insurer }: InsurerYear, year: number): Section {
  const say = wordsIn(ask.language);
  const terms = newestUpTo(ofKind(all, 'term'), year);
  const running = runningTerm(contractTerms(all, insurer.slug), year);
  const isOver = running === null && terms.every(({ dueOn }) => dueOn !== null && dueOn < `${year}-01-01`);
  const text = running
    ? say('page:insurer.term_leaves_out', { term: writeTerm(running) })
    : isOver
      ? say('page:insurer.term_over', { year })
      : '';
  return {
    id: 'terms',
    title: say('page:insurer.terms'),
    intro: text === '' ? '' : html`<p>${text}</p>`,
    shelves: [lines(ask, terms, aboutTerm)],
  };
}

/** What was promised and what is planned: of the insurer, and for all together. */
export function promisesSection(ask: PageAsk, { all, sector }: InsurerYear, year: number): Section {
  const say = wordsIn(ask.language);
  const shelfOf = (deadlines: readonly Deadline[], kind: Kind, heading: string): Shelf => {
    const newest = newestUpTo(ofKind(deadlines, kind), year);
    const [first] = newest;
    const from = first?.contractYear;
    const before = from === undefined || from === year ? '' : say('page:insurer.from_before', { from, year });
    const { intro, ...shelf } = lines(ask, newest, whenOf);
    return { ...shelf, heading, intro: before === '' || intro === '' ? before || intro : html`${before} ${intro}` };
  };
  return {
    id: 'promises',
    title: say('page:insurer.promises'),
    shelves: [
      shelfOf(all, 'commitment', say('page:insurer.commitments')),
      shelfOf(all, 'intention', say('page:insurer.intentions')),
      shelfOf(sector, 'commitment', say('page:insurer.sector_commitments')),
      shelfOf(sector, 'intention', say('page:insurer.sector_intentions')),
    ],
  };
}

/** One line each, by title; their source once, where it is one. */
function lines(
  ask: PageAsk,
  deadlines: readonly Deadline[],
  about: (one: Deadline, language: Language) => string,
): Shelf & { intro: string | SafeHtml } {
  const shared = sharedSource(deadlines);
  const items = byTitle(deadlines).map((one) => plainItem(ask, one, about(one, ask.language), shared));
  return { intro: sharedLine(shared, ask.language), items, look: 'lines' };
}

/** When something is that no one day leads: "in de loop van 2025". */
function whenOf({ boundary, dueOn, rule }: Deadline, language: Language): string {
  const say = wordsIn(language);
  switch (rule.kind) {
    case 'period':
      return sentence(say(boundary === 'per' ? 'feed:from' : 'feed:in_course_of', { period: writePeriod(rule, language) }));
    case 'range':
      return sentence(say('feed:from_to', { from: writeDay(rule.from, language), to: writeDay(rule.to, language) }));
    case 'event':
      return `${rule.text.replace(/\.$/, '')}.`;
    default:
      return dueOn === null
        ? ''
        : sentence(boundary === 'before' ? `${say('feed:named_before')} ${writeDay(dueOn, language)}` : writeDay(dueOn, language));
  }
}

function writePeriod({ number, unit, year }: Extract<Deadline['rule'], { kind: 'period' }>, language: Language): string {
  if (unit === 'year' || number === null) return String(year);
  if (unit === 'quarter') return wordsIn(language)('feed:quarter', { number, year });
  return writeDay(`${year}-${String(number).padStart(2, '0')}-01`, language).replace(/^\S+ /, '');
}

/** For which kind of care, where it is not for all; and from when to when, where its title does not say so. */
function aboutTerm(term: Deadline, language: Language): string {
  const care = term.careType === 'general' ? '' : wordsIn(language)(`page:care.${term.careType}`);
  return [language === 'nl' ? '' : whenOf(term, language), care].filter((text) => text !== '').join(' ');
}

const ofKind = (deadlines: readonly Deadline[], kind: Kind) => deadlines.filter((one) => one.kind === kind);
const byTitle = (deadlines: readonly Deadline[]) => deadlines.toSorted((a, b) => compareNames(a.title, b.title, 'nl'));
const sentence = (text: string) => `${upperFirst(text)}.`;
