/** A list of what is due: the day leads, then the activity once, for whom, and a line of insurers for each way in which it is sure. */
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { dayBlock, timeLeft } from './day-block.ts';
import { isInsurersAct, type Entry, type EntryLine } from './entry-groups.ts';
import { certaintyMark } from './marks.ts';

export function entryList(entries: readonly Entry[], { language, today }: { language: Language; today: Day }): SafeHtml {
  return html`<ol class="entries">
    ${entries.map(({ day, lines, title }) => {
      const [{ deadlines }] = lines;
      const areAllAssumed = lines.every((line) => isAssumed(line.deadlines[0]));
      return html`<li>
        ${dayBlock(day, language, areAllAssumed)}
        <div>
          <h3>${title}</h3>
          <p class="who">
            ${writeWho(deadlines[0], title, language)}${areAllAssumed ? '' : html` <span class="left">${timeLeft(today, day, language)}</span>`}
          </p>
          <ul class="sureness">
            ${lines.map((line) => entryLine(line, language))}
          </ul>
        </div>
      </li>`;
    })}
  </ol>`;
}

/** Who has to do it: "Regio-organisaties, ook namens wijksamenwerkingsverbanden". The contract year stands there where the title does not name it. */
export function writeWho({ contractYear, duty }: Pick<Deadline, 'contractYear' | 'duty'>, title: string, language: Language): string {
  const say = wordsIn(language);
  const year = title.includes(String(contractYear)) ? '' : ` ${say('page:entry.contract_year', { year: contractYear })}`;
  if (isInsurersAct({ duty })) return say('page:entry.insurers_act') + year;
  const namesOf = (actors: Deadline['duty']['actors']) =>
    writeList(
      actors.map((actor) => say(`page:entry.who.${actor}`)),
      language,
    );
  const status = duty.contractStatus === 'any' ? '' : ` ${say(`page:entry.status.${duty.contractStatus}`)}`;
  const principals = duty.onBehalfOf.filter((actor) => !duty.actors.includes(actor));
  const others = principals.length === 0 ? '' : `, ${say('page:entry.on_behalf', { who: namesOf(principals) })}`;
  const who = `${namesOf(duty.actors)}${status}${others}`;
  return `${who.charAt(0).toUpperCase()}${who.slice(1)}.${year}`;
}

function entryLine({ deadlines, insurers, named }: EntryLine, language: Language): SafeHtml {
  return html`<li>
    ${certaintyMark(deadlines[0], language)}
    <span class="insurers">${insurers}</span>${named === '' ? '' : html` <span class="small">${named}</span>`}
  </li>`;
}
