/** Several deadlines on a page behind a mail's link: by name and day, and those that the link does not speak of any more. */
import { writeDay } from '../../../calendars/days.ts';
import { lowerFirst } from '../../../calendars/letter-case.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { certaintyOf, titleOf, wordsIn, writeList } from '../../../calendars/words.ts';
import type { Language } from '../../../calendars/terms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { GroupLink, NamedEntry } from './deadline-link.ts';

/** The deadlines by name and day, each with how sure that is; nothing where there are none. */
export function listNamed(entries: readonly NamedEntry[], language: Language): SafeHtml {
  return entries.length === 0
    ? html``
    : html`<ul>
        ${entries.map((entry) => html`<li>${writeEntry(entry, language)}</li>`)}
      </ul>`;
}

/** Those of which the day became known after the mail: what was said of the assumption does not count for it. */
export function listSurer({ entries, holder: { language } }: GroupLink): SafeHtml {
  const surer = entries.filter(({ isSurer }) => isSurer);
  return surer.length === 0
    ? html``
    : html`<p>${wordsIn(language)('page:several.surer')}</p>
        ${listNamed(surer, language)}`;
}

/** One among several, by all that it is known by: two of them may differ in anything. */
export function nameEntry(entry: NamedEntry, language: Language): string {
  return `${entry.deadline.contractYear}, ${lowerFirst(titleOf(entry.deadline, language))}, ${writeEntry(entry, language)}`;
}

/** The values of a sentence that names them all: "2028: Zorgovereenkomst ondertekenen (ASR, CZ en DSW)". */
export function namingAll(entries: readonly NamedEntry[], language: Language): { values: { what: string } } {
  const [first] = entries;
  const names = entries.map(({ insurerName }) => insurerName ?? wordsIn(language)('common:sector'));
  const what = first ? `${first.deadline.contractYear}: ${titleOf(first.deadline, language)} (${writeList(names, language)})` : '';
  return { values: { what } };
}

function writeEntry({ deadline, insurerName }: NamedEntry, language: Language): string {
  const say = wordsIn(language);
  const day = countingDay(deadline);
  const certainty = certaintyOf(deadline, language);
  const when =
    day === null
      ? certainty
      : `${isAssumed(deadline) ? say('mail:around', { day: writeDay(day, language) }) : writeDay(day, language)} (${certainty})`;
  return `${insurerName ?? say('common:sector')}: ${when}`;
}
