/** The page behind a mail's link that says of several deadlines at once that they are done, and the one way back. */
import type { FastifyReply } from 'fastify';
import { amsterdamDay } from '../../../calendars/days.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Doer } from '../../../db/organisations/acts/acts.ts';
import { complete, findCompletion, reopen } from '../../../db/organisations/completions.ts';
import { concernIn } from '../../../db/organisations/concerns.ts';
import { isMembersAlone } from '../../../db/organisations/own-terms.ts';
import { writeNamed } from '../../../db/registry/named-deadlines.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import type { Deps } from '../../deps.ts';
import { html } from '../html.ts';
import type { GroupLink, NamedEntry } from './deadline-link.ts';
import { outcomeForms, type Chosen } from './outcome.ts';
import { buttonTo, sendLinkPage } from './mail-link.ts';
import { listNamed, listSurer, namingAll } from './named-list.ts';

/** Who says so, and how the way back is signed for those that were marked. */
export interface Sayer {
  doer: Doer & { by: string };
  undoToken: (named: string) => string;
}

/** What would be marked, and the choice. `reason`: what was typed that will not do. */
export async function showOpen({ read }: Pick<Deps, 'read'>, link: GroupLink, reason?: string): Promise<FastifyReply> {
  const { holder, reply } = link;
  const open = await openIn(read, link);
  if (open.length === 0) return sendNothing(link);
  return sendLinkPage(reply, holder, {
    ...namingAll(open, holder.language),
    title: 'done.all_title',
    text: 'done.all_text',
    below: html`${listNamed(open, holder.language)}${listSurer(link)}
    ${outcomeForms(holder, wordsIn(holder.language)('page:done.all_button'), reason)}`,
    status: reason === undefined ? 200 : 400,
  });
}

/** Marks each that is open still, with a completion of its own. */
export async function markOpen(deps: Deps, link: GroupLink, chosen: Chosen, { doer, undoToken }: Sayer): Promise<FastifyReply> {
  const { change, clock } = deps;
  const { holder, reply } = link;
  const { by } = doer;
  if ('fault' in chosen) return showOpen(deps, link, chosen.fault);
  const marked = await change(async (tx) => {
    const now = clock();
    const open = await openIn(tx, link);
    const completion = { completedOn: amsterdamDay(now), by, evidence: null, ...chosen };
    for (const { deadline } of open) await complete(tx, holder.organisation.id, deadline.id, completion, now, doer);
    return open;
  });
  if (marked.length === 0) return sendNothing(link);
  const token = undoToken(writeNamed(marked.map(({ deadline }) => deadline)));
  return sendLinkPage(reply, holder, {
    values: { ...namingAll(marked, holder.language).values, by, reason: chosen.notApplicable ?? '' },
    title: chosen.notApplicable === undefined ? 'done.all_done_title' : 'done.not_title',
    text: chosen.notApplicable === undefined ? 'done.done_text' : 'done.not_said',
    below: html`${listNamed(marked, holder.language)}${listSurer(link)}${buttonTo(reply, `/reopen/${token}`, wordsIn(holder.language)('page:done.all_undo'))}`,
  });
}

/** Takes back what this reader said of them. */
export async function reopenAll({ change, clock }: Deps, link: GroupLink, doer: Doer): Promise<FastifyReply> {
  const { entries, holder, reply } = link;
  const { id } = holder.organisation;
  const reopened = await change(async (tx) => {
    const said: NamedEntry[] = [];
    for (const entry of entries) if ((await findCompletion(tx, id, entry.deadline.id))?.by === doer.by) said.push(entry);
    // What is done together with one before is open by then.
    for (const { deadline } of said)
      if ((await findCompletion(tx, id, deadline.id)) !== null) await reopen(tx, id, deadline.id, clock(), doer);
    return said;
  });
  return sendLinkPage(reply, holder, {
    ...namingAll(reopened.length > 0 ? reopened : entries, holder.language),
    title: 'done.undone_title',
    text: 'done.undone_text',
  });
}

/** Those that ask something still, of which the mail spoke as they are. */
async function openIn(db: ReadDb, { entries, holder: { organisation } }: GroupLink): Promise<NamedEntry[]> {
  const open: NamedEntry[] = [];
  for (const entry of entries) {
    const { deadline, isSurer } = entry;
    if (isSurer || !isCounted(deadline) || deadline.status === 'withdrawn') continue;
    if ((await findCompletion(db, organisation.id, deadline.id)) !== null) continue;
    if ((await concernIn(db, organisation.id, deadline)) === null) continue;
    if (!(await isMembersAlone(db, organisation.id, deadline))) open.push(entry);
  }
  return open;
}

function sendNothing(link: GroupLink): FastifyReply {
  const { entries, holder, reply } = link;
  return sendLinkPage(reply, holder, {
    ...namingAll(entries, holder.language),
    title: 'done.none_title',
    text: 'done.all_none_text',
    below: listSurer(link),
  });
}
