/** The page behind a mail's link to get no more mail about one deadline, and the way back. */
import type { FastifyReply } from 'fastify';
import { wordsIn } from '../../../calendars/words.ts';
import { muteDeadline, mutedBy, unmuteDeadline } from '../../../db/recipients/preferences.ts';
import type { App, Deps } from '../../deps.ts';
import { muteHeard, showHeard, unmuteAll } from './all-muted.ts';
import { behindDeadlineLink, naming, type DeadlineLink } from './deadline-link.ts';
import { buttonTo, oursAlone, takeForms, leadBack, sendLinkPage } from './mail-link.ts';

export function mutePages(deps: Deps) {
  const { read, change, clock } = deps;
  return async (app: App) => {
    takeForms(app);
    oursAlone(app, deps);
    leadBack(app, 'unmute', 'mute');
    app.get('/mute/:token', async (request, reply) =>
      behindDeadlineLink(deps, 'mute', request, reply, {
        one: async (link) => {
          const { holder, deadline } = link;
          if ((await mutedBy(read, holder.recipient.id)).includes(deadline.id)) return sendMuted(link);
          return sendLinkPage(reply, holder, {
            ...naming(link),
            title: 'mute.title',
            text: isServed(link) ? 'mute.text' : 'mute.idle_text',
            button: 'mute.button',
          });
        },
        several: (link) => showHeard(deps, link),
      }),
    );
    app.post('/mute/:token', async (request, reply) =>
      behindDeadlineLink(deps, 'mute', request, reply, {
        one: async (link) => {
          await change((tx) => muteDeadline(tx, link.holder.recipient.id, link.deadline.id, clock(), 'link'));
          return sendMuted(link);
        },
        several: (link) => muteHeard(deps, link),
      }),
    );
    app.post('/unmute/:token', async (request, reply) =>
      behindDeadlineLink(deps, 'mute', request, reply, {
        one: async (link) => {
          await change((tx) => unmuteDeadline(tx, link.holder.recipient.id, link.deadline.id, clock()));
          return sendLinkPage(reply, link.holder, {
            ...naming(link),
            title: 'mute.undone_title',
            text: isServed(link) ? 'mute.undone_text' : 'mute.undone_idle_text',
          });
        },
        several: (link) => unmuteAll(deps, link),
      }),
    );
  };
}

/** Who gets no mail at all is not said to get any. */
const isServed = ({ holder }: DeadlineLink) => holder.recipient.status === 'confirmed';

function sendMuted(link: DeadlineLink): FastifyReply {
  const { holder, reply, token } = link;
  const below = buttonTo(reply, `/unmute/${token}`, wordsIn(holder.language)('page:mute.undo'));
  return sendLinkPage(reply, holder, { ...naming(link), title: 'mute.done_title', text: 'mute.done_text', below });
}
