/** The page behind every mail's unsubscribe link. A mail program's own button posts to it at once (RFC 8058), a person by the form. */
import { unsubscribeRecipient } from '../../db/recipients.ts';
import type { App, Deps } from '../deps.ts';
import { behindLink, ignoreBodies, sendLinkPage } from './mail-link.ts';

export function unsubscribePages(deps: Deps) {
  const { store, clock, ring } = deps;
  return async (app: App) => {
    ignoreBodies(app);
    app.get('/unsubscribe/:token', async (request, reply) =>
      behindLink(deps, 'unsubscribe', request, reply, async (holder) => {
        if (holder.recipient.status === 'unsubscribed') return sendLinkPage(reply, holder, LEFT);
        return sendLinkPage(reply, holder, { title: 'unsubscribe.title', text: 'unsubscribe.text', button: 'unsubscribe.button' });
      }),
    );
    app.post('/unsubscribe/:token', async (request, reply) =>
      behindLink(deps, 'unsubscribe', request, reply, async (holder) => {
        await store.write((tx) => unsubscribeRecipient(tx, holder.recipient.id, clock()));
        ring();
        return sendLinkPage(reply, holder, LEFT);
      }),
    );
  };
}

const LEFT = { title: 'unsubscribe.done_title', text: 'unsubscribe.done_text' };
