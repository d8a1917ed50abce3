/** The page behind the confirmation mail's link: its button confirms the address. */
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { confirmRecipient } from '../../../db/recipients/recipients.ts';
import type { RecipientStatus } from '../../../db/schema/schema.ts';
import { digestsOf } from '../../../db/store/secrets.ts';
import { noteAnswer } from '../../../db/messages/unaskable.ts';
import type { App, Deps } from '../../deps.ts';
import { behindLink, oursAlone, takeForms, sendLinkPage, type LinkHolder, type TextPage } from './mail-link.ts';

export function confirmPages(deps: Deps) {
  const { change, secret, clock } = deps;
  return async (app: App) => {
    takeForms(app);
    oursAlone(app, deps);
    app.get('/confirm/:token', async (request, reply) =>
      behindLink(deps, 'confirm', request, reply, async (holder) => {
        const { status } = holder.recipient;
        if (status === 'confirmed') return sendLinkPage(reply, holder, confirmed(holder, clock()));
        if (status !== 'pending') return sendLinkPage(reply, holder, gone(status));
        return sendLinkPage(reply, holder, { title: 'confirm.title', text: 'confirm.text', button: 'confirm.button' });
      }),
    );
    app.post('/confirm/:token', async (request, reply) =>
      behindLink(deps, 'confirm', request, reply, async (holder) => {
        const { email, id, organisationId, status } = holder.recipient;
        if (status !== 'pending' && status !== 'confirmed') return sendLinkPage(reply, holder, gone(status));
        await change(async (tx) => {
          await confirmRecipient(tx, id, clock());
          await noteAnswer(tx, organisationId, digestsOf(secret, email), clock());
        });
        return sendLinkPage(reply, holder, confirmed(holder, clock()));
      }),
    );
  };
}

/** Who chose a pause before is not promised mail at once. */
function confirmed({ language, recipient }: LinkHolder, now: Date): TextPage {
  const { pausedUntil } = recipient;
  const title = 'confirm.done_title';
  return pausedUntil !== null && amsterdamDay(now) < pausedUntil
    ? { title, text: 'confirm.paused_text', values: { day: writeDay(pausedUntil, language) } }
    : { title, text: 'confirm.done_text' };
}

const gone = (status: RecipientStatus): TextPage =>
  status === 'undeliverable'
    ? { title: 'unsubscribe.unreached_title', text: 'unsubscribe.unreached_text', status: 410 }
    : { title: 'confirm.left_title', text: 'confirm.left_text', status: 410 };
