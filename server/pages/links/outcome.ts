/** The one choice behind a mail's link: done, or not for this organisation and then why. Of one deadline and of several alike. */
import type { FastifyRequest } from 'fastify';
import { cleanLine } from '../../../calendars/clean-text.ts';
import type { Completion } from '../../../calendars/agenda/concern.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { button } from '../parts/button.ts';
import { errorSummary, textField } from '../parts/field.ts';
import { fieldOf, type LinkHolder } from './mail-link.ts';

/** How long the reason may be why a deadline does not hold. */
const MOST_CHARACTERS = 500;

/** What was chosen; `fault`: the reason that was typed will not do, and stands in the form again. */
export type Chosen = Pick<Completion, 'notApplicable'> | { fault: string };

/** Reads the form. Whatever else is sent means that it is done: a form of an older page has no choice. */
export function chosenIn(request: FastifyRequest): Chosen {
  if (fieldOf(request, 'outcome') !== 'not_applicable') return {};
  const reason = cleanLine(fieldOf(request, 'reason'));
  return reason === '' || reason.length > MOST_CHARACTERS ? { fault: reason } : { notApplicable: reason };
}

/** The two buttons, the first of which is `yes`; with what is wrong where the form was sent before. */
export function outcomeForms({ language, organisation }: LinkHolder, yes: string, reason?: string): SafeHtml {
  const say = wordsIn(language);
  const problem = reason === '' ? 'reason' : 'reason_long';
  const error = reason === undefined ? undefined : say(`page:done.error.${problem}`);
  const field = { name: 'reason', label: say('page:done.reason'), hint: say('page:done.reason_hint'), error };
  return html`${errorSummary([field], language)}
    <form method="post">${button(yes, 'primary', { name: 'outcome', value: 'submitted' })}</form>
    <form method="post" class="last" novalidate>
      <p>${say('page:done.not_text', { organisation: organisation.name })}</p>
      ${textField({ ...field, value: reason ?? '' })}
      ${button(say('page:done.not_button'), 'plain', { name: 'outcome', value: 'not_applicable' })}
    </form>`;
}
