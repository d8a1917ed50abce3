/** One's account: the language of mails, the address, where one is signed in, and the way out of each organisation. */
import { cleanText } from '../../../calendars/clean-text.ts';
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { AppError } from '../../../calendars/errors.ts';
import { parseAddress } from '../../../calendars/mail-address.ts';
import { LANGUAGES } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { askAddressChange } from '../../../db/people/address-changes.ts';
import { membershipsOf } from '../../../db/people/members.ts';
import { chooseLanguage } from '../../../db/people/people.ts';
import { listSessions, revokeSession } from '../../../db/people/sessions.ts';
import type { App, Deps } from '../../deps.ts';
import type { FormAsk } from '../forms.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { Onward } from '../page.ts';
import { button } from '../parts/button.ts';
import { errorSummary, selectField, textField, type Field } from '../parts/field.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { freshFirst, freshNote, servePersonalPage, takePersonalForm, type PersonalAsk } from '../session/guards.ts';
import { onwardSaying, saidOf } from '../session/said.ts';
import { sessionField } from '../session/session.ts';
import { writeMoment } from './moment.ts';

const PATH = '/mijn/account';
/** What was done last, as the page says that a form leads on to. */
const DONE = ['taal', 'adres', 'sessie'] as const;

/** The new address as it was typed, and what is wrong with it. */
interface Typed {
  email: string;
  error?: string;
}

type Act = (ask: PersonalAsk & FormAsk, deps: Deps) => Promise<PageText | Onward>;

export function accountPage(app: App, deps: Deps): void {
  servePersonalPage(app, deps, PATH, async (ask) => accountText(ask, deps, { email: '' }));
  takePersonalForm(app, deps, PATH, async (ask) => {
    const act = ACTS.get(ask.fields.get('doe') ?? '');
    return act === undefined ? accountText(ask, deps, { email: '' }) : act(ask, deps);
  });
}

const onwardAfter = (ask: PersonalAsk, done: (typeof DONE)[number]): Onward => onwardSaying(ask, PATH, done);

/** What each button does. */
const BUTTONS: Record<string, Act> = {
  async taal(ask, { change }) {
    const { fields, signedIn } = ask;
    const { id, language } = signedIn.session.person;
    const chosen = LANGUAGES.find((one) => one === fields.get('language')) ?? language;
    await change((tx) => chooseLanguage(tx, id, chosen));
    return onwardAfter(ask, 'taal');
  },
  async adres(ask, deps) {
    const first = freshFirst(ask);
    if (first !== null) return first;
    const { fields, language, reply, signedIn } = ask;
    const say = wordsIn(language);
    const email = cleanText(fields.get('email') ?? '').trim();
    const refuse = async (status: number, error: string) => {
      reply.code(status);
      return accountText(ask, deps, { email, error });
    };
    if (parseAddress(email).fault !== null) return refuse(400, say('account:sign_in.error.email'));
    try {
      await deps.change((tx) => askAddressChange(tx, signedIn.session.person.id, email, deps.clock()));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.kind === 'invalid') return refuse(400, say('account:account.error.same'));
      if (error.kind === 'limited') return refuse(429, say('account:account.error.limited'));
      throw error;
    }
    return onwardAfter(ask, 'adres');
  },
  async sessie(ask, { change, clock, read }) {
    const { fields, signedIn } = ask;
    const own = await listSessions(read, signedIn.session.person.id, clock());
    const one = own.find(({ id }) => id === fields.get('sessie'));
    try {
      if (one) await change((tx) => revokeSession(tx, one.id, clock()));
    } catch (error) {
      // It ended at this very moment: what was asked for is so.
      if (!(error instanceof AppError) || error.kind !== 'not_found') throw error;
    }
    return onwardAfter(ask, 'sessie');
  },
};
/** By name: what was sent may name what any object has by itself. */
const ACTS = new Map(Object.entries(BUTTONS));

async function accountText(ask: PersonalAsk, deps: Deps, typed: Typed): Promise<PageText> {
  const { language, signedIn } = ask;
  const say = wordsIn(language);
  const { person } = signedIn.session;
  const title = say('account:account.title');
  const done = saidOf(ask, DONE);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('account:account.lead', { email: person.email })}</p>
    ${done === null ? '' : notice(say(`account:account.done.${done}`), 'status')} ${errorSummary([emailField(ask, typed)], language)}
    ${addressText(ask, typed)}
    <h2>${say('account:account.language_title')}</h2>
    ${form(
      ask,
      html`${selectField({
        name: 'language',
        label: say('account:account.language'),
        hint: say('account:account.language_hint'),
        value: person.language,
        options: LANGUAGES.map((value) => ({ value, label: wordsIn(value)('page:frame.language') })),
      })}
      ${button(say('account:account.save'), 'plain', { name: 'doe', value: 'taal' })}`,
    )}
    ${await sessionsText(ask, deps)} ${await leavingText(ask, deps)}`;
  return { title, content };
}

function emailField({ language }: PersonalAsk, { error }: Typed): Field {
  const say = wordsIn(language);
  return { name: 'email', label: say('account:account.email'), hint: say('account:account.email_hint'), error };
}

function addressText(ask: PersonalAsk, typed: Typed): SafeHtml {
  const say = wordsIn(ask.language);
  return html`<h2>${say('account:account.address_title')}</h2>
    ${freshNote(ask)}
    ${form(
      ask,
      html`${textField({ ...emailField(ask, typed), value: typed.email, type: 'email', autocomplete: 'email' })}
      ${button(say('account:account.ask'), 'plain', { name: 'doe', value: 'adres' })}`,
    )}`;
}

/** Where one is signed in: which one it is in this browser, and a button to end each of the others. */
async function sessionsText(ask: PersonalAsk, { clock, read }: Deps): Promise<SafeHtml> {
  const { language, signedIn } = ask;
  const say = wordsIn(language);
  const sessions = await listSessions(read, signedIn.session.person.id, clock());
  const lines = sessions.map(({ createdAt, id, lastUsedAt }) => {
    const since = say('account:account.since', {
      moment: writeMoment(createdAt, language),
      day: writeDay(amsterdamDay(lastUsedAt), language),
    });
    return html`<li>
      <span class="address">${since}</span>
      ${
        id === signedIn.session.id
          ? html`<strong>${say('account:account.this_browser')}</strong>`
          : form(
              ask,
              html`<input type="hidden" name="sessie" value="${id}" /><button class="button small" name="doe" value="sessie">
                  ${say('account:sign_out.button')}<span class="unseen"> (${since})</span>
                </button>`,
            )
      }
    </li>`;
  });
  return html`<h2>${say('account:account.sessions_title')}</h2>
    <ul class="people">
      ${lines}
    </ul>
    <p><a href="${pageAddress(ask, '/uitloggen')}">${say('account:account.everywhere')}</a></p>`;
}

/** The way out: at each organisation, where it says what then happens. */
async function leavingText(ask: PersonalAsk, { read }: Deps): Promise<SafeHtml | ''> {
  const { person } = ask.signedIn.session;
  const say = wordsIn(ask.language);
  const all = await membershipsOf(read, person.id);
  if (all.length === 0) return '';
  return html`<h2>${say('account:account.leave_title')}</h2>
    <p>${say('account:account.leave_text')}</p>
    <ul class="people">
      ${all.map(({ id, name, role }) => {
        const address = pageAddress(ask, `/o/${id}/leden/${person.id}`);
        return html`<li>
          <span class="address">${name}</span> <span class="small">${say(`account:role.${role}`)}</span>
          <a href="${address}" aria-label="${say('account:account.leave_of', { organisation: name })}">${say('account:account.leave')}</a>
        </li>`;
      })}
    </ul>`;
}

function form(ask: PersonalAsk, content: SafeHtml): SafeHtml {
  return html`<form method="post" action="${pageAddress(ask, PATH)}" novalidate>${sessionField(ask)} ${content}</form>`;
}
