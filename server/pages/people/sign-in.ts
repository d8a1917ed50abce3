/** Signing in: the question for a mail with a code, and the page where that is typed. For a known and an unknown address all of it is the same. */
import { cleanText } from '../../../calendars/clean-text.ts';
import { foldAddress, parseAddress } from '../../../calendars/mail-address.ts';
import { browserKind } from '../../../calendars/people/browser.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { askSignIn } from '../../../db/people/sign-ins.ts';
import { callerDigest } from '../../../db/store/secrets.ts';
import { canSignIn } from '../../access.ts';
import type { App, Deps } from '../../deps.ts';
import { takeForm, type FormAsk } from '../forms.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type Onward, type PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { errorSummary, textField } from '../parts/field.ts';
import { writeMoment } from './moment.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { keepAsking, readAsking } from '../session/asking.ts';
import { readOnward } from '../session/onward.ts';
import { openBrake } from './brake.ts';
import { codeFormText, enter, overText } from './code.ts';

/** What stands in the form. */
interface Typed {
  email: string;
  onward: string | null;
  /** Why who is signed in signs in once more: for what is dangerous, or as somebody else. */
  again: (typeof AGAIN)[number] | null;
}

const AGAIN = ['ja', 'ander'] as const;

export function signInPages(app: App, deps: Deps): void {
  const { change, clock, publicUrl, secret } = deps;
  const brake = openBrake();
  servePage(app, deps, '/inloggen', async (ask) => {
    ask.reply.header('cache-control', 'no-store');
    if (!canSignIn(deps)) return impossibleText(ask);
    const typed = typedIn(new URL(ask.request.url, publicUrl).searchParams);
    const { signedIn } = ask.request;
    if (signedIn !== null && typed.again === null) return { onward: typed.onward ?? '/mijn' };
    return askText(ask, deps, { ...typed, email: typed.again === 'ja' ? (signedIn?.session.person.email ?? '') : '' });
  });
  takeForm(app, deps, '/inloggen', async (ask) => {
    if (!canSignIn(deps)) return impossibleText(ask);
    const { language, reply, request } = ask;
    const typed = typedIn(ask.fields);
    if (parseAddress(typed.email).fault !== null) {
      reply.code(400);
      return askText(ask, deps, typed, wordsIn(language)(`account:sign_in.error.email`));
    }
    const email = foldAddress(typed.email);
    const browser = browserKind(request.headers['user-agent']);
    const now = clock();
    const heldUntil = brake(callerDigest(secret, request.ip), now);
    const asked =
      heldUntil === null
        ? await change((tx) => askSignIn(tx, { email, language, browser }, secret, now))
        : { outcome: 'limited' as const, freeAt: heldUntil };
    if (asked.outcome === 'limited') {
      reply.code(429).header('retry-after', String(Math.ceil((asked.freeAt.getTime() - now.getTime()) / 1000)));
      return limitedText(ask, deps, asked.freeAt, heldUntil === null ? 'text' : 'caller');
    }
    keepAsking(reply, publicUrl, { cookie: asked.cookie, email, onward: typed.onward }, asked.expiresAt);
    return { onward: '/inloggen/code' };
  });
  servePage(app, deps, '/inloggen/code', async (ask) => {
    ask.reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    const asking = readAsking(ask.request, publicUrl);
    return asking === null ? { onward: '/inloggen' } : codeText(ask, asking);
  });
  takeForm(app, deps, '/inloggen/code', async (ask) => takeCode(ask, deps));
}

async function takeCode(ask: FormAsk, deps: Deps): Promise<PageText | Onward> {
  const asking = readAsking(ask.request, deps.publicUrl);
  if (asking === null) return overText(ask, 'code');
  const outcome = await enter(ask, deps, null);
  if (outcome.outcome === 'signed_in') return { onward: outcome.onward };
  return outcome.outcome === 'over' ? overText(ask, 'code') : codeText(ask, asking, outcome.error);
}

function typedIn(fields: URLSearchParams): Typed {
  return {
    email: cleanText(fields.get('email') ?? '').trim(),
    onward: readOnward(fields.get('naar')),
    again: AGAIN.find((one) => one === fields.get('opnieuw')) ?? null,
  };
}

function askText(ask: PageAsk, { signUp }: Pick<Deps, 'signUp'>, { again, email, onward }: Typed, error?: string): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const title = say('account:sign_in.title');
  const field = { name: 'email', label: say('account:sign_in.email'), error };
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('account:sign_in.lead')}</p>
    ${again === null ? '' : notice(say(`account:sign_in.again.${again}`))} ${errorSummary([field], language)}
    <form method="post" action="${pageAddress(ask, '/inloggen')}" novalidate>
      ${onward === null ? '' : html`<input type="hidden" name="naar" value="${onward}" />`}
      ${again === null ? '' : html`<input type="hidden" name="opnieuw" value="${again}" />`}
      ${textField({ ...field, value: email, type: 'email', autocomplete: 'email' })} ${button(say('account:sign_in.send'), 'primary')}
    </form>
    <p class="small">${say('account:sign_in.cookie')}</p>
    <h2>${say('account:sign_in.stranger_title')}</h2>
    <p>${say('account:sign_in.stranger_text')}</p>
    ${signUp === 'open' ? html`<p><a href="${pageAddress(ask, '/aanmelden')}">${say('account:sign_in.enrol')}</a></p>` : ''}`;
  return { title, description: say('account:sign_in.lead'), content };
}

function codeText(ask: PageAsk, { email }: { email: string }, error?: string): PageText {
  const say = wordsIn(ask.language);
  const title = say('account:code.title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('account:code.lead', { email })}</p>
    ${codeFormText(ask, '/inloggen/code', error)}
    <h2>${say('account:code.none_title')}</h2>
    <p>${say('account:code.none_text')}</p>
    <p><a href="${pageAddress(ask, '/inloggen')}">${say('account:code.none_link')}</a></p>`;
  return { title, content };
}

function limitedText(ask: PageAsk, { publicUrl }: Deps, freeAt: Date, why: 'text' | 'caller'): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const title = say('account:limited.title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say(`account:limited.${why}`, { moment: writeMoment(freeAt, language) })}</p>
    ${
      readAsking(ask.request, publicUrl) === null
        ? ''
        : html`<p><a href="${pageAddress(ask, '/inloggen/code')}">${say('account:limited.code')}</a></p>`
    }`;
  return { title, content };
}

/** Where cookies would go unprotected: whoever asks is told, and nothing is done. */
function impossibleText({ language, reply, request }: PageAsk): PageText {
  const say = wordsIn(language);
  const title = say('account:impossible.title');
  if (request.method === 'POST') reply.code(409);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('account:impossible.text')}</p>`;
  return { title, description: say('account:impossible.text'), content };
}
