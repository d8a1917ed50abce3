/** A list of what is due: the day leads, then the activity once, for whom, and a line of insurers for each way in which it is sure. */
import { upperFirst } from '../../../calendars/letter-case.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isInsurersAct } from '../../../calendars/deadlines/listing.ts';
import { nameBuyer, type Buyer } from '../../../calendars/deadlines/wording/buyers.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { listParts, wordsIn, writeList } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { dayBlock, timeLeftOf } from './day-block.ts';
import type { Entry, EntryLine, UndatedEntry } from './entry-groups.ts';
import { certaintyMark } from './marks.ts';

/** How a list is shown. */
interface Shown {
  language: Language;
  today: Day;
  /** Where the page of an entry is; without it nothing is a link. */
  addressOf?: (deadlineId: string) => string;
  /** Why an entry stands in the list, in a sentence; empty where that needs none. */
  whyOf?: (entry: UndatedEntry) => string;
}

/** The list of entries; what has no day says so in its place. */
export function entryList(entries: readonly (Entry | UndatedEntry)[], shown: Shown): SafeHtml {
  return html`<ol class="entries">
    ${entries.map((entry) => entryItem(entry, shown))}
  </ol>`;
}

function entryItem(entry: Entry | UndatedEntry, shown: Shown): SafeHtml {
  const { language, today, whyOf } = shown;
  const { lines, title } = entry;
  const say = wordsIn(language);
  const [{ deadlines }] = lines;
  const buyers = lines.flatMap((line) => line.deadlines);
  const day = 'day' in entry ? entry.day : null;
  const left = day === null ? '' : timeLeftOf(deadlines[0], today, day, language);
  const why = whyOf?.(entry) ?? '';
  return html`<li>
    ${day === null ? html`<span class="day"><span class="face none">${say('page:day.none')}</span></span>` : dayBlock(day, language, isAssumed(deadlines[0]))}
    <div>
      <h3>${title}</h3>
      <p class="who">${writeWho(deadlines[0], title, language, buyers)}${left === '' ? '' : html` <span class="left">${left}</span>`}</p>
      <ul class="sureness">
        ${lines.map((line) => entryLine(line, shown))}
      </ul>
      ${why === '' ? '' : html`<p class="why small">${why}</p>`}
    </div>
  </li>`;
}

/** "Dit doen verzekeraars zelf": above what those who buy care do. */
export function insurersHeading(entries: readonly (Entry | UndatedEntry)[], language: Language): string {
  const all = entries.flatMap(({ lines }) => lines.flatMap(({ deadlines }) => deadlines));
  return upperFirst(wordsIn(language)('page:home.insurers', { who: nameBuyer('plural', all, language) }));
}

/** An entry as far as it says who acts, and at whose. */
type Acted = Pick<Deadline, 'duty'> & Buyer;

/** Who has to do it, at which `buyers`: "Regio-organisaties, ook namens wijksamenwerkingsverbanden". The contract year stands there where the title does not name it. */
export function writeWho(
  deadline: Acted & Pick<Deadline, 'contractYear'>,
  title: string,
  language: Language,
  buyers: readonly Buyer[] = [deadline],
): string {
  const { contractYear } = deadline;
  const say = wordsIn(language);
  const year = title.includes(String(contractYear)) ? '' : ` ${say('page:entry.contract_year', { year: contractYear })}`;
  if (isInsurersAct(deadline)) return upperFirst(say('page:entry.insurers_act', { who: nameBuyer('the', buyers, language) })) + year;
  const who = writeActors(deadline, language, buyers);
  return `${upperFirst(who)}.${year}`;
}

/** The same within a sentence: "regio-organisaties met contract, ook namens WSV’s". */
export function writeActors(deadline: Acted, language: Language, buyers: readonly Buyer[] = [deadline]): string {
  const say = wordsIn(language);
  const { duty } = deadline;
  const namesOf = (actors: Deadline['duty']['actors']) =>
    writeList(
      actors.map((actor) => (actor === 'insurer' ? nameBuyer('plural', buyers, language) : say(`page:entry.who.${actor}`))),
      language,
    );
  const status = duty.contractStatus === 'any' ? '' : ` ${say(`page:entry.status.${duty.contractStatus}`)}`;
  const principals = duty.onBehalfOf.filter((actor) => !duty.actors.includes(actor));
  const others = principals.length === 0 ? '' : `, ${say('page:entry.on_behalf', { who: namesOf(principals) })}`;
  return `${namesOf(duty.actors)}${status}${others}`;
}

function entryLine({ byInsurer, deadlines, insurers, named }: EntryLine, { addressOf, language }: Shown): SafeHtml {
  const who =
    addressOf === undefined
      ? insurers
      : listParts(byInsurer.length, language).map((part) =>
          typeof part === 'string' ? part : html`<a href="${addressOf(byInsurer[part]!.id)}">${byInsurer[part]!.name}</a>`,
        );
  return html`<li>
    ${certaintyMark(deadlines[0], language)}
    <span class="insurers">${who}</span>${named === '' ? '' : html` <span class="small">${named}</span>`}
  </li>`;
}
