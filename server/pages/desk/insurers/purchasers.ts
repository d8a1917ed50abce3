/** Links for an insurer's own purchaser: made here, shown once to be handed over, and revoked. The service mails them to nobody. */
import { amsterdamDay, writeDay } from '../../../../calendars/days.ts';
import { AppError } from '../../../../calendars/errors.ts';
import { takeTicket } from '../../../../db/people/tickets.ts';
import { getInsurer } from '../../../../db/registry/insurers.ts';
import {
  endOf,
  HOLDS_DAYS,
  listPurchaserLinks,
  makePurchaserLink,
  revokePurchaserLink,
  type PurchaserLink,
} from '../../../../db/registry/purchasers/links.ts';
import type { ReadDb } from '../../../../db/store/store.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button, labelAbout } from '../../parts/button.ts';
import { copyable } from '../../parts/copyable.ts';
import { notice } from '../../parts/notice.ts';
import { writeMoment } from '../../people/moment.ts';
import { ticketField, ticketOf } from '../../rooms/frame.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { onwardSaying, saidOf } from '../../session/said.ts';
import { editorLabels, labelIn } from '../editions/saying.ts';
import { deskForm, deskPath, deskText, personOf, say } from '../frame.ts';
import { insurerWays } from './ways.ts';

const PATH = deskPath('verzekeraars', ':slug', 'inkopers');
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export function purchaserLinksPage(app: App, deps: Deps): void {
  const { change, clock, publicUrl } = deps;
  serveEditorPage(app, deps, PATH, async (ask) => {
    const facts = await readFacts(deps, ask);
    return facts && linksText(ask, facts);
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const facts = await readFacts(deps, ask);
    if (facts === null) return null;
    const here = deskPath('verzekeraars', facts.insurer.slug, 'inkopers');
    const act = { by: personOf(ask), now: clock() };
    const ended = ask.fields.get('end');
    if (ended !== null) {
      const isOne = facts.links.some(({ id }) => id === ended) && UUID.test(ended);
      const isEnded = isOne && (await change((tx) => revokePurchaserLink(tx, ended, act)));
      return isEnded ? onwardSaying(ask, here, 'ingetrokken') : { onward: here };
    }
    if (ask.fields.get('doe') !== 'maak') return { onward: here };
    const made = await change(async (tx) =>
      (await takeTicket(tx, ticketOf(ask), act.now)) ? makePurchaserLink(tx, facts.insurer.slug, act) : null,
    );
    // Loaded anew: what was shown once is not shown again.
    if (made === null) return onwardSaying(ask, here, 'getoond');
    const address = `${publicUrl}/inkoper/${made.token}`;
    return linksText(ask, (await readFacts(deps, ask))!, newLink(address, made.expiresAt));
  });
}

interface Facts {
  insurer: { slug: string; name: string };
  links: readonly PurchaserLink[];
  labels: ReadonlyMap<string, string>;
  now: Date;
}

async function readFacts({ clock, read }: Pick<Deps, 'clock' | 'read'>, { request }: EditorAsk): Promise<Facts | null> {
  const insurer = await findInsurer(read, (request.params as { slug: string }).slug);
  if (insurer === null) return null;
  return { insurer, links: await listPurchaserLinks(read, insurer.slug), labels: await editorLabels(read), now: clock() };
}

async function findInsurer(db: ReadDb, slug: string): Promise<Facts['insurer'] | null> {
  try {
    return await getInsurer(db, slug);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}

/** In the answer to the form that made it, and nowhere else. */
function newLink(address: string, expiresAt: Date): SafeHtml {
  return html`<section class="notice status" role="status" aria-labelledby="link">
    <h2 id="link">${say('desk:purchasers.made')}</h2>
    <p>${say('desk:purchasers.made_text', { day: writeDay(amsterdamDay(expiresAt), 'nl') })}</p>
    <p>${copyable(address, say('desk:purchasers.copy'), 'nl')}</p>
  </section>`;
}

function linksText(ask: EditorAsk, facts: Facts, made?: SafeHtml): PageText {
  const { insurer, links } = facts;
  const said = saidOf(ask, ['ingetrokken', 'getoond'] as const);
  const make = html`${ticketField()}
  ${button(say('desk:purchasers.make'), made === undefined ? 'primary' : 'plain', { name: 'doe', value: 'maak' })}`;
  const content = html`${insurerWays(ask, insurer, 'purchasers')} ${made ?? ''}
    ${said === null ? '' : notice(say(`desk:purchasers.said.${said}`), 'status')}
    ${deskForm(ask, deskPath('verzekeraars', insurer.slug, 'inkopers'), make)}
    <section aria-labelledby="links">
      <h2 id="links">${say('desk:purchasers.links')}</h2>
      ${links.length === 0 ? html`<p>${say('desk:purchasers.none')}</p>` : ''}
      <ul class="lines">
        ${links.map((link) => html`<li>${linkView(ask, link, facts)}</li>`)}
      </ul>
    </section>`;
  return deskText(ask, {
    page: 'verzekeraars',
    title: say('desk:purchasers.title', { insurer: insurer.name }),
    lead: say('desk:purchasers.lead', { days: HOLDS_DAYS }),
    content,
  });
}

function linkView(ask: EditorAsk, link: PurchaserLink, { insurer, labels, now }: Facts): SafeHtml {
  const made = say('desk:purchasers.by', { moment: writeMoment(link.createdAt, 'nl'), who: labelIn(labels, link.createdBy) });
  const end = endOf(link, now);
  const holds = say(`desk:purchasers.${end ?? 'holds'}`, { day: writeDay(amsterdamDay(link.revokedAt ?? link.expiresAt), 'nl') });
  const used =
    link.lastUsedAt === null ? say('desk:purchasers.unused') : say('desk:purchasers.used', { moment: writeMoment(link.lastUsedAt, 'nl') });
  const revoke = button(labelAbout(say('desk:purchasers.revoke'), made), 'grave', { name: 'end', value: link.id });
  return html`<p class="what">${made}</p>
    <p>${holds} ${used}</p>
    ${end === null ? deskForm(ask, deskPath('verzekeraars', insurer.slug, 'inkopers'), revoke) : ''}`;
}
