/** What an entry asks: what is to be handed in, by whom, where and how, and what follows. */
import { mailTo } from '../../../calendars/channel-text.ts';
import { consequenceLabel } from '../../../calendars/deadlines/consequence.ts';
import { reportedYear, type Channel, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import type { Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import type { Contact } from '../../../db/schema/schema.ts';
import { html, type SafeHtml } from '../html.ts';
import { buttonLink } from '../parts/button.ts';
import { copyable } from '../parts/copyable.ts';
import { dutch, withDutch } from '../parts/dutch.ts';
import { writeWho } from '../parts/entries.ts';
import { isInsurersAct } from '../../../calendars/deadlines/listing.ts';
import { rowList, type Row } from '../parts/rows.ts';
import { mailLink, telephone, webLink } from '../parts/ways.ts';

/** `isOver`: its day is past, or it no longer holds, so that nobody is asked to act. */
export function todoSection(deadline: Deadline, isOver: boolean, language: Language): SafeHtml {
  const { careType, channel, consequence, duty, extension, precedent } = deadline;
  const say = wordsIn(language);
  const row = (name: string, value: Row['value'] | null | false): Row[] =>
    value === null || value === false ? [] : [{ label: say(`page:date.row.${name}`), value }];
  const isOurs = !isInsurersAct(deadline);
  const reported = reportedYear(deadline);
  const rows = [
    ...row('deliverable', duty.deliverable && dutch(duty.deliverable)),
    ...row('reporting_year', reported !== null && String(reported)),
    ...row('who', writeWho(deadline, titleOf(deadline, language), language)),
    ...row('care', say(`page:date.care.${careType}`)),
    ...(channel ? channelRows(channel, language) : []),
    ...(consequence
      ? [{ label: say(`common:consequence.${consequenceLabel(consequence, language)}`), value: dutch(consequence.text) }]
      : []),
    ...row('extension', extension && dutch(extension.text)),
  ];
  const nowhere = precedent?.channel ? 'nowhere_now' : deadline.sources.length > 0 ? 'nowhere' : 'nowhere_yet';
  return html`<section aria-labelledby="todo">
    <h2 id="todo">${say(`page:date.${isOurs ? (isOver ? 'todo_past' : 'todo') : 'insurer_does'}`)}</h2>
    ${rowList(rows)}
    ${isOurs && channel === null && deadline.kind !== 'requirement' ? html`<p class="small">${say(`page:date.${nowhere}`)}</p>` : ''}
    ${!isOver && channel?.kind === 'email' && channel.address !== null ? html`<p>${buttonLink(mailTo(channel.address, channel.subject), say('page:date.open_mail'), 'primary')}</p>` : ''}
  </section>`;
}

/** Whom to ask, at an insurer; nothing where that is not known. */
export function contactSection(contacts: readonly Contact[], insurer: string, language: Language): SafeHtml | '' {
  const say = wordsIn(language);
  const reachable = contacts.filter(({ email, phone, url }) => email !== null || phone !== null || url !== null);
  if (reachable.length === 0) return '';
  return html`<section aria-labelledby="questions">
    <h2 id="questions">${say('page:date.questions', { insurer })}</h2>
    <ul class="contacts">
      ${reachable.map(
        ({ email, hours, phone, purpose, url }) =>
          html`<li>
            <span lang="nl">${purpose}</span><br />
            ${email === null ? '' : html`${mailLink(email)} `} ${phone === null ? '' : html`${telephone(phone)} `}
            ${hours === null ? '' : html`<span class="small" lang="nl">${hours}</span> `} ${url === null ? '' : webLink(url)}
          </li>`,
      )}
    </ul>
  </section>`;
}

function channelRows({ address, hours, kind, subject }: Channel, language: Language): Row[] {
  const say = wordsIn(language);
  const label = say(`page:date.row.${kind === 'email' ? 'mailbox' : kind}`);
  return [
    { label, value: placeOf({ address, kind, subject }, language) },
    ...(subject === null
      ? []
      : [{ label: say('page:date.row.subject'), value: copyable(subject, say('page:date.copy.subject'), language) }]),
    ...(hours === null ? [] : [{ label: say('page:date.row.hours'), value: dutch(hours) }]),
  ].filter(({ value }) => value !== '');
}

/** Where it is: a mailbox that can be copied and written to, a number to call, a page to open, or words. Empty where nothing is said. */
export function placeOf({ address, kind, subject }: Omit<Channel, 'hours'>, language: Language): string | SafeHtml {
  const say = wordsIn(language);
  if (address === null) return kind === 'meeting' || kind === 'internal' ? say(`page:date.${kind}`) : '';
  if (kind === 'email')
    return copyable(
      address,
      say('page:date.copy.address'),
      language,
      html`<a class="text" href="${mailTo(address, subject)}">${address}</a>`,
    );
  if (kind === 'phone') return telephone(address);
  const place = webLink(address);
  return typeof place === 'string' ? withDutch(place, [place], language) : place;
}
