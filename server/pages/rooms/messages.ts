/** The messages of an organisation: what was sent to whom, when, and what the mail server answered. */
import { wordsIn } from '../../../calendars/words.ts';
import { listMessages, type MessageRecord } from '../../../db/messages/message-records.ts';
import { isQuestion } from '../../../db/recipients/questions.ts';
import type { App, Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { pageAddress } from '../parts/page-link.ts';
import { writeMoment } from '../people/moment.ts';
import { serveMemberPage, type MemberAsk } from '../session/guards.ts';
import { roomAddress, roomText } from './frame.ts';

const PAGE_SIZE = 25;

export function messagesPage(deps: Deps) {
  const { read } = deps;
  return async (app: App) => {
    serveMemberPage(app, deps, '/o/:id/berichten', async (ask) => {
      const { pagina } = ask.request.query as { pagina?: unknown };
      const page = typeof pagina === 'string' && /^[1-9]\d{0,5}$/.test(pagina) ? Number(pagina) : 1;
      const { items, total } = await listMessages(read, ask.organisation.id, { page, pageSize: PAGE_SIZE });
      return messagesText(ask, items, { page, pages: Math.ceil(total / PAGE_SIZE) });
    });
  };
}

interface Place {
  page: number;
  pages: number;
}

function messagesText(ask: MemberAsk, items: readonly MessageRecord[], { page, pages }: Place): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const linkTo = (other: number, name: string) =>
    other < 1 || other > pages
      ? ''
      : html`<li><a href="${roomAddress(ask, 'berichten')}?pagina=${String(other)}">${say(`room:message.${name}`)}</a></li>`;
  const content = html`${items.length === 0 ? html`<p>${say('room:message.none')}</p>` : ''}
    <ul class="lines">
      ${items.map((message) => messageLine(message, ask))}
    </ul>
    ${
      pages <= 1
        ? ''
        : html`<nav class="pages" aria-label="${say('room:message.pages')}">
            <p>${say('room:message.page', { page, pages })}</p>
            <ul>
              ${linkTo(page - 1, 'newer')} ${linkTo(page + 1, 'older')}
            </ul>
          </nav>`
    }`;
  return roomText(ask, { page: 'berichten', title: say('room:message.title'), lead: say('room:message.lead'), content });
}

/** What it was, to whom it went, what became of it, and the server's own words behind a click. */
function messageLine(message: MessageRecord, ask: MemberAsk): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  const { createdAt, dueAt, email, kind, reason, response, sentAt, sentTo, state, subject } = message;
  // When a question may leave depends on what others ask.
  const at = sentAt ?? (state === 'pending' && !isQuestion(kind) ? dueAt : createdAt);
  // To whom a deputy's question goes is settled when it leaves.
  const isSettled = sentTo !== null || kind !== 'deputy_confirmation';
  const to = sentTo ?? email;
  // Only what left has told anybody.
  const toldOf =
    state === 'sent' ? message.deadlines.flatMap(({ changeId, title }) => (changeId === null ? [] : [{ changeId, title }])) : [];
  const linked = (changes: typeof toldOf) =>
    changes.map(
      ({ changeId, title }, i) =>
        html`${i === 0 ? '' : ', '}<a href="${pageAddress(ask, `/wijzigingen/${changeId}`)}"><span lang="nl">${title}</span></a>`,
    );
  return html`<li>
    <p class="what">${subject ?? say(`room:message.kind.${kind}`)}</p>
    <p>
      ${say(`room:message.state.${state}`)} ${writeMoment(at, language)}.
      ${!isSettled ? '' : to === null ? say('room:message.removed') : say('room:message.to', { email: to })}
    </p>
    ${toldOf.length === 0 ? '' : html`<p class="small">${say('room:message.told_of')} ${linked(toldOf)}</p>`}
    ${reason === null ? '' : html`<p class="small">${say(`room:message.reason.${reason}`)}</p>`}
    ${response === null ? '' : html`<p class="small">${say('room:message.answer')} <span lang="en">${response}</span></p>`}
  </li>`;
}
