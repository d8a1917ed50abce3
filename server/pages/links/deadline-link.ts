/** Pages behind a mail's link for one deadline, or for several that the mail told of as one. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../calendars/errors.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { getDeadline, idsByMark } from '../../../db/registry/deadlines.ts';
import { insurerNames } from '../../../db/registry/insurers.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { readNamed } from '../../../db/registry/named-deadlines.ts';
import type { LinkPurpose } from '../../../db/store/secrets.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import type { Deps } from '../../deps.ts';
import { behindLink, type LinkHolder } from './mail-link.ts';
import { answerPageNotFound } from '../not-found.ts';

/** What a page needs to answer. */
export interface DeadlineLink {
  holder: LinkHolder;
  deadline: Revision;
  /** Null for a duty of the whole sector. */
  insurerName: string | null;
  /** For the way back from what the page does. */
  token: string;
  reply: FastifyReply;
}

/** The same of several, in the order of the mail. */
export interface GroupLink extends Omit<DeadlineLink, 'deadline' | 'insurerName'> {
  entries: NamedEntry[];
}

/** A deadline that a mail named among others. */
export interface NamedEntry extends Pick<DeadlineLink, 'deadline' | 'insurerName'> {
  /** Whether it is surer than it was when the mail was written: then the mail did not speak of it as it is now. */
  isSurer: boolean;
}

/** What answers behind a link for one, and behind one for several. */
export interface Answers {
  one: (link: DeadlineLink) => Promise<FastifyReply>;
  several: (link: GroupLink) => Promise<FastifyReply>;
}

/** Answers a request behind a signed link for deadlines; when those are gone there is nothing at the address either. */
export async function behindDeadlineLink(
  deps: Pick<Deps, 'secret' | 'read'>,
  purpose: LinkPurpose,
  request: FastifyRequest,
  reply: FastifyReply,
  { one, several }: Answers,
): Promise<FastifyReply> {
  return behindLink(deps, purpose, request, reply, async (holder) => {
    const entries = await entriesOf(deps.read, holder.about);
    const [first, ...others] = entries;
    if (!first) return answerPageNotFound(request, reply);
    const link = { holder, token: tokenOf(request), reply };
    return others.length > 0 ? several({ ...link, entries }) : one({ ...link, deadline: first.deadline, insurerName: first.insurerName });
  });
}

async function entriesOf(db: ReadDb, about: string): Promise<NamedEntry[]> {
  const named = readNamed(about);
  const ids = named === null ? [about] : await idsByMark(db, named.marks);
  const names = await insurerNames(db);
  const entries: NamedEntry[] = [];
  for (const id of ids) {
    const deadline = await findDeadline(db, id);
    if (!deadline) continue;
    const insurerName = deadline.insurer === null ? null : (names.get(deadline.insurer) ?? deadline.insurer);
    const certainty = named?.certainty ?? deadline.certainty;
    entries.push({ deadline, insurerName, isSurer: deadline.certainty !== certainty });
  }
  return entries;
}

async function findDeadline(db: ReadDb, id: string): Promise<Revision | null> {
  try {
    return await getDeadline(db, id);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}

export function tokenOf({ params }: FastifyRequest): string {
  return (params as { token: string }).token;
}

/** The values of a sentence that names the deadline: several insurers ask the same, each year. "Noord 2025: Jaarplan indienen". */
export function naming({
  deadline,
  holder: { language },
  insurerName,
}: Pick<DeadlineLink, 'deadline' | 'insurerName'> & { holder: Pick<LinkHolder, 'language'> }): { values: { what: string } } {
  const whose = insurerName ?? wordsIn(language)('common:sector');
  return { values: { what: `${whose} ${deadline.contractYear}: ${titleOf(deadline, language)}` } };
}
