/** The page behind "do not ask me this any more": it ends the questions of one organisation to one mailbox, and nothing else. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../calendars/errors.ts';
import { LANGUAGES, type Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { allowQuestions, declineQuestions } from '../../../db/recipients/declines.ts';
import { getOrganisation } from '../../../db/organisations/organisations.ts';
import { readLink } from '../../../db/store/secrets.ts';
import { isDeclined, type Decline } from '../../../db/messages/unaskable.ts';
import type { App, Deps } from '../../deps.ts';
import { tokenOf } from './deadline-link.ts';
import { buttonTo, oursAlone, takeForms, leadBack, sendTextPage, type TextPage } from './mail-link.ts';
import { answerPageNotFound } from '../not-found.ts';

export function declinePages(deps: Deps) {
  const { read, change, secret, clock } = deps;
  return async (app: App) => {
    takeForms(app);
    oursAlone(app, deps);
    leadBack(app, 'allow', 'decline');
    app.get('/decline/:token', async (request, reply) =>
      behindDecline(deps, request, reply, async (link) =>
        (await isDeclined(read, link.decline))
          ? sendDeclined(link)
          : send(link, { title: 'decline.title', text: 'decline.text', button: 'decline.button' }),
      ),
    );
    app.post('/decline/:token', async (request, reply) =>
      behindDecline(deps, request, reply, async (link) => {
        await change((tx) => declineQuestions(tx, link.decline, secret, clock()));
        return sendDeclined(link);
      }),
    );
    app.post('/allow/:token', async (request, reply) =>
      behindDecline(deps, request, reply, async (link) => {
        await change((tx) => allowQuestions(tx, link.decline, secret, clock()));
        return send(link, { title: 'decline.undone_title', text: 'decline.undone_text' });
      }),
    );
  };
}

/** Whose questions a link ends: it needs no recipient, since that may have been deleted right after the mail. */
interface DeclineLink {
  decline: Decline;
  organisation: string;
  language: Language;
  token: string;
  reply: FastifyReply;
}

async function behindDecline(
  { read, secret }: Pick<Deps, 'secret' | 'read'>,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (link: DeclineLink) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const token = tokenOf(request);
  reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
  const [organisationId = '', mailbox = '', written] = readLink(secret, 'decline', token)?.split(':') ?? [];
  const language = LANGUAGES.find((one) => one === written);
  if (language === undefined) return answerPageNotFound(request, reply);
  const organisation = await getOrganisation(read, organisationId).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  });
  // An organisation that is gone asks nothing any more.
  if (!organisation) return answerPageNotFound(request, reply);
  return answer({ decline: { organisationId, mailbox }, organisation: organisation.name, language, token, reply });
}

function sendDeclined(link: DeclineLink): FastifyReply {
  const below = buttonTo(link.reply, `/allow/${link.token}`, wordsIn(link.language)('page:decline.undo'));
  return send(link, { title: 'decline.done_title', text: 'decline.done_text', below });
}

function send({ language, organisation, reply }: DeclineLink, page: TextPage): FastifyReply {
  return sendTextPage(reply, language, { ...page, values: { organisation } });
}
