/** What an editor has to look at before an edition counts: contradictions, others' editions, and days that are over. */
import { writeDay } from '../../../../../calendars/days.ts';
import { countingDay } from '../../../../../calendars/deadlines/deadline.ts';
import type { Preview } from '../../../../../db/sending/preview/preview.ts';
import { html, type SafeHtml } from '../../../html.ts';
import { pageAddress } from '../../../parts/page-link.ts';
import { writeMoment } from '../../../people/moment.ts';
import type { EditorAsk } from '../../../session/guards.ts';
import { deskPath, say } from '../../frame.ts';
import { dayWords } from '../saying.ts';

type Doubts = Extract<Preview, { faults: null }>['doubts'];

/** Says so, too, where there is nothing. */
export function doubtSection(ask: EditorAsk, { beside, conflicting, held, past }: Doubts): SafeHtml {
  const lines: SafeHtml[] = [
    ...conflicting.map(({ conflict, title }) =>
      line(title, say(`edition:preview.doubt.${conflict?.kind ?? 'readings'}`, { text: conflict?.text ?? '' })),
    ),
    ...beside.map(({ deadline, other }) => {
      const values = { care: say(`common:care_type.${other.careType}`), day: dayWords(other) };
      return line(deadline.title, say('edition:preview.doubt.beside', values));
    }),
    ...held.map(({ changesSame, edition: { id, publicAt } }) => {
      const moment = publicAt === null ? '' : writeMoment(publicAt, 'nl');
      const link = html`<a href="${pageAddress(ask, deskPath('edities', id))}">${say('edition:preview.doubt.held_open')}</a>`;
      const same = changesSame ? say('edition:preview.doubt.held_same') : '';
      return html`<li>${say('edition:preview.doubt.held', { moment })} ${same} ${link}</li>`;
    }),
    ...past.map((one) => line(one.title, say('edition:preview.doubt.past', { day: dayOf(countingDay(one)) }))),
  ];
  return html`<section aria-labelledby="doubts">
    <h2 id="doubts">${say('edition:preview.doubts')}</h2>
    ${
      lines.length === 0
        ? html`<p>${say('edition:preview.no_doubts')}</p>`
        : html`<ul>
            ${lines}
          </ul>`
    }
  </section>`;
}

const line = (title: string, text: string) => html`<li><strong>${title}</strong>: ${text}</li>`;
const dayOf = (day: string | null) => (day === null ? '' : writeDay(day, 'nl'));
