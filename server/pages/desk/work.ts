/** What editors have to do: what readers and purchasers say, which editions wait, and per insurer what is lacking and what is to be checked. */
import { workLines } from '../../../calendars/upkeep/work.ts';
import { chooseWorkMail, isMailedWork } from '../../../db/people/work-mails.ts';
import { listDrafts } from '../../../db/registry/editions/drafts.ts';
import { insurerNames } from '../../../db/registry/insurers.ts';
import { readWorkList, type InsurerWork, type WorkList } from '../../../db/registry/upkeep/work-list.ts';
import type { App, Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { button } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../session/guards.ts';
import { DESK, deskForm, deskPath, deskText, say } from './frame.ts';
import { draftList, withWriters } from './editions/waiting.ts';
import { editorLabels } from './editions/saying.ts';
import { placeOf } from './shelf.ts';

export function workPage(app: App, deps: Deps): void {
  const { cache, change, clock, read } = deps;
  serveEditorPage(app, deps, DESK, async (ask) => {
    const work = await readWorkList(read, await cache.refresh(), clock());
    const drafts = await withWriters(read, await listDrafts(read));
    const names = { labels: await editorLabels(read), names: await insurerNames(read) };
    const content = html`${waitingLines(ask, work)} ${drafts.length === 0 ? '' : draftList(ask, drafts, names)}
      <section aria-labelledby="insurers">
        <h2 id="insurers">${say('desk:work.insurers')}</h2>
        ${work.insurers.length === 1 ? html`<p>${say('desk:work.none')}</p>` : ''}
        <ul class="insurer-list">
          ${work.insurers.map((one) => insurerView(ask, one))}
        </ul>
      </section>
      ${mailChoice(ask, await isMailedWork(read, ask.signedIn.session.person.email))}`;
    return deskText(ask, { page: '', title: say('desk:work.title'), lead: say('desk:work.lead'), content });
  });
  takeEditorForm(app, deps, DESK, async (ask) => {
    const choice = ask.fields.get('mail');
    if (choice === 'on' || choice === 'off')
      await change((tx) => chooseWorkMail(tx, ask.signedIn.session.person.id, choice === 'on', clock()));
    return { onward: `${DESK}#mail` };
  });
}

/** What waits, with the page where it is seen to. Of readers it is also said that nobody reported anything. */
function waitingLines(ask: EditorAsk, { drafts, reports, right, unseen, wrong }: WorkList): SafeHtml {
  const line = (name: 'reports' | 'wrong' | 'right' | 'drafts' | 'unseen', count: number, path: string) =>
    count === 0
      ? ''
      : html`<p>${say(`desk:work.${name}`, { count })} <a href="${pageAddress(ask, path)}">${say(`desk:work.look.${name}`)}</a></p>`;
  const [editions, said] = [deskPath('edities'), deskPath('meldingen')];
  return html`${reports === 0 ? html`<p>${say('desk:work.no_reports')}</p>` : line('reports', reports, said)}
  ${line('wrong', wrong, `${said}#purchasers`)} ${line('right', right, `${said}#purchasers`)}
  ${line('unseen', unseen, `${editions}#lately`)} ${line('drafts', drafts, `${editions}#drafts`)}`;
}

function insurerView(ask: EditorAsk, work: InsurerWork): SafeHtml {
  const { name, slug } = placeOf(work);
  const lines = [...workLines(work, say), ...(work.lost === null ? [] : [lostLine(ask, work.lost)])];
  return html`<li>
    <h3><a href="${pageAddress(ask, deskPath('verzekeraars', slug))}">${name}</a></h3>
    <div>${lines.length === 0 ? html`<p>${say('desk:work.nothing')}</p>` : lines.map((line) => html`<p>${line}</p>`)}</div>
  </li>`;
}

function lostLine(ask: EditorAsk, { count, key }: NonNullable<InsurerWork['lost']>): SafeHtml {
  const address = `${pageAddress(ask, deskPath('documenten', key))}#vorige`;
  return html`${say('common:work.lost', { count })} <a href="${address}">${say('papers:again.look')}</a>`;
}

/** Whether the list comes by mail, and the button that changes it. */
function mailChoice(ask: EditorAsk, isMailed: boolean): SafeHtml {
  const [now, other] = isMailed ? (['on', 'off'] as const) : (['off', 'on'] as const);
  return html`<section aria-labelledby="mail" class="unprinted">
    <h2 id="mail">${say('desk:mail.title')}</h2>
    <p>${say(`desk:mail.${now}`)}</p>
    ${deskForm(ask, DESK, button(say(`desk:mail.turn_${other}`), 'plain', { name: 'mail', value: other }))}
  </section>`;
}
