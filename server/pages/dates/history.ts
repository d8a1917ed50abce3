/** What an entry said before: each revision with its reason, and what was, and is. */
import { writeChannel } from '../../../calendars/channel-text.ts';
import { writeLongDay, amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import type { Language } from '../../../calendars/terms.ts';
import { certaintyOf, titleOf, wordsIn } from '../../../calendars/words.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { html, type SafeHtml } from '../html.ts';
import { groundView, registryWords, withDutch } from '../parts/dutch.ts';
import { reasonOf } from '../../../calendars/deadlines/wording/reasons.ts';
import { writeActors } from '../parts/entries.ts';
import { rowList, type Row } from '../parts/rows.ts';

/** `revisions`: oldest first, at least one. The newest stands on top. */
export function historySection(revisions: readonly Revision[], language: Language, changeAddress: (changeId: string) => string): SafeHtml {
  const say = wordsIn(language);
  const [first] = revisions;
  const steps = revisions.map((revision, i) => stepOf(revision, revisions[i - 1], { changeAddress, language })).reverse();
  return html`<section aria-labelledby="history">
    <h2 id="history">${say('page:date.history')}</h2>
    ${
      revisions.length > 1 || first?.reason
        ? html`<ol class="history" reversed>
            ${steps}
          </ol>`
        : html`<p>${say('page:date.history_none', { day: first ? dayOf(first, language) : '' })}</p>`
    }
  </section>`;
}

/** Each change has a page of its own, by which it is known in mails and calendars too. */
interface Told {
  language: Language;
  changeAddress: (changeId: string) => string;
}

function stepOf(revision: Revision, before: Revision | undefined, { changeAddress, language }: Told): SafeHtml {
  const say = wordsIn(language);
  const rows = before ? differences(before, revision, language) : [];
  const said = before === undefined ? say('page:date.added') : rows.length === 0 ? say('page:date.reworded') : '';
  return html`<li>
    <h3><time datetime="${amsterdamDay(revision.revisedAt)}">${dayOf(revision, language)}</time></h3>
    ${said === '' ? '' : html`<p>${said}</p>`} ${reasonView(revision, language)} ${rowList(rows)}
    ${
      revision.changeId === null || revision.changeId === before?.changeId
        ? ''
        : html`<p class="small"><a href="${changeAddress(revision.changeId)}">${say('page:date.change_page')}</a></p>`
    }
  </li>`;
}

function reasonView({ reason }: Revision, language: Language): SafeHtml | '' {
  return groundView(reasonOf(reason, null, language));
}

const dayOf = ({ revisedAt }: Revision, language: Language) => writeDay(amsterdamDay(revisedAt), language);

/** What is said of an entry that was not there before, by name. */
export function factRows(deadline: Deadline, language: Language): Row[] {
  const say = wordsIn(language);
  const words = registryWords(deadline);
  return [...factsOf(deadline, language)].flatMap(([fact, is]) =>
    is === null || UNSAID.has(fact) ? [] : [{ label: say(`page:date.fact.${fact}`), value: withDutch(is, words, language) }],
  );
}

/** What a heading says of it already. */
const UNSAID: ReadonlySet<string> = new Set(['status', 'title']);

/** What a reader acts on, by name. */
function factsOf(deadline: Deadline, language: Language): Map<string, string | null> {
  const { channel, consequence, dueOn, duty, extension, status } = deadline;
  const say = wordsIn(language);
  const day = countingDay(deadline);
  return new Map([
    ['status', say(`page:date.status.${status}`)],
    ['day', day && (isAssumed(deadline) ? say('mail:around', { day: writeLongDay(day, language) }) : writeLongDay(day, language))],
    ['named', dueOn === day ? null : dueOn && writeLongDay(dueOn, language)],
    ['certainty', certaintyOf(deadline, language)],
    ['title', titleOf(deadline, language)],
    ['who', writeActors(deadline, language)],
    ['deliverable', duty.deliverable],
    ['channel', channel && writeChannel(channel, language)],
    ['subject', channel && channel.subject],
    ['hours', channel && channel.hours],
    ['consequence', consequence && consequence.text],
    ['extension', extension && extension.text],
  ]);
}

/** What differs between two revisions, by name: what was, and what is. */
export function differences(before: Revision, after: Revision, language: Language): Row[] {
  const say = wordsIn(language);
  const facts = factsOf(before, language);
  const words = [...registryWords(before), ...registryWords(after)];
  return [...factsOf(after, language)].flatMap(([fact, is]) => {
    const was = facts.get(fact) ?? null;
    if (was === is) return [];
    const value =
      is === null
        ? say('page:date.gone', { was: was ?? '' })
        : was === null
          ? say('page:date.new', { is })
          : say('page:date.was_is', { was, is });
    return [{ label: say(`page:date.fact.${fact}`), value: withDutch(value, words, language) }];
  });
}
