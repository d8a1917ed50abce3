/** One's organisations: who has one alone is led to it, and an editor who has none to the registry. */
import { wordsIn } from '../../../calendars/words.ts';
import { membershipsOf } from '../../../db/people/members.ts';
import type { App, Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { DESK } from '../desk/frame.ts';
import { pageAddress } from '../parts/page-link.ts';
import { servePersonalPage, type PersonalAsk } from '../session/guards.ts';

export function minePage(app: App, deps: Deps): void {
  servePersonalPage(app, deps, '/mijn', async (ask) => {
    const all = await membershipsOf(deps.read, ask.signedIn.session.person.id);
    const hasPage = app.paths.has('/o/:id');
    const [one] = all;
    const isEditor = ask.signedIn.session.editorLabel !== null;
    if (isEditor && all.length === 0) return { onward: DESK };
    if (!isEditor && hasPage && one && all.length === 1) return { onward: `/o/${one.id}` };
    const say = wordsIn(ask.language);
    const title = say('account:mine.title');
    const content = html`<h1>${title}</h1>
      ${all.length === 0 ? html`<p class="lead">${say('account:mine.none')}</p>` : listText(ask, all, hasPage)}`;
    return { title, content };
  });
}

function listText(ask: PersonalAsk, all: Awaited<ReturnType<typeof membershipsOf>>, hasPage: boolean): SafeHtml {
  const say = wordsIn(ask.language);
  return html`${hasPage ? html`<p class="lead">${say('account:mine.lead')}</p>` : ''}
    <ul class="named">
      ${all.map(({ id, name, role }) => {
        const shown = hasPage ? html`<a href="${pageAddress(ask, `/o/${id}`)}">${name}</a>` : name;
        return html`<li>${shown} <span class="small">${say(`account:role.${role}`)}</span></li>`;
      })}
    </ul>`;
}
