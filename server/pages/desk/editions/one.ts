/** An edition: what it is, its entries, what it says nothing of yet, why it changes what it does, and the way to discard it. */
import { amsterdamDay, writeDay } from '../../../../calendars/days.ts';
import { AppError } from '../../../../calendars/errors.ts';
import { isDay } from '../../../../calendars/days.ts';
import { writeList } from '../../../../calendars/words.ts';
import { readDay } from '../../../../calendars/typed-day.ts';
import { discardDraft } from '../../../../db/registry/editions/discarding.ts';
import { addEntry, removeEntry, saveEdition, type Edition } from '../../../../db/registry/editions/drafts.ts';
import { EditionOvertaken } from '../../../../db/registry/editions/overtaken.ts';
import { StaleDraft } from '../../../../db/registry/editions/stale.ts';
import type { App, Deps } from '../../../deps.ts';
import type { FormAsk } from '../../forms.ts';
import { html, type SafeHtml } from '../../html.ts';
import type { PageText } from '../../layout.ts';
import type { Onward } from '../../page.ts';
import { button, buttonLink } from '../../parts/button.ts';
import { errorSummary, textArea, textField, type Field } from '../../parts/field.ts';
import { notice } from '../../parts/notice.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { writeMoment } from '../../people/moment.ts';
import { serveEditorPage, takeEditorForm, type EditorAsk } from '../../session/guards.ts';
import { onwardSaying, saidOf } from '../../session/said.ts';
import { deskForm, deskPath, deskText, personOf, say } from '../frame.ts';
import { entryList } from './entries.ts';
import { dayFault } from './form/fault-words.ts';
import { nameOf, readFacts, type EditionFacts } from './facts.ts';
import { lackSections } from './lacks.ts';
import { act, ACTS, aloneField, keptText, previewLink, publishedSection, publishSection, type Refusal } from './publishing.ts';
import { labelIn } from './saying.ts';

const PATH = '/redactie/edities/:id';
const DONE = ['saved', 'removed', 'checked', 'entry', 'published', 'taken_back', 'looked', 'again', 'again_kept', 'there'] as const;

/** What was typed of the edition itself, and what is told beside it. */
interface Typed {
  reason: string;
  announcedOn: string;
  version: number;
}

interface Told {
  typed?: Typed;
  faults?: Partial<Record<'reason' | 'announcedOn', string>>;
  caution?: string | SafeHtml;
  /** Why it was not published. */
  refusal?: Refusal;
  /** Whether it is asked once more if the draft is to be discarded. */
  isSure?: boolean;
}

export function editionPage(app: App, deps: Deps): void {
  serveEditorPage(app, deps, PATH, async (ask) => {
    const facts = await readFacts(deps, idOf(ask));
    return facts && editionText(ask, facts, deps.clock());
  });
  takeEditorForm(app, deps, PATH, async (ask) => {
    const facts = await readFacts(deps, idOf(ask));
    if (facts === null) return null;
    const refuse = async (code: number, told: Told) => {
      ask.reply.code(code);
      return editionText(ask, (await readFacts(deps, facts.edition.id)) ?? facts, deps.clock(), told);
    };
    try {
      return await change(ask, deps, facts, refuse);
    } catch (error) {
      if (error instanceof StaleDraft) return refuse(409, { caution: say('edition:one.error.stale') });
      if (error instanceof EditionOvertaken) return refuse(409, { caution: overtakenText(ask, error) });
      if (!(error instanceof AppError)) throw error;
      const word = CAUTIONS.get(error.kind);
      if (word === undefined) throw error;
      if (ask.fields.get('act') === 'take_back' && error.kind === 'conflict') {
        const now = (await readFacts(deps, facts.edition.id)) ?? facts;
        // Somebody else was first: the page says who.
        if (now.edition.status !== 'published') return { onward: deskPath('edities', facts.edition.id) };
        return refuse(409, { caution: keptText(error, facts) });
      }
      return refuse(error.kind === 'forbidden' ? 403 : 409, { caution: say(word) });
    }
  });
}

const idOf = ({ request }: EditorAsk) => (request.params as { id: string }).id;

/** Which edition has to be taken back first. */
function overtakenText(ask: EditorAsk, { laterId, titles }: EditionOvertaken): SafeHtml {
  const quoted = titles.map((title) => `‘${title}’`);
  return html`${say('edition:publish.error.overtaken', { titles: writeList(quoted, 'nl') })}
    <a href="${pageAddress(ask, deskPath('edities', laterId))}">${say('edition:publish.error.overtaken_link')}</a>`;
}

const CAUTIONS = new Map<string, string>([
  ['conflict', 'edition:error.closed'],
  ['forbidden', 'edition:publish.error.own'],
]);

type Refuse = (code: number, told: Told) => Promise<PageText>;

async function change(ask: EditorAsk & FormAsk, deps: Deps, facts: EditionFacts, refuse: Refuse): Promise<PageText | Onward> {
  const { fields } = ask;
  const { edition } = facts;
  const path = deskPath('edities', edition.id);
  const now = deps.clock();
  const [removed, checked] = [fields.get('remove'), fields.get('check')];
  if (removed !== null) {
    const [id = '', version = ''] = removed.split('.');
    // What does not stand in this edition is not taken out of another one.
    if (facts.entries.some(({ entry }) => entry.id === id))
      await deps.change((tx) => removeEntry(tx, { id, version: Number(version), by: personOf(ask) }));
    return onwardSaying(ask, path, 'removed');
  }
  if (checked !== null) {
    const [deadlineId = '', revision = ''] = checked.split('.');
    if (!facts.current.some(({ id }) => id === deadlineId)) return { onward: path };
    const entry = { act: 'check', deadlineId, baseRevision: Number(revision), by: personOf(ask) } as const;
    const added = await deps.change((tx) => addEntry(tx, edition.id, entry, now));
    if (added.entry.act === 'check') return onwardSaying(ask, path, 'checked');
    // Somebody wrote something else about it meanwhile: that is where it leads to.
    return { onward: `${onwardSaying(ask, path, 'there').onward}#${added.entry.id}` };
  }
  if (fields.get('act') === 'discard') {
    if (fields.get('sure') !== 'yes') return editionText(ask, facts, now, { isSure: true });
    const seen = { id: edition.id, mark: fields.get('mark') ?? '', by: personOf(ask) };
    await deps.change((tx) => discardDraft(tx, seen, now));
    return onwardSaying(ask, deskPath('edities'), 'discarded');
  }
  const pressed = ACTS.find((one) => one === fields.get('act'));
  if (pressed !== undefined) {
    const outcome = await act(ask, deps, facts, pressed);
    return 'onward' in outcome ? outcome : refuse(400, { refusal: outcome });
  }
  return saveSaid(ask, deps, facts, refuse);
}

/** Saves the reason and the day. Who saved meanwhile is shown, with what was typed kept. */
async function saveSaid(ask: EditorAsk & FormAsk, deps: Deps, { edition }: EditionFacts, refuse: Refuse): Promise<PageText | Onward> {
  const typedIn = (name: string) => (ask.fields.get(name) ?? '').replaceAll('\r\n', '\n').trim();
  const announced = typedIn('announcedOn');
  const typed: Typed = { reason: typedIn('reason'), announcedOn: readDay(announced) ?? announced, version: Number(typedIn('version')) };
  if (typed.announcedOn !== '' && !isDay(typed.announcedOn))
    return refuse(400, { typed, faults: { announcedOn: dayFault(typed.announcedOn) } });
  if (typed.reason.length > MOST_CHARACTERS)
    return refuse(400, { typed, faults: { reason: say('edition:fault.long', { a: String(MOST_CHARACTERS) }) } });
  try {
    const said = { reason: typed.reason || null, announcedOn: typed.announcedOn || null };
    await deps.change((tx) => saveEdition(tx, { id: edition.id, version: typed.version, by: personOf(ask) }, said));
  } catch (error) {
    if (!(error instanceof StaleDraft)) throw error;
    const theirs = error.theirs as Edition;
    return refuse(409, { typed: { ...typed, version: theirs.version }, caution: theirText(theirs) });
  }
  return onwardSaying(ask, deskPath('edities', edition.id), 'saved');
}

/** As the API has it. */
const MOST_CHARACTERS = 1000;

function theirText({ announcedOn, reason }: Edition): SafeHtml {
  return html`${say('edition:one.error.both')} <br />${say('edition:field.reason')}: ${reason ?? say('edition:nothing')}
    <br />${say('edition:field.announcedOn')}: ${announcedOn === null ? say('edition:nothing') : writeDay(announcedOn, 'nl')}`;
}

function editionText(ask: EditorAsk, facts: EditionFacts, now: Date, told: Told = {}): PageText {
  const { edition, labels } = facts;
  const said = saidOf(ask, DONE);
  const isDraft = edition.status === 'draft';
  const begun = {
    who: labelIn(labels, edition.createdBy),
    moment: writeMoment(edition.createdAt, 'nl'),
    care: say(`common:care_type.${edition.careType}`),
  };
  const content = html`${said === null ? '' : notice(say(`edition:one.done.${said}`), 'status')}
    ${told.caution === undefined ? '' : notice(told.caution, 'caution')}
    ${errorSummary([...saidFields(told), aloneField(told.refusal?.alone)], 'nl')} ${isDraft ? '' : notice(endOf(facts), 'caution')}
    ${told.isSure ? sureForm(ask, facts) : ''}
    <section aria-labelledby="entries">
      <h2 id="entries">${say('edition:one.entries')}</h2>
      ${entryList(ask, { facts, now })}
      ${isDraft ? html`<p>${buttonLink(pageAddress(ask, deskPath('edities', edition.id, 'nieuw')), say('edition:one.add'))}</p>` : ''}
      ${isDraft ? previewLink(ask, facts) : ''}
    </section>
    ${isDraft ? saidForm(ask, edition, told) : ''} ${isDraft ? lackSections(ask, facts, amsterdamDay(now)) : ''}
    ${isDraft ? publishSection(ask, facts, told.refusal) : publishedSection(ask, facts, now)}
    ${isDraft && !told.isSure ? discardForm(ask, edition) : ''}`;
  return deskText(ask, { page: 'edities', title: nameOf(facts), lead: say(`edition:one.lead.${edition.status}`, begun), content });
}

/** What became of what is no draft any more. */
function endOf({ edition, labels }: EditionFacts): string {
  const { endedAt, endedBy, publishedAt, publishedBy, status } = edition;
  const [by, at] = status === 'published' ? [publishedBy, publishedAt] : [endedBy, endedAt];
  return say(`edition:one.end.${status}`, { who: labelIn(labels, by ?? ''), moment: at === null ? '' : writeMoment(at, 'nl') });
}

function saidFields({ faults = {} }: Told): Field[] {
  return (['reason', 'announcedOn'] as const).map((name) => ({
    name,
    label: say(`edition:field.${name}`),
    hint: say(`edition:hint.${name}_edition`),
    error: faults[name],
  }));
}

function saidForm(ask: EditorAsk, edition: Edition, told: Told): SafeHtml {
  const [reason, announcedOn] = saidFields(told) as [Field, Field];
  const { typed = { reason: edition.reason ?? '', announcedOn: edition.announcedOn ?? '', version: edition.version } } = told;
  const day = isDay(typed.announcedOn) ? writeDay(typed.announcedOn, 'nl') : typed.announcedOn;
  return html`<section aria-labelledby="why">
    <h2 id="why">${say('edition:one.why')}</h2>
    ${deskForm(
      ask,
      deskPath('edities', edition.id),
      html`<input type="hidden" name="version" value="${typed.version}" /> ${textArea({ ...reason, value: typed.reason, rows: 3 })}
        ${textField({ ...announcedOn, value: day })} ${button(say('edition:one.save'), 'plain', { name: 'act', value: 'save' })}`,
    )}
  </section>`;
}

function discardForm(ask: EditorAsk, { id }: Edition): SafeHtml {
  const act = button(say('edition:one.discard'), 'grave', { name: 'act', value: 'discard' });
  return html`<section aria-labelledby="discard">
    <h2 id="discard">${say('edition:one.discard_title')}</h2>
    <p>${say('edition:one.discard_text')}</p>
    ${deskForm(ask, deskPath('edities', id), act)}
  </section>`;
}

function sureForm(ask: EditorAsk, { edition: { id }, mark }: EditionFacts): SafeHtml {
  return html`<div class="notice caution" role="alert">
    <p>${say('edition:one.sure')}</p>
    ${deskForm(
      ask,
      deskPath('edities', id),
      html`<input type="hidden" name="sure" value="yes" />
        <input type="hidden" name="mark" value="${mark}" />
        ${button(say('edition:one.sure_yes'), 'grave', { name: 'act', value: 'discard' })}
        ${buttonLink(pageAddress(ask, deskPath('edities', id)), say('edition:one.sure_no'))}`,
    )}
  </div>`;
}
