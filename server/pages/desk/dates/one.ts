/** A published date as editors see it: what stands there, a button for when that is still so, and a way back to each earlier revision. */
import { writeDay } from '../../../../calendars/days.ts';
import { isProjected } from '../../../../calendars/deadlines/certainty.ts';
import { reasonOf } from '../../../../calendars/deadlines/wording/reasons.ts';
import { BY_EDITION, canBeChecked } from '../../../../calendars/upkeep/upkeep.ts';
import { recordCheck } from '../../../../db/registry/checks.ts';
import { getDeadline, listRevisions } from '../../../../db/registry/deadlines.ts';
import { openDraft } from '../../../../db/registry/editions/drafts.ts';
import { waitForRegistry } from '../../../../db/registry/editions/publish.ts';
import { returnToRevision } from '../../../../db/registry/editions/returning.ts';
import { insurerNames } from '../../../../db/registry/insurers.ts';
import type { Revision } from '../../../../db/registry/revisions.ts';
import type { App, Deps } from '../../../deps.ts';
import { entrySentence } from '../../dates/sentence.ts';
import type { FormAsk } from '../../forms.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import type { Onward } from '../../page.ts';
import { button, labelAbout } from '../../parts/button.ts';
import { groundView } from '../../parts/dutch.ts';
import { notice } from '../../parts/notice.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { quote } from '../../parts/quote.ts';
import { writeMoment } from '../../people/moment.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { onwardSaying, saidOf } from '../../session/said.ts';
import { dayWords } from '../editions/saying.ts';
import { deskForm, deskPath, deskText, personOf, say } from '../frame.ts';
import { todayOf } from '../shelf.ts';

const PATH = '/redactie/datums/:id';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A deadline with what it said, the newest first, and what an editor calls its insurer. */
interface Facts {
  current: Revision;
  earlier: readonly Revision[];
  insurer: string | null;
}

export function deskDatePage(app: App, deps: Deps): void {
  serveEditorPage(app, deps, PATH, async (ask) => {
    const facts = await readFacts(ask, deps);
    return facts && dateText(ask, deps, facts);
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const facts = await readFacts(ask, deps);
    if (facts === null) return null;
    // What is confirmed or left is what stood on the page.
    if (ask.fields.get('seen') !== String(facts.current.revision)) return refused(ask, deps, facts, html`${say('desk:date.changed')}`);
    if (ask.fields.has('back')) return wentBack(ask, deps, facts);
    return ask.fields.has('still') ? checked(ask, deps, facts) : toForm(ask, deps, facts);
  });
}

async function readFacts({ request }: EditorAsk, { read }: Pick<Deps, 'read'>): Promise<Facts | null> {
  const { id } = request.params as { id: string };
  const [current, ...earlier] = UUID.test(id) ? (await listRevisions(read, id)).toReversed() : [];
  if (current === undefined) return null;
  const names = await insurerNames(read);
  return { current, earlier, insurer: current.insurer === null ? null : (names.get(current.insurer) ?? current.insurer) };
}

function refused(ask: EditorAsk, deps: Deps, facts: Facts, fault: SafeHtml, code = 409): PageText {
  ask.reply.code(code);
  return dateText(ask, deps, facts, fault);
}

async function checked(ask: EditorAsk, deps: Deps, facts: Facts): Promise<PageText | Onward> {
  const { current } = facts;
  if (!canBeChecked(current)) return refused(ask, deps, facts, html`${say('desk:date.uncheckable')}`);
  const check = { on: todayOf(deps), by: ask.label };
  const isNew = await deps.change(async (tx) => {
    await waitForRegistry(tx, { insurerSlug: current.insurer });
    const deadline = await getDeadline(tx, current.id);
    return deadline.revision === current.revision ? recordCheck(tx, deadline, check, deps.clock(), personOf(ask)) : null;
  });
  if (isNew === null) return refused(ask, deps, (await readFacts(ask, deps))!, html`${say('desk:date.changed')}`);
  return onwardSaying(ask, deskPath('datums', current.id), isNew ? 'checked' : 'already');
}

/** The form in the draft of its edition, in which it is changed or ended. Nothing is in the draft until that is saved. */
async function toForm(ask: EditorAsk & FormAsk, deps: Deps, facts: Facts): Promise<PageText | Onward> {
  const { careType, contractYear, id, insurer, status } = facts.current;
  if (status === 'withdrawn') return refused(ask, deps, facts, html`${say('desk:date.withdrawn_back')}`);
  const edition = await deps.change((tx) => openDraft(tx, { insurer, careType, contractYear, by: personOf(ask) }, deps.clock()));
  const act = ask.fields.has('end') ? 'vervalt' : 'wijzig';
  return { onward: `${deskPath('edities', edition.id, 'nieuw')}?${act}=${id}` };
}

async function wentBack(ask: EditorAsk & FormAsk, deps: Deps, facts: Facts): Promise<PageText | Onward> {
  const { current, earlier } = facts;
  const wanted = earlier.find(({ revision }) => String(revision) === ask.fields.get('back'));
  if (wanted === undefined || !canBeReturnedTo(wanted)) return refused(ask, deps, facts, html`${say('desk:date.no_revision')}`, 400);
  const to = { deadlineId: current.id, revision: wanted.revision, reason: null, by: personOf(ask) };
  const { edition, entry, isNew } = await deps.change((tx) => returnToRevision(tx, to, deps.clock()));
  const path = deskPath('edities', edition.id, entry.id);
  if (isNew) return { onward: path };
  const there = html`${say('desk:date.gathered')} <a href="${pageAddress(ask, path)}">${say('desk:date.gathered_open')}</a>`;
  return refused(ask, deps, facts, there);
}

function dateText(ask: EditorAsk, deps: Deps, { current, earlier, insurer }: Facts, fault?: SafeHtml): PageText {
  const { checkedBy, checkedOn, contractYear, id, sources, status, title } = current;
  const said = saidOf(ask, ['checked', 'already']);
  const content = html`${fault === undefined ? '' : notice(fault, 'caution')}
    ${said === null ? '' : notice(say(`desk:date.${said}`, { label: ask.label }), 'status')}
    <section aria-labelledby="now">
      <h2 id="now">${say('desk:date.now', { revision: current.revision })}</h2>
      <p>${status === 'withdrawn' ? say('desk:date.withdrawn') : entrySentence(current, insurer, todayOf(deps), 'nl')}</p>
      ${sources.map((source) => quote(source, undefined, 'nl'))}
      <p class="small">${checkedOn === null ? say('desk:insurer.unchecked') : writeCheck(checkedOn, checkedBy)}</p>
      ${status === 'withdrawn' ? '' : form(ask, current, html`<div class="buttons">${actsOn(current)}</div>`)}
      <p><a href="${pageAddress(ask, `/datums/${id}`)}">${say('desk:date.readers')}</a></p>
    </section>
    <section aria-labelledby="earlier">
      <h2 id="earlier">${say('desk:date.earlier')}</h2>
      ${
        earlier.length === 0
          ? html`<p>${say('desk:date.no_earlier')}</p>`
          : html`<p>${say('desk:date.back_text')}</p>
              <ol class="history" reversed>
                ${earlier.map((one) => revisionView(ask, current, one))}
              </ol>`
      }
    </section>`;
  const lead = say('desk:date.lead', { insurer: insurer ?? say('desk:work.sector'), year: contractYear });
  return deskText(ask, { page: 'verzekeraars', title, lead, content });
}

function actsOn(current: Revision): SafeHtml {
  return html`${canBeChecked(current) ? button(say('desk:date.still'), 'primary', { name: 'still', value: 'yes' }) : ''}
  ${button(say('desk:date.change'), 'plain', { name: 'change', value: 'yes' })}
  ${button(say('desk:date.end'), 'plain', { name: 'end', value: 'yes' })}`;
}

function revisionView(ask: EditorAsk, current: Revision, earlier: Revision): SafeHtml {
  const { reason, revisedAt, revision, status } = earlier;
  const isWithdrawn = status === 'withdrawn';
  const back = () => form(ask, current, button(labelAbout(label, current.title), 'plain', { name: 'back', value: String(revision) }));
  const label = say('desk:date.back', { revision });
  return html`<li>
    <h3>${say('desk:date.revision', { revision, moment: writeMoment(revisedAt, 'nl') })}</h3>
    <p>${isWithdrawn ? say('desk:date.withdrawn') : html`${earlier.title}: ${dayWords(earlier)}`}</p>
    ${groundView(reasonOf(reason, null, 'nl'))}
    ${canBeReturnedTo(earlier) ? back() : isWithdrawn ? '' : html`<p class="small">${say('desk:date.projected')}</p>`}
  </li>`;
}

/** What was withdrawn says nothing, and what nobody stated is worked out by itself. */
const canBeReturnedTo = (earlier: Revision) => earlier.status === 'published' && !isProjected(earlier);

/** On top of which revision. */
function form(ask: EditorAsk, { id, revision }: Revision, content: SafeHtml): SafeHtml {
  return deskForm(ask, deskPath('datums', id), html`<input type="hidden" name="seen" value="${revision}" />${content}`);
}

/** By whom, or by the files, of which no person says so. */
export function writeCheck(on: string, by: string | null): string {
  const day = writeDay(on, 'nl');
  return by === null || by === BY_EDITION ? say('desk:insurer.checked_at_edition', { day }) : say('desk:insurer.checked', { day, by });
}
