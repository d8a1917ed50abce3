/** The code of a sign-in, typed: by itself in the asking browser, or beside the link of the same mail in another one. */
import { wordsIn } from '../../../calendars/words.ts';
import { signIn } from '../../../db/people/sign-ins.ts';
import type { Deps } from '../../deps.ts';
import type { FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { button, buttonLink } from '../parts/button.ts';
import { errorSummary, textField } from '../parts/field.ts';
import { pageAddress } from '../parts/page-link.ts';
import { forgetAsking, readAsking } from '../session/asking.ts';
import { readCookie } from '../session/cookies.ts';
import { keepSession } from '../session/session.ts';

/** `error`: what is wrong with the code that was typed. */
export type Entered = { outcome: 'signed_in'; onward: string } | { outcome: 'wrong'; error: string } | { outcome: 'over' };

/** Tries to sign in with what the browser keeps, the link's token where there is one, and the code that was typed. */
export async function enter(
  { fields, language, reply, request }: FormAsk,
  { change, clock, publicUrl, secret }: Pick<Deps, 'change' | 'clock' | 'publicUrl' | 'secret'>,
  token: string | null,
): Promise<Entered> {
  const asking = readAsking(request, publicUrl);
  const proof = {
    cookie: asking?.cookie ?? null,
    token,
    code: fields.get('code'),
    formerSession: readCookie(request, publicUrl, 'session'),
  };
  // Whatever comes of it is kept: that is how tries are counted.
  const signedIn = await change((tx) => signIn(tx, proof, secret, clock()));
  const say = wordsIn(language);
  switch (signedIn.outcome) {
    case 'signed_in':
      keepSession(reply, publicUrl, signedIn);
      forgetAsking(reply, publicUrl);
      return { outcome: 'signed_in', onward: asking?.onward ?? '/mijn' };
    case 'code_needed':
      reply.code(400);
      return { outcome: 'wrong', error: say('account:code.error.empty') };
    case 'wrong_code':
      if (signedIn.triesLeft === 0) return { outcome: 'over' };
      reply.code(400);
      return { outcome: 'wrong', error: say('account:code.error.wrong', { count: signedIn.triesLeft }) };
    default:
      signedIn.outcome satisfies 'over';
      return { outcome: 'over' };
  }
}

/** The form in which a code is typed. It is typed anew where it was wrong. */
export function codeFormText(ask: PageAsk, path: string, error?: string): SafeHtml {
  const say = wordsIn(ask.language);
  const field = { name: 'code', label: say('account:code.field'), hint: say('account:code.hint'), error };
  return html`${errorSummary([field], ask.language)}
    <form method="post" action="${pageAddress(ask, path)}" class="code" novalidate>
      ${textField({ ...field, autocomplete: 'one-time-code' })} ${button(say('account:code.button'), 'primary')}
    </form>`;
}

/** For a code, or a link, that is used, expired, out of tries, or never was: which it is nobody is told. */
export function overText(ask: PageAsk, what: 'code' | 'link'): PageText {
  const say = wordsIn(ask.language);
  const title = say(`account:over.${what}`);
  ask.reply.code(410);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('account:over.text')}</p>
    <p>${buttonLink(pageAddress(ask, '/inloggen'), say('account:over.button'), 'primary')}</p>`;
  return { title, content };
}
