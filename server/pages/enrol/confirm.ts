/** The page behind the link in the mail to who enrols: what was filled in, one button, and what comes of it. It gives no session and no key. */
import { amsterdamDay } from '../../../calendars/days.ts';
import { AppError } from '../../../calendars/errors.ts';
import type { Day } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { confirmEnrolment, findEnrolment, type NameChoice } from '../../../db/people/enrolments.ts';
import type { Snapshot } from '../../../db/registry/snapshot.ts';
import type { EnrolmentChoices } from '../../../db/schema/schema.ts';
import type { App, Deps } from '../../deps.ts';
import { takeForm, type FormAsk } from '../forms.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { button } from '../parts/button.ts';
import { rowList } from '../parts/rows.ts';
import { typedFromChoices } from './choices.ts';
import { foretell, writeOnce } from './foretold.ts';
import { askedText, enrolledText, goneText } from './ends.ts';
import { invitationText } from './refusals.ts';
import { chosenRows, PATH } from './form.ts';
import { closedText } from './refusals.ts';

const CHOICES = ['ask_managers', 'another'] as const satisfies readonly NameChoice[];

export function confirmPages(deps: Deps) {
  const { cache, clock, read, signUp = 'closed' } = deps;
  const behind = async (ask: PageAsk, answer: (choices: EnrolmentChoices) => Promise<PageText>) => {
    ask.reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    if (signUp === 'closed') return closedText(ask, deps, signUp);
    const choices = await findEnrolment(read, tokenOf(ask), clock());
    return choices ? answer(choices) : goneText(ask);
  };
  return async (app: App) => {
    servePage(app, deps, `${PATH}/:token`, async (ask) =>
      behind(ask, async (choices) => confirmText(ask, choices, await cache.refresh(), amsterdamDay(clock()))),
    );
    takeForm(app, deps, `${PATH}/:token`, async (ask) => behind(ask, async (choices) => confirm(deps, ask, choices)));
  };
}

function confirmText({ language }: PageAsk, choices: EnrolmentChoices, registry: Snapshot, today: Day): PageText {
  const say = wordsIn(language);
  const title = say('page:enrol.confirm_title');
  const typed = typedFromChoices(choices);
  const once = writeOnce(foretell(registry, typed, today), typed, language);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:enrol.confirm', { email: choices.email })}</p>
    ${rowList(chosenRows(typed, registry.names, language))} ${once === '' ? '' : html`<p>${once}</p>`}
    <p>${say('page:enrol.confirm_not')}</p>
    <form method="post">${button(say('page:enrol.confirm_button'), 'primary')}</form>`;
  return { title, content };
}

async function confirm(deps: Deps, ask: FormAsk, choices: EnrolmentChoices): Promise<PageText> {
  const { cache, change, clock } = deps;
  const choice = CHOICES.find((one) => one === ask.fields.get('choice')) ?? null;
  try {
    const confirmed = await change((tx) => confirmEnrolment(tx, tokenOf(ask), choice, clock()));
    switch (confirmed.outcome) {
      case 'enrolled':
        return enrolledText(ask, { choices, registry: await cache.refresh(), today: amsterdamDay(clock()) });
      case 'asked':
        return askedText(ask, choices);
      default:
        return takenText(ask, choices, confirmed.hasManagers);
    }
  } catch (error) {
    // Of two that confirm at once the second one comes here.
    if (!(error instanceof AppError)) throw error;
    if (error.kind === 'gone') return goneText(ask);
    if (error.kind !== 'conflict') throw error;
    return choice === 'ask_managers' ? takenText(ask, choices, false) : invitationText(ask, 'used');
  }
}

/** Only who confirmed the address learns that there is an organisation of this name. */
function takenText({ language }: PageAsk, { email, name }: EnrolmentChoices, hasManagers: boolean): PageText {
  const say = wordsIn(language);
  const title = say('page:enrol.taken_title');
  const another = say('page:enrol.taken_another');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:enrol.taken', { name })}</p>
    <form method="post">
      ${
        hasManagers
          ? html`<h2>${say('page:enrol.taken_same')}</h2>
              <p>${say('page:enrol.taken_ask_text', { email })}</p>
              <p>${button(say('page:enrol.taken_ask'), 'primary', { name: 'choice', value: 'ask_managers' })}</p>`
          : html`<p>${say('page:enrol.taken_nobody')}</p>`
      }
      <h2>${say('page:enrol.taken_other')}</h2>
      <p>${say('page:enrol.taken_another_text')}</p>
      <p>${button(another, hasManagers ? 'plain' : 'primary', { name: 'choice', value: 'another' })}</p>
    </form>`;
  return { title, content };
}

const tokenOf = ({ request }: PageAsk) => (request.params as { token: string }).token;
