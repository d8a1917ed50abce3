/** The page behind a mail's link that says that a deadline is done, and the way back. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Completion } from '../../../calendars/agenda/concern.ts';
import { amsterdamDay } from '../../../calendars/days.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Doer } from '../../../db/organisations/acts/acts.ts';
import { complete, findCompletion, reopen } from '../../../db/organisations/completions.ts';
import { concernIn } from '../../../db/organisations/concerns.ts';
import { isMembersAlone } from '../../../db/organisations/own-terms.ts';
import { deputyDoneSubject, readLink, signShortLink } from '../../../db/store/secrets.ts';
import type { App, Deps } from '../../deps.ts';
import { markOpen, reopenAll, showOpen } from './all-done.ts';
import { chosenIn, outcomeForms } from './outcome.ts';
import { behindDeadlineLink, naming, tokenOf, type Answers, type DeadlineLink, type GroupLink } from './deadline-link.ts';
import { ENDED } from './deputy.ts';
import { buttonTo, oursAlone, takeForms, leadBack, sendLinkPage, type LinkHolder } from './mail-link.ts';

export function donePages(deps: Deps) {
  const { read, change, clock } = deps;
  return async (app: App) => {
    takeForms(app);
    oursAlone(app, deps);
    leadBack(app, 'reopen', 'done');
    app.get('/done/:token', async (request, reply) =>
      behindDoneLink(deps, request, reply, {
        one: async (link) => {
          const { holder, deadline } = link;
          const completion = await findCompletion(read, holder.organisation.id, deadline.id);
          if (completion) return sendDone(link, completion, sayer(deps, link));
          if (!isCounted(deadline)) return sendNothingToDo(link);
          if (await isGone(deps, link)) return sendGone(link);
          return sendChoice(link);
        },
        several: (link) => showOpen(deps, link),
      }),
    );
    app.post('/done/:token', async (request, reply) =>
      behindDoneLink(deps, request, reply, {
        one: async (link) => {
          const { holder, deadline } = link;
          if (!isCounted(deadline)) return sendNothingToDo(link);
          const by = sayer(deps, link);
          if (!(await findCompletion(read, holder.organisation.id, deadline.id)) && (await isGone(deps, link))) return sendGone(link);
          const chosen = chosenIn(request);
          if ('fault' in chosen) return sendChoice(link, chosen.fault);
          const completion = await change(async (tx) => {
            const earlier = await findCompletion(tx, holder.organisation.id, deadline.id);
            const now = clock();
            const said = { completedOn: amsterdamDay(now), by, evidence: null, ...chosen };
            // What somebody else said of it before stays: it may name a proof.
            return earlier ?? complete(tx, holder.organisation.id, deadline.id, said, now, doerOf(link, by));
          });
          return sendDone(link, completion, by);
        },
        several: (link) =>
          markOpen(deps, link, chosenIn(request), { doer: doerOf(link, sayer(deps, link)), undoToken: undoTokenOf(deps, link) }),
      }),
    );
    app.post('/reopen/:token', async (request, reply) =>
      behindDoneLink(deps, request, reply, {
        one: async (link) => {
          const { holder, deadline } = link;
          const by = sayer(deps, link);
          const completion = await change(async (tx) => {
            const earlier = await findCompletion(tx, holder.organisation.id, deadline.id);
            // Only what was said by this link is taken back by it.
            if (earlier?.by !== by) return earlier;
            await reopen(tx, holder.organisation.id, deadline.id, clock(), doerOf(link, by));
            return null;
          });
          if (completion) return sendDone(link, completion, by);
          return sendLinkPage(reply, holder, { ...naming(link), title: 'done.undone_title', text: 'done.undone_text' });
        },
        several: (link) => reopenAll(deps, link, doerOf(link, sayer(deps, link))),
      }),
    );
  };
}

/** A link that a deputy got is as good while it is the deputy; what it says is then said by it. */
async function behindDoneLink(deps: Deps, request: FastifyRequest, reply: FastifyReply, { one, several }: Answers): Promise<FastifyReply> {
  const subject = readLink(deps.secret, 'deputy_done', tokenOf(request));
  if (subject === null) return behindDeadlineLink(deps, 'done', request, reply, { one, several });
  const [reader = '', named = ''] = subject.split(':');
  const isStill = ({ recipient: { deputyEmail } }: LinkHolder) =>
    deputyEmail !== null && deputyDoneSubject(reader, named, deputyEmail) === subject;
  return behindDeadlineLink(deps, 'deputy_done', request, reply, {
    one: async (link) => (isStill(link.holder) ? one(link) : sendLinkPage(reply, link.holder, ENDED)),
    several: async (link) => (isStill(link.holder) ? several(link) : sendLinkPage(reply, link.holder, ENDED)),
  });
}

/** Signs the way back of the same reader. */
function undoTokenOf({ secret }: Deps, { holder: { recipient }, token }: GroupLink): (named: string) => string {
  const { deputyEmail, id } = recipient;
  return (named) =>
    readLink(secret, 'deputy_done', token) !== null && deputyEmail !== null
      ? signShortLink(secret, 'deputy_done', deputyDoneSubject(id, named, deputyEmail))
      : signShortLink(secret, 'done', `${id}:${named}`);
}

/** What is no deadline is not done by anybody; a link to it stands in mails of before it was known to be none. */
function sendNothingToDo(link: DeadlineLink): FastifyReply {
  return sendLinkPage(link.reply, link.holder, { ...naming(link), title: 'done.none_title', text: 'done.none_text' });
}

/** Whether it was withdrawn since, does not concern the organisation any more, or asks only those something that it delivers for. */
async function isGone({ read }: Deps, { deadline, holder: { organisation } }: DeadlineLink): Promise<boolean> {
  if (deadline.status === 'withdrawn' || (await concernIn(read, organisation.id, deadline)) === null) return true;
  return isMembersAlone(read, organisation.id, deadline);
}

function sendGone(link: DeadlineLink): FastifyReply {
  return sendLinkPage(link.reply, link.holder, { ...naming(link), title: 'done.none_title', text: 'done.gone_text' });
}

/** Asks what became of it: done, or not for this organisation, and then why. `reason`: what was typed that will not do. */
function sendChoice(link: DeadlineLink, reason?: string): FastifyReply {
  const { holder, reply } = link;
  const below = outcomeForms(holder, wordsIn(holder.language)('page:done.button'), reason);
  return sendLinkPage(reply, holder, {
    ...naming(link),
    title: 'done.title',
    text: 'done.text',
    below,
    status: reason === undefined ? 200 : 400,
  });
}

/** Who said so, and what; `me` may take back only what it said itself. */
function sendDone(link: DeadlineLink, { by, notApplicable }: Completion, me: string): FastifyReply {
  const { holder, reply, token } = link;
  const undo = by === me ? { below: buttonTo(reply, `/reopen/${token}`, wordsIn(holder.language)('page:done.undo')) } : {};
  const { values } = naming(link);
  return notApplicable === undefined
    ? sendLinkPage(reply, holder, { values: { ...values, by }, title: 'done.done_title', text: 'done.done_text', ...undo })
    : sendLinkPage(reply, holder, {
        values: { ...values, by, reason: notApplicable },
        title: 'done.not_title',
        text: 'done.not_said',
        ...undo,
      });
}

const isDeputys = ({ secret }: Deps, token: string) => readLink(secret, 'deputy_done', token) !== null;

/** The same as who did it, in whose mail the link stood. */
const doerOf = ({ holder: { recipient } }: Pick<DeadlineLink, 'holder'>, by: string): Doer & { by: string } => ({
  way: 'link',
  by,
  recipientId: recipient.id,
});

/** Who says so: the recipient, or whoever is its deputy now. */
function sayer(deps: Deps, { holder: { recipient }, token }: Pick<DeadlineLink, 'holder' | 'token'>): string {
  return isDeputys(deps, token) ? (recipient.deputyEmail ?? recipient.email) : recipient.email;
}
