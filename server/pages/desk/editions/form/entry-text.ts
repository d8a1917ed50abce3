/** The page with the form of an entry: what it was and is, what is still wrong with it, and where two editors differ. */
import { isWholeContent } from '../../../../../calendars/editions/entry-faults.ts';
import { UNSAID } from '../../../../../calendars/deadlines/content.ts';
import type { Content, Days } from '../../../../../calendars/deadlines/deadline.ts';
import { KIND_OF } from '../../../../../calendars/deadlines/kinds.ts';
import { ACTIVITIES, KINDS, type Kind } from '../../../../../calendars/terms.ts';
import { resolveIn } from '../../../../../db/registry/resolving.ts';
import type { EditionEntry } from '../../../../../db/registry/editions/drafts.ts';
import type { Deps } from '../../../../deps.ts';
import { html, type SafeHtml } from '../../../html.ts';
import type { PageText } from '../../../layout.ts';
import { button, buttonLink } from '../../../parts/button.ts';
import { errorSummary } from '../../../parts/field.ts';
import { notice } from '../../../parts/notice.ts';
import { pageAddress } from '../../../parts/page-link.ts';
import { rowList } from '../../../parts/rows.ts';
import { writeMoment } from '../../../people/moment.ts';
import type { EditorAsk } from '../../../session/guards.ts';
import { saidOf } from '../../../session/said.ts';
import { deskForm, deskPath, deskText, say } from '../../frame.ts';
import { besideRows } from '../entries.ts';
import { nameIn, nameOf, type EditionFacts, type ReadEntry } from '../facts.ts';
import { dayWords, labelIn, placeOf, plannedIn, sentenceOf } from '../saying.ts';
import { contentIn } from './content-fields.ts';
import { settled, type Ground } from './entry-fields.ts';
import { wordFaults, type FormFault } from './fault-words.ts';
import { fieldOf, inputsOf } from './inputs.ts';
import { marksOf, type Difference } from './merging.ts';
import type { Beginning } from './presets.ts';
import { contentSections, section } from './sections.ts';

/** What the form begins with. */
export interface Opened {
  entry: Beginning | EditionEntry;
  ground: Ground;
  fields: URLSearchParams;
  caution?: string;
  /** Where another editor's text differs. */
  differences?: readonly Difference[];
  /** Nothing can be saved any more. */
  isClosed?: boolean;
}

export async function entryText(ask: EditorAsk, deps: Deps, facts: EditionFacts, opened: Opened): Promise<PageText> {
  const { caution, differences = [], entry, fields, ground } = opened;
  const { edition } = facts;
  const stored = 'id' in entry ? facts.entries.find((one) => one.entry.id === entry.id) : undefined;
  const isOpen = edition.status === 'draft' && opened.isClosed !== true;
  // Of what was not saved yet nothing is said to be wrong.
  const isProposed = stored !== undefined && isUntouched(stored.entry);
  const faults = stored && isOpen && !isProposed ? wordFaults(stored.faults, stored.entry.content, fields.get('rule') ?? undefined) : [];
  const whole = faults.filter(({ name }) => name === '' || name === 'seen');
  const title = stored ? nameIn(stored) : (ground.base?.title ?? (fields.get('title') || say('edition:form.new')));
  const said = saidOf(ask, ['saved']);
  const days = entry.act === 'enter' || entry.act === 'amend' ? await daysOf(deps, facts, opened) : null;
  const path = deskPath('edities', edition.id, 'id' in entry && isOpen ? entry.id : 'nieuw');
  const content = html`<p>
      <a href="${pageAddress(ask, deskPath('edities', edition.id))}"
        >${say(isOpen && entry.act !== 'check' ? 'edition:form.back_unsaved' : 'edition:form.back')}</a
      >
    </p>
    ${documentLink(ask, entry)} ${isProposed && isOpen ? notice(say('edition:form.proposed'), 'status') : ''}
    ${said === null ? '' : notice(say(faults.length === 0 ? 'edition:form.saved' : 'edition:form.saved_unfinished'), 'status')}
    ${said === null ? '' : nextProposal(ask, entry)} ${caution === undefined ? '' : notice(caution, 'caution')} ${summary(faults, whole)}
    ${besideSection(facts, stored, ground, deps.clock())}
    ${deskForm(ask, path, html`<div class="edition">${formFields({ facts, opened, faults, differences, days, isOpen })}</div>`)}`;
  const lead = stored
    ? say('edition:form.lead', {
        edition: nameOf(facts),
        who: labelIn(facts.labels, stored.entry.editedBy),
        moment: writeMoment(stored.entry.editedAt, 'nl'),
      })
    : say('edition:form.lead_new', { edition: nameOf(facts) });
  return deskText(ask, { page: 'edities', title: `${say(`edition:act.${entry.act}`)}: ${title}`, lead, content });
}

/** The way to the text that it was read in. */
function documentLink(ask: EditorAsk, entry: Beginning | EditionEntry): SafeHtml | '' {
  const key = 'documentKey' in entry ? entry.documentKey : null;
  return key === null ? '' : html`<p><a href="${pageAddress(ask, deskPath('documenten', key))}">${say('edition:form.document')}</a></p>`;
}

/** What a proposal drafted and nobody wrote in: nothing of it is wrong before somebody saves it. */
const isUntouched = ({ proposal, version }: EditionEntry) => proposal !== null && version === 1;

/** The way on, once what came from a document is saved: the proposals that wait there. */
function nextProposal(ask: EditorAsk, entry: Beginning | EditionEntry): SafeHtml | '' {
  const key = 'documentKey' in entry ? entry.documentKey : null;
  if (key === null) return '';
  return html`<p>${buttonLink(`${pageAddress(ask, deskPath('documenten', key))}#voorstellen`, say('edition:form.next_proposal'))}</p>`;
}

/** All that is still to be done, each leading to its field; what is of no field stands by itself. */
function summary(faults: readonly FormFault[], whole: readonly FormFault[]): SafeHtml {
  const ofFields = faults.filter((one) => !whole.includes(one)).map(({ name }) => fieldOf(name, faults));
  return html`${whole.map(({ text }) => notice(text, 'caution'))} ${errorSummary(ofFields, 'nl')}`;
}

function besideSection(
  { earlier, insurerName, edition }: EditionFacts,
  stored: ReadEntry | undefined,
  { base }: Ground,
  now: Date,
): SafeHtml | '' {
  const sentence = stored?.foretold ? html`<p>${sentenceOf(stored.foretold, insurerName, now)}</p>` : '';
  const before =
    base === null ? undefined : earlier.find((one) => one.activity === base.activity && one.key === base.key && one.slot === base.slot);
  const rows = stored
    ? besideRows(stored)
    : [
        ...(base === null ? [] : [{ label: say('edition:one.now'), value: dayWords(base) }]),
        ...(before === undefined
          ? []
          : [
              {
                label: say('edition:one.last_year'),
                value: say('edition:one.in_year', { year: edition.contractYear - 1, what: dayWords(before) }),
              },
            ]),
      ];
  return sentence === '' && rows.length === 0 ? '' : section('beside', html`${sentence} ${rowList(rows)}`);
}

interface Shown {
  facts: EditionFacts;
  opened: Opened;
  faults: readonly FormFault[];
  differences: readonly Difference[];
  days: Days | null;
  isOpen: boolean;
}

function formFields({ days, differences, facts, faults, isOpen, opened }: Shown): SafeHtml {
  const { entry, fields, ground } = opened;
  const inputs = inputsOf(fields, faults);
  const isNew = entry.act === 'enter';
  const isRequirement = ground.base?.activity === 'contract_requirement';
  const hasContent = isNew || entry.act === 'amend';
  const standing = facts.current.find(({ id }) => id === entry.deadlineId);
  const isUnread = standing !== undefined && ground.base !== null && standing.revision !== ground.base.revision;
  return html`${hiddenFields(opened)} ${differences.length === 0 ? '' : bothSection(differences, facts, entry)}
  ${isUnread ? seenField(standing.revision, dayWords(standing)) : ''}
  ${hasContent ? contentSections({ inputs, fields, isNew, isRequirement, kind: kindIn(fields, ground), documents: ground.documents, days }) : ''}
  ${section('reason', entry.act === 'check' ? html`<p>${say('edition:form.check')}</p>` : inputs.lines('reason'))}
  ${isOpen && entry.act !== 'check' ? html`<div class="buttons">${button(say('edition:form.save'), 'primary')} ${button(say('edition:form.save_back'), 'plain', { name: 'back', value: 'yes' })}</div>` : ''}`;
}

/** The kind that was chosen, else the usual one of its activity. */
function kindIn(fields: URLSearchParams, { base }: Ground): Kind {
  const chosen = KINDS.find((one) => one === fields.get('kind'));
  const activity = ACTIVITIES.find((one) => one === fields.get('activity'));
  return chosen ?? (activity === undefined ? (base?.kind ?? 'deadline') : KIND_OF[activity]);
}

/** What the form is about, on top of what it was written, and what stood in it. */
function hiddenFields({ differences, entry, fields, ground }: Opened): SafeHtml {
  return html`${hidden('version', 'version' in entry ? entry.version : null)}
  ${hidden('base', ground.base === null ? null : ground.base.revision)} ${hidden('deadline', entry.deadlineId)} ${hidden('act', entry.act)}
  ${hidden('was', differences === undefined ? marksOf(settled(fields, ground)) : null)}`;
}

const hidden = (name: string, value: string | number | null | undefined) =>
  value === null || value === undefined ? '' : html`<input type="hidden" name="${name}" value="${value}" />`;

function seenField(revision: number, now: string): SafeHtml {
  return html`<div class="notice caution">
    <p>${say('edition:form.changed', { now })}</p>
    <p>
      <label class="tick"><input type="checkbox" id="seen" name="seen" value="${revision}" /> ${say('edition:form.seen')}</label>
    </p>
  </div>`;
}

/** Where both differ: the two texts, and which of them is to stand. */
function bothSection(differences: readonly Difference[], { labels }: EditionFacts, entry: Beginning | EditionEntry): SafeHtml {
  const who = labelIn(labels, 'editedBy' in entry ? entry.editedBy : '');
  return html`<div class="notice errors" role="alert">
    <h2>${say('edition:both.title', { who })}</h2>
    <p>${say('edition:both.text')}</p>
    ${differences.map(({ isTheirs, mine, part, theirs }) => {
      const choice = (value: 'mine' | 'theirs', label: string) =>
        html`<label class="tick"
          ><input type="radio" name="take.${part}" value="${value}" ${(value === 'theirs') === isTheirs ? html`checked` : ''} />
          ${label}</label
        >`;
      return html`<fieldset class="both">
        <legend>${say(`edition:both.part.${part}`)}</legend>
        <div>${choice('mine', say('edition:both.mine'))} ${textOf(mine)}</div>
        <div>${choice('theirs', say('edition:both.theirs', { who }))} ${textOf(theirs)}</div>
      </fieldset>`;
    })}
  </div>`;
}

const textOf = (lines: readonly string[]) =>
  html`<ul>
    ${lines.map((line) => html`<li class="as-typed">${line}</li>`)}
  </ul>`;

/** What follows from the rule, once that is written; null until then. */
async function daysOf({ read }: Deps, { edition, entries }: EditionFacts, { entry, fields, ground }: Opened): Promise<Days | null> {
  const { boundary = null, certainty = 'stated', conflict = null, rule } = contentIn(fields);
  const duty = { actors: ['ro'], onBehalfOf: [], contractStatus: 'any', deliverable: null } as const;
  const bare = {
    ...UNSAID,
    kind: 'deadline',
    title: '-',
    rule,
    boundary,
    certainty,
    basis: null,
    reportingYear: null,
    duty,
    conflict,
  } as unknown as Content;
  if (rule === undefined || rule.kind === 'none' || rule.kind === 'event' || !isWholeContent(bare)) return null;
  const slot = Number(fields.get('slot')) || null;
  const place = placeOf(
    edition,
    { activity: 'annual_plan', requirementKey: null, slot, ...(entry.activity === null ? {} : { activity: entry.activity }) },
    ground.base,
  );
  return place && resolveIn(read, place, bare, plannedIn(entries));
}
