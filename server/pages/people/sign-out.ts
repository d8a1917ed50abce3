/** Signing out: in this browser, or in all at once. */
import { wordsIn } from '../../../calendars/words.ts';
import { endAllSessions, endSession } from '../../../db/people/sessions.ts';
import type { App, Deps } from '../../deps.ts';
import { foreignText, takeForm } from '../forms.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { button, buttonLink } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';
import { forgetSession, isOfSession, sessionField, type SignedIn } from '../session/session.ts';

export function signOutPages(app: App, deps: Deps): void {
  const { change, clock, publicUrl } = deps;
  servePage(app, deps, '/uitloggen', async (ask) => {
    const { reply, request } = ask;
    reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    return request.signedIn === null ? goneText(ask) : askText(ask, request.signedIn);
  });
  takeForm(app, deps, '/uitloggen', async (ask) => {
    const { fields, reply, request } = ask;
    // Whoever is signed out already has what was asked for.
    if (request.signedIn !== null) {
      const { session, token } = request.signedIn;
      if (!isOfSession(fields, request.signedIn)) return foreignText(ask);
      const isEverywhere = fields.get('waar') === 'overal';
      await change(async (tx) => {
        if (isEverywhere) await endAllSessions(tx, session.person.id, clock());
        else await endSession(tx, token, clock());
      });
    }
    forgetSession(reply, publicUrl);
    return { onward: '/uitloggen' };
  });
}

function askText(ask: PageAsk, { session }: SignedIn): PageText {
  const say = wordsIn(ask.language);
  const title = say('account:sign_out.title');
  const address = pageAddress(ask, '/uitloggen');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('account:sign_out.lead', { email: session.person.email })}</p>
    <form method="post" action="${address}">${sessionField(ask)} ${button(say('account:sign_out.button'), 'primary')}</form>
    <h2>${say('account:sign_out.everywhere_title')}</h2>
    <p>${say('account:sign_out.everywhere_text')}</p>
    <form method="post" action="${address}">
      ${sessionField(ask)} ${button(say('account:sign_out.everywhere'), 'plain', { name: 'waar', value: 'overal' })}
    </form>`;
  return { title, content };
}

function goneText(ask: PageAsk): PageText {
  const say = wordsIn(ask.language);
  const title = say('account:sign_out.gone_title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('account:sign_out.gone_text')}</p>
    <p>${buttonLink(pageAddress(ask, '/inloggen'), say('account:sign_in.title'))}</p>`;
  return { title, content };
}
