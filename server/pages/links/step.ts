/** The page behind a mail's link that says that an own date is done, and the way back. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Step } from '../../../calendars/agenda/step.ts';
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { AppError } from '../../../calendars/errors.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { completeStep, getStep, reopenStep } from '../../../db/organisations/steps/steps.ts';
import { deputyDoneSubject, longId, readLink } from '../../../db/store/secrets.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import type { App, Deps } from '../../deps.ts';
import { html } from '../html.ts';
import { button } from '../parts/button.ts';
import { tokenOf } from './deadline-link.ts';
import { ENDED } from './deputy.ts';
import { behindLink, fieldOf, oursAlone, sendLinkPage, takeForms, type LinkHolder } from './mail-link.ts';

/** Behind the link: for whom it is, who would say so, and the own date; null where that was removed. */
interface StepLink {
  holder: LinkHolder;
  by: string;
  step: Step | null;
}

export function stepPages(deps: Deps) {
  const { change, clock } = deps;
  return async (app: App) => {
    takeForms(app);
    oursAlone(app, deps);
    app.get('/step/:token', async (request, reply) => behindStepLink(deps, request, reply, async (link) => send(reply, link)));
    app.post('/step/:token', async (request, reply) =>
      behindStepLink(deps, request, reply, async ({ by, holder }) => {
        const isUndo = fieldOf(request, 'act') === 'undo';
        const step = await change(async (tx) => {
          const before = await findStep(tx, holder);
          if (!before) return null;
          const now = clock();
          // Only what was said by this link is taken back by it, and what somebody else said before stays.
          if (isUndo) return before.completion?.by === by ? reopenStep(tx, before.organisationId, before.id, now) : before;
          return before.completion
            ? before
            : completeStep(tx, before.organisationId, before.id, { completedOn: amsterdamDay(now), by }, now);
        });
        return step && isUndo && step.completion === null
          ? sendLinkPage(reply, holder, { values: valuesOf(step, holder), title: 'step.undone_title', text: 'step.undone_text' })
          : send(reply, { by, holder, step });
      }),
    );
  };
}

/** A link that a deputy got is as good while it is the deputy; what it says is then said by it. */
async function behindStepLink(
  { read, secret }: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (link: StepLink) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const subject = readLink(secret, 'deputy_step', tokenOf(request));
  return behindLink({ read, secret }, subject === null ? 'step' : 'deputy_step', request, reply, async (holder) => {
    const { deputyEmail, email } = holder.recipient;
    const step = await findStep(read, holder);
    if (subject === null) return answer({ holder, by: email, step });
    const [reader = '', named = ''] = subject.split(':');
    const isStill = deputyEmail !== null && deputyDoneSubject(reader, named, deputyEmail) === subject;
    return isStill ? answer({ holder, by: deputyEmail, step }) : sendLinkPage(reply, holder, ENDED);
  });
}

async function findStep(db: ReadDb, { about, organisation }: LinkHolder): Promise<Step | null> {
  try {
    return await getStep(db, organisation.id, longId(about));
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}

function send(reply: FastifyReply, { by, holder, step }: StepLink): FastifyReply {
  if (step === null) return sendLinkPage(reply, holder, { title: 'step.gone_title', text: 'step.gone_text' });
  const values = valuesOf(step, holder);
  if (step.completion === null)
    return sendLinkPage(reply, holder, { values, title: 'step.title', text: 'step.text', button: 'step.button' });
  const undo = html`<form method="post">
    ${button(wordsIn(holder.language)('page:done.undo'), 'plain', { name: 'act', value: 'undo' })}
  </form>`;
  return sendLinkPage(reply, holder, {
    values: { ...values, by: step.completion.by },
    title: 'step.done_title',
    text: 'step.done_text',
    ...(step.completion.by === by ? { below: undo } : {}),
  });
}

function valuesOf({ dueOn, title }: Step, { language }: LinkHolder): Record<string, string> {
  return { what: title, day: writeDay(dueOn, language) };
}
