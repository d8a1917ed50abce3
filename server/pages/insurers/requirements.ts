/** What an insurer asks of who wants a contract: hard and soft apart, with the year and the document that they are of. */
import { nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import { areByMemo } from '../../../calendars/deadlines/certainty.ts';
import { newestUpTo } from '../../../calendars/deadlines/knowledge.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { STRICTNESSES, type Role } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageAsk } from '../page.ts';
import { withDutch } from '../parts/dutch.ts';
import { writeWho } from '../parts/entries.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { entryLink } from '../parts/page-link.ts';
import { writeChecked } from '../parts/quote.ts';
import type { InsurerYear } from './insurer-year.ts';
import type { Section } from './section.ts';
import { inferredColumn, writeSection } from './source-line.ts';

interface Asked {
  /** Chooses among them. */
  isAsked?: (one: Deadline) => boolean;
  /** Who reads: what is asked of such an organisation itself stands first. */
  role?: Role | null;
}

/** The newest that there are up to a contract year, in the order of their document. Null where there are none. */
export function requirementsSection(
  ask: PageAsk,
  { all, insurer }: InsurerYear,
  year: number,
  { isAsked, role = null }: Asked = {},
): Section | null {
  const { language } = ask;
  const say = wordsIn(language);
  const requirements = requirementsUpTo(all, year, isAsked);
  const [first] = requirements;
  if (first === undefined) return null;
  const shelves = STRICTNESSES.map((strictness) => {
    const some = requirements.filter((one) => one.strictness === strictness);
    const items = some
      .toSorted((a, b) => foreignness(a, role) - foreignness(b, role) || comparePlaces(a, b))
      .map((one) => requirementItem(ask, one));
    return { heading: say(`page:insurer.${strictness}`, { who: nameBuyer('the', first, language) }), items, look: 'lines' as const };
  });
  const documents = documentsOf(requirements);
  const ofThese = insurer.documents.filter(({ title }) => documents.some((one) => one === title || one.startsWith(`${title} (`)));
  const more = ofThese.flatMap(({ remarks }) => remarks.filter((remark) => INCOMPLETE.test(remark)));
  const sentences = [
    writeValidity(ask, requirements, year),
    ...more.map((remark) => html`<span lang="nl">${withoutSource(remark)}</span>`),
  ];
  return {
    id: 'requirements',
    title: say('page:insurer.requirements'),
    intro: html`${sentences.map((sentence) => html`<p class="notice ${first.contractYear === year ? 'plain' : 'caution'}">${sentence}</p>`)}`,
    shelves,
  };
}

/** What every provider has to do, who reads has to do too. */
const foreignness = ({ duty: { actors } }: Deadline, role: Role | null) =>
  role === null || actors.includes(role) || actors.includes('provider') ? 0 : 1;

/** By document and its section, as that is numbered; within one by title. */
function comparePlaces(a: Deadline, b: Deadline): number {
  const [one, other] = [a, b].map(({ sources: [source] }) => [source?.document ?? '', source?.section ?? '']);
  return PLACES.compare(one![0]!, other![0]!) || PLACES.compare(one![1]!, other![1]!) || compareNames(a.title, b.title, 'nl');
}

/** Section 5.10 stands below 5.9. */
const PLACES = new Intl.Collator('nl', { numeric: true });

/** What is asked, of the newest contract year up to a given one. */
export function requirementsUpTo(all: readonly Deadline[], year: number, isAsked: (one: Deadline) => boolean = () => true): Deadline[] {
  return newestUpTo(
    all.filter((one) => one.kind === 'requirement' && isAsked(one)),
    year,
  );
}

/** A remark of the registry without the quote behind it. */
export function withoutSource(remark: string): string {
  return remark.split(' Bron: ')[0]!;
}

/** How the registry says of a document that it has not all that is asked. */
const INCOMPLETE = /^Niet alle eisen staan hier\b/;

/** Of which year they are, and whether anybody looked since. */
function writeValidity({ language }: PageAsk, requirements: readonly Deadline[], year: number): string | SafeHtml {
  const say = wordsIn(language);
  const [first] = requirements;
  const source = areByMemo(requirements) ? say('page:insurer.memo') : documentsOf(requirements).join(', ');
  // Of several days the one that is longest ago holds for all.
  const days = requirements.map(({ checkedOn }) => checkedOn);
  const oldest = days.reduce((a, b) => (a === null || b === null ? null : a < b ? a : b));
  const values = { year, from: first!.contractYear, source, checked: writeChecked(oldest, language) };
  const sentence = say(`page:insurer.${first!.contractYear === year ? 'requirements_now' : 'requirements_before'}`, values);
  return withDutch(sentence, documentsOf(requirements), language);
}

const documentsOf = (requirements: readonly Deadline[]) => [
  ...new Set(requirements.flatMap(({ sources }) => sources.slice(0, 1).map(({ document }) => document))),
];

function requirementItem(ask: PageAsk, deadline: Deadline): SafeHtml {
  const { language } = ask;
  const [source] = deadline.sources;
  const notes = [source?.section ? writeSection(source.section) : '', inferredColumn(deadline, language)].filter((note) => note !== '');
  return html`<p class="what">${entryLink(ask, deadline, 'dutch')}</p>
    <p class="small">
      ${writeWho(deadline, String(deadline.contractYear), language)}
      <span class="source">${withDutch(notes.join(' · '), [source?.section], language)}</span>
    </p>`;
}
