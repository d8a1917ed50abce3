/** The page behind a mail's link that says that an own date is done, and the way back. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Step } from '../../../calendars/agenda/step.ts';
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import { isSaidSince } from '../../../db/organisations/acts/acts.ts';
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
          const doer = { way: 'link' as const, by, recipientId: holder.recipient.id };
          const { completion, id, organisationId } = before;
          if (isUndo) return completion?.by === by ? reopenStep(tx, organisationId, id, now, doer) : before;
          return completion ? before : completeStep(tx, organisationId, id, { completedOn: amsterdamDay(now), by }, now, doer);
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
  if (step === null) return sendOpen(reply, holder, step);
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

/** Whose undo link it is: the reader's, or its deputy's, for an own date. */
interface StepUndo {
  holder: LinkHolder;
  by: string;
  /** What was said then is taken back, and nothing later; null in mails of before that stood in a link. */
  at: Date | null;
  reply: FastifyReply;
}

/** Whether a link for what somebody reported names an own date, by its whole id; deadlines have marks. */
export function namesStep(named: string): boolean {
  return /^[\w-]{22}$/.test(named);
}

/** Shows who said that an own date is done, and the button that opens it again. */
export async function showStepUndo({ read }: Pick<Deps, 'read'>, { at, holder, reply }: StepUndo): Promise<FastifyReply> {
  const step = await findStep(read, holder);
  if (!step?.completion) return sendOpen(reply, holder, step);
  if (await isSaidLater(read, step, at)) return sendLater(reply, holder, step);
  const values = { ...valuesOf(step, holder), by: step.completion.by };
  return sendLinkPage(reply, holder, { values, title: 'undo.title', text: 'undo.text', button: 'undo.button' });
}

/** Opens an own date again, whoever said that it is done. */
export async function takeStepBack({ change, clock }: Deps, { at, by, holder, reply }: StepUndo): Promise<FastifyReply> {
  const { isLater, isReopened, step } = await change(async (tx) => {
    const before = await findStep(tx, holder);
    if (!before?.completion) return { isReopened: false, isLater: false, step: before };
    if (await isSaidLater(tx, before, at)) return { isReopened: false, isLater: true, step: before };
    const doer = { way: 'link' as const, by, recipientId: holder.recipient.id };
    return { isReopened: true, isLater: false, step: await reopenStep(tx, before.organisationId, before.id, clock(), doer) };
  });
  if (step && isLater) return sendLater(reply, holder, step);
  if (!step || !isReopened) return sendOpen(reply, holder, step);
  return sendLinkPage(reply, holder, { values: valuesOf(step, holder), title: 'step.undone_title', text: 'step.undone_text' });
}

async function isSaidLater(db: ReadDb, { id, organisationId }: Step, at: Date | null): Promise<boolean> {
  return at !== null && (await isSaidSince(db, organisationId, { stepId: id }, at));
}

/** Something else was said of it since. */
function sendLater(reply: FastifyReply, holder: LinkHolder, step: Step): FastifyReply {
  return sendLinkPage(reply, holder, { values: valuesOf(step, holder), title: 'undo.later_title', text: 'undo.later_text' });
}

/** Nothing is said of it any more, or it is gone. */
function sendOpen(reply: FastifyReply, holder: LinkHolder, step: Step | null): FastifyReply {
  if (step === null) return sendLinkPage(reply, holder, { title: 'step.gone_title', text: 'step.gone_text' });
  return sendLinkPage(reply, holder, { values: valuesOf(step, holder), title: 'undo.none_title', text: 'undo.none_text' });
}

function valuesOf({ dueOn, title }: Step, { language }: LinkHolder): Record<string, string> {
  return { what: title, day: writeDay(dueOn, language) };
}
