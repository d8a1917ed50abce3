/**
 * The mails of a rehearsal: what would have been sent, to be read and clicked. It would show codes to sign in, so that it is there only where mails
 * are files and nobody but this machine reaches the service, by whatever name (a page elsewhere may let its own name lead here).
 */
import type { FastifyRequest } from 'fastify';
import { wordsIn } from '../../../calendars/words.ts';
import type { App, Deps, OutboxMail } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { isLoopback } from '../../loopback.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { answerPageNotFound } from '../not-found.ts';
import { servePage, type PageAsk } from '../page.ts';
import { pageAddress } from '../parts/page-link.ts';
import { rowList } from '../parts/rows.ts';
import { writeMoment } from '../people/moment.ts';

const PATH = '/outbox';
/** How many stand in the list. */
const MOST = 100;

export function outboxPages(deps: Deps) {
  const { outbox } = deps;
  return async (app: App) => {
    if (!outbox) return;
    servePage(app, deps, PATH, async (ask) => here(ask, async () => listText(ask, await outbox.newest(MOST))));
    servePage(app, deps, `${PATH}/:messageId`, async (ask) =>
      here(ask, async () => {
        const mail = await outbox.find(idOf(ask.request));
        return mail && mailText(ask, mail);
      }),
    );
    // The mail itself, in a frame of its own: it runs nothing, sends nothing, and its links open beside it.
    app.get(`${PATH}/:messageId/mail`, { helmet: false }, async (request, reply) => {
      const mail = isFromHere(request) ? await outbox.find(idOf(request)) : null;
      if (!mail) return answerPageNotFound(request, reply);
      return reply.headers(SANDBOXED).type('text/html; charset=utf-8').send(inNewTabs(mail.html));
    });
  };
}

/** Nothing where it is asked for by another name. */
async function here(ask: PageAsk, make: () => Promise<PageText | null>): Promise<PageText | null> {
  ask.reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
  return isFromHere(ask.request) ? make() : null;
}

const SANDBOXED = {
  'cache-control': 'no-store',
  'content-security-policy':
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'x-robots-tag': 'noindex',
};

/**
 * Whether it was asked for by a name of this machine, from this machine, and by nobody in between: a proxy beside the service passes on what others
 * ask, often by a name of its own. What it says of them does not count; that it says something does.
 */
function isFromHere({ headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>): boolean {
  const url = URL.parse(`http://${headers.host ?? ''}`);
  const peer = (raw.socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
  const isPassedOn = Object.keys(headers).some((name) => /^(via|forwarded|x-forwarded-.*|x-real-ip)$/.test(name));
  return url !== null && isLoopback(url.hostname) && isLoopback(peer) && !isPassedOn;
}

const idOf = ({ params }: FastifyRequest) => (params as { messageId: string }).messageId;

/** Links of a mail open in a tab of their own, as they do from a mail program. */
function inNewTabs(mail: string): string {
  return mail.replace(/<head[^>]*>/i, (head) => `${head}<base target="_blank">`);
}

function listText(ask: PageAsk, { mails, total }: { mails: readonly OutboxMail[]; total: number }): PageText {
  const say = wordsIn(ask.language);
  const title = say('page:outbox.title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:outbox.lead')}</p>
    <p class="count">
      ${say('page:outbox.count', { count: total })} ${total > mails.length ? say('page:outbox.shown', { count: mails.length }) : ''}
    </p>
    ${mails.length === 0 ? '' : list(ask, mails)}`;
  return { title, description: say('page:outbox.lead'), content };
}

function list(ask: PageAsk, mails: readonly OutboxMail[]): SafeHtml {
  return html`<ul class="mails">
    ${mails.map(
      ({ at, id, subject, to }) =>
        html`<li>
          <h2><a href="${pageAddress(ask, `${PATH}/${id}`)}">${subject}</a></h2>
          <p class="small">${to} · ${writeMoment(at, ask.language)}</p>
        </li>`,
    )}
  </ul>`;
}

function mailText(ask: PageAsk, { at, from, id, subject, text, to }: OutboxMail): PageText {
  const { language, reply } = ask;
  const say = wordsIn(language);
  // Nothing else of ours stands in a frame.
  reply.header('content-security-policy', `${String(reply.getHeader('content-security-policy'))};frame-src 'self'`);
  const content = html`<nav class="back"><a href="${pageAddress(ask, PATH)}">${say('page:outbox.back')}</a></nav>
    <h1>${subject}</h1>
    ${rowList([
      { label: say('page:outbox.to'), value: to },
      { label: say('page:outbox.from'), value: from },
      { label: say('page:outbox.at'), value: writeMoment(at, language) },
    ])}
    <iframe
      class="mail"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      src="${addressAt(reply, `${PATH}/${id}/mail`)}"
      title="${say('page:outbox.frame')}"
    ></iframe>
    <details>
      <summary>${say('page:outbox.text')}</summary>
      <pre class="mail-text" tabindex="0">${text}</pre>
    </details>`;
  return { title: `${say('page:outbox.mail')}: ${subject}`, content };
}
