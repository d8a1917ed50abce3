/** The page behind a mail that tells what others reported: it shows who said so, and its button opens it again. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Completion } from '../../../calendars/agenda/concern.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { findCompletion, isSaidOfSince, reopen } from '../../../db/organisations/completions.ts';
import { deputyDoneSubject, readLink, readUndoSubject } from '../../../db/store/secrets.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import type { App, Deps } from '../../deps.ts';
import { html } from '../html.ts';
import { button } from '../parts/button.ts';
import { errorSummary } from '../parts/field.ts';
import { ticks } from '../parts/ticks.ts';
import { behindDeadlineLink, naming, tokenOf, type DeadlineLink, type GroupLink, type NamedEntry } from './deadline-link.ts';
import { ENDED } from './deputy.ts';
import { behindLink, fieldsOf, oursAlone, sendLinkPage, takeForms, type LinkHolder } from './mail-link.ts';
import { listNamed, namingAll, nameEntry } from './named-list.ts';
import { namesStep, showStepUndo, takeStepBack } from './step.ts';

/** Names, in the form, each that is to be open again. */
const OPEN = 'open';

export function undoPages(deps: Deps) {
  return async (app: App) => {
    takeForms(app);
    oursAlone(app, deps);
    app.get('/undo/:token', async (request, reply) =>
      behindUndoLink(deps, request, reply, {
        step: async (link) => showStepUndo(deps, link),
        deadlines: async (link) => {
          const { isLater, said } = await saidAmong(deps.read, link);
          return said.length === 0 ? sendNone(link, isLater) : sendChoice(link, said);
        },
      }),
    );
    app.post('/undo/:token', async (request, reply) =>
      behindUndoLink(deps, request, reply, {
        step: async (link) => takeStepBack(deps, link),
        deadlines: async (link) => {
          const ids = fieldsOf(request, OPEN);
          const chosen = {
            ...link,
            entries: link.entries.filter(({ deadline }) => link.entries.length === 1 || ids.includes(deadline.id)),
          };
          if (chosen.entries.length === 0) {
            const { isLater, said } = await saidAmong(deps.read, link);
            return said.length === 0 ? sendNone(link, isLater) : sendChoice(link, said, true);
          }
          return takeBack(deps, chosen);
        },
      }),
    );
  };
}

/** Who takes it back: the reader, or whoever is its deputy. `at`: what was said then; null in mails of before that stood in a link. */
type UndoLink = GroupLink & { by: string; at: Date | null };

/** What answers behind a link for an own date, and behind one for deadlines. */
interface UndoAnswers {
  step: (link: { holder: LinkHolder; by: string; at: Date | null; reply: FastifyReply }) => Promise<FastifyReply>;
  deadlines: (link: UndoLink) => Promise<FastifyReply>;
}

/** A deputy's link is as good while it is the deputy. */
async function behindUndoLink(deps: Deps, request: FastifyRequest, reply: FastifyReply, answers: UndoAnswers): Promise<FastifyReply> {
  const { at, subject } = readUndoSubject(readLink(deps.secret, 'undo', tokenOf(request)) ?? '');
  const [reader = '', named = '', deputy] = subject.split(':');
  const answerBy = async (holder: LinkHolder, answer: (by: string) => Promise<FastifyReply>) => {
    const by = sayerOf(holder, `${reader}:${named}:${deputy}`, deputy !== undefined);
    return by === null ? sendLinkPage(reply, holder, ENDED) : answer(by);
  };
  const answerAs = async (link: GroupLink) => answerBy(link.holder, async (by) => answers.deadlines({ ...link, at, by }));
  if (namesStep(named))
    return behindLink(deps, 'undo', request, reply, async (holder) =>
      answerBy(holder, async (by) => answers.step({ holder, at, by, reply })),
    );
  return behindDeadlineLink(deps, 'undo', request, reply, {
    one: async ({ deadline, insurerName, ...link }: DeadlineLink) =>
      answerAs({ ...link, entries: [{ deadline, insurerName, isSurer: false }] }),
    several: async (link) => answerAs(link),
  });
}

function sayerOf({ recipient: { deputyEmail, email } }: LinkHolder, subject: string, isDeputys: boolean): string | null {
  if (!isDeputys) return email;
  const [reader = '', named = ''] = subject.split(':');
  return deputyEmail !== null && deputyDoneSubject(reader, named, deputyEmail) === subject ? deputyEmail : null;
}

/** What somebody said of one of them. */
interface SaidEntry {
  entry: NamedEntry;
  completion: Completion;
}

/** What is said still as the mail told it. `isLater`: of one of them somebody said something else since, which is not this link's to take back. */
async function saidAmong(
  db: ReadDb,
  { at, entries, holder: { organisation } }: UndoLink,
): Promise<{ said: SaidEntry[]; isLater: boolean }> {
  const said: SaidEntry[] = [];
  let isLater = false;
  for (const entry of entries) {
    const completion = await findCompletion(db, organisation.id, entry.deadline.id);
    if (!completion) continue;
    if (at !== null && (await isSaidOfSince(db, organisation.id, entry.deadline, at))) isLater = true;
    else said.push({ entry, completion });
  }
  return { said, isLater };
}

/** `isMissed`: the form was sent with none of them chosen. */
function sendChoice({ holder, reply }: GroupLink, said: readonly SaidEntry[], isMissed = false): FastifyReply {
  const say = wordsIn(holder.language);
  const [first] = said as [SaidEntry];
  const { by, notApplicable } = first.completion;
  const values = { by, reason: notApplicable ?? '' };
  if (said.length === 1) {
    const { deadline, insurerName } = first.entry;
    const text = notApplicable === undefined ? 'undo.text' : 'undo.not_text';
    const { what } = naming({ deadline, insurerName, holder }).values;
    const lost = first.completion.evidence === null ? '' : html`<p>${say('page:undo.evidence')}</p>`;
    const open = html`<input type="hidden" name="${OPEN}" value="${deadline.id}" />`;
    const below = html`${lost}
      <form method="post">${open}${button(say('page:undo.button'), 'primary')}</form>`;
    return sendLinkPage(reply, holder, { values: { ...values, what }, title: 'undo.title', text, below });
  }
  const options = said.map(({ entry, completion }) => ({
    value: entry.deadline.id,
    label: say('page:undo.option', { what: nameEntry(entry, holder.language), by: completion.by }),
  }));
  const field = { name: OPEN, label: say('page:undo.legend'), error: isMissed ? say('page:undo.error') : undefined };
  const isLost = said.some(({ completion }) => completion.evidence !== null);
  const below = html`${errorSummary([field], holder.language)} ${isLost ? html`<p>${say('page:undo.evidence')}</p>` : ''}
    <form method="post" class="last" novalidate>
      ${ticks({ ...field, legend: field.label, options, chosen: isMissed ? [] : options.map(({ value }) => value) })}
      ${button(say('page:undo.button_several'), 'primary')}
    </form>`;
  return sendLinkPage(reply, holder, {
    ...namingAll(
      said.map(({ entry }) => entry),
      holder.language,
    ),
    title: 'undo.title',
    text: 'undo.text_several',
    below,
    status: isMissed ? 400 : 200,
  });
}

async function takeBack({ change, clock }: Deps, link: UndoLink): Promise<FastifyReply> {
  const { by, holder, reply } = link;
  const { organisation, recipient } = holder;
  const { isLater, said } = await change(async (tx) => {
    const now = clock();
    const still = await saidAmong(tx, link);
    for (const { entry } of still.said)
      // What is done together with one before is open by then.
      if ((await findCompletion(tx, organisation.id, entry.deadline.id)) !== null)
        await reopen(tx, organisation.id, entry.deadline.id, now, { way: 'link', by, recipientId: recipient.id });
    return still;
  });
  if (said.length === 0) return sendNone(link, isLater);
  const entries = said.map(({ entry }) => entry);
  const [first] = entries as [NamedEntry];
  const isOne = entries.length === 1;
  return sendLinkPage(reply, holder, {
    ...(isOne ? naming({ ...first, holder }) : namingAll(entries, holder.language)),
    title: 'done.undone_title',
    text: 'done.undone_text',
    ...(isOne ? {} : { below: listNamed(entries, holder.language) }),
  });
}

/** Nothing is said of them any more, or something else. */
function sendNone({ entries, holder, reply }: GroupLink, isLater: boolean): FastifyReply {
  const [first] = entries as [NamedEntry];
  const name = isLater ? 'later' : 'none';
  const words = entries.length === 1 ? naming({ ...first, holder }) : namingAll(entries, holder.language);
  return sendLinkPage(reply, holder, { ...words, title: `undo.${name}_title`, text: `undo.${name}_text` });
}
