/** Marks that can be told apart without colour: the shape says which activity, the fill how sure its date is. */
import { certaintyWord } from '../../../calendars/deadlines/certainty.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import type { Activity, Certainty, Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';

/** A shape round the middle of a square of 20, and its left half. */
interface Shape {
  whole: string;
  half: string;
}

const CIRCLE: Shape = { whole: 'M0-8A8 8 0 0 0 0 8 8 8 0 0 0 0-8z', half: 'M0-8A8 8 0 0 0 0 8z' };
/** What has a shape: an activity, `own` a date that an organisation chose by itself, and `null` all else. */
export type Shaped = Activity | 'own' | null;

/** What is due in every contract year has a shape of its own, and so have own dates: a flag. */
const SHAPES: Partial<Record<Activity | 'own', Shape>> = {
  publication: CIRCLE,
  accounts: { whole: 'M-7.5-7.5h15v15h-15z', half: 'M-7.5-7.5H0v15h-7.5z' },
  contract_request: { whole: 'M0-9 9 7H-9z', half: 'M0-9V7h-9z' },
  annual_plan: { whole: 'M0-9.5 9.5 0 0 9.5-9.5 0z', half: 'M0-9.5v19L-9.5 0z' },
  signing: {
    whole: 'M0-10 2.7-3.7 9.5-3.1 4.4 1.4 5.9 8.1 0 4.6-5.9 8.1-4.4 1.4-9.5-3.1-2.7-3.7z',
    half: 'M0-10V4.6l-5.9 3.5 1.5-6.7-5.1-4.5 6.8-.6z',
  },
  own: { whole: 'M-6.5-9.5H8.5L5-4.5 8.5.5h-12v9h-3z', half: 'M-6.5-9.5H0V.5h-3.5v9h-3z' },
};
const OTHER: Shape = {
  whole: 'M-3-8.5h6V-3h5.5v6H3v5.5h-6V3h-5.5v-6H-3z',
  half: 'M0-8.5h-3V-3h-5.5v6H-3v5.5h3z',
};

/** What has a shape of its own, activities in the order of the year; `null` stands for all others. */
export const SHAPED: readonly Shaped[] = ['publication', 'accounts', 'contract_request', 'annual_plan', 'signing', null, 'own'];

/** The mark of an activity in a picture, round its own middle. Colours come from the stylesheet. */
export function activityMark(activity: Shaped, certainty: Certainty): SafeHtml {
  return drawn((activity === null ? undefined : SHAPES[activity]) ?? OTHER, certainty);
}

/** How sure a date is: a shape and a short word. */
export function certaintyMark(deadline: Pick<Deadline, 'basis' | 'certainty' | 'rule' | 'sources'>, language: Language): SafeHtml {
  const { certainty } = deadline;
  return html`<span class="certainty ${certainty}">${certaintyIcon(certainty)} ${certaintyLabel(deadline, language)}</span>`;
}

/** The short word alone: "verwacht", "aanname". */
function certaintyLabel(deadline: Pick<Deadline, 'basis' | 'certainty' | 'rule' | 'sources'>, language: Language): string {
  return wordsIn(language)(`page:certainty.${certaintyWord(deadline)}`);
}

/** The fill of a certainty, as its own small picture. */
export function certaintyIcon(certainty: Certainty): SafeHtml {
  return html`<svg class="icon" viewBox="-11 -11 22 22" width="16" height="16" aria-hidden="true">${drawn(CIRCLE, certainty)}</svg>`;
}

/** An activity's shape, as its own small picture. */
export function activityIcon(activity: Shaped): SafeHtml {
  return html`<svg class="icon" viewBox="-11 -11 22 22" width="18" height="18" aria-hidden="true">
    ${activityMark(activity, 'stated')}
  </svg>`;
}

function drawn({ whole, half }: Shape, certainty: Certainty): SafeHtml {
  const outline = html`<path class="outline ${certainty}" d="${whole}" />`;
  if (certainty === 'expected') return html`${outline}<path class="fill" d="${half}" />`;
  if (certainty === 'sector_rule') return html`${outline}<path class="fill" transform="scale(.5)" d="${whole}" />`;
  if (certainty === 'unknown') return html`${outline}<text class="unknown" y="4" text-anchor="middle">?</text>`;
  return outline;
}
