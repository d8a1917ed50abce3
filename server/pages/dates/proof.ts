/** What proves an entry: its quotes with the words of the date marked, what it rests on, and how it went before. */
import { writeDay } from '../../../calendars/days.ts';
import type { Deadline, Precedent, Source } from '../../../calendars/deadlines/deadline.ts';
import { precedentText } from '../../../calendars/deadlines/precedent-text.ts';
import { placesOfDate } from '../../../calendars/quoted-days.ts';
import type { CheckReason } from '../../../calendars/upkeep/upkeep.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { notice } from '../parts/notice.ts';
import { conflictOf, groundOf } from '../../../calendars/deadlines/wording/grounds.ts';
import { quote } from '../parts/quote.ts';
import { copyable } from '../parts/copyable.ts';
import { groundView, registryWords, withDutch } from '../parts/dutch.ts';
import { rowList, type Row } from '../parts/rows.ts';
import type { EntryFacts } from './entry-facts.ts';
import { placeOf } from './todo.ts';

/** `addressOf`: where another entry stands. */
interface Shown {
  language: Language;
  addressOf: (deadlineId: string) => string;
}

/** `check`: why somebody has to compare it with its document again; null where nobody has. */
export function proofSection(deadline: Deadline, check: CheckReason | null, { addressOf, language }: Shown): SafeHtml {
  const { basis, conflict, sources } = deadline;
  const say = wordsIn(language);
  const inConflict = conflict ? sources.filter((source) => namesDays(source, conflict.days)) : [];
  const show = (source: Source) => quoteOf(source, deadline, language);
  return html`${
      conflict === null
        ? ''
        : html`<section aria-labelledby="conflict">
            <h2 id="conflict">${say(`page:date.conflict.${conflict.kind}`)}</h2>
            ${groundView(conflictOf(deadline, language), 'notice caution')}
            <div class="side-by-side">${inConflict.map(show)}</div>
          </section>`
    }
    <section aria-labelledby="proof">
      <h2 id="proof">${say(sources.length > 0 || basis === null ? 'page:date.proof' : 'page:date.rests_on')}</h2>
      ${sources.length === 0 && basis === null ? html`<p>${say('page:date.no_proof')}</p>` : ''} ${groundView(groundOf(deadline, language))}
      ${
        basis === null || basis.deadlineId === null
          ? ''
          : html`<p><a href="${addressOf(basis.deadlineId)}">${say('page:date.basis_page')}</a></p>`
      }
      ${sources.filter((source) => !inConflict.includes(source)).map(show)}
      ${sources.length > 0 ? '' : html`<p class="small">${checkedSentence(deadline, language)}</p>`}
      ${check === null ? '' : notice(say(`page:date.check_due.${check}`))}
    </section>`;
}

/** How it went in the year it is taken from, and what has to be arranged before it. */
export function precedentSections(
  { arranged, deadline, precedentCheckedOn }: Pick<EntryFacts, 'arranged' | 'deadline' | 'precedentCheckedOn'>,
  { addressOf, language }: Shown,
): SafeHtml[] {
  const say = wordsIn(language);
  const { precedent } = deadline;
  const words = [...(precedent === null ? [] : [precedent]), ...arranged].flatMap(registryWords);
  const headingOf = (year: number) => say('common:precedent.heading', { year });
  return precedentText(deadline, arranged, language).map(({ heading, rows, source }, i) => {
    const isPrecedent = precedent !== null && heading === headingOf(precedent.contractYear);
    const checkedOn = isPrecedent ? precedentCheckedOn : null;
    const title = heading ?? say('page:date.before');
    return html`<section aria-labelledby="before-${i}">
      <h2 id="before-${i}">${title}</h2>
      ${
        heading === null
          ? html`<ul>
              ${rows.map(({ value }) => html`<li>${withDutch(value, words, language)}</li>`)}
            </ul>`
          : rowList(rows.map((row) => withCopy(row, { language, precedent, words })))
      }
      ${source === null ? '' : quote(source, checkedOn, language, placesIn(source, asRule(precedent)))}
      ${
        isPrecedent
          ? html`<p>
              <a href="${addressOf(precedent.deadlineId)}">${say('page:date.precedent_page', { year: precedent.contractYear })}</a>
            </p>`
          : ''
      }
    </section>`;
  });
}

/** What is to be used letter for letter can be copied. */
function withCopy(
  { label, value }: { label: string; value: string },
  { language, precedent, words }: { language: Language; precedent: Precedent | null; words: readonly (string | null | undefined)[] },
): Row {
  const say = wordsIn(language);
  const channel = precedent?.channel;
  const plain = { label, value: withDutch(value, words, language) };
  if (!channel) return plain;
  if (value === channel.subject) return { label, value: copyable(value, say('page:date.copy.subject'), language) };
  return label === say('common:precedent.how') && channel.kind === 'email' ? { label, value: placeOf(channel, language) } : plain;
}

function checkedSentence({ checkedOn }: Deadline, language: Language): string {
  const say = wordsIn(language);
  return checkedOn === null
    ? say('page:quote.unchecked_sentence')
    : say('page:quote.checked_sentence', { day: writeDay(checkedOn, language) });
}

function quoteOf(source: Source, deadline: Deadline, language: Language): SafeHtml {
  return quote(source, deadline.checkedOn, language, placesIn(source, deadline));
}

const placesIn = ({ quote: words }: Source, date: Pick<Deadline, 'conflict' | 'rule'>) => (words === null ? [] : placesOfDate(date, words));

/** The day of an earlier year, as a rule that its quote proves. */
function asRule(precedent: Precedent | null): Pick<Deadline, 'conflict' | 'rule'> {
  const { conflict = null, dueOn = null } = precedent ?? {};
  return { conflict, rule: dueOn === null ? { kind: 'none' } : { kind: 'fixed', on: dueOn } };
}

/** Whether it is one of the readings that differ. */
function namesDays({ quote: words }: Source, days: string[]): boolean {
  const conflict = { kind: 'readings', days, text: '' } as const;
  return words !== null && placesOfDate({ rule: { kind: 'none' }, conflict }, words).length > 0;
}
