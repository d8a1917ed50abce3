/** The page of one entry: what it says in a sentence, what to do where, what proves it, how it went before, and what changed. */
import { checkReason } from '../../../calendars/upkeep/upkeep.ts';
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { isAssumed, isTakenBack } from '../../../calendars/deadlines/certainty.ts';
import { upperFirst } from '../../../calendars/letter-case.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { dayBlock, timeLeftOf } from '../parts/day-block.ts';
import { namedDay } from '../parts/entry-groups.ts';
import { certaintyMark } from '../parts/marks.ts';
import { notice } from '../parts/notice.ts';
import { agendaSection, siblingSection } from './beside.ts';
import { idOf, readEntry, type EntryFacts } from './entry-facts.ts';
import { historySection } from './history.ts';
import { precedentSections, proofSection } from './proof.ts';
import { entrySentence } from './sentence.ts';
import { contactSection, todoSection } from './todo.ts';

export function entryPage(deps: Deps) {
  return async (app: App) => {
    servePage(app, deps, '/datums/:deadlineId', async (ask) => {
      const entry = await readEntry(deps, idOf(ask));
      return entry && entryText(ask, entry, amsterdamDay(deps.clock()));
    });
  };
}

function entryText({ language, reply }: PageAsk, entry: EntryFacts, today: Day): PageText {
  const { contacts, deadline, insurerName, revisions } = entry;
  const say = wordsIn(language);
  const at = (path: string) => addressAt(reply, pathIn(language, path));
  const shown = { language, addressOf: (id: string) => at(`/datums/${id}`) };
  const day = countingDay(deadline);
  const isOver = deadline.status === 'withdrawn' || (day !== null && day < today);
  const sentence = entrySentence(deadline, insurerName, today, language);
  const title = titleOf(deadline, language);
  const place = say(insurerName === null ? 'page:date.sector_place' : 'page:date.place', {
    insurer: insurerName ?? '',
    year: deadline.contractYear,
  });
  const content = html`<nav class="back unprinted" aria-label="${say('page:date.all')}">
      <a href="${at('/datums')}">${say('page:date.all')}</a>
    </nav>
    <h1>${title}</h1>
    <p class="lead">${place}</p>
    ${goneNotice(deadline, revisions, language)} ${headOf(deadline, sentence, { language, today })}
    ${todoSection(deadline, isOver, language)} ${proofSection(deadline, checkReason(deadline, entry.newestDocumentOn, today), shown)}
    ${precedentSections(entry, shown)} ${siblingSection(entry, shown)}
    ${insurerName === null ? '' : contactSection(contacts, insurerName, language)} ${isOver ? '' : agendaSection(entry, { language, at })}
    ${historySection(revisions, language, (id) => at(`/wijzigingen/${id}`))}
    <section class="unprinted" aria-labelledby="wrong">
      <h2 id="wrong">${say('page:date.wrong')}</h2>
      <p>${say('page:date.wrong_text')}</p>
      <p>${buttonLink(at(`/datums/${deadline.id}/klopt-niet`), say('page:date.wrong_button'))}</p>
    </section>`;
  return { title: `${title} – ${place}`, description: sentence, content };
}

function goneNotice(deadline: Revision, revisions: readonly Revision[], language: Language): SafeHtml | '' {
  if (deadline.status === 'published') return '';
  const say = wordsIn(language);
  const day = writeDay(amsterdamDay(deadline.revisedAt), language);
  const reason = revisions.at(-1)?.reason ?? '';
  return notice(
    html`${say(isTakenBack(deadline) ? 'page:date.overtaken' : 'page:date.withdrawn', { day })} <span lang="nl">${reason}</span>`,
    'caution',
  );
}

/** The day, how sure it is, and the sentence. */
function headOf(deadline: Revision, sentence: string, { language, today }: Pick<PageAsk, 'language'> & { today: Day }): SafeHtml {
  const say = wordsIn(language);
  const day = countingDay(deadline);
  const isStanding = deadline.status === 'published';
  const left =
    day === null || !isStanding || (isAssumed(deadline) && day >= today)
      ? ''
      : isAssumed(deadline)
        ? say('page:date.past_assumed')
        : timeLeftOf(deadline, today, day, language);
  return html`<div class="${day === null ? 'head undated' : 'head'}">
    ${day === null ? '' : dayBlock(day, language, isAssumed(deadline))}
    <div>
      <p class="sentence">${sentence}</p>
      <p>${certaintyMark(deadline, language)} <span class="small">${namedDay(deadline, language)} ${left}</span></p>
      ${conflictLink(deadline, language)}
    </div>
  </div>`;
}

/** That two days or terms compete, with the way to where both stand. */
function conflictLink({ conflict }: Pick<Revision, 'conflict'>, language: Language): SafeHtml | '' {
  if (conflict === null) return '';
  return html`<p><a href="#conflict">${upperFirst(wordsIn(language)(`feed:conflict.${conflict.kind}`))}</a></p>`;
}
