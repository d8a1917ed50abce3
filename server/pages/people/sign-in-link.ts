/** The page behind the link of a sign-in's mail: one button in the browser that asked; elsewhere it asks for the code too, which no robot has read. */
import { wordsIn } from '../../../calendars/words.ts';
import { findSignIn } from '../../../db/people/sign-ins.ts';
import { canSignIn } from '../../access.ts';
import type { App, Deps } from '../../deps.ts';
import { takeForm } from '../forms.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { readAsking } from '../session/asking.ts';
import { codeFormText, enter, overText } from './code.ts';
import { tokenOf } from './token-page.ts';

export function signInLinkPages(app: App, deps: Deps): void {
  const { clock, publicUrl, read } = deps;
  const show = async (ask: PageAsk, error?: string) => {
    const token = tokenOf(ask);
    const found = await findSignIn(read, token, readAsking(ask.request, publicUrl)?.cookie ?? null, clock());
    return found === null ? overText(ask, 'link') : linkText(ask, { ...found, path: `/inloggen/${token}` }, error);
  };
  servePage(app, deps, '/inloggen/:token', async (ask) => {
    ask.reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    return show(ask);
  });
  takeForm(app, deps, '/inloggen/:token', async (ask) => {
    if (!canSignIn(deps)) return overText(ask, 'link');
    const entered = await enter(ask, deps, tokenOf(ask));
    if (entered.outcome === 'signed_in') return { onward: entered.onward };
    return entered.outcome === 'over' ? overText(ask, 'link') : show(ask, entered.error);
  });
}

function linkText(
  ask: PageAsk,
  { email, isAskingBrowser, path }: { email: string; isAskingBrowser: boolean; path: string },
  error?: string,
): PageText {
  const say = wordsIn(ask.language);
  const title = say('account:link.title');
  const lead = html`<p class="lead">${say('account:link.lead', { email })}</p>`;
  const content = isAskingBrowser
    ? html`<h1>${title}</h1>
        ${lead}
        <form method="post" action="${pageAddress(ask, path)}">${button(say('account:link.button'), 'primary')}</form>`
    : html`<h1>${title}</h1>
        ${lead} ${notice(say('account:link.elsewhere'))} ${codeFormText(ask, path, error)}
        <p>${say('account:link.stranger')}</p>`;
  return { title, content };
}
