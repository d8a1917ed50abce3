/** The editions: drafts that wait, by insurer, and the way to a new one. */
import { compareNames } from '../../../../calendars/collation.ts';
import { CARE_TYPES, type CareType } from '../../../../calendars/terms.ts';
import { policyYearOn } from '../../../../calendars/upkeep/upkeep.ts';
import { listDrafts, openDraft, type Edition } from '../../../../db/registry/editions/drafts.ts';
import { publishedSince, unseenEditions } from '../../../../db/registry/editions/looking.ts';
import { insurerNames } from '../../../../db/registry/insurers.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import { button } from '../../parts/button.ts';
import { errorSummary, selectField, textField, type Field } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { writeMoment } from '../../people/moment.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { saidOf } from '../../session/said.ts';
import { deskForm, deskPath, deskText, personOf, say } from '../frame.ts';
import { SECTOR, todayOf } from '../shelf.ts';
import { nameOf } from './facts.ts';
import { editorLabels, labelIn } from './saying.ts';
import { draftList, withWriters, type WaitingDraft } from './waiting.ts';

const PATH = '/redactie/edities';

/** Four weeks. */
const LATELY_MS = 28 * 24 * 60 * 60_000;
const addTime = (moment: Date, ms: number) => new Date(moment.getTime() + ms);

type Typed = Record<'insurer' | 'care' | 'year', string>;
type Faults = Partial<Typed>;

interface Facts {
  drafts: readonly WaitingDraft[];
  /** Published in the last weeks, or not looked at by anybody else yet; the newest first. */
  lately: readonly Edition[];
  labels: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
}

export function editionsPage(app: App, deps: Deps): void {
  const { change, clock, read } = deps;
  const latelyAndUnseen = async () => {
    const lately = await publishedSince(read, addTime(clock(), -LATELY_MS));
    const unseen = (await unseenEditions(read)).filter(({ id }) => !lately.some((one) => one.id === id));
    return [...lately, ...unseen.toReversed()];
  };
  const find = async (): Promise<Facts> => ({
    drafts: await withWriters(read, await listDrafts(read)),
    lately: await latelyAndUnseen(),
    labels: await editorLabels(read),
    names: await insurerNames(read),
  });
  serveEditorPage(app, deps, PATH, async (ask) => {
    const year = String(policyYearOn(todayOf(deps)));
    return listText(ask, await find(), { insurer: '', care: 'multidisciplinary_care', year });
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const facts = await find();
    const typed = (name: keyof Typed) => (ask.fields.get(name) ?? '').trim();
    const chosen: Typed = { insurer: typed('insurer'), care: typed('care'), year: typed('year') };
    const faults = faultsOf(chosen, facts);
    if (Object.keys(faults).length > 0) {
      ask.reply.code(400);
      return listText(ask, facts, chosen, faults);
    }
    const { care, insurer, year } = chosen;
    const place = { insurer: insurer === SECTOR ? null : insurer, careType: care as CareType, contractYear: Number(year) };
    const { id } = await change((tx) => openDraft(tx, { ...place, by: personOf(ask) }, clock()));
    return { onward: deskPath('edities', id) };
  });
}

function faultsOf({ care, insurer, year }: Typed, { names }: Facts): Faults {
  return {
    ...(insurer === SECTOR || names.has(insurer) ? {} : { insurer: say('edition:list.error.insurer') }),
    ...(CARE_TYPES.some((one) => one === care) ? {} : { care: say('edition:list.error.care') }),
    ...(/^20\d\d$/.test(year) && Number(year) >= 2015 ? {} : { year: say('edition:list.error.year') }),
  };
}

function listText(ask: EditorAsk, { drafts, labels, lately, names }: Facts, typed: Typed, faults: Faults = {}): PageText {
  const field = (name: keyof Typed): Field => ({ name, label: say(`edition:list.${name}`), error: faults[name] });
  const sorted = [...names].sort(([, a], [, b]) => compareNames(a, b, 'nl')).map(([value, label]) => ({ value, label }));
  const said = saidOf(ask, ['discarded']);
  const content = html`${said === null ? '' : notice(say('edition:list.discarded'), 'status')}
    ${errorSummary([field('insurer'), field('care'), field('year')], 'nl')}
    <section aria-labelledby="drafts">
      <h2 id="drafts">${say('edition:list.drafts')}</h2>
      ${drafts.length === 0 ? html`<p>${say('edition:list.no_drafts')}</p>` : draftList(ask, drafts, { labels, names })}
    </section>
    ${
      lately.length === 0
        ? ''
        : html`<section aria-labelledby="lately">
            <h2 id="lately">${say('edition:list.published')}</h2>
            <ul class="lines">
              ${lately.map((edition) => publishedView(ask, edition, { labels, names }))}
            </ul>
          </section>`
    }
    <section aria-labelledby="new">
      <h2 id="new">${say('edition:list.new')}</h2>
      <p>${say('edition:list.new_text')}</p>
      ${deskForm(
        ask,
        PATH,
        html`${selectField({
          ...field('insurer'),
          value: typed.insurer,
          options: [{ value: '', label: say('edition:list.choose') }, ...sorted, { value: SECTOR, label: say('desk:work.sector') }],
        })}
        ${selectField({ ...field('care'), value: typed.care, options: CARE_TYPES.map((value) => ({ value, label: say(`common:care_type.${value}`) })) })}
        ${textField({ ...field('year'), value: typed.year })} ${button(say('edition:list.open'), 'primary')}`,
      )}
    </section>`;
  return deskText(ask, { page: 'edities', title: say('edition:list.title'), lead: say('edition:list.lead'), content });
}

function publishedView(ask: EditorAsk, edition: Edition, { labels, names }: Pick<Facts, 'labels' | 'names'>): SafeHtml {
  const { aloneReason, careType, endedAt, endedBy, id, insurerSlug, lookedAt, publishedAt, publishedBy, status } = edition;
  const insurerName = insurerSlug === null ? null : (names.get(insurerSlug) ?? insurerSlug);
  const [by, on] = status === 'taken_back' ? [endedBy, endedAt] : [publishedBy, publishedAt];
  const said = { who: labelIn(labels, by ?? ''), moment: on === null ? '' : writeMoment(on, 'nl') };
  return html`<li>
    <p class="what"><a href="${pageAddress(ask, deskPath('edities', id))}">${nameOf({ edition, insurerName })}</a></p>
    <p>${say(`common:care_type.${careType}`)}</p>
    <p class="small">
      ${say(`edition:list.status.${status}`, said)}
      ${status === 'published' && aloneReason !== null && lookedAt === null ? html`<strong>${say('edition:list.unseen')}</strong>` : ''}
    </p>
  </li>`;
}
