/** The page behind every mail's unsubscribe link. A mail program's own button posts to it at once (RFC 8058), a person by the form, which offers less too. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../../calendars/words.ts';
import { getOrganisation } from '../../../db/organisations/organisations.ts';
import { askToReturn, unsubscribeRecipient } from '../../../db/recipients/recipients.ts';
import { DECLINABLE_KINDS } from '../../../db/schema/schema.ts';
import { digestsOf } from '../../../db/store/secrets.ts';
import { findUnaskable } from '../../../db/messages/unaskable.ts';
import { chooseKind } from '../../../db/recipients/preferences.ts';
import type { App, Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { button } from '../parts/button.ts';
import { tokenOf } from './deadline-link.ts';
import { behindLink, buttonTo, fieldOf, ignoreBodies, leadBack, sendLinkPage, type LinkHolder } from './mail-link.ts';

export function unsubscribePages(deps: Deps) {
  const { read, change, secret, clock } = deps;
  return async (app: App) => {
    ignoreBodies(app);
    leadBack(app, 'resubscribe', 'unsubscribe');
    app.get('/unsubscribe/:token', async (request, reply) =>
      behindLink(deps, 'unsubscribe', request, reply, async (holder) => {
        if (hasLeft(holder)) return sendLeft(request, reply, holder);
        if (holder.recipient.status === 'pending') return sendWaiting(request, reply, holder);
        return sendLinkPage(reply, holder, { title: 'unsubscribe.title', text: 'unsubscribe.text', below: choices(holder) });
      }),
    );
    app.post('/unsubscribe/:token', async (request, reply) =>
      behindLink(deps, 'unsubscribe', request, reply, async (holder) => {
        const { id } = holder.recipient;
        const stopped = DECLINABLE_KINDS.find((kind) => kind === fieldOf(request, 'stop'));
        const resumed = DECLINABLE_KINDS.find((kind) => kind === fieldOf(request, 'resume'));
        const kind = stopped ?? resumed;
        // Whatever else is sent means all mail: that is what mail programs ask for.
        if (kind === undefined) {
          const recipient = await change((tx) => unsubscribeRecipient(tx, id, clock()));
          return sendLeft(request, reply, {
            ...holder,
            recipient,
            organisation: await getOrganisation(read, recipient.organisationId),
          });
        }
        if (hasLeft(holder)) return sendLeft(request, reply, holder);
        const recipient = await change((tx) => chooseKind(tx, id, kind, resumed !== undefined, clock()));
        const changed = { ...holder, recipient };
        if (recipient.status === 'pending') return sendWaiting(request, reply, changed);
        return sendLinkPage(reply, changed, { title: 'unsubscribe.saved_title', text: 'unsubscribe.saved_text', below: choices(changed) });
      }),
    );
    app.post('/resubscribe/:token', async (request, reply) =>
      behindLink(deps, 'unsubscribe', request, reply, async (holder) => {
        const { email, id, organisationId, status } = holder.recipient;
        if (status === 'undeliverable') return sendLeft(request, reply, holder);
        if (status === 'confirmed') return sendLinkPage(reply, holder, { title: 'confirm.done_title', text: 'confirm.done_text' });
        const outcome = await change(async (tx) => {
          const unaskable = await findUnaskable(tx, organisationId, digestsOf(secret, email));
          if (unaskable) return unaskable.reason;
          await askToReturn(tx, id, clock());
          return 'asked';
        });
        // It is mail, not this page, that says whose address it is.
        const name = `unsubscribe.${outcome === 'undeliverable' ? 'unreached' : outcome}`;
        return sendLinkPage(reply, holder, { title: `${name}_title`, text: `${name}_text` });
      }),
    );
  };
}

const hasLeft = ({ recipient }: LinkHolder) => recipient.status === 'unsubscribed' || recipient.status === 'undeliverable';

/** Whoever was the last one hears what that means; whoever wants to come back is asked by mail. */
function sendLeft(request: FastifyRequest, reply: FastifyReply, holder: LinkHolder): FastifyReply {
  const { language, organisation, recipient } = holder;
  if (recipient.status === 'undeliverable')
    return sendLinkPage(reply, holder, { title: 'unsubscribe.unreached_title', text: 'unsubscribe.unreached_text' });
  const isLast = organisation.unremindedSince !== null && organisation.unremindedWhy === null;
  const below = buttonTo(reply, `/resubscribe/${tokenOf(request)}`, wordsIn(language)('page:unsubscribe.return'));
  return sendLinkPage(reply, holder, {
    title: 'unsubscribe.done_title',
    text: isLast ? 'unsubscribe.last_text' : 'unsubscribe.done_text',
    below,
  });
}

/** Nobody who did not confirm is said to get mails: the page offers the mail that asks again, and the way out. */
function sendWaiting(request: FastifyRequest, reply: FastifyReply, holder: LinkHolder): FastifyReply {
  const say = wordsIn(holder.language);
  const below = html`${buttonTo(reply, `/resubscribe/${tokenOf(request)}`, say('page:unsubscribe.again'))}
    <form method="post">${button(say('page:unsubscribe.button'), 'grave')}</form>`;
  return sendLinkPage(reply, holder, { title: 'unsubscribe.waiting_title', text: 'unsubscribe.waiting_text', below });
}

/** A button for each kind of mail, to stop it or to get it again, and one for all at the end. */
function choices({ language, recipient }: LinkHolder): SafeHtml {
  const say = wordsIn(language);
  const rows = DECLINABLE_KINDS.map((kind) => {
    const isOff = recipient.declined.includes(kind);
    const name = isOff ? 'resume' : 'stop';
    return html`<li>
      <form method="post">
        <p>${say(`page:unsubscribe.kind.${kind}`)}</p>
        ${button(say(`page:unsubscribe.${name}.${kind}`), 'plain', { name, value: kind })}
      </form>
    </li>`;
  });
  return html`<ul class="choices">
      ${rows}
    </ul>
    <form method="post" class="last">
      <p>${say('page:unsubscribe.all')}</p>
      ${button(say('page:unsubscribe.button'), 'grave')}
    </form>`;
}
