/** A form that was sent too late: after its session ended, or from a page of another session. What was typed stays, and is sent again by hand. */
import { isDay, writeDay } from '../../../calendars/days.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { sentIn } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';
import { rowList, type Row } from '../parts/rows.ts';
import { pageBehind, signInPath } from './onward.ts';
import { sessionField } from './session.ts';

/**
 * `signed_out`: nobody is signed in any more. `not_fresh`: who is signed in has to sign in once more for this. `other_session`: it was filled in
 * before whoever is signed in now did so, perhaps by somebody else.
 */
export type Late = 'signed_out' | 'not_fresh' | 'other_session';

/**
 * The page that keeps what a form was sent with, with a button that sends it again to the same address. With a session that holds it gives that
 * session's field, so that what was filled in before is looked at before it is done. Null where nothing is lost: a page that was asked for, or a
 * button by itself, which is pressed again where its words stand; and where there is more than a form of ours has.
 */
export function keptFormText(ask: PageAsk, late: Late): PageText | null {
  const { language, reply, request } = ask;
  const fields = keptOf(sentIn(request.body).fields);
  if (fields.length > MOST_FIELDS || !fields.some(([name, value]) => isTyped(name, value))) return null;
  reply.code(late === 'other_session' ? 409 : 401);
  const say = wordsIn(language);
  const title = say(`account:kept.${late}.title`);
  const email = request.signedIn?.session.person.email ?? '';
  const isSignedIn = late === 'other_session';
  const send = button(say(isSignedIn ? 'account:kept.confirm' : 'account:kept.send'), isSignedIn ? 'primary' : 'plain');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say(`account:kept.${late}.text`, { email })}</p>
    <p>${isSignedIn ? pageLink(ask) : signInLink(ask, late)}</p>
    ${typedText(fields, language)}
    <form method="post">
      ${sessionField(ask)} ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)} ${send}
    </form>`;
  return { title, content };
}

/** No form of ours has as many. */
const MOST_FIELDS = 500;

/** Of what only the service gave, or only the mail of a sign-in, no page says it again. */
const SECRET = /^(session|code|password|wachtwoord)$/;

function keptOf(body: URLSearchParams): [string, string][] {
  return [...body].filter(([name]) => !SECRET.test(name));
}

/** Whether somebody typed or chose it: neither which of a form's buttons was pressed, nor what names the thing that this was for. */
function isTyped(name: string, value: string): boolean {
  return !/^(act|doe)$/.test(name) && value.trim() !== '' && !UUID.test(value);
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** In a tab of its own, so that the page with what was typed stays. */
function signInLink(ask: PageAsk, late: Late): SafeHtml {
  return tabLink(
    pageAddress(ask, signInPath(ask, { again: late === 'not_fresh' })),
    wordsIn(ask.language)('account:kept.sign_in'),
    'primary',
  );
}

function pageLink(ask: PageAsk): SafeHtml | '' {
  const page = pageBehind(ask);
  return page === null ? '' : tabLink(pageAddress(ask, page), wordsIn(ask.language)('account:kept.page'), 'plain');
}

function tabLink(address: string, label: string, weight: 'primary' | 'plain'): SafeHtml {
  return html`<a class="button ${weight}" href="${address}" target="_blank" rel="noopener">${label}</a>`;
}

/** The fields in which people type on such pages, in the order of `account:kept.field`; what was chosen beside them goes along unseen. */
const TYPED = [
  'email',
  'name',
  'what',
  'label',
  'on',
  'reason',
  'evidence',
  'leads',
  'hour',
  'paused',
  'deputy',
  'until',
  'position',
  'alarms',
] as const;

function typedText(fields: readonly [string, string][], language: Language): SafeHtml | '' {
  const say = wordsIn(language);
  const rows: Row[] = TYPED.flatMap((name) =>
    fields
      .filter(([of, value]) => of === name && value.trim() !== '')
      .map(([, value]) => ({ label: say(`account:kept.field.${name}`), value: isDay(value) ? writeDay(value, language) : value })),
  );
  if (rows.length === 0) return '';
  return html`<h2>${say('account:kept.typed')}</h2>
    ${rowList(rows)}`;
}
