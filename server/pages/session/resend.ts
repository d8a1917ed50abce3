/** A form that was sent too late: after its session ended, or from a page of another session. What was typed stays, to copy, or to be sent again by hand where that does no harm. */
import { isDay, writeDay } from '../../../calendars/days.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { sentIn } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';
import { rowList, type Row } from '../parts/rows.ts';
import { pageBehind, signInPath } from './onward.ts';
import { isOfPerson, sessionField, writerField, writerOf } from './session.ts';

/**
 * `signed_out`: nobody is signed in any more. `not_fresh`: who is signed in has to sign in once more for this. `other_session`: it was filled in
 * before whoever is signed in now did so, perhaps by somebody else.
 */
export type Late = 'signed_out' | 'not_fresh' | 'other_session';

/**
 * The page that shows what was typed into a form that came too late. Where `isSentAgain` allows, it keeps it too, with a button that sends it to the
 * same address; with a session that holds it then gives that session's field, so that it is looked at before it is done. Anywhere else there is no
 * form: it is filled in anew on its page. Null where nothing is lost: a page that was asked for, or a button by itself, which is pressed again where
 * its words stand; and where there is more than a form of ours has.
 */
export function keptFormText(ask: PageAsk, late: Late): PageText | null {
  const { language, reply, request } = ask;
  const sent = sentIn(request.body).fields;
  const fields = keptOf(sent);
  if (fields.length > MOST_FIELDS || !fields.some(([name, value]) => isTyped(name, value))) return null;
  reply.code(late === 'other_session' ? 409 : 401);
  const say = wordsIn(language);
  const title = say(`account:kept.${late}.title`);
  const email = request.signedIn?.session.person.email ?? '';
  const writer = writerOf(sent);
  const isAgain = writer !== null && isSentAgain(ask, fields) && (late !== 'other_session' || isTheirs(ask, sent));
  const next = late === 'other_session' ? (isAgain ? 'confirm' : 'copy') : isAgain ? 'sign_in' : 'sign_in_copy';
  const content = html`<h1>${title}</h1>
    <p class="lead">${say(`account:kept.${late}.text`, { email })} ${say(`account:kept.next.${next}`)}</p>
    <p>${late === 'other_session' ? pageLink(ask) : signInLink(ask, late)}</p>
    ${typedText(ask, fields)} ${isAgain ? formAgain(ask, late, writer, fields) : ''}`;
  return { title, content };
}

const isTheirs = ({ request: { signedIn } }: PageAsk, sent: URLSearchParams) => signedIn !== null && isOfPerson(sent, signedIn);

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

/**
 * What is sent again at all: forms that do no harm, and of them only what the page shows. Whoever presses its button sees no choice, no tick and
 * no button that was pressed before, so a form with any of them is filled in anew.
 */
const SENT_AGAIN: readonly { path: string; shown: readonly string[]; blank: readonly string[] }[] = [
  { path: '/o/:id/eigen-datums', shown: ['what', 'on'], blank: ['owner', 'before', 'step'] },
  { path: '/o/:id/ontvangers', shown: ['email'], blank: [] },
];

function isSentAgain({ language, request }: PageAsk, fields: readonly [string, string][]): boolean {
  const form = SENT_AGAIN.find(({ path }) => pathIn(language, path) === request.routeOptions.url);
  if (form === undefined) return false;
  return fields.every(([name, value]) => name === 'ticket' || form.shown.includes(name) || (value === '' && form.blank.includes(name)));
}

/** With a session that holds it is that session's, and says so on its button; before it only says whose it was. */
function formAgain(ask: PageAsk, late: Late, writer: string, fields: readonly [string, string][]): SafeHtml {
  const say = wordsIn(ask.language);
  const isSignedIn = late === 'other_session';
  const send = button(say(isSignedIn ? 'account:kept.confirm' : 'account:kept.send'), isSignedIn ? 'primary' : 'plain');
  return html`<form method="post">
    ${isSignedIn ? sessionField(ask) : writerField(writer)}
    ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)} ${send}
  </form>`;
}

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

/** The fields in which people type on such pages, in the order of `account:kept.field`. */
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

function typedText(ask: PageAsk, fields: readonly [string, string][]): SafeHtml | '' {
  const { language, request } = ask;
  const say = wordsIn(language);
  const shown = fields.filter(([, value]) => value.trim() !== '');
  const rows: Row[] = TYPED.flatMap((name) =>
    shown
      .filter(([of]) => of === name)
      .map(([, value]) => ({ label: say(`account:kept.field.${name}`), value: isDay(value) ? writeDay(value, language) : asTyped(value) })),
  );
  // Of an editor's form, which is long and typed in many fields, everything is to be copied.
  if (request.routeOptions.url?.startsWith('/redactie') ?? false)
    for (const [name, value] of shown)
      if (!isIn(TYPED, name) && !UNTYPED.test(name) && !UUID.test(value))
        rows.push({ label: say('account:kept.other', { name }), value: asTyped(value) });
  if (rows.length === 0) return '';
  return html`<h2>${say('account:kept.typed')}</h2>
    ${rowList(rows)}`;
}

const asTyped = (value: string) => html`<span class="as-typed">${value}</span>`;

const isIn = (names: readonly string[], name: string) => names.includes(name);

/** Of an editor's form: buttons, ticks, and what it was opened with. */
const UNTYPED = /^(act|doe|ticket|seen|was|mark|checked|check|card|remove|back)$/;
