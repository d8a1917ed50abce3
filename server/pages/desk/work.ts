/** What editors have to do: what readers say is wrong, and per insurer what is lacking and what is to be checked. */
import { lacksOf } from '../../../calendars/upkeep/upkeep.ts';
import type { Day } from '../../../calendars/terms.ts';
import { listDrafts } from '../../../db/registry/editions/drafts.ts';
import { countAnswers } from '../../../db/registry/purchasers/answers.ts';
import { countReports } from '../../../db/registry/reports.ts';
import type { App, Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { pageAddress } from '../parts/page-link.ts';
import { serveEditorPage, type EditorAsk } from '../session/guards.ts';
import { countLost } from './documents/lost-quotes.ts';
import { DESK, deskPath, deskText, say } from './frame.ts';
import { dueIn, readShelves, SECTOR, todayOf, type DeskShelf } from './shelf.ts';

export function workPage(app: App, deps: Deps): void {
  serveEditorPage(app, deps, DESK, async (ask) => {
    const { open } = await countReports(deps.read, deps.clock());
    const [shelves, lost] = [await readShelves(deps), await countLost(deps)];
    const drafts = (await listDrafts(deps.read)).length;
    const answers = await countAnswers(deps.read);
    const isSaid = open + answers.right + answers.wrong > 0;
    const content = html`<p>
        ${open === 0 ? say('desk:work.no_reports') : say('desk:work.reports', { count: open })} ${answerWords(answers)}
        ${isSaid ? html`<a href="${pageAddress(ask, deskPath('meldingen'))}">${say('desk:work.read_reports')}</a>` : ''}
      </p>
      ${
        drafts === 0
          ? ''
          : html`<p>
              ${say('edition:waiting', { count: drafts })}
              <a href="${pageAddress(ask, deskPath('edities'))}">${say('edition:waiting_open')}</a>
            </p>`
      }
      <section aria-labelledby="insurers">
        <h2 id="insurers">${say('desk:work.insurers')}</h2>
        ${shelves.length === 1 ? html`<p>${say('desk:work.none')}</p>` : ''}
        <ul class="insurer-list">
          ${shelves.map((shelf) => shelfView(ask, shelf, lost.get(shelf.slug) ?? null, todayOf(deps)))}
        </ul>
      </section>`;
    return deskText(ask, { page: '', title: say('desk:work.title'), lead: say('desk:work.lead'), content });
  });
}

/** What purchasers say, as far as it waits: what is not right first. */
function answerWords({ right, wrong }: { right: number; wrong: number }): string {
  const parts = [
    ...(wrong === 0 ? [] : [say('desk:work.answers_wrong', { count: wrong })]),
    ...(right === 0 ? [] : [say('desk:work.answers_right', { count: right })]),
  ];
  return parts.join(' ');
}

function shelfView(ask: EditorAsk, shelf: DeskShelf, lost: Lost | null, today: Day): SafeHtml {
  const lines = [...workOf(shelf, today), ...(lost === null ? [] : [lostLine(ask, lost)])];
  return html`<li>
    <h3><a href="${pageAddress(ask, deskPath('verzekeraars', shelf.slug))}">${shelf.name}</a></h3>
    ${lines.length === 0 ? html`<p>${say('desk:work.nothing')}</p>` : lines.map((line) => html`<p>${line}</p>`)}
  </li>`;
}

interface Lost {
  key: string;
  count: number;
}

function lostLine(ask: EditorAsk, { count, key }: Lost): SafeHtml {
  const address = `${pageAddress(ask, deskPath('documenten', key))}#vorige`;
  return html`${say('papers:again.work', { count })} <a href="${address}">${say('papers:again.look')}</a>`;
}

function workOf(shelf: DeskShelf, today: Day): string[] {
  const due = dueIn(shelf, today).length;
  return [...(due === 0 ? [] : [say('desk:work.check', { count: due })]), ...lacksLines(shelf, today)];
}

/** A line for each thing that is lacking. No policy is expected of what holds for all insurers. */
export function lacksLines({ deadlines, slug }: DeskShelf, today: Day): string[] {
  const { assumed, conflicts, policyOf, unreadable } = lacksOf(deadlines, today);
  return [
    ...(policyOf === null || slug === SECTOR ? [] : [say('desk:work.policy', { year: policyOf, before: policyOf - 1 })]),
    ...counted('unreadable', unreadable.length),
    ...counted('conflict', conflicts.length),
    ...counted('assumed', assumed),
  ];
}

const counted = (name: string, count: number) => (count === 0 ? [] : [say(`desk:work.${name}`, { count })]);
