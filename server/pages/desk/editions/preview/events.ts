/** What becomes of events in calendars: what comes, what goes, and what was and will be. */
import { writeLongDay } from '../../../../../calendars/days.ts';
import { certaintyOf } from '../../../../../calendars/words.ts';
import type { ChangedEvent, ShownEvent } from '../../../../../db/sending/preview/events.ts';
import { html, type SafeHtml } from '../../../html.ts';
import { pageAddress } from '../../../parts/page-link.ts';
import type { EditorAsk } from '../../../session/guards.ts';
import { say } from '../../frame.ts';

export function eventSection(ask: EditorAsk, events: readonly ChangedEvent[]): SafeHtml {
  return html`<section aria-labelledby="events">
    <h2 id="events">${say('edition:preview.events')}</h2>
    <p>${say(events.length === 0 ? 'edition:preview.no_events' : 'edition:preview.events_text')}</p>
    ${
      events.length === 0
        ? ''
        : html`<ul class="lines">
            ${events.map((event) => eventView(ask, event))}
          </ul>`
    }
  </section>`;
}

function eventView(ask: EditorAsk, event: ChangedEvent): SafeHtml {
  const { after, before } = event;
  const shown = (after ?? before)!;
  return html`<li>
    <p class="what">${titleOf(ask, shown, before !== null)}</p>
    <p>${wordsOf(event)}</p>
    ${before !== null && after !== null && before.title !== after.title ? html`<p class="small">${say('edition:preview.event.title', { title: before.title })}</p>` : ''}
  </li>`;
}

/** What is new has no page yet. */
function titleOf(ask: EditorAsk, { deadline: { id }, title }: ShownEvent, hasPage: boolean): SafeHtml | string {
  return hasPage ? html`<a href="${pageAddress(ask, `/datums/${id}`)}">${title}</a>` : title;
}

function wordsOf({ after, before }: ChangedEvent): string {
  const word = (name: string) =>
    say(`edition:preview.event.${name}`, { was: before === null ? '' : whenOf(before), will: after === null ? '' : whenOf(after) });
  if (before === null) return word('new');
  if (after === null) return word('gone');
  if (after.isCancelled !== before.isCancelled) return word(after.isCancelled ? 'cancelled' : 'back');
  return whenOf(before) === whenOf(after) ? word('text') : word('changed');
}

/** "maandag 30 september 2024 (verwacht)". */
function whenOf({ deadline, on }: ShownEvent): string {
  const sure = certaintyOf(deadline, 'nl');
  return on === null ? sure : `${writeLongDay(on, 'nl')} (${sure})`;
}
