/** Pages behind a mail's link for one deadline. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../calendars/errors.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { insurerNames } from '../../../db/registry/insurers.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import type { LinkPurpose } from '../../../db/store/secrets.ts';
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

/** Answers a request behind a signed link for one deadline; when that is gone there is nothing at the address either. */
export async function behindDeadlineLink(
  deps: Pick<Deps, 'secret' | 'read'>,
  purpose: LinkPurpose,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (link: DeadlineLink) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  return behindLink(deps, purpose, request, reply, async (holder) => {
    const deadline = await getDeadline(deps.read, holder.about).catch((error: unknown) => {
      if (error instanceof AppError && error.kind === 'not_found') return null;
      throw error;
    });
    if (!deadline) return answerPageNotFound(request, reply);
    const names = await insurerNames(deps.read);
    const insurerName = deadline.insurer === null ? null : (names.get(deadline.insurer) ?? deadline.insurer);
    return answer({ holder, deadline, insurerName, token: tokenOf(request), reply });
  });
}

export function tokenOf({ params }: FastifyRequest): string {
  return (params as { token: string }).token;
}

/** The values of a sentence that names the deadline: several insurers ask the same, each year. "Noord 2025: Jaarplan indienen". */
export function naming({ deadline, holder: { language }, insurerName }: DeadlineLink): { values: { what: string } } {
  const whose = insurerName ?? wordsIn(language)('common:sector');
  return { values: { what: `${whose} ${deadline.contractYear}: ${titleOf(deadline, language)}` } };
}
