/** Enrolling an organisation: the form, what comes of it to be read before it is sent, and the page that leads to the mailbox. */
import { amsterdamDay } from '../../../calendars/days.ts';
import { AppError } from '../../../calendars/errors.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { beginEnrolment, type BegunEnrolment } from '../../../db/people/enrolments.ts';
import { findEnrolInvitation } from '../../../db/people/invitations.ts';
import type { Snapshot } from '../../../db/registry/snapshot.ts';
import type { App, Deps } from '../../deps.ts';
import { takeForm, type FormAsk } from '../forms.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { rowList } from '../parts/rows.ts';
import { choicesOf, faultsOf, fieldsFrom, typedFromFields, typedFromQuery, type Typed } from './choices.ts';
import { confirmPages } from './confirm.ts';
import { foretoldView } from './foretold.ts';
import { chosenRows, formText, PATH } from './form.ts';
import { writeFreeAt } from './free-at.ts';
import { closedText, invitationText } from './refusals.ts';

const SENT = `${PATH}/verstuurd`;

export function enrolPages(deps: Deps) {
  const { cache, clock, read, signUp = 'closed' } = deps;
  return async (app: App) => {
    servePage(app, deps, PATH, async (ask) => {
      if (signUp !== 'open') return closedText(ask, deps, signUp);
      const { names } = await cache.refresh();
      return formText(ask, typedFromQuery(ask.request.query, names, { invitation: '', language: ask.language }), { names });
    });
    servePage(app, deps, `${PATH}/uitnodiging/:invitation`, async (ask) => {
      const { invitation } = ask.request.params as { invitation: string };
      ask.reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
      if (signUp === 'closed') return closedText(ask, deps, signUp);
      if ((await findEnrolInvitation(read, invitation, clock())) === null) return invitationText(ask, 'gone');
      const { names } = await cache.refresh();
      return formText(ask, typedFromQuery(ask.request.query, names, { invitation, language: ask.language }), { names });
    });
    servePage(app, deps, SENT, async (ask) => sentText(ask));
    takeForm(app, deps, PATH, async (ask) => {
      if (signUp === 'closed') return closedText(ask, deps, signUp);
      const registry = await cache.refresh();
      const { names } = registry;
      const typed = typedFromFields(ask.fields, names, ask.language);
      const step = ask.fields.get('step');
      if (step === 'change') return formText(ask, typed, { names });
      const faults = faultsOf(typed, names, ask.language);
      if (faults.size > 0) {
        ask.reply.code(400);
        return formText(ask, typed, { faults, names });
      }
      return step === 'send' ? send(deps, ask, typed, names) : checkText(ask, { registry, typed, now: clock() });
    });
    await app.register(confirmPages(deps));
  };
}

/** What was filled in, what will be mailed and from when, and the button. */
function checkText(ask: PageAsk, { now, registry, typed }: { registry: Snapshot; typed: Typed; now: Date }): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const title = say('page:enrol.check_title');
  const content = html`<h1>${title}</h1>
    ${rowList(chosenRows(typed, registry.names, language))} ${foretoldView(ask, registry, typed, amsterdamDay(now))}
    <form method="post">
      ${fieldsFrom(typed).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p>${say('page:enrol.nothing_yet')}</p>
      <p class="ways">
        ${button(say('page:enrol.send'), 'primary', { name: 'step', value: 'send' })}
        ${button(say('page:enrol.change'), 'plain', { name: 'step', value: 'change' })}
      </p>
    </form>`;
  return { title, description: say('page:enrol.lead'), content };
}

/** Mails the link. The answer is the same whoever has the address, and whatever the name. */
async function send(deps: Deps, ask: FormAsk, typed: Typed, names: ReadonlyMap<string, string>) {
  const { change, clock, secret, signUp = 'closed' } = deps;
  const call = { signUp, caller: ask.request.ip, invitation: typed.invitation === '' ? null : typed.invitation };
  let begun: BegunEnrolment;
  try {
    begun = await change((tx) => beginEnrolment(tx, choicesOf(typed), call, secret, clock()));
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'forbidden') throw error;
    return typed.invitation === '' ? closedText(ask, deps, 'invited') : invitationText(ask, 'gone');
  }
  if (begun.outcome === 'sent') return { onward: SENT };
  const { freeAt, whose } = begun;
  const now = clock();
  ask.reply.code(429).header('retry-after', String(Math.ceil((freeAt.getTime() - now.getTime()) / 1000)));
  const said = wordsIn(ask.language)(`page:enrol.limited.${whose}`, { when: writeFreeAt(freeAt, now, ask.language) });
  return formText(ask, typed, { names, said });
}

function sentText({ language }: PageAsk): PageText {
  const say = wordsIn(language);
  const title = say('page:enrol.sent_title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:enrol.sent')}</p>
    <p>${say('page:enrol.sent_none')}</p>`;
  return { title, description: say('page:enrol.sent'), content };
}
