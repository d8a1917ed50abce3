/**
 * The page behind the link in every mail: its reader's settings, and the way out. A mail program's own button posts to it at once (RFC 8058), which
 * ends all mail; the form of the page keeps settings. Buttons of pages of before, of one kind of mail each, work as they did.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../../calendars/words.ts';
import { getOrganisation } from '../../../db/organisations/organisations.ts';
import { askToReturn, unsubscribeRecipient } from '../../../db/recipients/recipients.ts';
import { DECLINABLE_KINDS } from '../../../db/schema/schema.ts';
import { digestsOf } from '../../../db/store/secrets.ts';
import { findUnaskable } from '../../../db/messages/unaskable.ts';
import { chooseKind, languageFor } from '../../../db/recipients/preferences.ts';
import type { App, Deps } from '../../deps.ts';
import { isOurs, refuseForeign } from '../forms.ts';
import { html } from '../html.ts';
import { button } from '../parts/button.ts';
import { tokenOf } from './deadline-link.ts';
import { behindLink, buttonTo, fieldOf, oursAlone, takeForms, leadBack, sendLinkPage, type LinkHolder } from './mail-link.ts';
import { faultsOf, KEEP, keepSettings, readSettings, settingsOf, settingsView } from './settings.ts';

export function unsubscribePages(deps: Deps) {
  const { read, change, secret, clock } = deps;
  return async (app: App) => {
    takeForms(app);
    oursAlone(app, deps, '/unsubscribe/:token');
    leadBack(app, 'resubscribe', 'unsubscribe');
    app.get('/unsubscribe/:token', async (request, reply) =>
      behindLink(deps, 'unsubscribe', request, reply, async (holder) => {
        if (hasLeft(holder)) return sendLeft(request, reply, holder);
        if (holder.recipient.status === 'pending') return sendWaiting(request, reply, holder);
        const below = await settingsView(deps, holder, settingsOf(holder.recipient));
        return sendLinkPage(reply, holder, { title: 'unsubscribe.title', text: 'unsubscribe.text', below });
      }),
    );
    app.post('/unsubscribe/:token', async (request, reply) =>
      behindLink(deps, 'unsubscribe', request, reply, async (holder) => {
        const { id } = holder.recipient;
        if (fieldOf(request, KEEP) !== '') return keep(deps, request, reply, holder);
        const stopped = DECLINABLE_KINDS.find((kind) => kind === fieldOf(request, 'stop'));
        const resumed = DECLINABLE_KINDS.find((kind) => kind === fieldOf(request, 'resume'));
        const kind = stopped ?? resumed;
        // Whatever else is sent means all mail: that is what mail programs ask for.
        if (kind === undefined) {
          const recipient = await change((tx) => unsubscribeRecipient(tx, id, clock(), 'link'));
          return sendLeft(request, reply, {
            ...holder,
            recipient,
            organisation: await getOrganisation(read, recipient.organisationId),
          });
        }
        if (!isOurs(request, deps.publicUrl)) return refuseForeign(request, reply, holder.language);
        if (hasLeft(holder)) return sendLeft(request, reply, holder);
        const recipient = await change((tx) => chooseKind(tx, id, kind, resumed !== undefined, clock()));
        const changed = { ...holder, recipient };
        if (recipient.status === 'pending') return sendWaiting(request, reply, changed);
        return sendSaved(deps, reply, changed);
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

/** Keeps what the form of our own page says. It ends nothing for good, and says what is wrong beside each field. */
async function keep(deps: Deps, request: FastifyRequest, reply: FastifyReply, holder: LinkHolder): Promise<FastifyReply> {
  const { language } = holder;
  if (!isOurs(request, deps.publicUrl)) return refuseForeign(request, reply, language);
  if (hasLeft(holder)) return sendLeft(request, reply, holder);
  if (holder.recipient.status === 'pending') return sendWaiting(request, reply, holder);
  const typed = readSettings(request.body as URLSearchParams);
  const faults = faultsOf(typed, holder, deps.clock());
  if (Object.keys(faults).length > 0) {
    const below = await settingsView(deps, holder, typed, faults);
    return sendLinkPage(reply, holder, { title: 'unsubscribe.title', text: 'unsubscribe.text', below, status: 400 });
  }
  const recipient = await keepSettings(deps, holder, typed);
  return sendSaved(deps, reply, { ...holder, recipient, language: languageFor(recipient, holder.organisation) });
}

async function sendSaved(deps: Deps, reply: FastifyReply, holder: LinkHolder): Promise<FastifyReply> {
  const below = await settingsView(deps, holder, settingsOf(holder.recipient));
  return sendLinkPage(reply, holder, { title: 'unsubscribe.saved_title', text: 'unsubscribe.saved_text', below });
}
