/** An insurer's entries by document: an editor compares each with what it rests on, and ticks which still hold. */
import { compareNames } from '../../../calendars/collation.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { canBeChecked, checkReason, type CheckReason } from '../../../calendars/upkeep/upkeep.ts';
import { workLines, workOf } from '../../../calendars/upkeep/work.ts';
import type { Day } from '../../../calendars/terms.ts';
import { writeList } from '../../../calendars/words.ts';
import { recordCheck } from '../../../db/registry/checks.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { waitForRegistry } from '../../../db/registry/editions/publish.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import type { App, Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { button } from '../parts/button.ts';
import { shortDay } from '../parts/day-block.ts';
import { certaintyMark } from '../parts/marks.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { quote } from '../parts/quote.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../session/guards.ts';
import { onwardSaying, saidOf } from '../session/said.ts';
import { writeCheck } from './dates/one.ts';
import { deskForm, deskPath, deskText, personOf, say } from './frame.ts';
import { insurerWays } from './insurers/ways.ts';
import { whenWords } from './rule-words.ts';
import { readShelves, SECTOR, todayOf, type DeskShelf } from './shelf.ts';

const PATH = '/redactie/verzekeraars/:slug';

export function checksPage(app: App, deps: Deps): void {
  const { change, clock } = deps;
  const shelfOf = async ({ request }: EditorAsk) => {
    const { slug } = request.params as { slug: string };
    return (await readShelves(deps)).find((one) => one.slug === slug) ?? null;
  };
  serveEditorPage(app, deps, PATH, async (ask) => {
    const shelf = await shelfOf(ask);
    return shelf && checksText(ask, shelf, todayOf(deps));
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const shelf = await shelfOf(ask);
    if (shelf === null) return null;
    const today = todayOf(deps);
    const ticked = new Set(ask.fields.getAll('checked'));
    const shown = shelf.deadlines.filter((one) => canBeChecked(one) && [...ticked].some((tick) => tick.startsWith(`${one.id}.`)));
    const refuse = (code: number, fault: string) => {
      ask.reply.code(code);
      return checksText(ask, shelf, today, { fault, ticked });
    };
    if (shown.length === 0) return refuse(400, say('desk:insurer.error.none'));
    const { changed, recorded } = await change(async (tx) => {
      await waitForRegistry(tx, { insurerSlug: shelf.slug === SECTOR ? null : shelf.slug });
      const now: Revision[] = [];
      for (const { id } of shown) now.push(await getDeadline(tx, id));
      const others = now.filter((one) => !ticked.has(tickOf(one)));
      // What was compared is what stood there: of what changed meanwhile nothing is said, and of the others neither.
      if (others.length > 0) return { changed: others, recorded: 0 };
      let count = 0;
      for (const one of now) if (await recordCheck(tx, one, { on: today, by: ask.label }, clock(), personOf(ask))) count += 1;
      return { changed: [], recorded: count };
    });
    if (changed.length > 0) return refuse(409, say('desk:insurer.error.changed', { titles: writeList(changed.map(titleIn), 'nl') }));
    return onwardSaying(ask, deskPath('verzekeraars', shelf.slug), doneOf(recorded, shown.length - recorded));
  });
}

/** What a form did: how many entries it recorded a check of, and how many had that of today already. */
const doneOf = (recorded: number, already: number) => `controle-${recorded}-${already}`;

/** "2 datums gecontroleerd door Redactie, Ed." after such a form; null after none. */
function saidHere(ask: EditorAsk): string | null {
  const [claimed] = /(?<=[?&]gedaan=)controle-\d{1,5}-\d{1,5}(?=\.)/.exec(ask.request.url) ?? [];
  const done = claimed === undefined ? null : saidOf(ask, [claimed]);
  if (done === null) return null;
  const [recorded = 0, already = 0] = done.replace('controle-', '').split('-').map(Number);
  return [
    ...(recorded === 0 ? [] : [say('desk:insurer.said.recorded', { count: recorded, label: ask.label })]),
    ...(already === 0 ? [] : [say('desk:insurer.said.already', { count: already })]),
  ].join(' ');
}

interface Typed {
  fault: string;
  ticked: ReadonlySet<string>;
}

function checksText(ask: EditorAsk, shelf: DeskShelf, today: Day, typed?: Typed): PageText {
  const { deadlines, name, newestDocumentOn, slug } = shelf;
  const all = deadlines.filter((one) => canBeChecked(one)).toSorted(compareEntries);
  const reasons = new Map(all.map((one) => [one, checkReason(one, newestDocumentOn, today)]));
  const due = all.filter((one) => reasons.get(one) !== null);
  const rest = [
    ...Map.groupBy(
      all.filter((one) => !due.includes(one)),
      documentOf,
    ),
  ];
  const said = saidHere(ask);
  // What was ticked just now stands where it stood.
  const isOpen = (one: Revision) =>
    (typed?.ticked.has(tickOf(one)) ?? false) || (said !== null && one.checkedOn === today && one.checkedBy === ask.label);
  const lacks = lacksLines(shelf, today);
  const items = (some: readonly Revision[], on: 'open' | 'folded') =>
    html`<ul class="lines">
        ${some.map((one) => entryView(ask, one, { reason: reasons.get(one) ?? null, today, isTicked: typed?.ticked.has(tickOf(one)) ?? false }))}
      </ul>
      ${some.length === 0 ? '' : button(say('desk:insurer.button'), on === 'open' ? 'primary' : 'plain')}`;
  const send = (content: SafeHtml) => deskForm(ask, deskPath('verzekeraars', slug), content);
  const content = html`${typed === undefined ? '' : notice(typed.fault, 'caution')} ${said === null ? '' : notice(said, 'status')}
    ${slug === SECTOR ? '' : insurerWays(ask, { slug, name }, 'checks')}
    ${
      lacks.length === 0
        ? ''
        : html`<section aria-labelledby="lacks">
            <h2 id="lacks">${say('desk:insurer.lacks')}</h2>
            <ul>
              ${lacks.map((line) => html`<li>${line}</li>`)}
            </ul>
          </section>`
    }
    <section aria-labelledby="due">
      <h2 id="due">${say('desk:insurer.due')}</h2>
      ${due.length === 0 ? html`<p>${say('desk:insurer.due_none')}</p>` : send(items(due, 'open'))}
    </section>
    <section aria-labelledby="rest">
      <h2 id="rest">${say('desk:insurer.rest')}</h2>
      ${all.length === 0 ? html`<p>${say('desk:insurer.rest_none')}</p>` : ''}
      ${rest.map(
        ([document, some]) =>
          html`<details ${some.some(isOpen) ? html`open` : ''}>
            <summary>${document} (${some.length})</summary>
            ${send(items(some, 'folded'))}
          </details>`,
      )}
    </section>`;
  return deskText(ask, {
    page: 'verzekeraars',
    title: say('desk:insurer.title', { insurer: name }),
    lead: say('desk:insurer.lead', { label: ask.label }),
    content,
  });
}

interface Shown {
  reason: CheckReason | null;
  today: Day;
  isTicked: boolean;
}

/** What it says, the quotes that prove it, when it was looked at last, and a box. */
function entryView(ask: EditorAsk, deadline: Revision, { isTicked, reason, today }: Shown): SafeHtml {
  const { checkedBy, checkedOn, contractYear, id, sources } = deadline;
  return html`<li>
    <p class="what">
      <label><input type="checkbox" name="checked" value="${tickOf(deadline)}" ${isTicked ? html`checked` : ''} /> ${deadline.title}</label>
    </p>
    <p>${dayView(deadline, today)} · ${say('desk:insurer.year', { year: contractYear })} ${certaintyMark(deadline, 'nl')}</p>
    ${sources.map((source) => quote(source, checkedOn, 'nl'))}
    <p class="small">
      ${reason === null ? '' : html`<strong>${say(`desk:insurer.reason.${reason}`)}</strong>`}
      ${checkedOn === null ? say('desk:insurer.unchecked') : writeCheck(checkedOn, checkedBy)}
      <a href="${pageAddress(ask, deskPath('datums', id))}">${say('desk:insurer.open')}<span class="unseen">: ${deadline.title}</span></a>
    </p>
  </li>`;
}

function dayView(deadline: Revision, today: Day): string | SafeHtml {
  const day = countingDay(deadline);
  if (day !== null) return shortDay(day, today, 'nl');
  if (deadline.kind === 'requirement') return say('desk:insurer.requirement');
  return deadline.certainty === 'unknown' ? say('desk:insurer.unread') : whenWords(deadline);
}

/** Which entry was ticked, as it stood on the page. */
const tickOf = ({ id, revision }: Pick<Revision, 'id' | 'revision'>) => `${id}.${revision}`;

const titleIn = ({ contractYear, title }: Pick<Revision, 'contractYear' | 'title'>) => `${title} (${contractYear})`;

/** The document that an entry is compared with: that of its first quote. */
const documentOf = ({ sources }: Revision) => sources[0]?.document ?? say('desk:insurer.no_document');

/** A line for each thing that is lacking, what is to be checked aside. */
function lacksLines({ deadlines, slug }: Pick<DeskShelf, 'deadlines' | 'slug'>, today: Day): string[] {
  const work = workOf({ deadlines, newestDocumentOn: null, isSector: slug === SECTOR }, today);
  return workLines({ ...work, check: 0 }, say);
}

/** The newest year first, and in it by day. */
function compareEntries(a: Revision, b: Revision): number {
  if (a.contractYear !== b.contractYear) return b.contractYear - a.contractYear;
  const [one, other] = [countingDay(a) ?? '9', countingDay(b) ?? '9'];
  return one < other ? -1 : one > other ? 1 : compareNames(a.title, b.title, 'nl');
}
