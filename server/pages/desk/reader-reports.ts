/** What outsiders say of entries, for editors: readers' reports, each with its entry and a button for when it was seen to; and purchasers' answers. */
import { AppError } from '../../../calendars/errors.ts';
import { closeReport, listReports, type ListedReport } from '../../../db/registry/reports.ts';
import type { App, Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { pageAddress } from '../parts/page-link.ts';
import { rowList } from '../parts/rows.ts';
import { mailLink } from '../parts/ways.ts';
import { writeMoment } from '../people/moment.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../session/guards.ts';
import { deskForm, deskPath, deskText, say } from './frame.ts';
import { answersSection, takeAnswersForm } from './purchaser-answers.ts';

const PATH = '/redactie/meldingen';

export function readerReportsPage(app: App, deps: Deps): void {
  const { cache, change, clock, read } = deps;
  serveEditorPage(app, deps, PATH, async (ask) => {
    const [reports, { names, parts }] = [await listReports(read), await cache.refresh()];
    const revisions = new Map([...parts.values()].flatMap(({ deadlines }) => deadlines.map(({ id, revision }) => [id, revision] as const)));
    const content = html`<section aria-labelledby="readers">
        <h2 id="readers">${say('desk:reports.readers')}</h2>
        <p>${say(reports.length === 0 ? 'desk:reports.none' : 'desk:reports.erased')}</p>
        <ul class="lines">
          ${reports.map((report) => reportView(ask, report, { names, isOlder: (revisions.get(report.deadlineId) ?? 0) > report.revision }))}
        </ul>
      </section>
      ${await answersSection(ask, deps)}`;
    return deskText(ask, { page: 'meldingen', title: say('desk:reports.title'), lead: say('desk:reports.lead'), content });
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const taken = await takeAnswersForm(ask, deps);
    if (taken !== null) return taken;
    const id = ask.fields.get('close') ?? '';
    try {
      if (UUID.test(id)) await change((tx) => closeReport(tx, id, clock()));
    } catch (error) {
      // It is gone after a year: then nobody has to see to it either.
      if (!(error instanceof AppError) || error.kind !== 'not_found') throw error;
    }
    return { onward: PATH };
  });
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

interface Shown {
  names: ReadonlyMap<string, string>;
  /** Whether the entry says something else since. */
  isOlder: boolean;
}

function reportView(ask: EditorAsk, report: ListedReport, { isOlder, names }: Shown): SafeHtml {
  const { contractYear, correct, createdAt, deadlineId, email, id, insurer, proof, title, wrong } = report;
  const about = say('desk:reports.about', {
    insurer: insurer === null ? say('desk:work.sector') : (names.get(insurer) ?? insurer),
    year: contractYear,
  });
  const rows = [
    ...row('wrong', wrong),
    ...row('correct', correct),
    ...row('proof', proof),
    ...row('email', email === null ? null : mailLink(email)),
  ];
  return html`<li>
    <p class="what"><a href="${pageAddress(ask, `/datums/${deadlineId}`)}">${title}</a></p>
    <p class="small">${about}. ${writeMoment(createdAt, 'nl')}.</p>
    ${isOlder ? html`<p class="small">${say('desk:reports.later')}</p>` : ''} ${rowList(rows)}
    ${deskForm(
      ask,
      deskPath('meldingen'),
      html`<button type="submit" class="button plain" name="close" value="${id}">
        ${say('desk:reports.close')} <span class="unseen">${title}</span>
      </button>`,
    )}
  </li>`;
}

const row = (name: string, value: string | SafeHtml | null) => (value === null ? [] : [{ label: say(`desk:reports.${name}`), value }]);
