/** The pages of a deputy: one says yes to the mails of somebody else, the other ends that. */
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { confirmDeputy, endDeputy } from '../../../db/recipients/deputies.ts';
import { deputySubject, digestsOf } from '../../../db/store/secrets.ts';
import { noteAnswer } from '../../../db/messages/unaskable.ts';
import type { App, Deps } from '../../deps.ts';
import { behindLink, oursAlone, takeForms, sendLinkPage, type LinkHolder } from './mail-link.ts';

export function deputyPages(deps: Deps) {
  const { change, secret, clock } = deps;
  return async (app: App) => {
    takeForms(app);
    oursAlone(app, deps, '/leave/:token');
    app.get('/deputy/:token', async (request, reply) =>
      behindLink(deps, 'deputy', request, reply, async (holder) => {
        if (deputyOf(holder) === null || isOver(holder, clock())) return sendLinkPage(reply, holder, ENDED);
        if (isIdle(holder)) return sendLinkPage(reply, holder, IDLE);
        if (holder.recipient.deputyConfirmedAt !== null) return sendLinkPage(reply, holder, confirmed(holder));
        return sendLinkPage(reply, holder, { ...withDay(holder), title: 'deputy.title', text: 'deputy.text', button: 'deputy.button' });
      }),
    );
    app.post('/deputy/:token', async (request, reply) =>
      behindLink(deps, 'deputy', request, reply, async (holder) => {
        const email = deputyOf(holder);
        if (email === null || isOver(holder, clock())) return sendLinkPage(reply, holder, ENDED);
        if (isIdle(holder)) return sendLinkPage(reply, holder, IDLE);
        const { id, organisationId } = holder.recipient;
        await change(async (tx) => {
          await confirmDeputy(tx, id, email, clock());
          await noteAnswer(tx, organisationId, digestsOf(secret, email), clock());
        });
        return sendLinkPage(reply, holder, confirmed(holder));
      }),
    );
    app.get('/leave/:token', async (request, reply) =>
      behindLink(deps, 'leave', request, reply, async (holder) => {
        if (deputyOf(holder) === null) return sendLinkPage(reply, holder, LEFT);
        return sendLinkPage(reply, holder, { ...withDay(holder), title: 'leave.title', text: 'leave.text', button: 'leave.button' });
      }),
    );
    app.post('/leave/:token', async (request, reply) =>
      behindLink(deps, 'leave', request, reply, async (holder) => {
        const email = deputyOf(holder);
        if (email !== null) await change((tx) => endDeputy(tx, holder.recipient.id, email, clock()));
        return sendLinkPage(reply, holder, LEFT);
      }),
    );
  };
}

/** The deputy's address, while it is the one that the link was made for. */
function deputyOf({ recipient, about }: LinkHolder): string | null {
  const { deputyEmail, deputyFault, id } = recipient;
  return deputyEmail !== null && deputyFault === null && deputySubject(id, deputyEmail) === `${id}:${about}` ? deputyEmail : null;
}

const isOver = ({ recipient: { deputyUntil } }: LinkHolder, now: Date) => deputyUntil !== null && deputyUntil < amsterdamDay(now);

/** Whether nobody gets mail in this recipient's place, because it gets none itself. */
const isIdle = ({ recipient: { status } }: LinkHolder) => status === 'unsubscribed' || status === 'undeliverable';

const confirmed = (holder: LinkHolder) => ({
  ...withDay(holder),
  title: 'deputy.done_title',
  text: holder.recipient.status === 'pending' ? 'deputy.pending_text' : 'deputy.done_text',
});

function withDay({ recipient: { deputyEmail, deputyUntil }, language }: LinkHolder) {
  return { values: { deputy: deputyEmail ?? '', day: deputyUntil === null ? '' : writeDay(deputyUntil, language) } };
}

/** For who was the deputy once. */
export const ENDED = { title: 'deputy.ended_title', text: 'deputy.ended_text', status: 410 };
const IDLE = { title: 'deputy.ended_title', text: 'deputy.idle_text', status: 410 };
const LEFT = { title: 'leave.done_title', text: 'leave.done_text' };
