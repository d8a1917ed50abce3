/** The page behind a mail's link to get no more mail about several deadlines at once, and the one way back. */
import type { FastifyReply } from 'fastify';
import { wordsIn } from '../../../calendars/words.ts';
import { muteDeadline, mutedBy, unmuteDeadline } from '../../../db/recipients/preferences.ts';
import { writeNamed } from '../../../db/registry/named-deadlines.ts';
import { signShortLink } from '../../../db/store/secrets.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import type { Deps } from '../../deps.ts';
import { html } from '../html.ts';
import type { GroupLink, NamedEntry } from './deadline-link.ts';
import { buttonTo, sendLinkPage } from './mail-link.ts';
import { listNamed, listSurer, namingAll } from './named-list.ts';

/** Of which there would be no more mail, and the button. */
export async function showHeard({ read }: Deps, link: GroupLink): Promise<FastifyReply> {
  const { holder, reply } = link;
  const heard = await heardIn(read, link);
  if (heard.length === 0) return sendAllMuted(link);
  return sendLinkPage(reply, holder, {
    ...namingAll(heard, holder.language),
    title: 'mute.all_title',
    text: holder.recipient.status === 'confirmed' ? 'mute.text' : 'mute.idle_text',
    below: html`${listNamed(heard, holder.language)}${listSurer(link)}`,
    button: 'mute.all_button',
  });
}

/** Mutes each of which there is mail still. */
export async function muteHeard({ change, clock, secret }: Deps, link: GroupLink): Promise<FastifyReply> {
  const { holder, reply } = link;
  const { id } = holder.recipient;
  const muted = await change(async (tx) => {
    const heard = await heardIn(tx, link);
    for (const { deadline } of heard) await muteDeadline(tx, id, deadline.id, clock(), 'link');
    return heard;
  });
  if (muted.length === 0) return sendAllMuted(link);
  const token = signShortLink(secret, 'mute', `${id}:${writeNamed(muted.map(({ deadline }) => deadline))}`);
  return sendLinkPage(reply, holder, {
    ...namingAll(muted, holder.language),
    title: 'mute.all_done_title',
    text: 'mute.all_done_text',
    below: html`${listNamed(muted, holder.language)}${buttonTo(reply, `/unmute/${token}`, wordsIn(holder.language)('page:mute.undo'))}`,
  });
}

/** Mail about all of them after all. */
export async function unmuteAll({ change, clock }: Deps, link: GroupLink): Promise<FastifyReply> {
  const { entries, holder, reply } = link;
  await change(async (tx) => {
    for (const { deadline } of entries) await unmuteDeadline(tx, holder.recipient.id, deadline.id, clock());
  });
  return sendLinkPage(reply, holder, {
    ...namingAll(entries, holder.language),
    title: 'mute.undone_title',
    text: holder.recipient.status === 'confirmed' ? 'mute.undone_text' : 'mute.undone_idle_text',
  });
}

async function heardIn(db: ReadDb, { entries, holder: { recipient } }: GroupLink): Promise<NamedEntry[]> {
  const muted = new Set(await mutedBy(db, recipient.id));
  return entries.filter(({ deadline, isSurer }) => !isSurer && !muted.has(deadline.id));
}

function sendAllMuted(link: GroupLink): FastifyReply {
  const { entries, holder, reply, token } = link;
  const muted = entries.filter(({ isSurer }) => !isSurer);
  return sendLinkPage(reply, holder, {
    ...namingAll(muted.length > 0 ? muted : entries, holder.language),
    title: 'mute.all_done_title',
    text: muted.length > 0 ? 'mute.all_done_text' : 'mute.all_none_text',
    below: html`${listSurer(link)}${buttonTo(reply, `/unmute/${token}`, wordsIn(holder.language)('page:mute.undo'))}`,
  });
}
