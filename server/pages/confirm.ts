/** The page behind the confirmation mail's link: its button confirms the address. */
import { confirmRecipient } from '../../db/recipients.ts';
import type { App, Deps } from '../deps.ts';
import { behindLink, ignoreBodies, sendLinkPage } from './mail-link.ts';

export function confirmPages(deps: Deps) {
  const { store, clock, ring } = deps;
  return async (app: App) => {
    ignoreBodies(app);
    app.get('/confirm/:token', async (request, reply) =>
      behindLink(deps, 'confirm', request, reply, async (holder) => {
        const { status } = holder.recipient;
        if (status === 'confirmed') return sendLinkPage(reply, holder, CONFIRMED);
        if (status !== 'pending') return sendLinkPage(reply, holder, LEFT);
        return sendLinkPage(reply, holder, { title: 'confirm.title', text: 'confirm.text', button: 'confirm.button' });
      }),
    );
    app.post('/confirm/:token', async (request, reply) =>
      behindLink(deps, 'confirm', request, reply, async (holder) => {
        const { id, status } = holder.recipient;
        if (status !== 'pending' && status !== 'confirmed') return sendLinkPage(reply, holder, LEFT);
        await store.write((tx) => confirmRecipient(tx, id, clock()));
        ring();
        return sendLinkPage(reply, holder, CONFIRMED);
      }),
    );
  };
}

const CONFIRMED = { title: 'confirm.done_title', text: 'confirm.done_text' };
const LEFT = { title: 'confirm.left_title', text: 'confirm.left_text', status: 410 };
