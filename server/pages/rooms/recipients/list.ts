/** An organisation's recipients, each with what holds of it in sentences, and a form that adds one. */
import type { AgendaItem } from '../../../../calendars/agenda/concern.ts';
import { AppError } from '../../../../calendars/errors.ts';
import { foldAddress, parseAddress } from '../../../../calendars/mail-address.ts';
import { DEFAULT_LEAD_DAYS } from '../../../../calendars/reminders/reminders.ts';
import { wordsIn } from '../../../../calendars/words.ts';
import { addRecipient } from '../../../../db/recipients/recipients.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button } from '../../parts/button.ts';
import { errorSummary, textField, type Field } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { serveMemberPage, takeMemberForm, type MemberAsk } from '../../session/guards.ts';
import { onwardSaying, saidOf } from '../../session/said.ts';
import { readRoomAgenda } from '../agenda-facts.ts';
import { roomAddress, roomForm, roomPath, roomText } from '../frame.ts';
import { readRecipients, type RecipientFacts } from './facts.ts';
import { recipientSentences } from './sentences.ts';

const PATH = '/o/:id/ontvangers';

export function recipientListPage(deps: Deps) {
  const { change, clock, read, secret } = deps;
  const find = async ({ organisation }: MemberAsk): Promise<Facts> => ({
    recipients: await readRecipients(read, organisation.id, secret, clock()),
    items: (await readRoomAgenda(deps, organisation.id)).items,
    now: clock(),
  });
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => listText(ask, await find(ask), ''));
    takeMemberForm(app, deps, PATH, async (ask) => {
      const { language, organisation } = ask;
      const say = wordsIn(language);
      const typed = ask.fields.get('email') ?? '';
      const refuse = async (error: string) => {
        ask.reply.code(400);
        return listText(ask, await find(ask), typed, error);
      };
      const { address } = parseAddress(typed);
      if (address === null) return refuse(say('room:recipient.error.email'));
      const choices = { email: foldAddress(address), leadDays: [...DEFAULT_LEAD_DAYS], digest: 'daily' as const };
      try {
        const { id } = await change((tx) => addRecipient(tx, organisation.id, choices, clock()));
        return onwardSaying(ask, roomPath(ask, 'ontvangers', id), 'nieuw');
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
        const isThere = (await find(ask)).recipients.some(({ recipient }) => recipient.email === choices.email);
        return refuse(say(isThere ? 'room:recipient.error.twice' : 'room:recipient.error.full'));
      }
    });
  };
}

interface Facts {
  recipients: readonly RecipientFacts[];
  items: readonly AgendaItem[];
  now: Date;
}

function listText(ask: MemberAsk, { items, now, recipients }: Facts, typed: string, error?: string): PageText {
  const { language, role } = ask;
  const say = wordsIn(language);
  const isRemoved = saidOf(ask, ['weg']) !== null;
  const field: Field = { name: 'email', label: say('room:recipient.email'), hint: say('room:recipient.email_hint'), error };
  const content = html`${errorSummary([field], language)} ${isRemoved ? notice(say('room:recipient.removed'), 'status') : ''}
  ${recipients.length === 0 ? notice(say('room:recipient.none'), 'caution') : ''}
  ${recipients.map((one) => recipientSection(ask, one, recipientSentences(one, items, now, language)))}
  ${
    role !== 'manager'
      ? ''
      : html`<section aria-labelledby="add">
          <h2 id="add">${say('room:recipient.add')}</h2>
          ${roomForm(
            ask,
            roomAddress(ask, 'ontvangers'),
            html`${textField({ ...field, value: typed, type: 'email' })}
            ${button(say('room:recipient.add_button'), recipients.length === 0 ? 'primary' : 'plain')}`,
          )}
        </section>`
  }`;
  return roomText(ask, { page: 'ontvangers', title: say('room:recipient.title'), lead: say('room:recipient.lead'), content });
}

function recipientSection(ask: MemberAsk, { recipient, status }: RecipientFacts, sentences: readonly string[]): SafeHtml {
  const { language, role } = ask;
  const say = wordsIn(language);
  const { email, id } = recipient;
  const [first = '', ...others] = sentences;
  return html`<section class="card" aria-labelledby="r-${id}">
    <h2 id="r-${id}">${email}</h2>
    <p>${status === 'confirmed' ? first : html`<strong>${first}</strong>`}</p>
    <ul>
      ${others.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
    ${
      role === 'manager'
        ? html`<p>
            <a href="${roomAddress(ask, 'ontvangers', id)}">${say('room:recipient.change')} <span class="unseen">${email}</span></a>
          </p>`
        : ''
    }
  </section>`;
}
