/** Why one cannot enrol here, and what one can do instead. */
import { wordsIn } from '../../../calendars/words.ts';
import type { SignUp } from '../../../db/people/sign-up.ts';
import type { Deps } from '../../deps.ts';
import { contactLines } from '../about/operator.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';

/** Where nobody, or only who was invited, may enrol. What is public stays so. */
export function closedText(ask: PageAsk, deps: Deps, signUp: Exclude<SignUp, 'open'>): PageText {
  const say = wordsIn(ask.language);
  const title = say('page:enrol.closed_title');
  if (ask.request.method === 'POST') ask.reply.code(403);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say(`page:enrol.${signUp}`)}</p>
    <p>${say('page:enrol.closed_calendar')}</p>
    <p>${buttonLink(pageAddress(ask, '/agenda'), say('page:home.calendars_button'))}</p>
    <h2>${say('page:operator.contact')}</h2>
    ${contactLines(deps, ask.language)}`;
  return { title, description: say(`page:enrol.${signUp}`), content };
}

/** Of an invitation that lets nobody in: `gone`, it was used, is over, or never was; `used`, two enrolled by it, and one was first. */
export function invitationText(ask: PageAsk, why: 'gone' | 'used'): PageText {
  const say = wordsIn(ask.language);
  const title = say('page:enrol.invitation_title');
  ask.reply.code(why === 'gone' ? 410 : 409);
  return {
    title,
    content: html`<h1>${title}</h1>
      <p class="lead">${say(`page:enrol.invitation_${why}`)}</p>`,
  };
}
