/** An organisation's keys, by which programs ask: when each was used last, and making and revoking them. A key is shown this once. */
import { cleanLine } from '../../../calendars/clean-text.ts';
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { AppError } from '../../../calendars/errors.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { createKey, listKeys, revokeKey, type ListedKey } from '../../../db/organisations/keys.ts';
import { takeTicket } from '../../../db/people/tickets.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { button } from '../parts/button.ts';
import { copyable } from '../parts/copyable.ts';
import { errorSummary, textField, type Field } from '../parts/field.ts';
import { notice } from '../parts/notice.ts';
import { serveMemberPage, takeMemberForm, type MemberAsk } from '../session/guards.ts';
import { onwardSaying, saidOf } from '../session/said.ts';
import { roomAddress, roomForm, roomPath, roomText, shownBeforeText, ticketField, ticketOf } from './frame.ts';

const PATH = '/o/:id/sleutels';
const MOST_CHARACTERS = 200;

export function keysPage(deps: Deps) {
  const { change, clock, publicUrl, read } = deps;
  const keysOf = async ({ organisation }: MemberAsk) => listKeys(read, organisation.id, clock());
  return async (app: App) => {
    serveMemberPage(app, deps, PATH, async (ask) => keysText(ask, publicUrl, await keysOf(ask), { typed: '' }));
    // Who found a browser that somebody left signed in must not get a key that works for ever.
    takeMemberForm(
      app,
      deps,
      PATH,
      async (ask) => {
        const { language, organisation } = ask;
        const say = wordsIn(language);
        const revoked = ask.fields.get('revoke');
        if (revoked !== null) {
          const isThere = (await keysOf(ask)).some(({ id }) => id === revoked);
          // Members make another one when they need it.
          if (!isThere) return { onward: roomPath(ask, 'sleutels') };
          await change((tx) => revokeKey(tx, organisation.id, revoked, { keepsOne: false }, clock()));
          return onwardSaying(ask, roomPath(ask, 'sleutels'), 'weg');
        }
        const typed = cleanLine(ask.fields.get('label') ?? '');
        const refuse = async (error: string) => {
          ask.reply.code(400);
          return keysText(ask, publicUrl, await keysOf(ask), { typed, error });
        };
        if (typed === '') return refuse(say('room:key.error.label'));
        if (typed.length > MOST_CHARACTERS) return refuse(say('room:error.long', { most: MOST_CHARACTERS, count: typed.length }));
        try {
          const made = await change(async (tx) =>
            (await takeTicket(tx, ticketOf(ask), clock())) ? createKey(tx, organisation.id, typed, clock()) : null,
          );
          if (made === null) return shownBeforeText(ask, 'key', 'sleutels');
          return keysText(ask, publicUrl, await keysOf(ask), { typed: '', made: madeKey(ask, made.key, typed) });
        } catch (error) {
          if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
          return refuse(say('room:key.error.full'));
        }
      },
      { fresh: true },
    );
  };
}

interface Shown {
  typed: string;
  error?: string;
  /** The key that was just made. */
  made?: SafeHtml;
}

function keysText(ask: MemberAsk, publicUrl: string, keys: readonly ListedKey[], { error, made, typed }: Shown): PageText {
  const { language, reply, role, signedIn } = ask;
  const say = wordsIn(language);
  const isRemoved = saidOf(ask, ['weg']) !== null;
  const field: Field = { name: 'label', label: say('room:key.label'), hint: say('room:key.label_hint'), error };
  const content = html`${errorSummary([field], language)} ${made ?? ''} ${isRemoved ? notice(say('room:key.removed'), 'status') : ''}
    <p>${say('room:key.text')} <a href="${addressAt(reply, '/docs')}">${say('room:key.docs')}</a></p>
    ${tryView(ask, publicUrl)}
    ${
      keys.length === 0
        ? html`<p>${say('room:key.none')}</p>`
        : html`<ul class="lines">
            ${keys.map((key) => keyLine(ask, key))}
          </ul>`
    }
    ${
      role !== 'manager'
        ? ''
        : html`<section aria-labelledby="make">
            <h2 id="make">${say('room:key.make')}</h2>
            ${signedIn.session.isFresh ? '' : html`<p>${say('room:fresh')}</p>`}
            ${roomForm(
              ask,
              roomAddress(ask, 'sleutels'),
              html`${ticketField()} ${textField({ ...field, value: typed })}
              ${button(say('room:key.make_button'), made === undefined ? 'primary' : 'plain')}`,
            )}
          </section>`
    }`;
  return roomText(ask, { page: 'sleutels', title: say('room:key.title'), lead: say('room:key.lead'), content });
}

/** Whose id programs give, and a line that works once the key is in it. */
function tryView({ language, organisation: { id } }: MemberAsk, publicUrl: string): SafeHtml {
  const say = wordsIn(language);
  const line = `curl -H 'Authorization: Bearer ${say('room:key.here')}' '${publicUrl}/api/v1/organisations/${id}/deadlines'`;
  return html`<p>${say('room:key.id')} ${copyable(id, say('room:key.copy_id'), language)}</p>
    <p>${say('room:key.try')} ${copyable(line, say('room:key.copy_line'), language)}</p>`;
}

function keyLine(ask: MemberAsk, { createdAt, endsAt, id, label, lastUsedAt }: ListedKey): SafeHtml {
  const { language, role } = ask;
  const say = wordsIn(language);
  const day = (moment: Date) => writeDay(amsterdamDay(moment), language);
  return html`<li>
    <p class="what">${label}</p>
    <p class="small">
      ${say('room:key.made_on', { day: day(createdAt) })}
      ${lastUsedAt === null ? say('room:key.never') : say('room:key.used', { day: day(lastUsedAt) })}
      ${endsAt === null ? '' : say('room:key.ends', { day: day(endsAt) })}
    </p>
    ${
      role === 'manager'
        ? roomForm(
            ask,
            roomAddress(ask, 'sleutels'),
            html`<button type="submit" class="button grave" name="revoke" value="${id}">
              ${say('room:key.revoke')} <span class="unseen">${label}</span>
            </button>`,
          )
        : ''
    }
  </li>`;
}

function madeKey({ language }: MemberAsk, key: string, label: string): SafeHtml {
  const say = wordsIn(language);
  return html`<section class="notice status" role="status" aria-labelledby="key">
    <h2 id="key">${say('room:key.made', { label })}</h2>
    <p>${say('room:key.once')}</p>
    <p>${copyable(key, say('room:key.copy'), language)}</p>
  </section>`;
}
